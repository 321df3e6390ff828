import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { Message } from "./message";
import type { ChatMessage, Send } from "./protocol";
import { dayName, sameDay } from "./times";
import { isReply } from "./unread";

const GROUP_WITHIN_S = 300;
const NEAR_BOTTOM_PX = 80;

type Props = {
  label: string;
  channel: string;
  messages: ChatMessage[];
  now: number;
  send: Send;
  me: string;
  onThread: (ts: string) => void;
  intro: ReactNode;
};

/** The messages of one channel, oldest first; stays at the bottom unless the person scrolled up. */
export function Messages({ label, channel, messages, now, send, me, onThread, intro }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const replies = useMemo(() => repliesByParent(messages), [messages]);
  const shown = useMemo(
    () => messages.filter((message) => !isReply(message) || !messages.some(({ ts }) => ts === message.thread_ts)),
    [messages],
  );
  const last = shown.at(-1);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && (atBottom.current || last?.user === me)) box.scrollTop = box.scrollHeight;
  }, [shown, last, me]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => {
      if (atBottom.current) box.scrollTop = box.scrollHeight;
    });
    for (const part of [box, ...box.children]) observer.observe(part);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const box = scroller.current;
    if (box) atBottom.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX;
  };
  return (
    <div className="messages" ref={scroller} onScroll={onScroll}>
      {intro}
      <div role="log" aria-label={label} aria-live="polite" aria-relevant="additions text">
        {shown.map((message, index) => {
          const before = shown[index - 1];
          const newDay = !before || !sameDay(before.ts, message.ts);
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
                send={send}
                grouped={!newDay && belongsTo(before, message)}
                replies={replies.get(message.ts)}
                onThread={onThread}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function repliesByParent(messages: ChatMessage[]): Map<string, ChatMessage[]> {
  const replies = new Map<string, ChatMessage[]>();
  for (const message of messages) {
    const parent = message.thread_ts;
    if (parent && isReply(message)) replies.set(parent, [...(replies.get(parent) ?? []), message]);
  }
  return replies;
}

function belongsTo(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    before?.user === message.user &&
    !message.ephemeral &&
    !before.ephemeral &&
    Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < GROUP_WITHIN_S
  );
}
