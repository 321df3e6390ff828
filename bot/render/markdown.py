"""Markdown to document: CommonMark and strikethrough, without HTML, images or indented code.

Indentation is for Jinja's sake, so it never makes code, and `text` over `---` is a paragraph and a rule:
code is fenced, headings begin with `#`. Reference definitions and images are not known either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.render.document import (
    Block,
    Break,
    BulletList,
    Document,
    Heading,
    Link,
    NumberedList,
    Paragraph,
    Preformatted,
    Quote,
    Reference,
    Rule,
    Span,
    Text,
    walk,
)
from bot.render.stated import Stated, mark_of
from bot.render.typed import CLOSE, OPEN, trusted

__all__ = ["MarkdownError", "parse", "parse_with"]

Held: TypeAlias = str | Reference | Stated

_PLACEHOLDER = re.compile(f"{OPEN}([0-9]+){CLOSE}")


class _Parser(MarkdownIt):
    """CommonMark as this project uses it."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("strikethrough")
        self.disable(["image", "reference", "code", "lheading", "html_block", "html_inline"])

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 - its name; `Link` judges, and says so
        return True


_PARSER: Final = _Parser()


class MarkdownError(ValueError):
    """A text cannot become a document; the message says which construct is in the way."""


def parse(source: str) -> Document:
    """Return the document that a trusted Markdown text says.

    Raises:
        MarkdownError: it has a link that leads to other than http, https or mailto.
    """
    return _skeleton(str(trusted(source)))


def parse_with(source: str, literals: Sequence[Held]) -> Document:
    """Return the document of a settled source, each placeholder replaced by its literal text.

    In preformatted text a literal keeps its newlines, elsewhere each becomes a `Break`.

    Raises:
        MarkdownError: as `parse`, and where a typed text is in an address or where no text can stand.
    """
    skeleton = _skeleton(source)
    return Document(_fill_blocks(skeleton.blocks, literals)) if literals else skeleton


@lru_cache(maxsize=1024)
def _skeleton(source: str) -> Document:
    """Return the document with its placeholders still in place; what was typed is in no cache."""
    document = Document(_blocks(SyntaxTreeNode(_PARSER.parse(source)).children))
    if _placeholders(document) != source.count(OPEN):
        raise MarkdownError("a typed text stands where no text can: a link's title or a fence's first line")
    return document


def _placeholders(document: Document) -> int:
    """Return how many placeholders are left in what is shown."""
    count = 0
    for block in walk(document.blocks):
        match block:
            case Preformatted(text):
                count += text.count(OPEN)
            case Heading(_, spans) | Paragraph(spans):
                count += sum(span.text.count(OPEN) for span in spans if not isinstance(span, Break))
            case _:
                pass
    return count


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(map(_block, nodes))


def _block(node: SyntaxTreeNode) -> Block:
    match node.type:
        case "paragraph":
            return Paragraph(_inline(node))
        case "heading":
            return Heading(int(node.tag[1:]), _inline(node))
        case "bullet_list":
            return BulletList(tuple(_blocks(item.children) for item in node.children))
        case "ordered_list":
            items = tuple(_blocks(item.children) for item in node.children)
            return NumberedList(items, int(node.attrs.get("start", 1)))
        case "fence":
            return Preformatted(node.content.removesuffix("\n"))
        case "blockquote":
            return Quote(_blocks(node.children))
        case "hr":
            return Rule()
        case other:
            raise MarkdownError(f"{other} is not supported")


def _inline(node: SyntaxTreeNode) -> tuple[Span, ...]:
    """Return the spans of a paragraph or heading, neighbors of one style joined."""
    return _joined(chain.from_iterable(_spans(inner, Text("")) for inner in node.children))


def _spans(node: SyntaxTreeNode, style: Text | Link) -> Iterator[Span]:
    """Yield a node's spans, each in the style of all the nodes around it."""
    match node.type:
        case "text" | "text_special":
            yield style.saying(node.content)
        case "code_inline":
            yield replace(style, text=node.content, code=True)
        case "softbreak":
            yield style.saying(" ")
        case "hardbreak":
            yield Break()
        case "link":
            yield from _link(node, style)
        case "inline":
            yield from chain.from_iterable(_spans(inner, style) for inner in node.children)
        case "strong" | "em" | "s":
            inside = _styled(style, node.type)
            yield from chain.from_iterable(_spans(inner, inside) for inner in node.children)
        case other:
            raise MarkdownError(f"{other} is not supported")


