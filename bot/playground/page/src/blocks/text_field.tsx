import type { ControlProps } from "./element";

const MODES: Record<string, "text" | "email" | "url" | "decimal"> = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "decimal",
};

const ROWS = 4;

export function TextField({ element, value, onChange, onCommit, dispatches, attributes }: ControlProps) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const change = (text: string) => {
    const entered = { value: text === "" ? null : text };
    if (dispatches && triggers.includes("on_character_entered")) onCommit(entered);
    else onChange(entered);
  };
  const shared = {
    ...attributes,
    className: "field",
    placeholder: element.placeholder?.text,
    value: value.value ?? "",
    maxLength: element.max_length,
  };
  if (element.multiline) {
    return (
      <textarea
        {...shared}
        rows={Math.min(14, Math.max(ROWS, (value.value ?? "").split("\n").length))}
        onChange={(event) => change(event.target.value)}
      />
    );
  }
  return (
    <input
      type="text"
      {...shared}
      inputMode={MODES[element.type] ?? "text"}
      autoComplete="off"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !dispatches || !triggers.includes("on_enter_pressed")) return;
        event.preventDefault();
        onCommit();
      }}
      onChange={(event) => change(event.target.value)}
    />
  );
}
