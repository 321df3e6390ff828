import type { ControlProps } from "./element";
import { InlineText } from "./library";

const OUTWARD = /^(https?|mailto|tel):/i;

export function Button({ element, onCommit, busy, attributes }: ControlProps) {
  const look = `btn ${element.style ? `btn--${element.style}` : ""} ${busy ? "btn--busy" : ""}`;
  const { "aria-labelledby": _, ...rest } = attributes;
  const shared = { ...rest, "aria-label": element.accessibility_label, className: look };
  const press = () => onCommit({ value: element.value });
  if (element.url) {
    if (!OUTWARD.test(element.url)) throw new Error(`its url is no web address: ${element.url}`);
    return (
      <a {...shared} href={element.url} target="_blank" rel="noopener noreferrer" onClick={press}>
        <InlineText text={element.text} />
      </a>
    );
  }
  return (
    <button type="button" {...shared} onClick={press}>
      <InlineText text={element.text} />
    </button>
  );
}
