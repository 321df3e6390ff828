import { useEffect, useLayoutEffect, useRef } from "react";
import { Composer } from "./composer";
import { CloseIcon } from "./icons";
import { Message } from "./message";
import { repliesByParent } from "./messages";
import type { ChatMessage, Command, Send } from "./protocol";

type Props = {
  parent: string;
  channel: string;
  channelName: string;
  messages: ChatMessage[];
  commands: Command[];
  send: Send;
  connected: boolean;
  drafts: Map<string, string>;
  onClose: () => void;
};

/** The pane at the right with one thread. */
export function Thread({ parent, channel, channelName, messages, commands, send, connected, drafts, onClose }: Props) {
  const root = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const first = messages.find(({ ts }) => ts === parent);
  const replies = repliesByParent(messages).get(parent) ?? [];
  useEffect(() => root.current?.querySelector("textarea")?.focus(), [parent]);
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [replies.length]);
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
      <div className="thread__messages" ref={scroller}>
        {first ? (
          <Message message={first} channel={channel} send={send} />
        ) : (
          <p className="thread__gone">The first message of this thread is not here any more.</p>
        )}
        <div className="thread__count">
          {replies.length === 0 ? "No replies yet" : replies.length === 1 ? "1 reply" : `${replies.length} replies`}
        </div>
        <div role="log" aria-label="Replies" aria-live="polite">
          {replies.map((reply) => (
            <Message key={reply.ts} message={reply} channel={channel} send={send} />
          ))}
        </div>
      </div>
      <Composer
        key={parent}
        label="Reply…"
        channel={channel}
        thread={parent}
        commands={commands}
        send={send}
        connected={connected}
        drafts={drafts}
      />
    </aside>
  );
}
