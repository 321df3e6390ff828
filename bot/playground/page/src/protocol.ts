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
  deleted?: boolean;
};

/** One thing to try at one click: `slash` where one is, `post` to the app, `go` as another person elsewhere. */
export type Try = {
  label: string;
  about: string;
  does: "slash" | "post" | "go";
  text: string;
  user: string;
  channel: string;
};

export type Info = { users: Person[]; default: string; faults: FaultCatalog; tries: Try[] };

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
};

/** Who gave a reaction, by the emoji's name. */
export type Reaction = { name: string; users: string[] };

/** A file by reference. */
export type FileRef = { id: string; name: string; mimetype?: string; size?: number };

export type ChatMessage = {
  ts: string;
  user: string;
  text: string;
  blocks?: Block[];
  edited?: boolean;
  ephemeral?: boolean;
  thread_ts?: string | null;
  broadcast?: boolean;
  reply_count?: number;
  reactions?: Reaction[];
  files?: FileRef[];
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

export type Home = { view_id: string; blocks: Block[]; state?: { values?: Values } | null };

export type Command = { command: string; description?: string; usage_hint?: string };

/** What the app offers to do with a message. */
export type Shortcut = { callback_id: string; name: string; description?: string };

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
  home_tab: boolean;
  commands: Command[];
  shortcuts: Shortcut[];
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
  | { do: "post"; channel: string; text: string; thread_ts?: string; files?: string[] }
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
  | { do: "react"; channel: string; ts: string; name: string; on: boolean }
  | { do: "shortcut"; channel: string; ts: string; callback_id: string }
  | { do: "home"; tab: "home" | "messages" }
  | { do: "dismiss_notice"; notice: string }
  | { do: "fault"; site: string; fault: string; times: number }
  | { do: "clear_faults" };

export type Send = (request: Request) => Promise<Reply>;
