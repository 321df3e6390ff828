import { memo, type ReactNode, useMemo, useRef, useState } from "react";
import { AppBadge, Avatar } from "./avatar";
import { Blocks } from "./blocks/blocks";
import { Boundary } from "./blocks/boundary";
import type { Block } from "./blocks/kit";
import { RichText } from "./blocks/library";
import { fromMrkdwn, labelOf } from "./blocks/mrkdwn";
import { SurfaceProvider, Trouble, useHeldValues } from "./blocks/surface";
import { addressOf } from "./connection";
import { EyeIcon } from "./icons";
import { useKeptFocus } from "./kept_focus";
import { MessageTools } from "./message_tools";
import { useNames } from "./names";
import type { ChatMessage, FileRef, Person, Reaction, Reply, Request, Send, Shortcut } from "./protocol";
import { Reactions } from "./reactions";
import { clock, fullTime } from "./times";

type Props = {
  message: ChatMessage;
  channel: string;
  me: string;
  shortcuts: Shortcut[];
  send: Send;
  grouped?: boolean;
  replies?: ChatMessage[];
  fresh?: number;
  /** The first message of the thread, where this reply was sent to the channel as well. */
  root?: ChatMessage;
  onThread?: (ts: string) => void;
};

const NO_BLOCKS: Block[] = [];
const NO_REACTIONS: Reaction[] = [];

/** One message: who, when, what, the reactions to it, and its thread. */
export const Message = memo(function Message(props: Props) {
  const { message, channel, me, shortcuts, send, grouped, replies, fresh = 0, root, onThread } = props;
  const { users } = useNames();
  const [trouble, setTrouble] = useState<Reply | null>(null);
  const article = useRef<HTMLElement>(null);
  const author = users[message.user] ?? { id: message.user, name: message.user };
  const app = Object.values(users).find(({ is_bot }) => is_bot);
  const reactions = message.reactions ?? NO_REACTIONS;
  const count = Math.max(message.reply_count ?? 0, replies?.length ?? 0);
  const kept = useKeptFocus(article, message.blocks);
  const where = { channel, ts: message.ts };
  const ask = async (request: Request) => {
    setTrouble(null);
    const reply = await send(request);
    if (!reply.ok) setTrouble(reply);
  };
  const toggle = (name: string, on: boolean) => void ask({ do: "react", ...where, name, on });
  const classes = ["message", grouped && "message--grouped", message.ephemeral && "message--ephemeral"];
  return (
    <article
      className={classes.filter(Boolean).join(" ")}
      aria-label={`${author.name} at ${clock(message.ts)}`}
      ref={article}
      {...kept}
      data-ts={message.ts}
      data-channel={channel}
      data-ephemeral={message.ephemeral || undefined}
    >
      {message.ephemeral && (
        <p className="message__above">
          <EyeIcon /> Only visible to you
        </p>
      )}
      <div className="message__gutter">{grouped ? <Time ts={message.ts} /> : <Avatar person={author} />}</div>
      <div className="message__main">
        {!grouped && <Head author={author} ts={message.ts} />}
        {message.broadcast && (
          <p className="message__broadcast">
            {onThread ? "replied to a thread: " : "also sent to the channel"}
            {onThread && (
              <button type="button" onClick={() => onThread(message.thread_ts ?? message.ts)}>
                {root ? wordsOf(root) : "View thread"}
              </button>
            )}
          </p>
        )}
        <Content message={message} channel={channel} send={send} />
        {message.files && message.files.length > 0 && <Files files={message.files} />}
        {message.edited && <span className="message__edited">(edited)</span>}
        {trouble && <Trouble reply={trouble} />}
        {reactions.length > 0 && <Reactions reactions={reactions} me={me} toggle={toggle} />}
        {onThread && count > 0 && !message.broadcast && (
          <Thread replies={replies ?? []} count={count} fresh={fresh} open={() => onThread(message.ts)} />
        )}
      </div>
      {!message.ephemeral && (
        <MessageTools
          reactions={reactions}
          me={me}
          toggle={toggle}
          shortcuts={shortcuts}
          app={app?.name ?? "App"}
          onShortcut={(callback_id) => void ask({ do: "shortcut", ...where, callback_id })}
          onThread={onThread && (() => onThread(message.thread_ts ?? message.ts))}
        />
      )}
    </article>
  );
});

/** What was sent with a message: pictures are shown, all else is linked. */
function Files({ files }: { files: FileRef[] }) {
  return (
    <ul className="message__files">
      {files.map((file) => (
        <li key={file.id}>
          <a href={addressOf(file)} target="_blank" rel="noreferrer">
            {/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype ?? "") && <img src={addressOf(file)} alt="" />}
            {file.name}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Time({ ts }: { ts: string }) {
  return (
    <time dateTime={new Date(Number.parseFloat(ts) * 1000).toISOString()} title={fullTime(ts)}>
      {clock(ts)}
    </time>
  );
}

function Head({ author, ts }: { author: Person; ts: string }) {
  return (
    <div className="message__head">
      <b className="message__author">{author.name}</b>
      {author.is_bot && <AppBadge />}
      {author.external && <span className="message__external">from another workspace</span>}
      <Time ts={ts} />
    </div>
  );
}

function Content({ message, channel, send }: Pick<Props, "message" | "channel" | "send">) {
  const blocks = message.blocks ?? NO_BLOCKS;
  const [values, setValues] = useHeldValues(blocks, message.state?.values);
  const container = useMemo(() => ({ type: "message", channel, ts: message.ts }) as const, [channel, message.ts]);
  return (
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
  );
}

type ThreadProps = { replies: ChatMessage[]; count: number; fresh: number; open: () => void };

/** Who replied, how often, and how much of it is new. */
function Thread({ replies, count, fresh, open }: ThreadProps): ReactNode {
  const { users } = useNames();
  const faces = [...new Set(replies.map((reply) => reply.user))].slice(0, 4);
  return (
    <button type="button" className={`message__replies ${fresh ? "message__replies--new" : ""}`} onClick={open}>
      {faces.map((id) => (
        <Avatar key={id} person={users[id] ?? { id, name: id }} size={22} />
      ))}
      <b>{count === 1 ? "1 reply" : `${count} replies`}</b>
      {fresh > 0 && <span className="message__new">{fresh} new</span>}
      <span className="message__view">View thread</span>
    </button>
  );
}

/** Give the first line of what a message says. */
function wordsOf({ text, blocks = NO_BLOCKS }: ChatMessage): string {
  const spoken = text || blocks.map((block) => labelOf(block.text)).find(Boolean) || "a message";
  const line = spoken.split("\n", 1)[0]?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&") ?? "";
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
