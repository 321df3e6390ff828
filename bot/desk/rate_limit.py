"""Floods: more from one person than anybody types or clicks. They are recorded but not done, and told once.

Only first deliveries count; what Slack repeats counts once.
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

SKEW: Final = timedelta(seconds=30)  # how far another machine's clock may be ahead; anything later was wrong
FLOOD: Final = "flood"  # the kind of receipt for a delivery that was not done


def is_flooding(unit: Unit, known: KnownPerson, at: datetime) -> bool:
    """Tell whether a person sends more than is done; it ends once they have slowed down."""
    return unit.receipts.count(known.id, (at - AT_ONCE, at + SKEW), MOST_AT_ONCE) == MOST_AT_ONCE


def flood_begins(unit: Unit, known: KnownPerson, at: datetime) -> bool:
    """Tell whether a flood is just beginning."""
    return unit.receipts.count(known.id, (at - AT_ONCE, at + SKEW), 1, FLOOD) == 0


def first_words(intent: Intent) -> str:
    """Return the beginning of the first message that is not read, or the name of its file."""
    if not isinstance(intent, Write | Mention):
        return ""
    named = next((file.name for file in intent.files), "")
    return shown(text) if (text := intent.text or named) else ""


class Turns:
    """Take one person's deliveries one at a time, so that somebody who sends many waits behind themselves."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Person, asyncio.Lock] = WeakValueDictionary()

    def of(self, person: Person) -> asyncio.Lock:
        """Return the lock that a person's deliveries wait for."""
        return self._locks.setdefault(person, asyncio.Lock())
