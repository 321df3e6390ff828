"""The two kinds of text that agents write, each with a type of its own.

`Outward` is for the requester, and the only kind that is ever sent there; a `Note` stays among agents. So a
note sent to the wrong place is a type error, not a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.conversation.clean_text import cleaned

LONGEST_WORDS: Final = 2500
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Outward:
    """An agent's text for the requester, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """An agent's text for other agents, cleaned."""

    text: str


def outward(text: str) -> Outward | None:
    """Return an agent's text for the requester, None if it is empty."""
    plain = cleaned(text)[:LONGEST_WORDS]
    return Outward(plain) if plain else None


def note(text: str) -> Note | None:
    """Return an agent's text for other agents, None if it is empty."""
    plain = cleaned(text)[:LONGEST_NOTE]
    return Note(plain) if plain else None
