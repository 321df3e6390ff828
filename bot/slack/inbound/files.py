"""The files of a message or a form: https://docs.slack.dev/reference/objects/file-object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.conversation.clean_text import cleaned
from bot.conversation.files import LONGEST_NAME, File, FileKind
from bot.slack.inbound.fields import is_id, objects, part, text
from bot.slack.inbound.slack_text import without_key

MOST_READ: Final = 100
NAMELESS: Final = "file"
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]{1,2000}")  # nothing that ends a link

_BY_MODE: Final = {
    "hosted": FileKind.STORED,
    "snippet": FileKind.STORED,
    "email": FileKind.STORED,
    "external": FileKind.LINK,
    "space": FileKind.POST,
    "post": FileKind.POST,
    "docs": FileKind.CANVAS,
    "canvas": FileKind.CANVAS,
    "quip": FileKind.CANVAS,
    "list": FileKind.LIST,
    "tombstone": FileKind.GONE,
    "hidden_by_limit": FileKind.GONE,
}
_CLIPS: Final = frozenset({"slack_audio", "slack_video"})
_ASK: Final = "check_file_info"


def read(body: object) -> tuple[File, ...]:
    """Return the files that a message or a form's field holds, and those of a message that it forwards."""
    told = [*objects(body, "files"), *_forwarded(body)][:MOST_READ]
    found = {each.id: each for one in told if (each := file(one)) is not None}
    return tuple(found.values())


def _forwarded(body: object) -> Iterator[dict[str, Any]]:
    for attached in objects(body, "attachments"):
        if attached.get("is_share"):
            yield from objects(attached, "files")
            for original in objects(attached, "message_blocks"):
                yield from objects(part(original, "message"), "files")


def file(told: dict[str, Any]) -> File | None:
    """Return a file that Slack tells of, None where it tells of none."""
    key = text(told, "id")
    if not is_id(key):
        return None
    size = told.get("size")
    return File(
        key,
        _name(told),
        _kind(told),
        text(told, "mimetype")[:LONGEST_NAME],
        size if isinstance(size, int) and size >= 0 else 0,
        _address(text(told, "url_private_download") or text(told, "url_private")),
        _address(text(told, "permalink")),
    )


def _kind(told: dict[str, Any]) -> FileKind:
    if text(told, "file_access") == _ASK:
        return FileKind.UNTOLD
    if text(told, "subtype") in _CLIPS:
        return FileKind.CLIP
    if told.get("is_external") is True:
        return FileKind.LINK
    return _BY_MODE.get(text(told, "mode"), FileKind.STORED)


def _name(told: dict[str, Any]) -> str:
    """Return a file's name in one line; one that holds a key is no name."""
    name = " ".join(cleaned(text(told, "name") or text(told, "title")).split())
    return (name if without_key(name) else "")[:LONGEST_NAME] or NAMELESS


def _address(url: str) -> str:
    return url if _ADDRESS.fullmatch(url) else ""
