"""The exact contexts of what is said to a requester beside their interview.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.contexts_answers import AnsweredLine
from bot.render.document import Mention, Moment
from bot.render.environment import Context, plain
from bot.render.typed import Trusted

Welcome = plain(__name__, "Welcome", "notices/welcome.md")
PrivateKey = plain(__name__, "PrivateKey", "notices/private_key.md")
KeyInForm = plain(__name__, "KeyInForm", "notices/private_key_in_form.md")
SentAgain = plain(__name__, "SentAgain", "notices/sent_again.md")
Intro = plain(__name__, "Intro", "notices/intro.md")
Pinned = plain(__name__, "Pinned", "notices/pin.md")
Failed = plain(__name__, "Failed", "notices/trouble.md")


@dataclass(frozen=True)
class TooLong(Context):
    """How many characters were typed, and how many are read at a time."""

    template: ClassVar[str] = "notices/too_long.md"
    length: int
    most: int


@dataclass(frozen=True)
class TooLarge(Context):
    """`command` as people type it."""

    template: ClassVar[str] = "notices/too_large.md"
    command: str


@dataclass(frozen=True)
class Slowed(Context):
    """More than `most` deliveries within `seconds`; `first` is how what was not read begins, if typed."""

    template: ClassVar[str] = "notices/slowed.md"
    most: int
    seconds: int
    first: str


@dataclass(frozen=True)
class Help(Context):
    """`command` as people type it: /certdesk."""

    template: ClassVar[str] = "notices/help.md"
    command: str
    agents: bool


@dataclass(frozen=True)
class Unclear(Context):
    """A command with words that it does not take."""

    template: ClassVar[str] = "notices/unclear.md"
    command: str
    typed: str


@dataclass(frozen=True)
class CaseList(Context):
    """How many cases follow."""

    template: ClassVar[str] = "notices/cases.md"
    count: int


@dataclass(frozen=True)
class CaseLine(Context):
    """One case in a list."""

    template: ClassVar[str] = "notices/case_line.md"
    case: str
    headline: str


@dataclass(frozen=True)
class StillOpen(Context):
    """What to do after thanks."""

    template: ClassVar[str] = "notices/still_open.md"
    case: str


@dataclass(frozen=True)
class StillAsking(Context):
    """Thanks while a question is open."""

    template: ClassVar[str] = "notices/still_asking.md"
    case: str


@dataclass(frozen=True)
class StillWithAgents(Context):
    """Thanks while agents have the case."""

    template: ClassVar[str] = "notices/still_with_agents.md"
    case: str


@dataclass(frozen=True)
class KeyLeaked(Context):
    """What to do about a private key that leaked, before anything is asked."""

    template: ClassVar[str] = "notices/key_leaked.md"
    portal: Trusted | None
    support_form: Trusted | None
    support_email: str
    agents: bool


@dataclass(frozen=True)
class ReadItem:
    """One thing that was read: its value in words, with what it is called or the product that says it.

    `order`: a bare order number. `unsure`: it is still to be settled. `hint`: a certificate's first day.
    """

    name: str | None
    value: str
    product: bool = False
    order: bool = False
    unsure: bool = False
    hint: bool = False


@dataclass(frozen=True)
class ReadBack(Context):
    """What was read in somebody's words; `notes` are a certificate's.

    `orders` are several that they name, `each` tells whether each can have its case.
    """

    template: ClassVar[str] = "notices/read_back.md"
    items: tuple[ReadItem, ...]
    orders: tuple[str, ...]
    notes: tuple[str, ...]
    each: bool


@dataclass(frozen=True)
class CancelWhat(Context):
    """What is to be canceled: the case, or the certificate?"""

    template: ClassVar[str] = "notices/cancel_what.md"
    case: str


@dataclass(frozen=True)
class GivenUp(Context):
    """The case was given up."""

    template: ClassVar[str] = "notices/given_up.md"
    case: str


@dataclass(frozen=True)
class HandedOver(Context):
    """Handed over; `asks`: a question is still open."""

    template: ClassVar[str] = "notices/handed_over.md"
    case: str
    asks: bool


@dataclass(frozen=True)
class TookIt(Context):
    """Who took the case."""

    template: ClassVar[str] = "notices/claimed.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class AnsweredLines(Context):
    """What is left of a question's message."""

    template: ClassVar[str] = "notices/answered.md"
    lines: tuple[AnsweredLine, ...]


@dataclass(frozen=True)
class StillCounts(Context):
    """What an edit that could not be read leaves as it was; `value` None where nothing is answered yet."""

    template: ClassVar[str] = "notices/still_counts.md"
    case: str
    name: str
    value: str | None


@dataclass(frozen=True)
class PickedUp(Context):
    """An unfinished case, opened again."""

    template: ClassVar[str] = "notices/picked_up.md"
    case: str


@dataclass(frozen=True)
class LostView(Context):
    """A view that Slack did not open."""

    template: ClassVar[str] = "notices/lost_view.md"
    case: str


@dataclass(frozen=True)
class MovedOn(Context):
    """A button of an earlier moment; `standing` says where the case is now."""

    template: ClassVar[str] = "notices/moved_on.md"
    case: str
    standing: str


@dataclass(frozen=True)
class Unknown(Context):
    """A button or form that there is none of; `command` as people type it."""

    template: ClassVar[str] = "notices/unknown.md"
    command: str


@dataclass(frozen=True)
class OutOfDate(Context):
    """A result that no longer holds; `headline` is what it said."""

    template: ClassVar[str] = "notices/out_of_date.md"
    case: str
    since: date
    headline: str


@dataclass(frozen=True)
class WithAgents(Context):
    """Where a handed-over case is; `agent` None until one takes it."""

    template: ClassVar[str] = "notices/handoff.md"
    agent: Mention | None
    at: Moment


@dataclass(frozen=True)
class SharedBy(Context):
    """Who shows a result in a channel."""

    template: ClassVar[str] = "notices/shared.md"
    person: Mention
    case: str
