import { memo, useMemo } from "react";
import { AppBadge, Avatar } from "./avatar";
import { Blocks } from "./blocks/blocks";
import { Boundary } from "./blocks/boundary";
import type { Block } from "./blocks/kit";
import { RichText } from "./blocks/library";
import { fromMrkdwn } from "./blocks/mrkdwn";
import { SurfaceProvider, useHeldValues } from "./blocks/surface";
import { EyeIcon, ThreadIcon } from "./icons";
import { useNames } from "./names";
import type { ChatMessage, Send } from "./protocol";
import { clock, fullTime } from "./times";

type Props = {
  message: ChatMessage;
  channel: string;
  send: Send;
  grouped?: boolean;
  replies?: ChatMessage[];
  onThread?: (ts: string) => void;
};

const NONE: Block[] = [];

/** One message: who, when, what, and its thread. */
export const Message = memo(function Message({ message, channel, send, grouped, replies, onThread }: Props) {
  const { users } = useNames();
  const author = users[message.user] ?? { id: message.user, name: message.user };
  const blocks = message.blocks ?? NONE;
  const [values, setValues] = useHeldValues(blocks, message.state?.values);
  const container = useMemo(() => ({ type: "message", channel, ts: message.ts }) as const, [channel, message.ts]);
  const count = Math.max(message.reply_count ?? 0, replies?.length ?? 0);
  const time = (
    <time dateTime={new Date(Number.parseFloat(message.ts) * 1000).toISOString()} title={fullTime(message.ts)}>
      {clock(message.ts)}
    </time>
  );
  return (
    <article
      className={`message ${grouped ? "message--grouped" : ""} ${message.ephemeral ? "message--ephemeral" : ""}`}
      aria-label={`${author.name} at ${clock(message.ts)}`}
      data-ts={message.ts}
      data-channel={channel}
      data-ephemeral={message.ephemeral || undefined}
    >
      {message.ephemeral && (
        <p className="message__private">
          <EyeIcon /> Only visible to you
        </p>
      )}
      <div className="message__gutter">{grouped ? time : <Avatar person={author} />}</div>
      <div className="message__main">
        {!grouped && (
          <div className="message__head">
            <b className="message__author">{author.name}</b>
            {author.is_bot && <AppBadge />}
            {author.external && <span className="message__external">from another workspace</span>}
            {time}
          </div>
        )}
        <SurfaceProvider container={container} send={send} values={values} onValues={setValues}>
          {blocks.length > 0 ? (
            <Blocks blocks={blocks} />
          ) : (
            <div className="blocks">
              <Boundary type="text" content={message.text}>
                <RichText elements={fromMrkdwn(message.text)} />
              </Boundary>
            </div>
          )}
        </SurfaceProvider>
        {message.edited && <span className="message__edited">(edited)</span>}
        {onThread && count > 0 && (
          <button type="button" className="message__replies" onClick={() => onThread(message.ts)}>
            <ReplyFaces replies={replies ?? []} />
            <b>{count === 1 ? "1 reply" : `${count} replies`}</b>
            <span>View thread</span>
          </button>
        )}
      </div>
      {onThread && !message.ephemeral && (
        <div className="message__tools">
          <button type="button" aria-label="Reply in thread" title="Reply in thread" onClick={() => onThread(message.ts)}>
            <ThreadIcon />
          </button>
        </div>
      )}
    </article>
  );
});

function ReplyFaces({ replies }: { replies: ChatMessage[] }) {
  const { users } = useNames();
  const faces = [...new Set(replies.map((reply) => reply.user))].slice(0, 4);
  return faces.map((id) => <Avatar key={id} person={users[id] ?? { id, name: id }} size={22} />);
}
