"""Document to terminal, through rich: text is literal, never rich's markup, and cannot steer the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.style import Style
from rich.table import Table
from rich.text import Text as RichText

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
    Text,
)
from bot.render.typed import neutral

__all__ = ["to_terminal"]


def to_terminal(document: Document) -> RenderableType:
    """Return something that a rich console prints, a blank line between blocks."""
    return _blocks(document.blocks)


def _blocks(blocks: tuple[Block, ...], gap: int = 1) -> RenderableType:
    spaced = [Padding(_block(block), (0 if first else gap, 0, 0, 0)) for first, block in _firsts(blocks)]
    return Group(*spaced)


def _firsts(blocks: tuple[Block, ...]) -> list[tuple[bool, Block]]:
    return [(place == 0, block) for place, block in enumerate(blocks)]


def _block(block: Block) -> RenderableType:
    match block:
        case Heading(level, spans):
            return _text(spans, "bold underline" if level == 1 else "bold")
        case Paragraph(spans):
            return _text(spans)
        case BulletList(items):
            return _list([("•", item) for item in items])
        case NumberedList(items, start):
            return _list([(f"{number}.", item) for number, item in enumerate(items, start)])
        case Preformatted(text):
            return Padding(RichText(neutral(text), overflow="fold"), (0, 0, 0, 4))
        case Quote(inner):
            return _beside("│", _blocks(inner))
        case Rule():
            return Line(style="dim")


def _list(items: list[tuple[str, Item]]) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    for mark, item in items:
        grid.add_row(RichText(mark), _blocks(item, gap=0))
    return grid


def _beside(mark: str, inner: RenderableType) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(RichText(mark, "dim"), inner)
    return grid


def _text(spans: tuple[Span, ...], base: str = "") -> RichText:
    text = RichText(style=base)
    for span in spans:
        match span:
            case Break():
                text.append("\n")
            case Text() | Link():
                text.append(neutral(span.text), _style(span))
    return text


def _style(span: Text | Link) -> Style:
    url = span.url if isinstance(span, Link) else None
    return Style(
        bold=span.bold or None,
        italic=span.italic or None,
        strike=span.strike or None,
        color="cyan" if span.code else None,
        underline=bool(url) or None,
        link=url,
    )
