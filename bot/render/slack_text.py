"""Document to Slack: `rich_text` blocks, in which text is never parsed, and the escaped fallback.

The items of a `rich_text` list hold spans only. So anything else in an item (code, quotes, what follows a
nested list) is put between two lists, of which the second continues the numbering with its `offset`.
Consecutive paragraphs are one section with a blank line between, as Slack's own editor makes them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from typing import Any, Final, Literal, TypeAlias

from bot.render.document import (
    Block,
    Break,
    BulletList,
    Document,
    Heading,
    Item,
    Link,
    Mention,
    Moment,
    NumberedList,
    Paragraph,
    Preformatted,
    Quote,
    Reference,
    Rule,
    Span,
    Text,
    plain_spans,
    to_plain,
)
from bot.render.stated import Stated
from bot.render.typed import CLOSE, OPEN

__all__ = ["HEADER_LIMIT", "TEXT_LIMIT", "size", "to_blocks", "to_fallback"]

TEXT_LIMIT: Final = 3000  # characters in one section, list item, quote or preformatted element
HEADER_LIMIT: Final = 150  # characters in a header block
_STYLES: Final = ("bold", "italic", "strike", "code")
_DEEPEST: Final = 8  # Slack indents no further
# No text contains the delimiters of placeholders, so here they tell real mentions from typed ones.
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", OPEN: "<", CLOSE: ">"}
_ESCAPING: Final = str.maketrans(_ESCAPES)

Json: TypeAlias = dict[str, Any]
Headings: TypeAlias = Literal["bold", "header"]


def to_blocks(document: Document, *, headings: Headings = "bold") -> list[Json]:
    """Return Slack blocks: one `rich_text` for everything between rules and headers.

    With `headings="header"` a heading outside lists and quotes that is plain and short enough is a header
    block; otherwise it is a bold line. No text element and no section is longer than `TEXT_LIMIT`; the caller
    limits the number of blocks and the length of a message (`size`).
    """
    writer = _Writer(headings)
    writer.write(document.blocks)
    writer.end_rich_text()
    return writer.blocks


def size(blocks: Sequence[Json]) -> int:
    """Return how many characters of text and addresses the blocks show."""
    waiting: list[Any] = [*blocks]
    total = 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            total += sum(len(value[key]) for key in ("text", "url") if isinstance(value.get(key), str))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return total


def to_fallback(document: Document, *, limit: int = TEXT_LIMIT) -> str:
    """Return text for a message's `text` field, escaped so that Slack finds no mention or link in it.

    `limit` counts the escaped characters; a longer text ends in `…`, at a word if possible.
    """
    plain = to_plain(Document(tuple(map(_marked, document.blocks))))
    whole = plain.translate(_ESCAPING)
    if len(whole) <= limit:
        return whole
    escaped = [_ESCAPES.get(character, character) for character in plain[: limit + 1]]
    ends = list(accumulate(map(len, escaped)))
    text = "".join(escaped[: bisect_right(ends, limit - 1)])
    return (_to_last_word(text) + "…")[:limit]


def _to_last_word(text: str) -> str:
    """Return the text up to its last white space, if that is near its end."""
    cut = max(text.rfind(" "), text.rfind("\n"))
    return (text[:cut] if cut > len(text) // 2 else text).rstrip()


@dataclass
class _Writer:
    """The blocks written so far, and the `rich_text` being written."""

    headings: Headings
    blocks: list[Json] = field(default_factory=list)
    elements: list[Json] = field(default_factory=list)
    quoted: bool = False

    def write(self, blocks: tuple[Block, ...]) -> None:
        """Write blocks, joining paragraphs and bold headings that follow one another."""
        line: list[Block] = []
        for block in blocks:
            if _is_line(block) and not self.is_header(block):
                line.append(block)
                continue
            self.lines(line)
            line = []
            self.write_block(block)
        self.lines(line)

    def write_block(self, block: Block) -> None:
        match block:
            case Preformatted(text):
                self.preformatted(text)
            case BulletList() | NumberedList():
                self.write_list(block, 0)
            case Quote(inner):
                outer, self.quoted = self.quoted, True
                self.write(inner)
                self.quoted = outer
            case Rule():
                self.end_rich_text()
                self.blocks.append({"type": "divider"})
            case Heading(_, spans):
                self.end_rich_text()
                title = {"type": "plain_text", "text": plain_spans(spans, " "), "emoji": False}
                self.blocks.append({"type": "header", "text": title})
            case Paragraph():
                self.lines([block])

    def is_header(self, block: Block) -> bool:
        """Return whether a block becomes a header block; one that a header cannot show does not."""
        if self.headings != "header" or self.quoted or not isinstance(block, Heading):
            return False
        plain = not any(isinstance(span, Link) for span in block.spans)
        return plain and 0 < len(plain_spans(block.spans, " ").strip()) <= HEADER_LIMIT

    def lines(self, blocks: Sequence[Block]) -> None:
        """Write paragraphs and headings as one section or quote, or as several if it is too long."""
        spans = _line_spans(blocks)
        if spans and not self.quoted and self.elements and self.elements[-1]["type"] == "rich_text_list":
            spans = [Break(), *spans]  # Slack leaves no space below a list
        self.sections(_parts(spans))

    def sections(self, parts: Iterable[list[Json]]) -> None:
        kind = "rich_text_quote" if self.quoted else "rich_text_section"
        self.elements += [{"type": kind, "elements": part} for part in parts]

    def preformatted(self, text: str) -> None:
        for part in _cut(text, TEXT_LIMIT):
            element: Json = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]}
            self.elements.append(self.bordered(element))

    def bordered(self, element: Json) -> Json:
        """Return the element, in a quote with a quote's line at its side."""
        return {**element, "border": 1} if self.quoted else element

    def write_list(self, block: BulletList | NumberedList, indent: int) -> None:
        """Write a list as runs of items, interrupted by what an item cannot hold."""
        first = block.start if isinstance(block, NumberedList) else None
        run: list[Json] = []
        for number, item in enumerate(block.items):
            head, rest = _head(item)
            sections = list(_parts(_line_spans(head))) or [[{"type": "text", "text": " "}]]
            run.append({"type": "rich_text_section", "elements": sections[0]})
            if rest or sections[1:]:
                self.end_run(run, first, number + 1, indent)
                run = []
                self.sections(sections[1:])
                self.rest(rest, indent)
        self.end_run(run, first, len(block.items), indent)

    def rest(self, blocks: Sequence[Block], indent: int) -> None:
        for block in blocks:
            match block:
                case BulletList() | NumberedList():
                    self.write_list(block, indent + 1)
                case Paragraph() | Heading():
                    self.sections(_parts(_line_spans([block])))
                case _:
                    self.write_block(block)

    def end_run(self, run: list[Json], first: int | None, end: int, indent: int) -> None:
        """Write a run of items, the last of which is the list's `end`-th."""
        if not run:
            return
        element: Json = {
            "type": "rich_text_list",
            "style": "bullet" if first is None else "ordered",
            "indent": min(indent, _DEEPEST),
            "elements": run,
        }
        if first is not None and (offset := first - 1 + end - len(run)) > 0:
            element["offset"] = offset
        self.elements.append(self.bordered(element))

    def end_rich_text(self) -> None:
        """End the `rich_text` block that is being written, if there is one."""
        if self.elements:
            self.blocks.append({"type": "rich_text", "elements": self.elements})
            self.elements = []


