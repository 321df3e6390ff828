import { useId } from "react";
import { WarningIcon } from "../icons";
import { ElementControl, isControl } from "./element";
import type { Block } from "./kit";
import { InlineText } from "./library";
import { useSurface } from "./surface";

const GROUPED = new Set(["radio_buttons", "checkboxes"]);

/** Draw an input block: label, element, hint, and the error of its block id. */
export function InputBlock({ block, id }: { block: Block; id: string }) {
  const { errors } = useSurface();
  const base = useId();
  const { element, label, hint } = block;
  if (!element || !isControl(element)) throw new Error(`the page does not know the element “${String(element?.type)}”`);
  const error = errors[id];
  const ids = { label: `${base}-label`, field: `${base}-field`, hint: `${base}-hint`, error: `${base}-error` };
  const described = [error && ids.error, hint && ids.hint].filter(Boolean).join(" ") || undefined;
  const name = (
    <>
      <InlineText text={label} />
      {block.optional && <span className="input__optional"> (optional)</span>}
    </>
  );
  const grouped = GROUPED.has(element.type);
  return (
    <div className={`input ${error ? "input--invalid" : ""}`} data-input-block={id}>
      {grouped ? (
        <div className="input__label" id={ids.label}>
          {name}
        </div>
      ) : (
        <label className="input__label" id={ids.label} htmlFor={ids.field}>
          {name}
        </label>
      )}
      <ElementControl
        element={element}
        blockId={id}
        dispatches={block.dispatch_action ?? false}
        id={ids.field}
        labelledBy={ids.label}
        describedBy={described}
        required={!block.optional}
        invalid={Boolean(error)}
      />
      {error && (
        <p className="input__error" id={ids.error} role="alert">
          <WarningIcon size={14} /> {error}
        </p>
      )}
      {hint && (
        <p className="input__hint" id={ids.hint}>
          <InlineText text={hint} />
        </p>
      )}
    </div>
  );
}