def _styled(style: Text | Link, kind: Literal["strong", "em", "s"]) -> Text | Link:
    match kind:
        case "strong":
            return replace(style, bold=True)
        case "em":
            return replace(style, italic=True)
        case "s":
            return replace(style, strike=True)


def _link(node: SyntaxTreeNode, style: Text | Link) -> Iterator[Span]:
    url = str(node.attrs["href"])
    if OPEN in unquote(url):
        raise MarkdownError("a typed text cannot be part of a link's address")
    if (mark := mark_of(url)) is not None:
        inside = Text("", style.bold, style.italic, style.strike, style.code, states=mark)
        yield from chain.from_iterable(_spans(inner, inside) for inner in node.children)
        return
    try:
        link = Link(url, url, style.bold, style.italic, style.strike, style.code)
    except ValueError as error:
        raise MarkdownError(str(error)) from error
    if not node.children:
        yield link
    yield from chain.from_iterable(_spans(inner, link) for inner in node.children)


def _joined(spans: Iterator[Span]) -> tuple[Span, ...]:
    """Return the spans with empty ones left out and neighbors of one style made one."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if isinstance(span, Break) or last is None or isinstance(last, Break):
            joined.append(span)
        elif last.style == span.style:
            joined[-1] = last.saying(last.text + span.text)
        else:
            joined.append(span)
    return tuple(span for span in joined if isinstance(span, Break) or span.text)


def _fill_blocks(blocks: tuple[Block, ...], literals: Sequence[Held]) -> tuple[Block, ...]:
    return tuple(_fill_block(block, literals) for block in blocks)


def _fill_block(block: Block, literals: Sequence[Held]) -> Block:
    match block:
        case Paragraph(spans):
            return Paragraph(_fill_spans(spans, literals))
        case Heading(level, spans):
            return Heading(level, _fill_spans(spans, literals))
        case Preformatted(text):
            return Preformatted(_filled(text, literals))
        case BulletList(items):
            return BulletList(tuple(_fill_blocks(item, literals) for item in items))
        case NumberedList(items, start):
            return NumberedList(tuple(_fill_blocks(item, literals) for item in items), start)
        case Quote(inner):
            return Quote(_fill_blocks(inner, literals))
        case Rule():
            return block


def _filled(text: str, literals: Sequence[Held]) -> str:
    return _PLACEHOLDER.sub(lambda found: _words(literals[int(found[1])]), text)


def _words(held: Held) -> str:
    return held if isinstance(held, str) else held.label


def _fill_spans(spans: tuple[Span, ...], literals: Sequence[Held]) -> tuple[Span, ...]:
    if not any(not isinstance(span, Break) and OPEN in span.text for span in spans):
        return spans
    return tuple(chain.from_iterable(_fill_span(span, literals) for span in spans))


def _fill_span(span: Span, literals: Sequence[Held]) -> Iterator[Span]:
    """Yield what a span becomes: its text with the typed one in it, a reference as a span of its own."""
    if isinstance(span, Break) or OPEN not in span.text:
        yield span
        return
    text = ""
    for place, piece in enumerate(_PLACEHOLDER.split(span.text)):
        held = literals[int(piece)] if place % 2 else piece
        if isinstance(held, str):
            text += held
            continue
        yield from _lines(span, text)
        yield _held(span, held)
        text = ""
    yield from _lines(span, text)


def _held(span: Text | Link, held: Reference | Stated) -> Text:
    """Return a reference, or marked words, in the style of the span in which they stand."""
    style = Text(held.label, span.bold, span.italic, span.strike, span.code)
    return replace(style, states=held) if isinstance(held, Stated) else replace(style, reference=held)


def _lines(span: Text | Link, text: str) -> Iterator[Span]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Break()
        if line:
            yield span.saying(line)
