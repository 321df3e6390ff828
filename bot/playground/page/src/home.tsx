import { useMemo } from "react";
import { Blocks } from "./blocks/blocks";
import { SurfaceProvider, useHeldValues } from "./blocks/surface";
import type { Home, Send } from "./protocol";

/** The app's Home tab. */
export function HomeTab({ home, send }: { home: Home; send: Send }) {
  const [values, setValues] = useHeldValues(home.blocks);
  const container = useMemo(() => ({ type: "view", view_id: home.view_id }) as const, [home.view_id]);
  return (
    <div className="home" role="tabpanel" aria-labelledby="tab-home" id="panel-home" tabIndex={-1}>
      <SurfaceProvider container={container} send={send} values={values} onValues={setValues}>
        <Blocks blocks={home.blocks} />
      </SurfaceProvider>
    </div>
  );
}
