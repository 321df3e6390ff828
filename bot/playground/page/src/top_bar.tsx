import { Avatar } from "./avatar";
import { addressAs } from "./place";
import type { Person } from "./protocol";

/** The strip that says what this is, and the choice of whom to act as. */
export function TopBar({ people, me }: { people: Person[]; me: string }) {
  const person = people.find(({ id }) => id === me);
  return (
    <header className="top-bar">
      <p className="top-bar__notice" role="note">
        <strong>Local stand-in for Slack, not Slack.</strong> <span>Nothing leaves this machine.</span>
      </p>
      <label className="top-bar__as">
        <span>You act as</span>
        {person && <Avatar person={person} size={22} />}
        <select value={me} onChange={(event) => location.assign(addressAs(event.target.value))}>
          {people.map(({ id, name, role }) => (
            <option key={id} value={id}>
              {role ? `${name} (${role})` : name}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
