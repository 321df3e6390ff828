import { memo, useId } from "react";
import { Boundary, BlockError } from "./boundary";
import { ElementControl, isControl } from "./element";
import { InputBlock } from "./input";
import { useKeys } from "./keys";
import type { Block, Element, RichElement, TextObject } from "./kit";
import { Drawn, InlineText, RichText, Text } from "./library";

/** Blocks that the library draws as they are. */
const DISPLAY = new Set(["image", "markdown", "table", "video", "file", "alert"]);

const NONE: Block[] = [];

export function Blocks({ blocks }: { blocks: Block[] }) {
  const drawn = useKeys(Array.isArray(blocks) ? blocks : NONE);
  if (!Array.isArray(blocks)) return <BlockError type="blocks" why="it is not a list" />;
  return (
    <div className="blocks">
      {drawn.map(({ id, type, key }, index) => {
        const block = blocks[index] as Block;
        return (
          <Boundary key={key} type={type} content={block}>
            <OneBlock block={block} id={id} />
          </Boundary>
        );
      })}
    </div>
  );
}

const OneBlock = memo(function OneBlock({ block, id }: { block: Block; id: string }) {
  switch (block.type) {
    case "rich_text":
      return (
        <div className="rich-text">
          <RichText elements={block.elements as RichElement[]} />
        </div>
      );
    case "section":
      return <Section block={block} id={id} />;
    case "header":
      return (
        <h3 className="header-block">
          <InlineText text={block.text as TextObject} />
        </h3>
      );
    case "divider":
      return <hr className="divider" />;
    case "context":
      return <ContextBlock block={block} />;
    case "actions":
      return <Actions block={block} id={id} />;
    case "input":
      return <InputBlock block={block} id={id} />;
    default:
      if (DISPLAY.has(block.type)) return <Drawn block={block} />;
      return <BlockError type={String(block.type)} why="the page does not know this type" />;
  }
});

function Section({ block, id }: { block: Block; id: string }) {
  const textId = useId();
  if (!block.text && !block.fields) throw new Error("it has neither text nor fields");
  const { accessory } = block;
  return (
    <div className={accessory && isControl(accessory) && wide(accessory) ? "section section--wide" : "section"}>
      <div className="section__text" id={textId}>
        {block.text && <Text text={block.text as TextObject} />}
        {block.fields && (
          <div className="fields">
            {block.fields.map((field, index) => (
              <div key={index}>
                <Text text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div className="section__accessory">
          <Control element={accessory} blockId={id} labelledBy={textId} />
        </div>
      )}
    </div>
  );
}

function wide(element: Element): boolean {
  return element.type === "radio_buttons" || element.type === "checkboxes";
}

function ContextBlock({ block }: { block: Block }) {
  return (
    <div className="context">
      {(block.elements as (TextObject | Element)[]).map((element, index) => (
        <div key={index}>
          {element.type === "image" ? (
            <img src={(element as Element).image_url} alt={(element as Element).alt_text ?? ""} />
          ) : (
            <Text text={element as TextObject} />
          )}
        </div>
      ))}
    </div>
  );
}

function Actions({ block, id }: { block: Block; id: string }) {
  return (
    <div className="actions" data-block-id={id}>
      {(block.elements as Element[]).map((element, index) => (
        <Control key={element.action_id ?? index} element={element} blockId={id} />
      ))}
    </div>
  );
}

function Control(props: { element: Element; blockId: string; labelledBy?: string }) {
  const { element } = props;
  if (element.type === "image") return <img className="accessory-image" src={element.image_url} alt={element.alt_text ?? ""} />;
  if (!isControl(element)) return <BlockError type={String(element.type)} why="the page does not know this element" />;
  return (
    <Boundary type={element.type} content={element}>
      <ElementControl {...props} dispatches />
    </Boundary>
  );
}
