"""The exact contexts of what App Home says.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from bot.conversation.standing import Resolution, Standing
from bot.render.environment import Context
from bot.render.mentions import Mention, Moment
from bot.render.typed import Trusted


@dataclass(frozen=True)
class HomeHead(Context):
    """Above a list of `count` cases; `tab` as in `bot.desk.visits.Tab`."""

    template: ClassVar[str] = "home/head.md"
    tab: StrEnum
    count: int


@dataclass(frozen=True)
class OwnCase(Context):
    """Under a case in its requester's list."""

    template: ClassVar[str] = "home/own.md"
    standing: Standing
    agent: Mention | None
    at: Moment
    resolution: Resolution | None


@dataclass(frozen=True)
class HandledCase(Context):
    """Under a case in an agent's list; `mine`: the reader has it, `card`: where its card stands."""

    template: ClassVar[str] = "home/handled.md"
    standing: Standing
    requester: Mention
    agent: Mention | None
    at: Moment
    mine: bool
    card: Trusted | None


@dataclass(frozen=True)
class HomeDone(Context):
    """What came of what an agent just did with a case."""

    template: ClassVar[str] = "home/done.md"
    case: str
    standing: Standing
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

    resolution: Resolution
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
