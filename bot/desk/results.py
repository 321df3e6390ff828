"""What comes of a delivery, as a closed union. Every surface turns it into an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import TypeAlias

from bot.conversation.agent_move import AgentMove
from bot.conversation.case import Surface
from bot.conversation.people import Colleague
from bot.conversation.problems import Problem
from bot.conversation.screens import Card, Listed, Screen, TicketEditor
from bot.desk.app_home_views import Home
from bot.desk.deliveries import Ask


class ShownAfter(Enum):
    """Why a case is shown."""

    STEP = auto()  # an event was applied to it
    OPENING = auto()  # its requester asked to see it, or began it
    PICKING_UP = auto()  # an unfinished case continues in place of a new one
    STALE_CLICK = auto()  # the button was an old one, so nothing was done
    REPETITION = auto()  # the delivery came again, nothing was done
    FLOOD = auto()  # the delivery came in a flood, nothing was done

    @property
    def was_opened(self) -> bool:
        """Tell whether the person asked to see the case."""
        return self in (ShownAfter.OPENING, ShownAfter.PICKING_UP)


@dataclass(frozen=True, slots=True)
class Seen:
    """The case as it is now."""

    case: int
    surface: Surface
    screen: Screen | TicketEditor
    after: ShownAfter = ShownAfter.STEP


@dataclass(frozen=True, slots=True)
class Told:
    """Help, the list of cases, or the message with the Start button.

    Or why a command was not read: it held a private key, it was too long (`length`), or it came in a flood.
    """

    ask: Ask
    cases: tuple[Listed, ...] = ()
    unclear: str = ""
    length: int = 0


class Refusal(StrEnum):
    """Why a delivery was refused; each has its template `notices/refusals/<refusal>.md`."""

    NO_SUCH_CASE = "no_such_case"
    NOT_YOURS = "not_yours"
    NOT_AN_AGENT = "not_an_agent"
    NOT_THE_CARD = "not_the_card"
    NO_SUCH_AGENT = "no_such_agent"
    NO_SUCH_ORIGINAL = "no_such_original"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done, and why."""

    refusal: Refusal
    case: int | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """Taken, and answered by messages alone.

    `slowed`: it came in a flood, so nothing was done. `lists`: it was lists of orders, which are answered by
    themselves.
    """

    case: int | None = None
    slowed: bool = False
    lists: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """The form of a move, the card that it is about, and the agents it can be given to if the form asks."""

    move: type[AgentMove]
    card: Card
    agents: tuple[Colleague, ...] = ()


Reply: TypeAlias = Seen | Told | Refused | Noted | Prepared | Home
