import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import type { ChatMessage } from "./protocol";

const NEAR_BOTTOM_PX = 80;

/** Keep a list of messages at its bottom, unless the person scrolled up; what they write brings them down again. */
export function useStayAtBottom(
  shown: ChatMessage[],
  me: string,
): { scroller: RefObject<HTMLDivElement | null>; onScroll: () => void } {
  const scroller = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const last = shown.at(-1);
  const own = last?.user === me ? last.ts : null;
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && atBottom.current) box.scrollTop = box.scrollHeight;
  }, [shown]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && own) box.scrollTop = box.scrollHeight;
  }, [own]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => {
      if (atBottom.current) box.scrollTop = box.scrollHeight;
    });
    for (const part of [box, ...box.children]) observer.observe(part);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const box = scroller.current;
    if (box) atBottom.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX;
  };
  return { scroller, onScroll };
}
