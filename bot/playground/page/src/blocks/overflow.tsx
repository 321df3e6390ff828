import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { MoreIcon } from "../icons";
import type { ControlProps } from "./element";
import { type Option, optionsOf } from "./kit";
import { InlineText } from "./library";

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** The ⋯ menu: a button with a menu that works by arrow keys, Enter and Escape. */
export function Overflow({ element, onCommit, attributes }: ControlProps) {
  const [open, setOpen] = useState(false);
  const menuId = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (option: Option) => {
    close();
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    onCommit({ selected_option: option });
  };
  const move = (event: KeyboardEvent) => {
    const items = [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const at = items.indexOf(document.activeElement as HTMLElement);
      items[(at + step + items.length) % items.length]?.focus();
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") setOpen(false);
  };
  return (
    <div className="overflow" ref={root} onKeyDown={move}>
      <button
        type="button"
        {...attributes}
        aria-labelledby={undefined}
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        className="btn btn--icon"
        ref={button}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon />
      </button>
      {open && (
        <div role="menu" id={menuId} className="menu">
          {optionsOf(element).map((option) => (
            <button type="button" role="menuitem" key={option.value} onClick={() => choose(option)}>
              <InlineText text={option.text} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
