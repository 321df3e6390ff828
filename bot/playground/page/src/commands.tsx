import type { Command } from "./protocol";

/** Find the commands that `text` begins, or the one whose arguments are being written. */
export function matching(commands: Command[], text: string): Command[] {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const [name = ""] = text.split(" ", 1);
  return commands.filter(({ command }) => (text.includes(" ") ? command === name : command.startsWith(name)));
}

type Props = { id: string; commands: Command[]; active: number; onPick: (command: Command) => void };

/** The list above the composer: each command with its hint and description. */
export function CommandList({ id, commands, active, onPick }: Props) {
  return (
    <div className="commands">
      <div className="commands__head" aria-hidden="true">
        <span>Commands</span>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> to choose <kbd>Tab</kbd> to complete <kbd>Enter</kbd> to send
        </span>
      </div>
      <ul id={id} role="listbox" aria-label="Slash commands">
        {commands.map((command, index) => (
          <li
            key={command.command}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerDown={(event) => {
              event.preventDefault();
              onPick(command);
            }}
          >
            <span className="commands__name">
              <b>{command.command}</b> {command.usage_hint}
            </span>
            <span className="commands__about">{command.description}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
