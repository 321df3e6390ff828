import { useCallback, useState } from "react";
import type { ChatMessage, State } from "./protocol";

type Read = Record<string, string>;

export function isReply(message: ChatMessage): boolean {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

/** How many messages of others came after `read`; what only this person sees does not count. */
export function countUnread(messages: ChatMessage[], me: string, read: string | undefined): number {
  const since = Number.parseFloat(read ?? "0");
  return messages.filter(
    (message) =>
      message.user !== me && !message.ephemeral && !isReply(message) && Number.parseFloat(message.ts) > since,
  ).length;
}

/** Remember for this tab and person up to where each channel was read. */
export function useRead(me: string): [Read, (channel: string, ts: string) => void] {
  const key = `certdesk-playground-read:${me}`;
  const [read, setRead] = useState<Read>(() => JSON.parse(sessionStorage.getItem(key) ?? "{}") as Read);
  const mark = useCallback(
    (channel: string, ts: string) =>
      setRead((before) => {
        if (before[channel] === ts) return before;
        const after = { ...before, [channel]: ts };
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
