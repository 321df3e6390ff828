import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)";

/** List what Tab can reach inside `root`; of radio buttons with one name only the one that Tab stops at. */
export function focusables(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => {
    if (element.closest("[inert], [hidden]")) return false;
    if (!(element instanceof HTMLInputElement) || element.type !== "radio") return true;
    const group = [...root.querySelectorAll<HTMLInputElement>("input[type=radio]")].filter(
      ({ name }) => name === element.name,
    );
    return element === (group.find(({ checked }) => checked) ?? group[0]);
  });
}

type Props = {
  labelledBy: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  viewId?: string;
};

/** A modal dialog: keeps Tab inside, closes by Escape, and gives the focus to nobody by itself. */
export function Dialog({ labelledBy, onClose, children, className = "", viewId }: Props) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bring = (event: FocusEvent) => {
      const other = (event.target as HTMLElement).closest("[role=dialog]");
      if (!other) root.current?.focus();
    };
    document.addEventListener("focusin", bring);
    return () => document.removeEventListener("focusin", bring);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    }
    if (event.key !== "Tab" || !root.current) return;
    const stops = focusables(root.current);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    const outside = document.activeElement === root.current && event.shiftKey;
    if (document.activeElement !== edge && !outside) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
  };
  return createPortal(
    <div className="overlay">
      <div
        ref={root}
        role="dialog"
        aria-modal="true"
        aria-labelledby={labelledBy}
        tabIndex={-1}
        className={`dialog ${className}`}
        data-view-id={viewId}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </div>,
    document.body,
  );
}
