"""What a person typed, as Slack sends it: markup as words, private keys and overlong texts kept out.

Links keep their addresses; people, channels, groups, dates and emoji become words.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.conversation.clean_text import LONGEST_TYPED
from bot.reading.pasted_certificates import holds_certificate, shortened, without_certificates
from bot.reading.private_keys import holds_private_key

OURSELVES: Final = "@certdesk"
LONGEST_CERTIFICATE: Final = 5000  # characters: one with some eighty names
SEARCHED: Final = 100_000  # characters searched for a private key; Slack sends 40,000 at most

_MARK: Final = re.compile(r"<([^<>\n]{1,4000})>")
_ENTITY: Final = re.compile(r"&(amp|lt|gt);")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">"}
_EMOJI: Final = re.compile(r"(?<!\w):[a-z0-9+'_-]{1,60}:(?::skin-tone-[2-6]:)?(?!\w)")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_SCHEME: Final = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_NOT_DIGITS: Final = re.compile(r"\D")


def as_words(text: str, own: str = "", drawn: Mapping[str, str] = _NONE) -> str:
    """Return what Slack sends as a person reads it. `own` is the bot's user id, `drawn` emoji by shortcode.

    Who is named by an id alone stays `@U0123`, an emoji that nobody has drawn `:acme:`. A message that begins
    or ends by naming the bot is without that.
    """
    words = _EMOJI.sub(lambda found: drawn.get(found[0], found[0]), _unaddressed(text, own) if own else text)
    words = _MARK.sub(lambda mark: _mark(mark[1], own) or mark[0], words)
    return _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], words)


def _unaddressed(text: str, own: str) -> str:
    """Return a message without the bot's name before or after it."""
    named = rf"<@{re.escape(own)}(?:\|[^<>\n]{{0,500}})?>"
    first, last = re.compile(rf"\s*{named}"), re.compile(rf"{named}\s*\Z")
    while found := first.match(text):
        text = text[found.end() :].lstrip(" \t\n,:")
    while found := last.search(text):
        text = text[: found.start()].rstrip(" \t\n,")
    return text


def linked(address: str, label: str) -> str:
    """Return a link: as its label where that says the address, else with the address behind it."""
    bare = _SCHEME.sub("", address, count=1)
    if not label or _same(bare, _SCHEME.sub("", label, count=1)):
        return label or (bare if address.lower().startswith(("mailto:", "tel:")) else address)
    if address.lower().startswith("tel:") and _digits(bare) == _digits(label):
        return label
    return f"{label} ({bare if address.lower().startswith(('mailto:', 'tel:')) else address})"


def _mark(inside: str, own: str) -> str | None:
    """Return what a mark in pointed brackets says, None where it is none of Slack's."""
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return OURSELVES if own and target == f"@{own}" else f"@{label.lstrip('@') or target[1:]}"
        case "#":
            return f"#{label.lstrip('#') or target[1:]}"
        case "!":
            return _special(target[1:], label)
        case _:
            return linked(target, label) if _ADDRESS.match(target) else None


def _special(target: str, label: str) -> str:
    """Return a group, everybody who is there, or a date."""
    kind, _, rest = target.partition("^")
    if kind == "date":
        return label or rest
    return f"@{label.lstrip('@') or rest or kind}"


def _same(address: str, label: str) -> bool:
    return address.rstrip("/").casefold() == label.rstrip("/").casefold()


def _digits(number: str) -> str:
    return _NOT_DIGITS.sub("", number)


def without_key(text: str) -> str | None:
    """Return a typed text, or None if it holds a private key."""
    return None if holds_private_key(text[:SEARCHED]) else text


def fitted(text: str) -> str:
    """Return a text that the desk reads: of a chain that would be too long its leaf alone."""
    return shortened(text) if len(text) > LONGEST_TYPED and holds_certificate(text) else text


def is_too_long(text: str) -> bool:
    """Tell whether a text is longer than the desk reads; a certificate in it has room of its own."""
    if len(text) <= LONGEST_TYPED:
        return False
    if len(text) > LONGEST_TYPED + LONGEST_CERTIFICATE or not holds_certificate(text):
        return True
    return len(without_certificates(text).strip()) > LONGEST_TYPED


def digest(text: str) -> str:
    """Return the SHA-256 that is kept in place of a text that is not read."""
    return hashlib.sha256(text.encode()).hexdigest()
