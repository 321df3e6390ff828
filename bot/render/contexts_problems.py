"""The exact contexts of refusals, and of answers that could not be taken.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from bot.conversation.problems import Trouble
from bot.render.contexts_desk import Held
from bot.render.contexts_notices import PrivateKey
from bot.render.environment import Context, plain


@dataclass(frozen=True)
class NoSuchCase(Context):
    """No case of that number."""

    template: ClassVar[str] = "notices/refusals/no_such_case.md"
    case: str


@dataclass(frozen=True)
class NotYours(Context):
    """Somebody else's case."""

    template: ClassVar[str] = "notices/refusals/not_yours.md"
    case: str
    command: str


@dataclass(frozen=True)
class NotAnAgent(Context):
    """A card's button, pressed elsewhere."""

    template: ClassVar[str] = "notices/refusals/not_an_agent.md"
    case: str


@dataclass(frozen=True)
class NotAChoice(Context):
    """`accepted`: the names of the choices, in words."""

    template: ClassVar[str] = "notices/problems/not_a_choice.md"
    typed: str
    accepted: str


@dataclass(frozen=True)
class NameNotKnown(Context):
    """`meant`: the nearest name, none where none is near."""

    template: ClassVar[str] = "notices/problems/name_not_known.md"
    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class NameAmbiguous(Context):
    """`meant`: what it may be."""

    template: ClassVar[str] = "notices/problems/name_ambiguous.md"
    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class NotADate(Context):
    """No date to be read."""

    template: ClassVar[str] = "notices/problems/not_a_date.md"
    typed: str


@dataclass(frozen=True)
class DateInexact(Context):
    """A time on whose days the answer differs; `meant`: its ends, the last first."""

    template: ClassVar[str] = "notices/problems/date_inexact.md"
    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Unsure(Context):
    """What is meant is left open; `meant`: the answers that it may be."""

    template: ClassVar[str] = "notices/problems/unsure.md"
    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class DateHinted(Context):
    """A certificate's first day, on which the answer turns: `meant`, in words."""

    template: ClassVar[str] = "notices/problems/date_hinted.md"
    meant: tuple[str, ...]


@dataclass(frozen=True)
class DateAmbiguous(Context):
    """`meant`: the dates it may be."""

    template: ClassVar[str] = "notices/problems/date_ambiguous.md"
    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class DateInFuture(Context):
    """`latest`: today, wherever the person may be."""

    template: ClassVar[str] = "notices/problems/date_in_future.md"
    latest: date


@dataclass(frozen=True)
class DateLongAgo(Context):
    """A day more than two years ago: `meant`, in words."""

    template: ClassVar[str] = "notices/problems/date_long_ago.md"
    meant: tuple[str, ...]


NoAnswer = plain(__name__, "NoAnswer", "notices/problems/no_answer.md")
NotAnOrderId = plain(__name__, "NotAnOrderId", "notices/problems/not_an_order_id.md")
NotAHostName = plain(__name__, "NotAHostName", "notices/problems/not_a_host_name.md")
NotAnEmail = plain(__name__, "NotAnEmail", "notices/problems/not_an_email.md")
NotAUsername = plain(__name__, "NotAUsername", "notices/problems/not_a_username.md")
DetailTooLong = plain(__name__, "DetailTooLong", "notices/problems/detail_too_long.md")
TicketEmpty = plain(__name__, "TicketEmpty", "notices/problems/ticket_empty.md")
TicketTooLong = plain(__name__, "TicketTooLong", "notices/problems/ticket_too_long.md")
NothingToHandOver = plain(__name__, "NothingToHandOver", "notices/problems/nothing_to_hand_over.md")
NoAgents = plain(__name__, "NoAgents", "notices/problems/no_agents.md")
ShareLapsed = plain(__name__, "ShareLapsed", "notices/problems/share_lapsed.md")

SIMPLE_PROBLEMS: Final[dict[Trouble, type[Context]]] = {
    Trouble.NO_ANSWER: NoAnswer,
    Trouble.NOT_AN_ORDER_ID: NotAnOrderId,
    Trouble.NOT_A_HOST_NAME: NotAHostName,
    Trouble.NOT_AN_EMAIL: NotAnEmail,
    Trouble.NOT_A_USERNAME: NotAUsername,
    Trouble.DETAIL_TOO_LONG: DetailTooLong,
    Trouble.TICKET_EMPTY: TicketEmpty,
    Trouble.TICKET_TOO_LONG: TicketTooLong,
    Trouble.PRIVATE_KEY: PrivateKey,
    Trouble.NOTHING_TO_HAND_OVER: NothingToHandOver,
    Trouble.NO_AGENTS: NoAgents,
    Trouble.SHARE_LAPSED: ShareLapsed,
    Trouble.HELD: Held,
}
