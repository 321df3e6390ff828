import { useMemo, useRef } from "react";
import { Blocks } from "./blocks/blocks";
import { SurfaceProvider, useHeldValues } from "./blocks/surface";
import { useKeptFocus } from "./kept_focus";
import type { Home, Send } from "./protocol";

type Props = { home: Home | null; app: string; send: Send };

/** The app's Home tab; it stays where it was scrolled to when the app publishes it anew. */
export function HomeTab({ home, app, send }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const kept = useKeptFocus(panel, home?.blocks);
  return (
    <div
      className="home"
      role="tabpanel"
      aria-labelledby="tab-home"
      id="panel-home"
      tabIndex={-1}
      ref={panel}
      {...kept}
    >
      {home ? (
        <HomeView key={home.view_id} home={home} send={send} />
      ) : (
        <p className="home__empty">{app} has nothing to show here yet.</p>
      )}
    </div>
  );
}

function HomeView({ home, send }: { home: Home; send: Send }) {
  const [values, setValues] = useHeldValues(home.blocks, home.state?.values);
  const container = useMemo(() => ({ type: "view", view_id: home.view_id }) as const, [home.view_id]);
  return (
    <SurfaceProvider container={container} send={send} values={values} onValues={setValues}>
      <Blocks blocks={home.blocks} />
    </SurfaceProvider>
  );
}
