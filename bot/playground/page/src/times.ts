const DAY_MS = 86_400_000;

export function dateOf(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function clock(ts: string): string {
  return dateOf(ts).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
}

export function fullTime(ts: string): string {
  return dateOf(ts).toLocaleString("en-US", {
    weekday: "long",
    month: "long",
    day: "numeric",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
}

export function sameDay(one: string, other: string): boolean {
  return dateOf(one).toDateString() === dateOf(other).toDateString();
}

/** Name a day as Slack's date divider does; `now` is the server's clock in epoch seconds. */
export function dayName(ts: string, now: number): string {
  const day = dateOf(ts);
  const today = new Date(now * 1000);
  if (day.toDateString() === today.toDateString()) return "Today";
  if (day.toDateString() === new Date(today.getTime() - DAY_MS).toDateString()) return "Yesterday";
  const year = day.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return day.toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric", ...year });
}