def _is_line(block: Block) -> bool:
    return isinstance(block, Paragraph | Heading)


def _head(item: Item) -> tuple[Item, Item]:
    """Return the item's leading paragraphs and the blocks after them."""
    count = next((place for place, block in enumerate(item) if not _is_line(block)), len(item))
    return item[:count], item[count:]


def _line_spans(blocks: Sequence[Block]) -> list[Span]:
    """Return the spans of paragraphs and headings: a blank line between, none below a heading."""
    spans: list[Span] = []
    after: list[Span] = []
    for block in blocks:
        match block:
            case Heading(_, title):
                spans += [*after, *map(_bold, title)]
                after = [Break()]
            case Paragraph(text):
                spans += [*after, *text]
                after = [Break(), Break()]
            case _:
                continue
    return spans


def _bold(span: Span) -> Span:
    return span if isinstance(span, Break) or span.bold else replace(span, bold=True)


def _parts(spans: Sequence[Span]) -> Iterator[list[Json]]:
    """Yield lists of text and link elements, none of them with more than `TEXT_LIMIT` characters."""
    part: list[Json] = []
    room = TEXT_LIMIT
    for span in _merged_breaks(spans):
        for piece in _cut(span.text, TEXT_LIMIT):
            if len(piece) > room:
                yield part
                part, room = [], TEXT_LIMIT
            part.append(_element(span, piece))
            room -= len(piece)
    if part:
        yield part


def _merged_breaks(spans: Sequence[Span]) -> Iterator[Text | Link]:
    """Yield the spans with neighbors of one style joined; a break is a newline without a style."""
    for _, alike in groupby(map(_unmarked, spans), _joins):
        first, *others = alike
        yield first.saying(first.text + "".join(each.text for each in others)) if others else first


def _joins(span: Text | Link) -> object:
    """Return what neighbors must share to become one piece; links and mentions never do."""
    return span.style if isinstance(span, Text) and span.reference is None else object()


def _unmarked(span: Span) -> Text | Link:
    match span:
        case Break():
            return Text("\n")
        case Text(states=Stated()):
            return replace(span, states=None)
        case _:
            return span


def _cut(text: str, limit: int) -> Iterator[str]:
    """Yield the text in pieces of at most `limit` characters, each ending a line or word if it can."""
    while len(text) > limit:
        end = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit)) + 1
        end = end if end > limit // 2 else limit
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _element(span: Text | Link, text: str) -> Json:
    element: Json
    if isinstance(span, Link):
        element = {"type": "link", "url": span.url, "text": text}
    elif span.reference is not None:
        element = _reference(span.reference)
    else:
        element = {"type": "text", "text": text}
    if span.bold or span.italic or span.strike or span.code:
        element["style"] = {name: True for name in _STYLES if getattr(span, name)}
    return element


def _reference(reference: Reference) -> Json:
    match reference:
        case Mention(kind, key):
            return {"type": kind, f"{kind}_id": key}
        case Moment(at):
            shown = "{date_short_pretty}, {time}"
            fallback = reference.label
            return {"type": "date", "timestamp": int(at.timestamp()), "format": shown, "fallback": fallback}


def _marked(block: Block) -> Block:
    """Return a paragraph with its mentions between delimiters, so that notifications show names."""
    if not isinstance(block, Paragraph):
        return block
    return Paragraph(tuple(_marked_span(span) for span in block.spans))


def _marked_span(span: Span) -> Span:
    if isinstance(span, Text) and isinstance(span.reference, Mention):
        return span.saying(f"{OPEN}{span.text}{CLOSE}")
    return span
