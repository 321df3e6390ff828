import { useEffect, useRef } from "react";
import { ChannelPane, focusComposer } from "./channel";
import { ConfirmProvider } from "./confirm";
import type { Status } from "./connection";
import { Faults } from "./faults";
import { CloseIcon } from "./icons";
import { useKeys } from "./keys";
import { Modal } from "./modal";
import { NamesProvider } from "./names";
import { usePlace } from "./place";
import type { Info, Send, State, Try } from "./protocol";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top_bar";
import { lastReplyTs, lastTs, threadKey, useRead } from "./unread";

type Props = { info: Info | null; me: string; state: State | null; status: Status; send: Send };

/** The whole page. */
export function App(props: Props) {
  const { info, me, state, status, send } = props;
  return (
    <ConfirmProvider>
      <div className="page" inert={Boolean(state?.view)}>
        <TopBar people={info?.users ?? []} me={me}>
          {info && state && <Faults catalog={info.faults} faults={state.faults} send={send} />}
        </TopBar>
        {status !== "open" && <Connecting lost={status === "lost"} />}
        {state ? <Desk {...props} state={state} tries={info?.tries ?? []} /> : <div className="waiting" />}
      </div>
      {state?.view && <OpenView state={state} send={props.send} />}
    </ConfirmProvider>
  );
}

function Connecting({ lost }: { lost: boolean }) {
  return (
    <div className="connecting" role="status">
      <span className="spinner" /> {lost ? "Reconnecting…" : "Connecting…"}
    </div>
  );
}

function Desk({ state, status, send, tries }: Props & { state: State; tries: Try[] }) {
  const place = usePlace();
  const drafts = useRef(new Map<string, string>()).current;
  const [read, mark] = useRead(state.me.id);
  const channel = state.channels.find(({ id }) => id === place.channel) ?? state.channels[0];
  useKeys(state.channels, channel?.id);
  const newest = channel && place.tab === "messages" ? lastTs(state, channel.id) : null;
  useEffect(() => {
    if (channel && newest) mark(channel.id, newest);
  }, [channel, newest, mark]);
  const thread = channel && place.channel === channel.id ? place.thread : null;
  const newestReply = channel ? lastReplyTs(state, channel.id, thread) : null;
  useEffect(() => {
    if (channel && thread && newestReply) mark(threadKey(channel.id, thread), newestReply);
  }, [channel, thread, newestReply, mark]);
  useEffect(() => {
    if (channel) document.title = `${channel.name} – ${state.team.name} (stand-in for Slack)`;
  }, [channel, state.team.name]);
  if (!channel) return <p className="waiting">{state.me.name} is in no channel.</p>;
  return (
    <NamesProvider state={state}>
      <Notices state={state} send={send} />
      <div className={`desk ${place.thread ? "desk--thread" : ""}`}>
        <Sidebar state={state} current={channel.id} read={read} />
        <ChannelPane
          state={state}
          channel={channel}
          tries={tries}
          read={read}
          place={place.channel === channel.id ? place : { ...place, thread: null, tab: "messages" }}
          send={send}
          connected={status === "open"}
          drafts={drafts}
        />
      </div>
    </NamesProvider>
  );
}

function OpenView({ state, send }: { state: State; send: Send }) {
  const before = useRef(document.activeElement as HTMLElement | null);
  useEffect(() => {
    const opener = before.current;
    return () => {
      window.setTimeout(() => {
        if (opener?.isConnected && opener.matches("[data-composer]")) opener.focus();
        else if (document.querySelector("[data-composer=channel]")) focusComposer();
        else opener?.focus();
      });
    };
  }, []);
  const app = Object.values(state.users).find((user) => user.is_bot) ?? { id: "app", name: "App", is_bot: true };
  return (
    <NamesProvider state={state}>
      {state.view && <Modal view={state.view} app={app} notices={state.notices} send={send} />}
    </NamesProvider>
  );
}

/** What the server wants noticed; what comes while a view is open stands in that view. */
function Notices({ state, send }: { state: State; send: Send }) {
  const outside = useRef<Set<string>>(new Set());
  if (!state.view) outside.current = new Set(state.notices.map(({ id }) => id));
  return (
    <div className="notices" role="status" aria-label="Notices">
      {state.error && <p className="notice notice--error">{state.error}</p>}
      {state.notices
        .filter(({ id }) => outside.current.has(id))
        .map(({ id, text }) => (
          <p className="notice" key={id} data-notice={id}>
            <span>{text}</span>
            <button
              type="button"
              className="btn btn--icon"
              aria-label="Dismiss notice"
              onClick={() => void send({ do: "dismiss_notice", notice: id })}
            >
              <CloseIcon />
            </button>
          </p>
        ))}
    </div>
  );
}
