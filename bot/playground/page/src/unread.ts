import { useCallback, useState } from "react";
import type { ChatMessage, State } from "./protocol";

/** Up to which message each channel and thread was read. */
export type Read = Record<string, string>;

export function isReply(message: ChatMessage): boolean {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

/** Name a thread where it stands beside the channels in what was read. */
export function threadKey(channel: string, parent: string): string {
  return `${channel}/${parent}`;
}

/** How many messages of others came after `read`, replies too; what only this person sees does not count. */
export function countUnread(messages: ChatMessage[], me: string, read: string | undefined): number {
  const since = Number.parseFloat(read ?? "0");
  return messages.filter(
    (message) => message.user !== me && !message.ephemeral && Number.parseFloat(message.ts) > since,
  ).length;
}

/** Remember for this tab and person up to where each channel and thread was read. */
export function useRead(me: string): [Read, (place: string, ts: string) => void] {
  const key = `certdesk-playground-read:${me}`;
  const [read, setRead] = useState<Read>(() => JSON.parse(sessionStorage.getItem(key) ?? "{}") as Read);
  const mark = useCallback(
    (place: string, ts: string) =>
      setRead((before) => {
        if (before[place] === ts) return before;
        const after = { ...before, [place]: ts };
        sessionStorage.setItem(key, JSON.stringify(after));
        return after;
      }),
    [key],
  );
  return [read, mark];
}

export function lastTs(state: State, channel: string): string | null {
  const messages = state.messages[channel] ?? [];
  return messages.at(-1)?.ts ?? null;
}

/** Give the newest message of a thread. */
export function lastReplyTs(state: State, channel: string, parent: string | null): string | null {
  const below = (state.messages[channel] ?? []).filter((message) => message.thread_ts === parent);
  return parent ? (below.at(-1)?.ts ?? null) : null;
}
