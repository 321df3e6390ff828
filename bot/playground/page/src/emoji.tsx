import { memo } from "react";
import { InlineText } from "./blocks/library";

/** What can be picked as a reaction: Slack's name, the emoji, and how it is called aloud. */
export const PICKED: readonly { name: string; sign: string; says: string }[] = [
  { name: "eyes", sign: "👀", says: "eyes" },
  { name: "white_check_mark", sign: "✅", says: "check mark" },
  { name: "rotating_light", sign: "🚨", says: "alarm light" },
  { name: "+1", sign: "👍", says: "thumbs up" },
  { name: "raised_hands", sign: "🙌", says: "raised hands" },
  { name: "pray", sign: "🙏", says: "folded hands" },
  { name: "tada", sign: "🎉", says: "party popper" },
  { name: "heart", sign: "❤️", says: "heart" },
  { name: "thinking_face", sign: "🤔", says: "thinking face" },
  { name: "hourglass_flowing_sand", sign: "⏳", says: "hourglass" },
  { name: "question", sign: "❓", says: "question mark" },
  { name: "x", sign: "❌", says: "cross" },
];

/** Say the emoji of a name aloud. */
export function spoken(name: string): string {
  return PICKED.find((one) => one.name === name)?.says ?? name.replaceAll("_", " ");
}

/** Draw the emoji of a name; those that cannot be picked here are drawn as in texts. */
export const Emoji = memo(function Emoji({ name }: { name: string }) {
  const known = PICKED.find((one) => one.name === name);
  if (known) return <span className="emoji">{known.sign}</span>;
  return (
    <span className="emoji">
      <InlineText text={{ type: "plain_text", text: `:${name}:` }} />
    </span>
  );
});
