"""The two kinds of words that agents write, each a type of its own.

`Outward` is for the requester and the only kind of words that anything sends there; a `Note` stays among
agents. So a note in the wrong place is a type error before it is a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.conversation.clean_text import cleaned

LONGEST_WORDS: Final = 2500
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Outward:
    """Words of an agent for the requester, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words of an agent for other agents, cleaned."""

    text: str


def outward(text: str) -> Outward | None:
    """Return an agent's words for the requester, None where there are none."""
    plain = cleaned(text)[:LONGEST_WORDS]
    return Outward(plain) if plain else None


def note(text: str) -> Note | None:
    """Return an agent's words for other agents, None where there are none."""
    plain = cleaned(text)[:LONGEST_NOTE]
    return Note(plain) if plain else None
