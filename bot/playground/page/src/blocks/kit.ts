/** The part of Slack's Block Kit that the page looks into; the rest stays `unknown`. */
export type TextObject = { type: "plain_text" | "mrkdwn"; text: string; emoji?: boolean };

export type Option = { text: TextObject; value: string; description?: TextObject; url?: string };

export type OptionGroup = { label: TextObject; options: Option[] };

export type Confirm = {
  title?: TextObject;
  text?: TextObject;
  confirm?: TextObject;
  deny?: TextObject;
  style?: "primary" | "danger";
};

export type Element = {
  type: string;
  action_id?: string;
  text?: TextObject;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  accessibility_label?: string;
  confirm?: Confirm;
  placeholder?: TextObject;
  focus_on_load?: boolean;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  max_selected_items?: number;
  dispatch_action_config?: { trigger_actions_on?: string[] };
  image_url?: string;
  alt_text?: string;
};

export type RichElement = { type: string; elements?: RichElement[]; text?: string; url?: string; [key: string]: unknown };

export type Block = {
  type: string;
  block_id?: string;
  text?: TextObject | string;
  fields?: TextObject[];
  accessory?: Element;
  elements?: (Element | RichElement | TextObject)[];
  label?: TextObject;
  element?: Element;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
};

/** Give the element's options, those in groups as well, in order. */
export function optionsOf(element: Element): Option[] {
  return element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
}
