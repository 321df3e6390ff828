import type { ReactNode } from "react";
import { Avatar } from "./avatar";
import { addressAs } from "./place";
import type { Person } from "./protocol";

type Props = { people: Person[]; me: string; children?: ReactNode };

/** The strip that says what this is, what else there is for those who try things, and whom to act as. */
export function TopBar({ people, me, children }: Props) {
  const person = people.find(({ id }) => id === me);
  return (
    <header className="top-bar">
      <p className="top-bar__notice" role="note">
        <strong>Local stand-in for Slack, not Slack.</strong> <span>Nothing leaves this machine.</span>
      </p>
      <div className="top-bar__right">
        {children}
        <label className="top-bar__as">
          <span>You act as</span>
          {person && <Avatar person={person} size={22} />}
          <select aria-label="You act as" value={me} onChange={(event) => location.assign(addressAs(event.target.value))}>
            {people.map(({ id, name, role }) => (
              <option key={id} value={id}>
                {role ? `${name} (${role})` : name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}
