import { type ReactNode, useCallback, useEffect } from "react";
import { AppBadge, Avatar } from "./avatar";
import { mentions } from "./commands";
import { Composer } from "./composer";
import { HomeTab } from "./home";
import { HashIcon, LockIcon } from "./icons";
import { Messages } from "./messages";
import { goTo, hashOf, type Place } from "./place";
import type { Channel, ChatMessage, Person, Send, State, Try } from "./protocol";
import { Thread } from "./thread";
import { Tries } from "./tries";
import type { Read } from "./unread";

type Props = {
  state: State;
  channel: Channel;
  tries: Try[];
  place: Place;
  read: Read;
  send: Send;
  connected: boolean;
  drafts: Map<string, string>;
};

const NO_MESSAGES: ChatMessage[] = [];

/** The open channel: header, messages or Home, composer, and a thread beside it. */
export function ChannelPane({ state, channel, tries, place, read, send, connected, drafts }: Props) {
  const partner = state.users[channel.with ?? ""];
  const messages = state.messages[channel.id] ?? NO_MESSAGES;
  const name = channel.kind === "im" ? channel.name : `#${channel.name}`;
  const isApp = Boolean(partner?.is_bot);
  const atHome = place.tab === "home" && isApp && state.home_tab;
  useEffect(() => {
    if (isApp && connected) void send({ do: "home", tab: atHome ? "home" : "messages" });
  }, [isApp, atHome, connected, send]);
  useEffect(() => focusComposer(), [channel.id, atHome]);
  const shared = { messages, shortcuts: state.shortcuts, me: state.me.id, send };
  const openThread = useCallback((ts: string) => goTo(hashOf(channel.id, { thread: ts })), [channel.id]);
  return (
    <>
      <main className="channel" aria-label={name} tabIndex={-1}>
        <ChannelHeader channel={channel} partner={partner} />
        {isApp && state.home_tab && <Tabs channel={channel.id} atHome={atHome} />}
        {atHome ? (
          <HomeTab home={state.home} app={channel.name} send={send} />
        ) : (
          <>
            <Messages
              key={channel.id}
              label={`Messages in ${channel.name}`}
              channel={channel.id}
              {...shared}
              now={state.now ?? Date.now() / 1000}
              read={read}
              onThread={openThread}
              intro={<Intro channel={channel} partner={partner} />}
            />
            <Tries tries={tries} state={state} channel={channel} send={send} connected={connected} />
            <Composer
              key={`composer-${channel.id}`}
              label={`Message ${name}`}
              channel={channel.id}
              commands={state.commands}
              everybody={mentions(state.users)}
              send={send}
              connected={connected}
              drafts={drafts}
            />
          </>
        )}
      </main>
      {place.thread && !atHome && (
        <Thread
          key={place.thread}
          parent={place.thread}
          channel={channel.id}
          channelName={name}
          {...shared}
          commands={state.commands}
          everybody={mentions(state.users)}
          connected={connected}
          drafts={drafts}
          onClose={() => {
            goTo(hashOf(channel.id));
            focusComposer();
          }}
        />
      )}
    </>
  );
}

/** Put the focus where people write. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>("[data-composer=channel]")?.focus();
}

function ChannelIcon({ channel, partner, size }: { channel: Channel; partner: Person | undefined; size: number }) {
  if (partner) return <Avatar person={partner} size={size} />;
  return channel.kind === "private" ? <LockIcon size={size} /> : <HashIcon size={size} />;
}

function ChannelHeader({ channel, partner }: { channel: Channel; partner: Person | undefined }) {
  return (
    <header className="channel__header">
      <h2>
        <ChannelIcon channel={channel} partner={partner} size={partner ? 24 : 18} />
        {channel.name}
        {partner?.is_bot && <AppBadge />}
      </h2>
      {channel.topic && (
        <p className="channel__topic" title={channel.topic}>
          {channel.topic}
        </p>
      )}
    </header>
  );
}

function Tabs({ channel, atHome }: { channel: string; atHome: boolean }) {
  const tab = (title: string, home: boolean): ReactNode => (
    <a
      role="tab"
      id={home ? "tab-home" : "tab-messages"}
      href={hashOf(channel, { home })}
      aria-selected={atHome === home}
      onKeyDown={(event) => {
        if (event.key === " ") goTo(hashOf(channel, { home }));
        if (event.key === "ArrowLeft" || event.key === "ArrowRight") goTo(hashOf(channel, { home: !atHome }));
      }}
    >
      {title}
    </a>
  );
  return (
    <div className="tabs" role="tablist" aria-label="App">
      {tab("Home", true)}
      {tab("Messages", false)}
    </div>
  );
}

function Intro({ channel, partner }: { channel: Channel; partner: Person | undefined }) {
  const about = partner
    ? partner.is_bot
      ? `This is the very beginning of your conversation with ${channel.name}. Only the two of you are in it.`
      : `This conversation is just between you and ${channel.name}.`
    : `This is the very beginning of the ${channel.kind === "private" ? "private " : ""}channel #${channel.name}.`;
  return (
    <div className="intro">
      <div className="intro__name">
        <ChannelIcon channel={channel} partner={partner} size={partner ? 52 : 26} />
        <span>{channel.name}</span>
      </div>
      <p>
        {about} {channel.topic}
      </p>
    </div>
  );
}
