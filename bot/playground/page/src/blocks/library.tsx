import { memo, type ReactNode } from "react";
import { type Block as LibraryBlock, Message } from "slack-blocks-to-jsx";
import { useNames } from "../names";
import { CopyButton } from "./copy";
import type { Block, RichElement, TextObject } from "./kit";
import { richText } from "./mrkdwn";

type Link = { href: string; children: ReactNode; className?: string };

const OUTWARD = /^(https?|mailto|tel):/i;

const HOOKS = {
  link: ({ href, children, className }: Link) =>
    OUTWARD.test(href) ? (
      <a href={href} className={className} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
};

/** Draw one block through `slack-blocks-to-jsx`; it only displays. */
export const Drawn = memo(function Drawn({ block }: { block: Block }) {
  const { users, channels } = useNames();
  const data = {
    users: Object.values(users).map(({ id, name }) => ({ id, name })),
    channels: channels.map(({ id, name }) => ({ id, name })),
  };
  const { block_id: _, ...rest } = block;
  return (
    <Message
      key={data.users.length * 1000 + data.channels.length}
      blocks={[rest as unknown as LibraryBlock]}
      data={data}
      hooks={HOOKS}
      theme="light"
      logo=""
      name=""
      withoutWrapper
    />
  );
});

const RICH: Record<string, readonly string[]> = {
  rich_text: ["rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"],
  rich_text_list: ["rich_text_section"],
  rich_text_section: ["text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date"],
  rich_text_quote: ["text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date"],
  rich_text_preformatted: ["text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date"],
};

/** Refuse what the library would silently leave out. */
function check(type: string, elements: RichElement[] | undefined): void {
  const known = RICH[type];
  if (!known) return;
  if (!Array.isArray(elements)) throw new Error(`${type} has no list of elements`);
  for (const element of elements) {
    if (!known.includes(element.type)) throw new Error(`${type} cannot hold “${String(element.type)}”`);
    check(element.type, element.elements);
  }
}

function plain(element: RichElement): string {
  if (element.elements) return element.elements.map(plain).join("");
  return element.text ?? element.url ?? String(element.name ? `:${String(element.name)}:` : "");
}

/** Draw rich text; each preformatted part gets a button that copies it. */
export function RichText({ elements }: { elements: RichElement[] | undefined }) {
  check("rich_text", elements);
  const runs: RichElement[][] = [];
  for (const element of elements ?? []) {
    const last = runs.at(-1);
    const alone = element.type === "rich_text_preformatted" || last?.[0]?.type === "rich_text_preformatted";
    if (last && !alone) last.push(element);
    else runs.push([element]);
  }
  return runs.map((run, index) => {
    const drawn = <Drawn key={index} block={{ type: "rich_text", elements: run }} />;
    if (run[0]?.type !== "rich_text_preformatted") return drawn;
    return (
      <div className="preformatted" key={index}>
        {drawn}
        <CopyButton text={plain(run[0])} />
      </div>
    );
  });
}

/** Draw a text object to the letter. */
export function Text({ text }: { text: TextObject }) {
  if (typeof text?.text !== "string") throw new Error("its text is not a text object");
  return <RichText elements={richText(text)} />;
}

/** Draw plain text inside a line, such as a button's; only emoji names need the library. */
export function InlineText({ text }: { text: TextObject | undefined }) {
  if (!text) return null;
  if (!/:[a-z0-9_+'-]+:/.test(text.text)) return text.text;
  return (
    <span className="inline-text">
      <Text text={text} />
    </span>
  );
}
