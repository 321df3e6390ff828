"""The exact contexts of what App Home says.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.document import Mention, Moment
from bot.render.environment import Context
from bot.render.typed import Trusted


@dataclass(frozen=True)
class OwnHead(Context):
    """Above a requester's cases: how many there are."""

    template: ClassVar[str] = "home/heads/own.md"
    count: int


@dataclass(frozen=True)
class QueueHead(OwnHead):
    """Above the cases that wait for an agent."""

    template: ClassVar[str] = "home/heads/queue.md"


@dataclass(frozen=True)
class HeldHead(OwnHead):
    """Above the reader's own cases as an agent."""

    template: ClassVar[str] = "home/heads/held.md"


@dataclass(frozen=True)
class RiskHead(OwnHead):
    """Above the cases whose window is about to close."""

    template: ClassVar[str] = "home/heads/risk.md"


@dataclass(frozen=True)
class WeekHead(Context):
    """Above the numbers."""

    template: ClassVar[str] = "home/heads/week.md"


@dataclass(frozen=True)
class OwnWaiting(Context):
    """Under a case in its requester's list: nobody has it yet."""

    template: ClassVar[str] = "home/own/waiting.md"
    at: Moment


@dataclass(frozen=True)
class OwnClaimed(Context):
    """Who has it."""

    template: ClassVar[str] = "home/own/claimed.md"
    agent: Mention
    at: Moment


@dataclass(frozen=True)
class OwnAsked(OwnClaimed):
    """Who waits for the reader."""

    template: ClassVar[str] = "home/own/asked.md"


@dataclass(frozen=True)
class OwnResolved(Context):
    """How it came out."""

    template: ClassVar[str] = "home/own/resolved.md"
    at: Moment
    outcome: str


@dataclass(frozen=True)
class OwnClosed(OwnWaiting):
    """It is over."""

    template: ClassVar[str] = "home/own/closed.md"


@dataclass(frozen=True)
class HandledWaiting(Context):
    """Under a case in an agent's list: nobody has it yet; `card`: where its card stands."""

    template: ClassVar[str] = "home/handled/waiting.md"
    requester: Mention
    at: Moment
    card: Trusted | None


@dataclass(frozen=True)
class HandledMine(HandledWaiting):
    """The reader has it."""

    template: ClassVar[str] = "home/handled/mine.md"


@dataclass(frozen=True)
class HandledClaimed(Context):
    """Somebody else has it."""

    template: ClassVar[str] = "home/handled/claimed.md"
    requester: Mention
    agent: Mention
    at: Moment
    card: Trusted | None


@dataclass(frozen=True)
class HandledAsked(Context):
    """It waits for its requester; `mine`: the reader has it."""

    template: ClassVar[str] = "home/handled/asked.md"
    requester: Mention
    agent: Mention
    at: Moment
    mine: bool
    card: Trusted | None


@dataclass(frozen=True)
class HomeDone(Context):
    """What came of what an agent just did with a case."""

    template: ClassVar[str] = "home/done.md"
    case: str
    standing: str
    agent: Mention | None
    at: Moment
    mine: bool
    card: Trusted | None


@dataclass(frozen=True)
class HomeElsewhere(Context):
    """The case that was opened is a conversation in the DM."""

    template: ClassVar[str] = "home/elsewhere.md"
    case: str


@dataclass(frozen=True)
class Resolved:
    """How many cases came out so."""

    outcome: str
    number: int


@dataclass(frozen=True)
class HomeWeek(Context):
    """A week's numbers, so many weeks `back`; half waited so many `hours`, or, where short, `minutes`."""

    template: ClassVar[str] = "home/week.md"
    first: date
    last: date
    back: int
    handed_over: int
    claimed: int
    hours: int
    minutes: int
    total: int
    resolved: tuple[Resolved, ...]
