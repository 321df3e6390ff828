import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useConfirm } from "../confirm";
import type { Container, Reply, Send } from "../protocol";
import type { Block, Element } from "./kit";
import { settle, type Value, type Values } from "./values";

/** What a block's elements need from the message, modal or home they stand in. */
export type Surface = {
  values: Values;
  errors: Record<string, string>;
  hold: (blockId: string, actionId: string, value: Value) => void;
  act: (blockId: string, element: Element, value: Value) => Promise<void>;
  pending: string | null;
};

const SurfaceContext = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("this block stands in no message, modal or home");
  return surface;
}

/**
 * Hold the values of `blocks` across redraws, as Slack does: the same block and action id keep what the
 * person entered, what is new starts with its initial value.
 */
export function useHeldValues(blocks: Block[], known?: Values, earlier: Values = {}) {
  const [held, setHeld] = useState(() => settle(blocks, earlier, known));
  const [drawn, setDrawn] = useState(blocks);
  if (drawn !== blocks) {
    setDrawn(blocks);
    setHeld((before) => settle(blocks, before));
  }
  return [held, setHeld] as const;
}

type Props = {
  container: Container;
  send: Send;
  values: Values;
  onValues: (values: Values) => void;
  errors?: Record<string, string>;
  children: ReactNode;
};

const NO_ERRORS = {};

/** Connect the blocks inside to the server: they share values, and no button works while an action is on its way. */
export function SurfaceProvider({ container, send, values, onValues, errors = NO_ERRORS, children }: Props) {
  const [pending, setPending] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Reply | null>(null);
  const confirm = useConfirm();
  const surface = useMemo<Surface>(() => {
    const put = (blockId: string, actionId: string, value: Value): Values => ({
      ...values,
      [blockId]: { ...values[blockId], [actionId]: value },
    });
    return {
      values,
      errors,
      pending,
      hold: (blockId, actionId, value) => onValues(put(blockId, actionId, value)),
      act: async (blockId, element, value) => {
        const actionId = element.action_id ?? "";
        const holds = values[blockId]?.[actionId] !== undefined;
        if ((pending && !holds) || (element.confirm && !(await confirm(element.confirm)))) return;
        const after = holds ? put(blockId, actionId, value) : values;
        if (holds) onValues(after);
        setPending(`${blockId}/${actionId}`);
        setTrouble(null);
        const reply = await send({
          do: "action",
          container,
          block_id: blockId,
          action_id: actionId,
          action: value,
          state: { values: after },
        });
        setPending(null);
        if (!reply.ok) setTrouble(reply);
      },
    };
  }, [values, errors, pending, onValues, confirm, send, container]);
  return (
    <SurfaceContext.Provider value={surface}>
      {children}
      {trouble && <Trouble reply={trouble} />}
    </SurfaceContext.Provider>
  );
}

/** Say that the server did not take something, in Slack's words and with its code. */
export function Trouble({ reply }: { reply: Reply }) {
  return (
    <p className="trouble" role="alert">
      We had some trouble connecting. Try again? {reply.error && <code>({reply.error})</code>}
    </p>
  );
}
