import { createContext, type ReactNode, useContext, useRef } from "react";
import type { Channel, Person, State } from "./protocol";
import { share } from "./share";

type Named = Pick<Channel, "id" | "name" | "kind">;
export type Names = { users: Record<string, Person>; channels: Named[] };

const NamesContext = createContext<Names>({ users: {}, channels: [] });

/** Hand the people and channels down; a new message alone redraws nothing. */
export function NamesProvider({ state, children }: { state: State; children: ReactNode }) {
  const last = useRef<Names | null>(null);
  const channels = state.channels.map(({ id, name, kind }) => ({ id, name, kind }));
  last.current = share(last.current, { users: state.users, channels });
  return <NamesContext.Provider value={last.current}>{children}</NamesContext.Provider>;
}

/** Give the people and channels that mentions and pickers can name. */
export function useNames(): Names {
  return useContext(NamesContext);
}
