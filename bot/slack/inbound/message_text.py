"""What a message says: its text, its rich text where it has no other, and what is forwarded with it.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, Final

from bot.slack.inbound.fields import objects, part, text
from bot.slack.inbound.incoming import Payload

MOST_ATTACHED: Final = 20
DEEPEST: Final = 4
_CODE_POINTS: Final = re.compile(r"[0-9A-Fa-f]{2,6}(?:-[0-9A-Fa-f]{2,6}){0,15}")
_FIRST_DRAWN: Final = 0x20


def sent_text(message: Payload) -> str:
    """Return what a message says, in Slack's own markup.

    A forwarded message stands quoted under what was written to it, with the address of the original. A
    preview of a link that stands in the text says nothing of its own.
    """
    own = text(message, "text") or "\n".join(_lines(objects(message, "blocks")))
    attached = objects(message, "attachments")[:MOST_ATTACHED]
    chosen = [each for each in attached if each.get("is_share") or not own.strip()]
    return "\n".join(each for each in (own, *map(_attached, chosen)) if each)


def emoji_in(message: Payload) -> dict[str, str]:
    """Return the characters of a message's emoji by their shortcodes; a workspace's own emoji have none."""
    attached = objects(message, "attachments")[:MOST_ATTACHED]
    originals = [part(each, "message") for one in attached for each in objects(one, "message_blocks")]
    found: dict[str, str] = {}
    for block in (block for each in (message, *originals) for block in objects(each, "blocks")):
        for piece in _pieces(block):
            if character := _character(text(piece, "unicode")):
                tone = piece.get("skin_tone")
                found[f":{text(piece, 'name')}:" + (f":skin-tone-{tone}:" if tone else "")] = character
    return found


def _pieces(element: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Return the pieces of a rich text, however deep they lie."""
    yield element
    for inner in objects(element, "elements") if depth < DEEPEST else ():
        yield from _pieces(inner, depth + 1)


def _character(code_points: str) -> str:
    """Return the character of code points as Slack writes them (1f44d-1f3fc), empty where they are none."""
    if not _CODE_POINTS.fullmatch(code_points):
        return ""
    points = [int(each, 16) for each in code_points.split("-")]
    fit = all(_FIRST_DRAWN <= each <= sys.maxunicode and not _is_half(each) for each in points)
    return "".join(map(chr, points)) if fit else ""


def _is_half(code_point: int) -> bool:
    return 0xD800 <= code_point <= 0xDFFF  # noqa: PLR2004  surrogates, which no database takes


def _attached(attachment: dict[str, Any]) -> str:
    """Return a forwarded message, or a shared link."""
    address = text(attachment, "from_url") or text(attachment, "title_link")
    if not attachment.get("is_share") and address:
        title = text(attachment, "title")
        return f"<{address}|{title}>" if title else f"<{address}>"
    said = text(attachment, "text") or "\n".join(_of_original(attachment)) or text(attachment, "fallback")
    return "\n".join(f"&gt; {line}" for line in [*said.splitlines(), *([f"<{address}>"] if address else [])])


def _of_original(attachment: dict[str, Any]) -> Iterator[str]:
    """Return the lines of a forwarded message that is given as blocks."""
    for original in objects(attachment, "message_blocks"):
        yield from _lines(objects(part(original, "message"), "blocks"))


def _lines(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block.get("type") == "rich_text":
            for section in objects(block, "elements"):
                yield from _section(section)


def _section(section: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """Return the lines of a section, a list, a quotation or a preformatted text."""
    elements = objects(section, "elements")
    if section.get("type") == "rich_text_list" and depth < DEEPEST:
        for element in elements:
            yield "• " + " ".join(_section(element, depth + 1))
        return
    mark = "&gt; " if section.get("type") == "rich_text_quote" else ""
    for line in "".join(map(_piece, elements)).rstrip("\n").split("\n"):
        yield mark + line


def _piece(piece: dict[str, Any]) -> str:
    """Return a piece of a line as Slack's markup."""
    match piece.get("type"):
        case "link":
            address, label = text(piece, "url"), _escaped(text(piece, "text"))
            return f"<{address}|{label}>" if label else f"<{address}>"
        case "user":
            return f"<@{text(piece, 'user_id')}>"
        case "channel":
            return f"<#{text(piece, 'channel_id')}>"
        case "usergroup":
            return f"<!subteam^{text(piece, 'usergroup_id')}>"
        case "broadcast":
            return f"<!{text(piece, 'range')}>"
        case "emoji":
            return f":{text(piece, 'name')}:"
        case "date":
            return _escaped(text(piece, "fallback"))
        case _:
            return _escaped(text(piece, "text") or text(piece, "value"))


def _escaped(typed: str) -> str:
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
