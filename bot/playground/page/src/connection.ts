import type { FileRef, Info, Reply, Request, State } from "./protocol";
import { share } from "./share";

export type Status = "connecting" | "open" | "lost";

type Listener = (state: State | null, status: Status) => void;

const REPLY_WITHIN_MS = 15_000;
const RETRY_MS = [250, 500, 1000, 2000];

/** Ask the server who can be acted as. */
export async function fetchInfo(): Promise<Info> {
  const answer = await fetch("/page/info", { cache: "no-store" });
  if (!answer.ok) throw new Error(`/page/info answered ${answer.status}`);
  return (await answer.json()) as Info;
}

let acting = "";

/** Put a file into Slack; it stands nowhere until a message or a form brings it. */
export async function upload(file: File): Promise<FileRef> {
  const about = new URLSearchParams({ as: acting, name: file.name, type: file.type });
  const answer = await fetch(`/page/files?${about}`, { method: "POST", body: file });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as FileRef;
}

/** Where the person who is acted as can read a file. */
export function addressOf(file: FileRef): string {
  return `/page/files/${encodeURIComponent(file.id)}?${new URLSearchParams({ as: acting })}`;
}

/** One person's WebSocket to the stand-in: keeps the last state, comes back by itself. */
export class Connection {
  private socket: WebSocket | null = null;
  private state: State | null = null;
  private lastId = 0;
  private tries = 0;
  private stopped = false;
  private retry: number | undefined;
  private waiting = new Map<number, (reply: Reply) => void>();

  constructor(
    private readonly user: string,
    private readonly listen: Listener,
  ) {
    acting = user;
    this.open();
  }

  /** Send a request; the promise always resolves, a lost connection is a failed reply. */
  readonly send = (request: Request): Promise<Reply> => {
    const id = ++this.lastId;
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve(failed(id, "not_connected"));
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => this.settle(failed(id, "timeout")), REPLY_WITHIN_MS);
      this.waiting.set(id, (reply) => {
        window.clearTimeout(timer);
        resolve(reply);
      });
      socket.send(JSON.stringify({ id, ...request }));
    });
  };

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.retry);
    this.socket?.close();
  }

  private open(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/page/ws?as=${encodeURIComponent(this.user)}`);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(JSON.parse(String(event.data)) as State | Reply);
    socket.onclose = () => this.lost();
  }

  private receive(message: State | Reply): void {
    if (message.type === "reply") return this.settle(message);
    if (message.type !== "state") return;
    this.tries = 0;
    this.state = share(this.state, message);
    this.listen(this.state, "open");
  }

  private settle(reply: Reply): void {
    const done = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    done?.(reply);
  }

  private lost(): void {
    if (this.stopped) return;
    for (const id of [...this.waiting.keys()]) this.settle(failed(id, "connection_lost"));
    this.listen(this.state, this.state ? "lost" : "connecting");
    const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
    this.retry = window.setTimeout(() => this.open(), wait);
  }
}

function failed(id: number, error: string): Reply {
  return { type: "reply", id, ok: false, error };
}
