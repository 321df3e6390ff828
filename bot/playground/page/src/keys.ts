import { useEffect } from "react";
import { goTo, hashOf } from "./place";
import type { Channel } from "./protocol";

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

/** Alt+↑/↓ goes through the channels, F6 through the parts of the page. */
export function useKeys(channels: Channel[], current: string | undefined): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.querySelector("[role=dialog]")) return;
      const step = event.altKey ? STEPS[event.key] : undefined;
      if (step) {
        event.preventDefault();
        const at = channels.findIndex(({ id }) => id === current);
        const next = channels[(at + step + channels.length) % channels.length];
        if (next) goTo(hashOf(next.id));
      } else if (event.key === "F6") {
        event.preventDefault();
        focusNextRegion(event.shiftKey ? -1 : 1);
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [channels, current]);
}

const REGIONS =
  ".top-bar__as select, .sidebar [aria-current=page], .home, .message__tools [tabindex='0'], [data-composer]";

/** Focus the next of: whom to act as, the channel list, Home or the newest message, the composer, a thread's. */
function focusNextRegion(step: number): void {
  const found = [...document.querySelectorAll<HTMLElement>(REGIONS)];
  const stops = found.filter((stop, index) => {
    const next = found[index + 1];
    return !next?.closest(".message__tools") || regionOf(next) !== regionOf(stop);
  });
  const at = stops.findIndex((stop) => regionOf(stop) === regionOf(document.activeElement));
  stops[(at + step + stops.length) % stops.length]?.focus();
}

function regionOf(element: Element | null): Element | null {
  return element?.closest(".top-bar, .sidebar, .composer, .home, .messages, .thread__messages") ?? null;
}
