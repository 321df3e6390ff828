import { type ReactNode, useMemo } from "react";
import { Message } from "./message";
import type { ChatMessage, Send, Shortcut } from "./protocol";
import { useStayAtBottom } from "./scrolling";
import { dayName, sameDay } from "./times";
import { countUnread, isReply, type Read, threadKey } from "./unread";

const GROUP_WITHIN_S = 300;

type Props = {
  label: string;
  channel: string;
  messages: ChatMessage[];
  shortcuts: Shortcut[];
  now: number;
  send: Send;
  me: string;
  read: Read;
  onThread: (ts: string) => void;
  intro: ReactNode;
};

/** The messages of one channel, oldest first; replies stand in their threads, and here if sent here too. */
export function Messages({ label, channel, messages, shortcuts, now, send, me, read, onThread, intro }: Props) {
  const replies = useMemo(() => repliesByParent(messages), [messages]);
  const byTs = useMemo(() => new Map(messages.map((message) => [message.ts, message])), [messages]);
  const shown = useMemo(
    () => messages.filter((one) => !isReply(one) || one.broadcast || !byTs.has(one.thread_ts ?? "")),
    [messages, byTs],
  );
  const { scroller, onScroll } = useStayAtBottom(shown, me);
  return (
    <div className="messages" ref={scroller} onScroll={onScroll}>
      {intro}
      <div role="log" aria-label={label} aria-live="polite" aria-relevant="additions text">
        {shown.map((message, index) => {
          const before = shown[index - 1];
          const newDay = !before || !sameDay(before.ts, message.ts);
          const below = replies.get(message.ts);
          return (
            <div key={message.ts}>
              {newDay && (
                <div className="day" role="separator" aria-label={dayName(message.ts, now)}>
                  <span>{dayName(message.ts, now)}</span>
                </div>
              )}
              <Message
                message={message}
                channel={channel}
                me={me}
                shortcuts={shortcuts}
                send={send}
                grouped={!newDay && belongsTo(before, message)}
                replies={below}
                fresh={below && countUnread(below, me, read[threadKey(channel, message.ts)])}
                root={message.broadcast ? byTs.get(message.thread_ts ?? "") : undefined}
                onThread={onThread}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Give the replies that all can see by the first message of their thread. */
export function repliesByParent(messages: ChatMessage[]): Map<string, ChatMessage[]> {
  const replies = new Map<string, ChatMessage[]>();
  for (const message of messages) {
    const parent = message.thread_ts;
    if (!parent || !isReply(message) || message.ephemeral) continue;
    const known = replies.get(parent);
    if (known) known.push(message);
    else replies.set(parent, [message]);
  }
  return replies;
}

/** Say whether a message follows another so closely that it needs no name of its own. */
export function belongsTo(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    before?.user === message.user &&
    ![before, message].some((one) => one.ephemeral || one.broadcast) &&
    Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < GROUP_WITHIN_S
  );
}
