import { useState } from "react";
import { CloseIcon } from "./icons";
import { actedAs, goTo, hashOf } from "./place";
import type { Channel, Send, State, Try } from "./protocol";

type Props = { tries: Try[]; state: State; channel: Channel; send: Send; connected: boolean };

/** What somebody who is new here can try, at one click each; it stands in the first channel until it is closed. */
export function Tries({ tries, state, channel, send, connected }: Props) {
  const [closed, close] = useState(false);
  const app = state.channels.find(({ with: other }) => state.users[other ?? ""]?.is_bot);
  if (closed || tries.length === 0 || channel.id !== state.channels[0]?.id) return null;
  const start = async ({ does, text, user, channel: there }: Try) => {
    if (does === "go") return location.assign(actedAs(user, hashOf(there)));
    if (does === "slash") {
      const [command = "", ...words] = text.split(" ");
      return void (await send({ do: "slash", channel: channel.id, command, text: words.join(" ") }));
    }
    if (!app) return undefined;
    const reply = await send({ do: "post", channel: app.id, text });
    if (reply.ok) goTo(hashOf(app.id));
    return undefined;
  };
  return (
    <section className="tries" aria-label="Try this">
      <header>
        <h3>Try this</h3>
        <button type="button" className="btn btn--icon" aria-label="Close Try this" onClick={() => close(true)}>
          <CloseIcon />
        </button>
      </header>
      <ul>
        {tries.map((each) => (
          <li key={each.label}>
            <button type="button" disabled={!connected} onClick={() => void start(each)}>
              <b>{each.label}</b>
              <small>{each.about}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
