import { type KeyboardEvent, useId } from "react";
import { Emoji, PICKED, spoken } from "./emoji";
import { KebabIcon, ThreadIcon } from "./icons";
import { usePopup } from "./popup";
import type { Reaction, Shortcut } from "./protocol";
import { ReactionPicker } from "./reactions";

const AT_HAND = PICKED.slice(0, 4);
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

type Props = {
  reactions: Reaction[];
  me: string;
  toggle: (name: string, on: boolean) => void;
  shortcuts: Shortcut[];
  app: string;
  onShortcut: (callbackId: string) => void;
  onThread?: () => void;
};

/** What can be done with a message; Tab stops at it once, the arrow keys go through it. */
export function MessageTools({ reactions, me, toggle, shortcuts, app, onShortcut, onThread }: Props) {
  const mine = new Set(reactions.filter(({ users }) => users.includes(me)).map(({ name }) => name));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not([role])")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (!step || at < 0) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <div className="message__tools" role="toolbar" aria-label="Message actions" onKeyDown={onKeyDown}>
      {AT_HAND.map(({ name }, index) => (
        <button
          key={name}
          type="button"
          tabIndex={index === 0 ? 0 : -1}
          aria-label={`React with ${spoken(name)}`}
          aria-pressed={mine.has(name)}
          title={`:${name}:`}
          onClick={() => toggle(name, !mine.has(name))}
        >
          <Emoji name={name} />
        </button>
      ))}
      <ReactionPicker reactions={reactions} me={me} toggle={toggle} tabIndex={-1} />
      {onThread && (
        <button type="button" tabIndex={-1} aria-label="Reply in thread" title="Reply in thread" onClick={onThread}>
          <ThreadIcon />
        </button>
      )}
      {shortcuts.length > 0 && <MoreActions shortcuts={shortcuts} app={app} onShortcut={onShortcut} />}
    </div>
  );
}

type MoreProps = { shortcuts: Shortcut[]; app: string; onShortcut: (callbackId: string) => void };

/** The ⋮ menu with what the app offers to do with a message. */
function MoreActions({ shortcuts, app, onShortcut }: MoreProps) {
  const { open, root, button, toggle, close, onKeyDown } = usePopup();
  const menuId = useId();
  return (
    <div className="picker" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        tabIndex={-1}
        ref={button}
        aria-label="More actions"
        title="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        onClick={toggle}
      >
        <KebabIcon />
      </button>
      {open && (
        <div role="menu" id={menuId} className="menu menu--shortcuts" aria-label="More message shortcuts">
          {shortcuts.map(({ callback_id: id, name }) => (
            <button
              key={id}
              type="button"
              role="menuitem"
              data-shortcut={id}
              onClick={() => {
                close();
                onShortcut(id);
              }}
            >
              <span>{name}</span>
              <span className="menu__about">{app}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
