"""What comes of sending an effect once: it is out, it is to be tried again, or it never will be taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.effects import Effect
from bot.conversation.people import Person
from bot.conversation.posted import Posted
from bot.store import Queued


@dataclass(frozen=True, slots=True)
class Sent:
    """An effect is out. `slot` and `posted` where a later effect may want to update the message.

    `dm` is the person's DM channel where it had to be opened for this, `then` what follows from it.
    """

    slot: str | None = None
    posted: Posted | None = None
    dm: tuple[Person, str] | None = None
    then: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A passing failure: try again, not before `after` seconds where that is known.

    `method` is what Slack paced, so that nothing else calls it meanwhile. `unsure`: it may have been done.
    `patience`: after so long of nothing else it is given up.
    """

    reason: str
    after: float | None = None
    method: str | None = None
    unsure: bool = False
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A failure that no repetition mends."""

    reason: str


SendResult = Sent | TryAgain | GiveUp
Send = Callable[[Queued, Effect], Awaitable[SendResult]]
