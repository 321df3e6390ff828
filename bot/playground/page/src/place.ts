import { useSyncExternalStore } from "react";

/** Where the person is; kept in the address, so that a reload and a second tab work. */
export type Place = { channel: string | null; tab: "messages" | "home"; thread: string | null };

export function readPlace(hash: string): Place {
  const [, channel, kind, thread] = hash.replace(/^#/, "").split("/");
  return {
    channel: channel ? decodeURIComponent(channel) : null,
    tab: kind === "home" ? "home" : "messages",
    thread: kind === "thread" && thread ? thread : null,
  };
}

export function hashOf(channel: string, rest: { home?: boolean; thread?: string | null } = {}): string {
  const tail = rest.home ? "/home" : rest.thread ? `/thread/${rest.thread}` : "";
  return `#/${encodeURIComponent(channel)}${tail}`;
}

export function usePlace(): Place {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => location.hash,
  );
  return readPlace(hash);
}

export function goTo(hash: string): void {
  location.hash = hash;
}

export function actingAs(): string | null {
  return new URLSearchParams(location.search).get("as");
}

/** The address of this page as somebody else, in the same channel. */
export function addressAs(user: string): string {
  return actedAs(user, location.hash);
}

/** The address of this page as somebody else, at another place. */
export function actedAs(user: string, hash: string): string {
  return `${location.pathname}?as=${encodeURIComponent(user)}${hash}`;
}
