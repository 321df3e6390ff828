import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { CommandList, matching, named, naming } from "./commands";
import { upload } from "./connection";
import { SendIcon } from "./icons";
import type { Command, FileRef, Reply, Send } from "./protocol";

type Props = {
  label: string;
  channel: string;
  thread?: string;
  commands: Command[];
  everybody: Command[];
  send: Send;
  connected: boolean;
  drafts: Map<string, string>;
  onSent?: () => void;
};

/** The box to write in: Enter sends, Shift+Enter breaks the line, `/` offers commands, `@` names, a dropped file goes along. */
export function Composer({ label, channel, thread, commands, everybody, send, connected, drafts, onSent }: Props) {
  const key = thread ?? channel;
  const [text, setText] = useState(drafts.get(key) ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [files, setFiles] = useState<FileRef[]>([]);
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const begun = naming(text);
  const offered = dismissed ? [] : begun ? named(everybody, text) : thread ? [] : matching(commands, text);
  const picking = offered.length > 0 && (begun !== "" || !text.includes(" "));
  useEffect(() => void drafts.set(key, text), [drafts, key, text]);
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 240)}px`;
  }, [text]);

  const type = (next: string) => {
    setText(next);
    setProblem(null);
    setDismissed(false);
    setActive(0);
  };
  const complete = (command: Command) => {
    type(`${begun ? text.slice(0, -begun.length) : ""}${command.command} `);
    area.current?.focus();
  };
  const attach = async (chosen: File[]) => {
    try {
      const added = await Promise.all(chosen.map(upload));
      setFiles((now) => [...now, ...added]);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const submit = async () => {
    const said = text.trim();
    if ((said === "" && files.length === 0) || !connected) return;
    const refusal = refuse(said, commands, thread);
    if (refusal) return setProblem(refusal);
    type("");
    setFiles([]);
    const reply = await send(requestFor(said, channel, thread, files));
    if (!reply.ok) {
      setText((now) => now || said);
      setFiles((now) => (now.length > 0 ? now : files));
      setProblem(failure(said, reply));
    } else onSent?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = offered[active];
    const move = picking ? ({ ArrowDown: 1, ArrowUp: -1 } as Record<string, number>)[event.key] : undefined;
    if (event.nativeEvent.isComposing || event.altKey) return;
    if (move) setActive((active + move + offered.length) % offered.length);
    else if (picking && event.key === "Escape") {
      event.stopPropagation();
      setDismissed(true);
    } else if (picking && chosen && (event.key === "Tab" || (event.key === "Enter" && (begun || text) !== chosen.command))) {
      complete(chosen);
    } else if (event.key === "Enter" && !event.shiftKey) void submit();
    else return;
    event.preventDefault();
  };
  return (
    <div className="composer">
      {offered.length > 0 && (
        <CommandList id={listId} commands={offered} active={picking ? active : -1} onPick={complete} />
      )}
      {problem && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
      <div
        className={`composer__box ${connected ? "" : "composer__box--off"}`}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          void attach([...event.dataTransfer.files]);
        }}
      >
        <textarea
          ref={area}
          rows={1}
          aria-label={label}
          placeholder={label}
          value={text}
          data-composer={thread ? "thread" : "channel"}
          aria-autocomplete="list"
          aria-controls={offered.length > 0 ? listId : undefined}
          aria-activedescendant={picking ? `${listId}-${active}` : undefined}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {files.length > 0 && (
          <ul className="composer__files" aria-label="Files to send">
            {files.map((file) => (
              <li key={file.id}>
                {file.name}
                <button
                  type="button"
                  aria-label={`Remove ${file.name}`}
                  onClick={() => setFiles((now) => now.filter(({ id }) => id !== file.id))}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="composer__bar">
          <label className="composer__attach">
            + File
            <input
              type="file"
              multiple
              aria-label={thread ? "Attach files to the reply" : "Attach files"}
              onChange={(event) => {
                void attach([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </label>
          <span className="composer__hint">
            <b>Enter</b> to send, <b>Shift + Enter</b> for a new line
            {!thread && (
              <>
                , <b>/</b> for commands
              </>
            )}
          </span>
          <button
            type="button"
            className="composer__send"
            aria-label={thread ? "Send reply" : "Send now"}
            disabled={!connected || (text.trim() === "" && files.length === 0)}
            onClick={() => void submit()}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </div>
  );
}

function requestFor(said: string, channel: string, thread: string | undefined, files: FileRef[]) {
  const slash = /^(\/\S+)\s*([\s\S]*)$/.exec(said);
  if (slash?.[1]) return { do: "slash", channel, command: slash[1], text: slash[2] ?? "" } as const;
  const sent = files.length > 0 ? { files: files.map(({ id }) => id) } : {};
  return { do: "post", channel, text: said, ...(thread ? { thread_ts: thread } : {}), ...sent } as const;
}

/** Say why Slack itself would not send this, or nothing. */
function refuse(said: string, commands: Command[], thread: string | undefined): string | null {
  const name = /^(\/\S+)/.exec(said)?.[1];
  if (!name) return null;
  if (!commands.some(({ command }) => command === name)) {
    return `${name} is not a valid command. A message that starts with “/” is read as a command.`;
  }
  return thread ? `${name} is not supported in threads. Sorry!` : null;
}

function failure(said: string, reply: Reply): string {
  const code = reply.error ? ` (${reply.error})` : "";
  const name = /^\/\S+/.exec(said)?.[0];
  return name ? `${name} failed${code}. Try again?` : `Your message was not sent${code}. Try again?`;
}
