import type { ComponentType } from "react";
import { Button } from "./button";
import { Checkboxes, Radios } from "./choices";
import { DateField, DateTimeField, TimeField } from "./dates";
import { FileField } from "./file_field";
import type { Element } from "./kit";
import { Overflow } from "./overflow";
import { MultiSelect, Select } from "./selects";
import { useSurface } from "./surface";
import { TextField } from "./text_field";
import type { Value } from "./values";

/** What every control gets: where it stands, its value, and how it is named. */
export type ControlProps = {
  element: Element;
  blockId: string;
  value: Value;
  onChange: (value: Partial<Value>) => void;
  onCommit: (value?: Partial<Value>) => void;
  dispatches: boolean;
  busy: boolean;
  attributes: Attributes;
};

type Attributes = {
  id?: string;
  "data-action-id": string;
  "data-block-id": string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
  "aria-busy"?: true;
};

const CONTROLS: Record<string, ComponentType<ControlProps>> = {
  button: Button,
  overflow: Overflow,
  radio_buttons: Radios,
  checkboxes: Checkboxes,
  static_select: Select,
  users_select: Select,
  channels_select: Select,
  conversations_select: Select,
  multi_static_select: MultiSelect,
  multi_users_select: MultiSelect,
  multi_channels_select: MultiSelect,
  multi_conversations_select: MultiSelect,
  datepicker: DateField,
  timepicker: TimeField,
  datetimepicker: DateTimeField,
  plain_text_input: TextField,
  email_text_input: TextField,
  url_text_input: TextField,
  number_input: TextField,
  file_input: FileField,
};

export function isControl(element: Element): boolean {
  return element.type in CONTROLS;
}

type Props = {
  element: Element;
  blockId: string;
  dispatches: boolean;
  id?: string;
  labelledBy?: string;
  describedBy?: string;
  required?: boolean;
  invalid?: boolean;
};

/** Draw one working element; where it `dispatches`, a change is sent at once. */
export function ElementControl({ element, blockId, dispatches, id, labelledBy, describedBy, required, invalid }: Props) {
  const { values, hold, act, pending } = useSurface();
  const actionId = element.action_id ?? "";
  const Control = CONTROLS[element.type];
  if (!Control) throw new Error(`the page does not know the element “${element.type}”`);
  const value = values[blockId]?.[actionId] ?? { type: element.type };
  const commit = (change: Partial<Value> = {}) => void act(blockId, element, { ...value, ...change });
  const busy = pending === `${blockId}/${actionId}`;
  const named = labelledBy ? { "aria-labelledby": labelledBy } : { "aria-label": element.placeholder?.text };
  return (
    <Control
      element={element}
      blockId={blockId}
      value={value}
      dispatches={dispatches}
      busy={busy}
      onChange={(change) => hold(blockId, actionId, { ...value, ...change })}
      onCommit={commit}
      attributes={{
        id,
        "data-action-id": actionId,
        "data-block-id": blockId,
        ...named,
        "aria-describedby": describedBy,
        "aria-invalid": invalid || undefined,
        "aria-required": required || undefined,
        "aria-busy": busy || undefined,
      }}
    />
  );
}
