/**
 * Slack's two kinds of text object as rich text elements.
 *
 * The drawing library reads both as Markdown: it drops a line that starts with `#`, turns `2 * 3 * 4`
 * into `2 ** 3 ** 4` and makes `_x_` in plain text italic. Slack does none of that, and rich text is
 * drawn to the letter, so every text object goes that way.
 */
import type { RichElement, TextObject } from "./kit";

type Style = { bold?: true; italic?: true; strike?: true; code?: true };

const FENCE = /```\n?([\s\S]+?)\n?```/g;

const INLINE =
  /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^\n]+?)(?<=\S)_(?!\w)|(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])/g;

export function richText(text: TextObject): RichElement[] {
  return text.type === "mrkdwn" ? fromMrkdwn(text.text) : fromPlain(text.text);
}

/** Give the text as one string, for a label or a title. */
export function labelOf(text: TextObject | string | null | undefined): string {
  return typeof text === "string" ? text : (text?.text ?? "");
}

function fromPlain(text: string): RichElement[] {
  const parts: RichElement[] = [];
  let done = 0;
  for (const match of text.matchAll(/:([a-z0-9_+'-]+):/g)) {
    push(parts, text.slice(done, match.index), {});
    parts.push({ type: "emoji", name: match[1] });
    done = match.index + match[0].length;
  }
  push(parts, text.slice(done), {});
  return [{ type: "rich_text_section", elements: parts }];
}

export function fromMrkdwn(text: string): RichElement[] {
  const elements: RichElement[] = [];
  let done = 0;
  for (const match of text.matchAll(FENCE)) {
    elements.push(...lines(text.slice(done, match.index).replace(/\n$/, "")));
    elements.push({ type: "rich_text_preformatted", elements: [{ type: "text", text: unescape(match[1] ?? "") }] });
    done = match.index + match[0].length;
  }
  elements.push(...lines(text.slice(done).replace(done ? /^\n/ : /^(?!)/, "")));
  return elements;
}

function lines(text: string): RichElement[] {
  const elements: RichElement[] = [];
  let quoted: boolean | null = null;
  let run: string[] = [];
  const flush = () => {
    const joined = run.join("\n");
    if (run.length > 0 && joined !== "") {
      elements.push({ type: quoted ? "rich_text_quote" : "rich_text_section", elements: inline(joined, {}) });
    }
    run = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?/.exec(line);
    if ((quote !== null) !== quoted) flush();
    quoted = quote !== null;
    run.push(quote ? line.slice(quote[0].length) : line);
  }
  flush();
  return elements;
}

function inline(text: string, style: Style): RichElement[] {
  const parts: RichElement[] = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    push(parts, unescape(text.slice(done, match.index)), style);
    const [whole, special, code, emoji, bold, italic, strike, url] = match;
    if (special !== undefined) parts.push(fromSpecial(special, style));
    else if (code !== undefined) push(parts, unescape(code), { ...style, code: true });
    else if (emoji !== undefined) parts.push({ type: "emoji", name: emoji });
    else if (bold !== undefined) parts.push(...inline(bold, { ...style, bold: true }));
    else if (italic !== undefined) parts.push(...inline(italic, { ...style, italic: true }));
    else if (strike !== undefined) parts.push(...inline(strike, { ...style, strike: true }));
    else if (url !== undefined) parts.push({ type: "link", url: unescape(url), style });
    done = match.index + whole.length;
  }
  push(parts, unescape(text.slice(done)), style);
  return parts;
}

/** Read what stands between angle brackets: a mention, a date, or a link. */
function fromSpecial(inner: string, style: Style): RichElement {
  const [head = "", label] = inner.split("|", 2);
  if (head.startsWith("@")) return { type: "user", user_id: head.slice(1), style };
  if (head.startsWith("#")) return { type: "channel", channel_id: head.slice(1), style };
  if (head.startsWith("!subteam^")) return { type: "usergroup", usergroup_id: head.slice(9), style };
  if (head.startsWith("!date^")) {
    const [, timestamp, format, url] = head.split("^");
    return { type: "date", timestamp: Number(timestamp), format: format ?? "{date}", url, fallback: label, style };
  }
  if (head.startsWith("!")) return { type: "broadcast", range: head.slice(1), style };
  if (!/^(https?|mailto|tel):/.test(head)) return { type: "text", text: unescape(`<${inner}>`), style };
  return { type: "link", url: unescape(head), text: label === undefined ? undefined : unescape(label), style };
}

function push(parts: RichElement[], text: string, style: Style): void {
  if (text !== "") parts.push(Object.keys(style).length ? { type: "text", text, style } : { type: "text", text });
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
