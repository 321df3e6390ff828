import { useId } from "react";
import { Emoji, PICKED, spoken } from "./emoji";
import { ReactionIcon } from "./icons";
import { useNames } from "./names";
import { usePopup } from "./popup";
import type { Reaction } from "./protocol";

const COLUMNS = 6;

type Toggle = (name: string, on: boolean) => void;

/** The reactions below a message, each a button that gives it or takes it back. */
export function Reactions({ reactions, me, toggle }: { reactions: Reaction[]; me: string; toggle: Toggle }) {
  const { users } = useNames();
  return (
    <div className="reactions" role="group" aria-label="Reactions">
      {reactions.map(({ name, users: who }) => {
        const mine = who.includes(me);
        const names = who.map((id) => (id === me ? "you" : (users[id]?.name ?? id))).join(", ");
        return (
          <button
            key={name}
            type="button"
            className={`reaction ${mine ? "reaction--mine" : ""}`}
            aria-pressed={mine}
            aria-label={`${spoken(name)}, ${who.length}, by ${names}`}
            title={`${names} reacted with :${name}:`}
            data-reaction={name}
            onClick={() => toggle(name, !mine)}
          >
            <Emoji name={name} />
            <span aria-hidden="true">{who.length}</span>
          </button>
        );
      })}
      <ReactionPicker reactions={reactions} me={me} toggle={toggle} className="reaction reaction--add" />
    </div>
  );
}

type PickerProps = { reactions: Reaction[]; me: string; toggle: Toggle; className?: string; tabIndex?: number };

/** A button that offers emoji to react with. */
export function ReactionPicker({ reactions, me, toggle, className, tabIndex }: PickerProps) {
  const { open, root, button, toggle: show, close, onKeyDown } = usePopup(COLUMNS);
  const menuId = useId();
  const mine = new Set(reactions.filter(({ users }) => users.includes(me)).map(({ name }) => name));
  return (
    <div className="picker" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        className={className}
        tabIndex={tabIndex}
        ref={button}
        aria-label="Add reaction…"
        title="Add reaction…"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        onClick={show}
      >
        <ReactionIcon />
      </button>
      {open && (
        <div role="menu" id={menuId} className="menu menu--grid" aria-label="Reactions to choose from">
          {PICKED.map(({ name, says }) => (
            <button
              key={name}
              type="button"
              role="menuitemcheckbox"
              aria-checked={mine.has(name)}
              aria-label={says}
              title={`:${name}:`}
              onClick={() => {
                close();
                toggle(name, !mine.has(name));
              }}
            >
              <Emoji name={name} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
