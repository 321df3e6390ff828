"""A small document tree: what a text says, before anybody decides how a surface shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Literal, TypeAlias

from bot.render.stated import Stated

__all__ = [
    "Block",
    "Break",
    "BulletList",
    "Document",
    "Heading",
    "Item",
    "Link",
    "Mention",
    "Moment",
    "NumberedList",
    "Paragraph",
    "Preformatted",
    "Quote",
    "Reference",
    "Rule",
    "Span",
    "Text",
    "plain_spans",
    "stated",
    "to_plain",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or channel by id; `label` stands where a surface cannot look the id up."""

    kind: Literal["user", "channel"]
    id: str

    @property
    def label(self) -> str:
        """Return the id with its sign."""
        return f"{'@' if self.kind == 'user' else '#'}{self.id}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, which Slack shows in the reader's own time zone."""

    at: datetime

    @property
    def label(self) -> str:
        """Return the moment in UTC, for surfaces that know no reader."""
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


Reference: TypeAlias = Mention | Moment


# Printable ASCII, for the address is printed to terminals too (the parser encodes the rest).
_ADDRESS = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """A run of literal text in one style; it never holds a newline.

    With a `reference` the text is what stands for it where a surface cannot show it in its own way. `states`
    marks what the text says of a decision; no surface shows it.
    """

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    reference: Reference | None = None
    states: Stated | None = None

    def saying(self, text: str) -> Text:
        """Return another text in the same style, with the same reference and mark."""
        return Text(text, self.bold, self.italic, self.strike, self.code, self.reference, self.states)

    @property
    def style(self) -> tuple[object, ...]:
        """Return all but the text: neighbors alike in it can be one piece."""
        return self.bold, self.italic, self.strike, self.code, self.reference, self.states


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address.

    Raises:
        ValueError: the address is not a complete http, https or mailto one.
    """

    url: str
    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.url):
            raise ValueError(f"a link leads to http, https or mailto, not to {self.url!r}")

    def saying(self, text: str) -> Link:
        """Return another text in the same style that leads to the same address."""
        return Link(self.url, text, self.bold, self.italic, self.strike, self.code)

    @property
    def style(self) -> tuple[object, ...]:
        """Return all but the text: neighbors alike in it can be one piece."""
        return self.url, self.bold, self.italic, self.strike, self.code


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line within a paragraph."""


Span: TypeAlias = Text | Link | Break


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of level 1 to 6."""

    level: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of spans."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items without an order."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    """Items in order, the first of which has the number `start`."""

    items: tuple[Item, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text to be shown and copied exactly as it is, newlines and all."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks that somebody else said."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block: TypeAlias = Heading | Paragraph | BulletList | NumberedList | Preformatted | Quote | Rule
Item: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks from top to bottom."""

    blocks: tuple[Block, ...]


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block, each before those within it."""
    for block in blocks:
        yield block
        match block:
            case BulletList(items) | NumberedList(items):
                for item in items:
                    yield from walk(item)
            case Quote(inner):
                yield from walk(inner)
            case _:
                pass


def plain_spans(spans: tuple[Span, ...], line_end: str = "\n") -> str:
    """Return the text of spans without style or address, with `line_end` for each break."""
    return "".join(line_end if isinstance(span, Break) else span.text for span in spans)


def stated(blocks: tuple[Block, ...]) -> tuple[Stated, ...]:
    """Return what the blocks state of a decision, in the order of reading."""
    spans = chain.from_iterable(b.spans for b in walk(blocks) if isinstance(b, Heading | Paragraph))
    return tuple(span.states for span in spans if isinstance(span, Text) and span.states is not None)


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
