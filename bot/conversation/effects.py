"""What a step wants done in the world, as data. All of these are durable: they go through the outbox.

A *slot* names a message of a case, so that a later effect can update what an earlier one posted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from bot.conversation.people import Origin, Person
from bot.conversation.screens import Card, Details, Listed, Question, Result, Retired, Settled

DmScreen: TypeAlias = Question | Details | Result | Settled | Retired


class News(StrEnum):
    """What a person is told in a message of its own; each has its template `notices/<news>.md`."""

    WELCOME = "welcome"
    HELP = "help"
    STILL_OPEN = "still_open"
    PRIVATE_KEY = "private_key"
    HANDED_OVER = "handed_over"
    LOST_VIEW = "lost_view"
    CLAIMED = "claimed"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    SLOWED = "slowed"


@dataclass(frozen=True, slots=True)
class Post:
    """Post a screen of the case into the requester's DM, under a new slot."""

    to: Person
    slot: str
    screen: DmScreen
    kind: Literal["post"] = "post"


@dataclass(frozen=True, slots=True)
class Update:
    """Redraw what stands in a slot of the requester's DM."""

    to: Person
    slot: str
    screen: DmScreen
    kind: Literal["update"] = "update"


@dataclass(frozen=True, slots=True)
class Aside:
    """Answer a person in the DM beside what stands there: what was wrong, or why it is asked."""

    to: Person
    screen: Question | Details | Result
    kind: Literal["aside"] = "aside"


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell a person some news in the DM. `who` and `at` are the agent and the moment, where there is one.

    `length` is that of what was too long to be read, `typed` the beginning of what was not read for another
    reason.
    """

    to: Person
    news: News
    case: int
    who: Person | None = None
    at: datetime | None = None
    length: int = 0
    typed: str = ""
    kind: Literal["tell"] = "tell"


@dataclass(frozen=True, slots=True)
class ListCases:
    """Show a person their cases in the DM."""

    to: Person
    cases: tuple[Listed, ...]
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Post the case's card into the agents' channel, or redraw it there: one card for a case."""

    card: Card
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class TellAgent:
    """Tell one agent, in the agents' channel and seen by nobody else, who has the case since when."""

    to: Person
    card: Card
    kind: Literal["tell_agent"] = "tell_agent"


@dataclass(frozen=True, slots=True)
class Share:
    """Show a result, without what is private, in the channel it was asked in."""

    origin: Origin
    result: Result
    by: Person
    kind: Literal["share"] = "share"


Effect: TypeAlias = Post | Update | Aside | Tell | ListCases | ShowCard | TellAgent | Share
