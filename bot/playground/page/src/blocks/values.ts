import type { FileRef } from "../protocol";
import { type Block, type Element, type Option, optionsOf } from "./kit";

/** One element's entry in Slack's `state.values`, and the fields of an action. */
export type Value = {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  files?: FileRef[];
};

export type Values = Record<string, Record<string, Value>>;

export type Field = Exclude<keyof Value, "type">;

type Held = { blockId: string; actionId: string; element: Element; block: Block };

/** Element type → its field in the state, and its field in the element that holds the initial value. */
const FIELDS: Record<string, [Field, keyof Element]> = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  static_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  channels_select: ["selected_channel", "initial_channel"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  checkboxes: ["selected_options", "initial_options"],
  file_input: ["files", "initial_value"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
};

/** Name the field that holds the value of such an element. */
export function fieldOf(type: string): Field {
  const fields = FIELDS[type];
  if (!fields) throw new Error(`“${type}” holds no value`);
  return fields[0];
}

function initialValue(element: Element): Value {
  const [field, initial] = FIELDS[element.type] ?? ["value", "initial_value"];
  return { type: element.type, [field]: element[initial] ?? (field.endsWith("s") ? [] : null) };
}

export function blockIdOf(block: Block, index: number): string {
  return block?.block_id ?? `block-${index}`;
}

/** List every element of `blocks` that holds a value, in order. */
function heldBy(blocks: Block[]): Held[] {
  return blocks.flatMap((block, index) => {
    const inside = [block.element, block.accessory, ...(block.type === "actions" ? (block.elements ?? []) : [])];
    return inside
      .filter((element): element is Element => element !== undefined && element.type in FIELDS)
      .map((element) => ({ blockId: blockIdOf(block, index), element, actionId: element.action_id ?? "", block }));
  });
}

/** Find the values of `blocks`: what was held under the same ids, else what the server knows, else the initial ones. */
export function settle(blocks: Block[], held: Values, known: Values = {}): Values {
  const values: Values = {};
  for (const { blockId, actionId, element } of heldBy(blocks)) {
    const before = [held, known].map((from) => from[blockId]?.[actionId]).find((value) => fits(value, element));
    (values[blockId] ??= {})[actionId] = before ?? initialValue(element);
  }
  return values;
}

function fits(value: Value | undefined, element: Element): boolean {
  if (value?.type !== element.type) return false;
  const chosen = value.selected_options ?? (value.selected_option ? [value.selected_option] : []);
  const offered = new Set(optionsOf(element).map((option) => option.value));
  return chosen.every((option) => offered.has(option.value));
}

export function isEmpty(value: Value | undefined): boolean {
  if (!value) return true;
  const content = value[fieldOf(value.type)];
  return content === null || content === undefined || content === "" || (Array.isArray(content) && content.length === 0);
}

/** Check what Slack's own client checks before it submits; give a sentence for each block that fails. */
export function problems(blocks: Block[], values: Values): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { blockId, actionId, element, block } of heldBy(blocks)) {
    if (block.type !== "input") continue;
    const value = values[blockId]?.[actionId];
    const problem = isEmpty(value)
      ? block.optional
        ? null
        : "Please complete this required field."
      : textProblem(element, value?.value);
    if (problem) found[blockId] = problem;
  }
  return found;
}

function textProblem(element: Element, text: string | null | undefined): string | null {
  if (typeof text !== "string") return null;
  if (element.min_length && text.length < element.min_length) {
    return `Please use at least ${element.min_length} characters.`;
  }
  if (element.max_length && text.length > element.max_length) {
    return `Please use at most ${element.max_length} characters.`;
  }
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(text)) return "Please enter a valid email address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(text)) return "Please enter a valid URL.";
  if (element.type === "number_input") return numberProblem(element, text);
  return null;
}

function numberProblem(element: Element, text: string): string | null {
  const shape = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!shape.test(text)) return `Please enter a ${element.is_decimal_allowed ? "" : "whole "}number.`;
  if (element.min_value !== undefined && Number(text) < Number(element.min_value)) {
    return `Please enter a number of ${element.min_value} or more.`;
  }
  if (element.max_value !== undefined && Number(text) > Number(element.max_value)) {
    return `Please enter a number of ${element.max_value} or less.`;
  }
  return null;
}
