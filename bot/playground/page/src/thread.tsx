import { useEffect, useMemo, useRef } from "react";
import { Composer } from "./composer";
import { CloseIcon } from "./icons";
import { Message } from "./message";
import { belongsTo } from "./messages";
import type { ChatMessage, Command, Send, Shortcut } from "./protocol";
import { useStayAtBottom } from "./scrolling";
import { isReply } from "./unread";

type Props = {
  parent: string;
  channel: string;
  channelName: string;
  messages: ChatMessage[];
  commands: Command[];
  everybody: Command[];
  shortcuts: Shortcut[];
  me: string;
  send: Send;
  connected: boolean;
  drafts: Map<string, string>;
  onClose: () => void;
};

/** The pane at the right with one thread. */
export function Thread({ parent, channel, channelName, messages, commands, shortcuts, me, ...rest }: Props) {
  const { everybody, send, connected, drafts, onClose } = rest;
  const root = useRef<HTMLElement>(null);
  const first = messages.find(({ ts }) => ts === parent);
  const below = useMemo(
    () => messages.filter((message) => isReply(message) && message.thread_ts === parent),
    [messages, parent],
  );
  const count = below.filter(({ ephemeral }) => !ephemeral).length;
  const { scroller, onScroll } = useStayAtBottom(below, me);
  useEffect(() => root.current?.querySelector("textarea")?.focus(), []);
  const shared = { channel, me, shortcuts, send };
  return (
    <aside
      className="thread"
      aria-label="Thread"
      ref={root}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className="thread__header">
        <h2>Thread</h2>
        <span>{channelName}</span>
        <button type="button" className="btn btn--icon" aria-label="Close thread" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      <div className="thread__messages" ref={scroller} onScroll={onScroll}>
        {first ? (
          <Message message={first} {...shared} />
        ) : (
          <p className="thread__gone">The first message of this thread is not here any more.</p>
        )}
        <div className="thread__count">
          {count === 0 ? "No replies yet" : count === 1 ? "1 reply" : `${count} replies`}
        </div>
        <div role="log" aria-label="Replies" aria-live="polite">
          {below.map((reply, index) => (
            <Message key={reply.ts} message={reply} {...shared} grouped={belongsTo(below[index - 1], reply)} />
          ))}
        </div>
      </div>
      <Composer
        label="Reply…"
        channel={channel}
        thread={parent}
        commands={commands}
        everybody={everybody}
        send={send}
        connected={connected}
        drafts={drafts}
      />
    </aside>
  );
}
