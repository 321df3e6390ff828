"""The exact contexts of a case's card in the agents' channel and of its thread.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.contexts_answers import ChangedLine
from bot.render.contexts_passing import UnpassedLine
from bot.render.document import Mention, Moment
from bot.render.environment import Context

# --- on the card


@dataclass(frozen=True)
class CardHead(Context):
    """Who asks, where, since when; `elsewhere`: of another workspace than the agents'."""

    template: ClassVar[str] = "cards/card.md"
    requester: Mention
    elsewhere: bool
    channel: Mention | None
    asked_at: Moment


@dataclass(frozen=True)
class CardNew(Context):
    """The bot answers the case again, since then."""

    template: ClassVar[str] = "cards/standings/new.md"
    at: Moment


@dataclass(frozen=True)
class CardWaiting(CardNew):
    """Nobody has it yet."""

    template: ClassVar[str] = "cards/standings/waiting.md"


@dataclass(frozen=True)
class CardClaimed(Context):
    """Who has it."""

    template: ClassVar[str] = "cards/standings/claimed.md"
    agent: Mention
    at: Moment


@dataclass(frozen=True)
class CardAsked(CardClaimed):
    """Who waits for the requester."""

    template: ClassVar[str] = "cards/standings/asked.md"


@dataclass(frozen=True)
class CardResolved(Context):
    """How it was resolved."""

    template: ClassVar[str] = "cards/standings/resolved.md"
    agent: Mention | None
    at: Moment
    outcome: str


@dataclass(frozen=True)
class CardSameOrders(Context):
    """Other cases about the same order."""

    template: ClassVar[str] = "cards/same_orders.md"
    cases: tuple[str, ...]


@dataclass(frozen=True)
class CardClosed(CardNew):
    """It is over."""

    template: ClassVar[str] = "cards/standings/closed.md"


@dataclass(frozen=True)
class CardChanged(Context):
    """What has changed since a case was handed over."""

    template: ClassVar[str] = "cards/changed.md"
    draft: bool
    lines: tuple[ChangedLine, ...]


# --- in its thread


@dataclass(frozen=True)
class WrittenLine:
    """A message of the requester, or what kind of message it was if it is gone."""

    at: Moment
    words: str
    folded: bool
    edited: bool
    deleted: bool
    private_key: bool
    not_understood: bool
    in_doubt: bool


@dataclass(frozen=True)
class ThreadOpening(Context):
    """What the requester wrote before; `left_out` answers are left out."""

    template: ClassVar[str] = "threads/opening.md"
    person: Mention
    lines: tuple[WrittenLine, ...]
    left_out: int


@dataclass(frozen=True)
class Heard(Context):
    """What the requester wrote."""

    template: ClassVar[str] = "threads/heard.md"
    person: Mention
    words: str
    edited: bool
    files: tuple[str, ...]
    doubt: bool


@dataclass(frozen=True)
class FileOf(Context):
    """The introduction to a requester's file in the thread."""

    template: ClassVar[str] = "threads/file.md"
    person: Mention


@dataclass(frozen=True)
class NotPassedOn(Context):
    """Files of the requester that agents do not get."""

    template: ClassVar[str] = "threads/not_passed_on.md"
    person: Mention
    files: tuple[UnpassedLine, ...]


@dataclass(frozen=True)
class CopiesLeft(Context):
    """Copies of files whose message was deleted, or was about another case, which `case` then names."""

    template: ClassVar[str] = "threads/copies_left.md"
    person: Mention
    files: tuple[str, ...]
    case: str


@dataclass(frozen=True)
class MeantFor(Context):
    """What the requester wrote was about another case of theirs."""

    template: ClassVar[str] = "threads/meant_for.md"
    person: Mention
    case: str


@dataclass(frozen=True)
class TakenBack(Context):
    """What the requester wrote, and deleted."""

    template: ClassVar[str] = "threads/taken_back.md"
    person: Mention


@dataclass(frozen=True)
class SentWords(Context):
    """A copy of what went to the requester."""

    template: ClassVar[str] = "threads/sent.md"
    agent: Mention
    words: str
    asks: bool
    files: tuple[str, ...]


@dataclass(frozen=True)
class ChooseOutcome(Context):
    """Above the buttons with the outcomes."""

    template: ClassVar[str] = "threads/outcomes.md"


@dataclass(frozen=True)
class Unclaimed(Context):
    """Nobody has taken the case since."""

    template: ClassVar[str] = "threads/alarms/unclaimed.md"
    case: str
    at: Moment


@dataclass(frozen=True)
class OwnerIdle(Context):
    """Nothing has happened with a case that somebody has."""

    template: ClassVar[str] = "threads/alarms/owner_idle.md"
    case: str
    owner: Mention


@dataclass(frozen=True)
class NoCredit(Context):
    """The credit did not arrive."""

    template: ClassVar[str] = "threads/alarms/credit.md"
    case: str
    owner: Mention | None


@dataclass(frozen=True)
class WindowAlarm(Context):
    """The refund window is about to close."""

    template: ClassVar[str] = "threads/alarms/window.md"
    case: str
    owner: Mention | None
    last_day: date
    days_left: int


@dataclass(frozen=True)
class NotDelivered(Context):
    """What an agent wrote does not reach the requester; `dead`: it is not retried any more."""

    template: ClassVar[str] = "threads/not_delivered.md"
    agent: Mention
    reason: str | None
    dead: bool


@dataclass(frozen=True)
class Delivered(Context):
    """What an agent wrote reached the requester after all."""

    template: ClassVar[str] = "threads/delivered.md"
    agent: Mention
