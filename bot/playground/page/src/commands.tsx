import type { Command, Person } from "./protocol";

/** Find the commands that `text` begins, or the one whose arguments are being written. */
export function matching(commands: Command[], text: string): Command[] {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const [name = ""] = text.split(" ", 1);
  return commands.filter(({ command }) => (text.includes(" ") ? command === name : command.startsWith(name)));
}

/** Return whom one can name in a message, as the list above the composer offers them. */
export function mentions(users: Record<string, Person>): Command[] {
  return Object.values(users)
    .filter(({ deleted }) => !deleted)
    .sort((one, other) => Number(other.is_bot ?? false) - Number(one.is_bot ?? false))
    .map(({ name, is_bot }) => ({ command: `@${name}`, usage_hint: "", description: is_bot ? "App" : "Person" }));
}

/** Return the name that is being written at the end of `text`, from its @ on, or nothing. */
export function naming(text: string): string {
  return text.startsWith("/") ? "" : (/(?:^|\s)(@[^\s@]*)$/.exec(text)?.[1] ?? "");
}

/** Find those whom the end of `text` begins to name. */
export function named(everybody: Command[], text: string): Command[] {
  const begun = naming(text).toLowerCase();
  return begun ? everybody.filter(({ command }) => command.toLowerCase().startsWith(begun)) : [];
}

type Props = { id: string; commands: Command[]; active: number; onPick: (command: Command) => void };

/** The list above the composer: each command with its hint and description. */
export function CommandList({ id, commands, active, onPick }: Props) {
  return (
    <div className="commands">
      <div className="commands__head" aria-hidden="true">
        <span>{commands[0]?.command.startsWith("@") ? "People and apps" : "Commands"}</span>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> to choose <kbd>Tab</kbd> to complete <kbd>Enter</kbd> to send
        </span>
      </div>
      <ul id={id} role="listbox" aria-label={commands[0]?.command.startsWith("@") ? "People and apps" : "Slash commands"}>
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
