import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const ITEMS = "[role^=menuitem]";

type Popup = {
  open: boolean;
  root: RefObject<HTMLDivElement | null>;
  button: RefObject<HTMLButtonElement | null>;
  toggle: () => void;
  close: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

/**
 * A button with a menu of `columns`: the arrow keys go through it, Escape and a click elsewhere close it, and
 * it opens upwards where there is no room below.
 */
export function usePopup(columns = 1): Popup {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>(ITEMS) ?? [])];
  useLayoutEffect(() => {
    const menu = open ? root.current?.querySelector<HTMLElement>("[role=menu]") : null;
    if (!menu) return;
    const floor = menu.closest(".messages, .thread__messages, .home, .modal__body")?.getBoundingClientRect().bottom;
    menu.toggleAttribute("data-up", menu.getBoundingClientRect().bottom > (floor ?? window.innerHeight));
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    items()[0]?.focus({ preventScroll: true });
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const side: Record<string, number> = columns > 1 ? { ArrowRight: 1, ArrowLeft: -1 } : {};
    const step = { ArrowDown: columns, ArrowUp: -columns, ...side }[event.key];
    if (step) {
      const all = items();
      const at = all.indexOf(document.activeElement as HTMLElement);
      all[(at + step + all.length) % all.length]?.focus();
    } else if (event.key === "Escape") close();
    else {
      if (event.key === "Tab") setOpen(false);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { open, root, button, toggle: () => setOpen(!open), close, onKeyDown };
}
