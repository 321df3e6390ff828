"""What comes of one attempt to send an effect: it was sent, it is to be retried, or it is given up."""

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
    """An effect was sent. `slot` and `posted` say where, if a later effect may update the message.

    `dm` is the person's DM channel if it had to be opened for this, `then` are the effects that follow.
    """

    slot: str | None = None
    posted: Posted | None = None
    dm: tuple[Person, str] | None = None
    then: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A passing failure: try again, after `after` seconds if that is known.

    `method` is the one that Slack rate-limited, so that nothing else calls it meanwhile. `unsure`: it may
    have been done. `patience` is how long to retry before giving up.
    """

    reason: str
    after: float | None = None
    method: str | None = None
    unsure: bool = False
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A failure that no retry mends."""

    reason: str


SendResult = Sent | TryAgain | GiveUp
Send = Callable[[Queued, Effect], Awaitable[SendResult]]
