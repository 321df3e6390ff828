import { AppBadge, Avatar } from "./avatar";
import { CaretIcon, HashIcon, LockIcon } from "./icons";
import { hashOf } from "./place";
import type { Channel, Person, State } from "./protocol";
import { countUnread } from "./unread";

type Props = { state: State; current: string; read: Record<string, string> };

export function Sidebar({ state, current, read }: Props) {
  const withBot = (channel: Channel) => Boolean(state.users[channel.with ?? ""]?.is_bot);
  const sections = [
    { title: "Channels", channels: state.channels.filter(({ kind }) => kind !== "im") },
    { title: "Direct messages", channels: state.channels.filter((one) => one.kind === "im" && !withBot(one)) },
    { title: "Apps", channels: state.channels.filter((one) => one.kind === "im" && withBot(one)) },
  ];
  return (
    <nav className="sidebar" aria-label="Channels and direct messages" tabIndex={-1}>
      <h1 className="sidebar__team">{state.team.name}</h1>
      <div className="sidebar__sections">
        {sections
          .filter(({ channels }) => channels.length > 0)
          .map(({ title, channels }) => (
            <section key={title} aria-label={title}>
              <h2>
                <CaretIcon />
                {title}
              </h2>
              <ul>
                {channels.map((channel) => (
                  <li key={channel.id}>
                    <Entry
                      channel={channel}
                      person={state.users[channel.with ?? ""]}
                      current={channel.id === current}
                      unread={countUnread(state.messages[channel.id] ?? [], state.me.id, read[channel.id])}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
      <div className="sidebar__me">
        <Avatar person={state.users[state.me.id] ?? state.me} size={32} />
        <span>
          <b>{state.me.name}</b>
          <small>{state.me.role ?? "you"}</small>
        </span>
      </div>
    </nav>
  );
}

type EntryProps = { channel: Channel; person: Person | undefined; current: boolean; unread: number };

function Entry({ channel, person, current, unread }: EntryProps) {
  const isUnread = unread > 0 && !current;
  return (
    <a
      href={hashOf(channel.id)}
      className={`entry ${isUnread ? "entry--unread" : ""}`}
      aria-current={current ? "page" : undefined}
      data-channel={channel.id}
    >
      <span className="entry__icon">
        {person ? (
          <Avatar person={person} size={20} />
        ) : channel.kind === "private" ? (
          <LockIcon size={16} />
        ) : (
          <HashIcon size={16} />
        )}
      </span>
      <span className="entry__name">{channel.name}</span>
      {person?.is_bot && <AppBadge />}
      {isUnread && (
        <span className={channel.kind === "im" ? "entry__count" : "entry__dot"}>
          {channel.kind === "im" ? unread : ""}
          <span className="sr-only">{channel.kind === "im" ? " unread" : "unread"}</span>
        </span>
      )}
    </a>
  );
}
