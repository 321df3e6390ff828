import { useRef } from "react";
import type { ControlProps } from "./element";
import type { Value } from "./values";

type FieldProps = ControlProps & {
  kind: "date" | "time" | "datetime-local";
  text: string;
  read: (text: string) => Partial<Value>;
  limits?: { min: string; max: string };
};

/**
 * A native picker. Typing into it yields a value with every key (year 2, 20, 202, 2026), so a typed value
 * is sent when the person leaves the field or presses Enter, a picked one at once.
 */
function Picker({ kind, text, read, limits, onChange, onCommit, dispatches, attributes }: FieldProps) {
  const typed = useRef(false);
  const send = () => {
    if (!typed.current) return;
    typed.current = false;
    onCommit(read(text));
  };
  return (
    <input
      type={kind}
      {...attributes}
      {...limits}
      className={`field field--picker ${text === "" ? "field--empty" : ""}`}
      value={text}
      onPointerDown={() => {
        typed.current = false;
      }}
      onKeyDown={(event) => {
        if (!dispatches) return;
        if (event.key === "Enter") {
          event.preventDefault();
          send();
        } else if (event.key !== "Tab") typed.current = true;
      }}
      onBlur={() => {
        if (dispatches) send();
      }}
      onChange={(event) => {
        const change = read(event.target.value);
        if (dispatches && !typed.current) onCommit(change);
        else onChange(change);
      }}
    />
  );
}

export function DateField(props: ControlProps) {
  return (
    <Picker
      {...props}
      kind="date"
      text={props.value.selected_date ?? ""}
      read={(text) => ({ selected_date: text || null })}
      limits={{ min: "1900-01-01", max: "9999-12-31" }}
    />
  );
}

export function TimeField(props: ControlProps) {
  return (
    <Picker
      {...props}
      kind="time"
      text={props.value.selected_time ?? ""}
      read={(text) => ({ selected_time: text || null })}
    />
  );
}

export function DateTimeField(props: ControlProps) {
  const epoch = props.value.selected_date_time;
  return (
    <Picker
      {...props}
      kind="datetime-local"
      text={epoch === null || epoch === undefined ? "" : localMinute(epoch)}
      read={(text) => ({ selected_date_time: text ? Math.floor(new Date(text).getTime() / 1000) : null })}
    />
  );
}

function localMinute(epoch: number): string {
  const date = new Date(epoch * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
