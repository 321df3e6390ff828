import { useId } from "react";
import type { ControlProps } from "./element";
import { type Option, optionsOf } from "./kit";
import { InlineText, Text } from "./library";

function OptionText({ option }: { option: Option }) {
  return (
    <span className="choice__text">
      {option.text.type === "mrkdwn" ? <Text text={option.text} /> : <InlineText text={option.text} />}
      {option.description && (
        <span className="choice__description">
          <InlineText text={option.description} />
        </span>
      )}
    </span>
  );
}

export function Radios({ element, value, onChange, onCommit, dispatches, attributes }: ControlProps) {
  const name = useId();
  const choose = (option: Option) => {
    if (dispatches) onCommit({ selected_option: option });
    else onChange({ selected_option: option });
  };
  const { "data-action-id": actionId, "data-block-id": blockId, ...group } = attributes;
  return (
    <div role="radiogroup" className="choices" {...group}>
      {optionsOf(element).map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            data-action-id={actionId}
            data-block-id={blockId}
            checked={value.selected_option?.value === option.value}
            onChange={() => choose(option)}
          />
          <OptionText option={option} />
        </label>
      ))}
    </div>
  );
}

export function Checkboxes({ element, value, onChange, onCommit, dispatches, attributes }: ControlProps) {
  const options = optionsOf(element);
  const chosen = new Set(value.selected_options?.map((option) => option.value));
  const toggle = (option: Option) => {
    const isIn = (one: Option) => (one === option ? !chosen.has(one.value) : chosen.has(one.value));
    const change = { selected_options: options.filter(isIn) };
    if (dispatches) onCommit(change);
    else onChange(change);
  };
  const { "data-action-id": actionId, "data-block-id": blockId, "aria-required": _, ...group } = attributes;
  return (
    <div role="group" className="choices" {...group}>
      {options.map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="checkbox"
            value={option.value}
            data-action-id={actionId}
            data-block-id={blockId}
            checked={chosen.has(option.value)}
            onChange={() => toggle(option)}
          />
          <OptionText option={option} />
        </label>
      ))}
    </div>
  );
}
