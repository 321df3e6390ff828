/** Return `next`, with every part that equals the same part of `previous` replaced by that very object. */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(previous) && Array.isArray(next)) {
    const parts = next.map((part, index) => share(previous[index], part));
    const same = parts.length === previous.length && parts.every((part, index) => part === previous[index]);
    return (same ? previous : parts) as T;
  }
  if (isRecord(previous) && isRecord(next)) {
    const parts: Record<string, unknown> = {};
    let same = Object.keys(previous).length === Object.keys(next).length;
    for (const [key, part] of Object.entries(next)) {
      parts[key] = share(previous[key], part);
      same &&= key in previous && parts[key] === previous[key];
    }
    return (same ? previous : parts) as T;
  }
  return next;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
