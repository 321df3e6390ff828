import { useNames } from "../names";
import type { ControlProps } from "./element";
import { type Element, type Option, optionsOf } from "./kit";
import { fieldOf, type Value } from "./values";

/** One line of a menu: `chosen` is what the state holds when it is selected. */
type Entry = { key: string; label: string; chosen: Option | string };
type Group = { label: string | null; entries: Entry[] };

/** List what a menu offers, in its groups. */
function useGroups(element: Element): Group[] {
  const { users, channels } = useNames();
  const ungrouped = (entries: Entry[]): Group[] => [{ label: null, entries }];
  switch (element.type) {
    case "users_select":
    case "multi_users_select":
      return ungrouped(
        Object.values(users)
          .filter(({ is_bot, deleted }) => !is_bot && !deleted)
          .map(({ id, name, external }) => ({
            key: id,
            label: external ? `${name} (from another workspace)` : name,
            chosen: id,
          })),
      );
    case "channels_select":
    case "multi_channels_select":
      return ungrouped(
        channels
          .filter(({ kind }) => kind === "channel")
          .map(({ id, name }) => ({ key: id, label: `#${name}`, chosen: id })),
      );
    case "conversations_select":
    case "multi_conversations_select":
      return ungrouped(
        channels.map(({ id, name, kind }) => ({ key: id, label: kind === "im" ? name : `#${name}`, chosen: id })),
      );
    default:
      return element.option_groups
        ? element.option_groups.map(({ label, options }) => ({ label: label.text, entries: options.map(entryOf) }))
        : ungrouped(optionsOf(element).map(entryOf));
  }
}

function entryOf(option: Option): Entry {
  return { key: option.value, label: option.text.text, chosen: option };
}

/** Give the keys that are selected in `value`. */
function keysOf(value: Value): string[] {
  const held = value[fieldOf(value.type)];
  const all = Array.isArray(held) ? held : held ? [held] : [];
  return all.map((one) => (typeof one !== "object" ? String(one) : "value" in one ? one.value : one.id));
}

function Entries({ groups }: { groups: Group[] }) {
  return groups.map(({ label, entries }, index) => {
    const options = entries.map((entry) => (
      <option key={entry.key} value={entry.key}>
        {entry.label}
      </option>
    ));
    if (label === null) return options;
    return (
      <optgroup key={index} label={label}>
        {options}
      </optgroup>
    );
  });
}

export function Select({ element, value, onChange, onCommit, dispatches, attributes }: ControlProps) {
  const groups = useGroups(element);
  const [key = ""] = keysOf(value);
  const choose = (wanted: string) => {
    const entry = groups.flatMap(({ entries }) => entries).find((one) => one.key === wanted);
    if (!entry) return;
    const change = { [fieldOf(element.type)]: entry.chosen };
    if (dispatches) onCommit(change);
    else onChange(change);
  };
  return (
    <select
      {...attributes}
      className={`field field--select ${key === "" ? "field--empty" : ""}`}
      value={key}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="" disabled hidden>
        {element.placeholder?.text ?? "Select an option"}
      </option>
      <Entries groups={groups} />
    </select>
  );
}

export function MultiSelect({ element, value, onChange, onCommit, dispatches, attributes }: ControlProps) {
  const groups = useGroups(element);
  const choose = (wanted: string[]) => {
    const entries = groups.flatMap((group) => group.entries).filter(({ key }) => wanted.includes(key));
    const chosen = entries.map((entry) => entry.chosen).slice(0, element.max_selected_items);
    const change = { [fieldOf(element.type)]: chosen };
    if (dispatches) onCommit(change);
    else onChange(change);
  };
  return (
    <select
      multiple
      {...attributes}
      className="field field--multi"
      value={keysOf(value)}
      onChange={(event) => choose([...event.target.selectedOptions].map((option) => option.value))}
    >
      <Entries groups={groups} />
    </select>
  );
}
