import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

const USABLE = "a[href], button, input, select, textarea";

type Spot = { action: string | undefined; at: number };

function alike(root: HTMLElement, action: string | undefined): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(USABLE)].filter((one) => one.dataset.actionId === action);
}

/**
 * Keep the keyboard's focus inside `root` when what it was on is drawn anew or taken away: it goes to the
 * element of the same action, else to `root` itself. React tells of no blur while it draws.
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>, drawn: unknown) {
  const last = useRef<Spot | null>(null);
  useLayoutEffect(() => {
    const box = root.current;
    if (!box || !last.current || document.activeElement !== document.body) return;
    const { action, at } = last.current;
    const same = action === undefined ? undefined : alike(box, action)[at];
    if (!same) box.tabIndex = -1;
    (same ?? box).focus({ preventScroll: true });
  }, [root, drawn]);
  return {
    onFocus: ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
      const { actionId } = target.dataset;
      last.current = { action: actionId, at: alike(currentTarget, actionId).indexOf(target) };
    },
    onBlur: () => {
      last.current = null;
    },
  };
}
