"""App Home as data: which tab and page somebody opens, and what is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

from bot.conversation.handoff import Handoff, Outcome
from bot.conversation.people import Person, Posted
from bot.conversation.screens import Screen

PAGE: Final = 10  # cases


class Tab(StrEnum):
    """The tabs of App Home; all but the first are for agents only."""

    OWN = "own"
    QUEUE = "queue"
    HELD = "held"
    RISK = "risk"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody opens App Home. Without a tab they get the one that matters most to them.

    Somebody who may not see the tab gets their own cases; a page past the last is the last. `done` is the
    case that they have just acted on, so that they see the result.
    """

    tab: Tab | None = None
    page: int = 1
    done: int | None = None
    kind: Literal["visit"] = "visit"


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A case in a list. `order` is what its requester calls it, as typed; `card` is where its card is."""

    screen: Screen
    requester: Person
    handoff: Handoff | None
    order: str
    card: Posted | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week's numbers, Monday to Sunday. `wait` is the median time from handover to claim."""

    first: date
    last: date
    handed_over: int
    claimed: int
    wait: timedelta | None
    resolved: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A page of App Home for one person.

    `counts` has the tabs that they may see and the number of cases in each, None for a tab that lists none.
    `done` is the case that they have just acted on.
    """

    viewer: Person
    tab: Tab
    page: int
    pages: int
    counts: tuple[tuple[Tab, int | None], ...]
    rows: tuple[HomeRow, ...] = ()
    weeks: tuple[Week, ...] = ()
    done: HomeRow | None = None

    @property
    def count(self) -> int:
        """Return how many cases the tab has, over all pages."""
        return dict(self.counts).get(self.tab) or 0
