/** What the stand-in's server and this page say to each other over `/page/info` and `/page/ws`. */
import type { Block, TextObject } from "./blocks/kit";
import type { Value, Values } from "./blocks/values";

export type Person = {
  id: string;
  name: string;
  color?: string;
  is_bot?: boolean;
  role?: string;
  external?: boolean;
};

export type Info = { users: Person[]; default: string; faults: FaultCatalog };

/** Which faults there are, what each does, and which fit where. */
export type FaultCatalog = { says: Record<string, string>; sites: { site: string; faults: string[] }[] };

/** What is going to go wrong (`left` null: for ever), and what did. */
export type FaultsState = {
  rules: { site: string; fault: string; left: number | null }[];
  happened: { site: string; fault: string; count: number }[];
};

export type Channel = {
  id: string;
  name: string;
  kind: "channel" | "private" | "im";
  topic?: string;
  with?: string;
  last_ts?: string | null;
};

export type ChatMessage = {
  ts: string;
  user: string;
  text: string;
  blocks?: Block[];
  edited?: boolean;
  ephemeral?: boolean;
  thread_ts?: string | null;
  reply_count?: number;
  state?: { values?: Values } | null;
};

export type View = {
  id: string;
  hash?: string;
  title?: TextObject | null;
  submit?: TextObject | null;
  close?: TextObject | null;
  blocks: Block[];
  state?: { values?: Values } | null;
  errors?: Record<string, string> | null;
  depth?: number;
};

export type Home = { view_id: string; blocks: Block[] };

export type Command = { command: string; description?: string; usage_hint?: string };

export type Notice = { id: string; text: string };

export type State = {
  type: "state";
  me: Person;
  team: { name: string };
  users: Record<string, Person>;
  channels: Channel[];
  messages: Record<string, ChatMessage[]>;
  view: View | null;
  home: Home | null;
  commands: Command[];
  notices: Notice[];
  faults: FaultsState;
  now?: number;
  error?: string | null;
};

export type Reply = { type: "reply"; id: number; ok: boolean; error?: string | null };

export type Container =
  | { type: "message"; channel: string; ts: string }
  | { type: "view"; view_id: string };

export type Request =
  | { do: "slash"; channel: string; command: string; text: string }
  | { do: "post"; channel: string; text: string; thread_ts?: string }
  | {
      do: "action";
      container: Container;
      block_id: string;
      action_id: string;
      action: Value;
      state: { values: Values };
    }
  | { do: "submit"; view_id: string; values: Values }
  | { do: "close"; view_id: string }
  | { do: "home" }
  | { do: "dismiss_notice"; notice: string }
  | { do: "fault"; site: string; fault: string; times: number }
  | { do: "clear_faults" };

export type Send = (request: Request) => Promise<Reply>;
