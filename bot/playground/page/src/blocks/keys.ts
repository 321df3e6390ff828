import { useLayoutEffect, useMemo, useRef } from "react";
import type { Block } from "./kit";
import { blockIdOf } from "./values";

type Drawn = { id: string; type: string; key: string };

/**
 * Give each block a key that lasts. An app that names no block ids gets new ones with every update; such a block
 * is taken for the one that stood in its place, so that focus and scrolling stay. Inputs must have their own ids.
 */
export function useKeys(blocks: Block[]): Drawn[] {
  const last = useRef<Drawn[]>([]);
  const count = useRef(0);
  const drawn = useMemo(() => {
    const ids = new Set(blocks.map(blockIdOf));
    const known = new Map(last.current.map(({ id, key }) => [id, key]));
    return blocks.map((block, index) => {
      const id = blockIdOf(block, index);
      const before = last.current[index];
      const follows = before && !ids.has(before.id) && before.type === block?.type && block.type !== "input";
      const key = known.get(id) ?? (follows ? before.key : `${++count.current}`);
      return { id, type: String(block?.type), key };
    });
  }, [blocks]);
  useLayoutEffect(() => {
    last.current = drawn;
  }, [drawn]);
  return drawn;
}
