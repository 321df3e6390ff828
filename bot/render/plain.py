"""Document to plain text, for copying into a ticket or for surfaces that show nothing else."""

from __future__ import annotations

from bot.render.document import (
    Block,
    Break,
    BulletList,
    Document,
    Heading,
    Item,
    Link,
    NumberedList,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
    Span,
)

__all__ = ["to_plain"]


def to_plain(document: Document) -> str:
    """Return the text without formatting: a blank line between blocks, addresses after their links.

    What was typed is in it letter by letter, so nothing may parse it.
    """
    return _blocks(document.blocks)


def _blocks(blocks: tuple[Block, ...], between: str = "\n\n") -> str:
    return between.join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Heading(_, spans) | Paragraph(spans):
            return "".join(map(_span, spans))
        case BulletList(items):
            return "\n".join(_item(item, "- ") for item in items)
        case NumberedList(items, start):
            return "\n".join(_item(item, f"{number}. ") for number, item in enumerate(items, start))
        case Preformatted(text):
            return text
        case Quote(inner):
            return "\n".join(f"> {line}".rstrip() for line in _blocks(inner).split("\n"))
        case Rule():
            return "---"


def _item(item: Item, mark: str) -> str:
    """Return the item's blocks, all but the first line indented below its mark."""
    return mark + _blocks(item, between="\n").replace("\n", "\n" + " " * len(mark))


def _span(span: Span) -> str:
    match span:
        case Break():
            return "\n"
        case Link(url, text) if text not in (url, url.removeprefix("mailto:")):
            return f"{text} ({url})"
        case _:
            return span.text
