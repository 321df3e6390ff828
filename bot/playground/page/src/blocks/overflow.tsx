import { useId } from "react";
import { MoreIcon } from "../icons";
import { usePopup } from "../popup";
import type { ControlProps } from "./element";
import { type Option, optionsOf } from "./kit";
import { InlineText } from "./library";

/** The ⋯ menu of a card. */
export function Overflow({ element, onCommit, attributes, busy }: ControlProps) {
  const { open, root, button, toggle, close, onKeyDown } = usePopup();
  const menuId = useId();
  const choose = (option: Option) => {
    close();
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    onCommit({ selected_option: option });
  };
  return (
    <div className="overflow" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        {...attributes}
        aria-labelledby={undefined}
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        className={`btn btn--icon ${busy ? "btn--busy" : ""}`}
        ref={button}
        onClick={toggle}
      >
        <MoreIcon />
      </button>
      {open && (
        <div role="menu" id={menuId} className="menu">
          {optionsOf(element).map((option) => (
            <button type="button" role="menuitem" key={option.value} onClick={() => choose(option)}>
              <InlineText text={option.text} />
              {option.description && (
                <span className="menu__about">
                  <InlineText text={option.description} />
                </span>
              )}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
