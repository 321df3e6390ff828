"""A flood: more from one person than anybody types or clicks. It is recorded, not done, and told once.

What counts is what Slack delivers for the first time; what it repeats counts no more than once.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot.conversation.clean_text import shown
from bot.conversation.people import Person
from bot.desk.deliveries import AT_ONCE, MOST_AT_ONCE, Intent, Mention, Write
from bot.store import KnownPerson, Unit

SKEW: Final = timedelta(
    seconds=30
)  # by so much another machine's clock may be ahead; what is later was wrong
FLOOD: Final = "flood"  # the kind of a receipt of what was not done


def flooding(unit: Unit, known: KnownPerson, at: datetime) -> bool:
    """Tell whether what a person sends now is more than is done; it ends when they have slowed down."""
    return unit.receipts.count(known.id, (at - AT_ONCE, at + SKEW), MOST_AT_ONCE) == MOST_AT_ONCE


def begins(unit: Unit, known: KnownPerson, at: datetime) -> bool:
    """Tell whether a flood begins just now."""
    return unit.receipts.count(known.id, (at - AT_ONCE, at + SKEW), 1, FLOOD) == 0


def first_words(intent: Intent) -> str:
    """Return how the first thing that is not read begins, where it was a message: its words, or its file."""
    if not isinstance(intent, Write | Mention):
        return ""
    named = next((file.name for file in intent.files), "")
    return shown(text) if (text := intent.text or named) else ""


class Turns:
    """One delivery of a person at a time: who sends many stands in a line of their own."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Person, asyncio.Lock] = WeakValueDictionary()

    def of(self, person: Person) -> asyncio.Lock:
        """Return the lock that a person's deliveries wait for."""
        return self._locks.setdefault(person, asyncio.Lock())
