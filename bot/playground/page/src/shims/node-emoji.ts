/**
 * Stands in for `node-emoji` in the bundle: `slack-blocks-to-jsx` brings a table of Slack's emoji
 * itself and asks node-emoji only first, at 200 kB.
 */
export function emojify(text: string, options: { fallback: (name: string) => string }): string {
  const [name = "", tone] = text.slice(1, -1).split("::skin-tone-");
  const emoji = options.fallback(name);
  if (emoji === name) return text;
  return tone ? emoji + String.fromCodePoint(0x1f3f9 + Number(tone)) : emoji;
}
