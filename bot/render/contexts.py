"""The exact context of each template: a field for each of its variables, and none besides.

A test holds the two together; `certdesk doctor` does so for an operator's own templates. Plain strings are
shown literally, whatever they hold; `Trusted` ones come from the operator's files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from bot.conversation.problems import Trouble
from bot.render import contexts_desk, contexts_home, contexts_lines, contexts_lists, contexts_mentions
from bot.render.environment import Context
from bot.render.mentions import Mention, Moment
from bot.render.stated import Stated, StatedDay
from bot.render.typed import Trusted


def _plain(name: str, template: str) -> type[Context]:
    """Return the context of a template that has no variables."""
    made = type(name, (Context,), {"template": template, "__doc__": f"`{template}` has no variables."})
    return dataclass(frozen=True)(made)


@dataclass(frozen=True)
class Line:
    """One line of a list of answers: what was asked, and the answer in words."""

    name: str
    value: str


@dataclass(frozen=True)
class AnsweredLine:
    """A question, its answer, None where that was taken back, and what it was before; None where the same."""

    name: str
    value: str | None
    was: str | None


@dataclass(frozen=True)
class ChangedLine:
    """One answer before and after; `after` is None where it was taken back."""

    name: str
    before: str
    after: str | None


# --- refund


@dataclass(frozen=True)
class Meaning:
    """What some answers to an open question come to: `then`, None where they lead to another question.

    There are no `answers` for a day, which `within` describes: so many days ago at the most, None for longer.
    """

    answers: tuple[str, ...]
    within: int | None
    then: str | None


@dataclass(frozen=True)
class RefundVerdict(Context):
    """The verdict about the money, in a verdict's own template, which uses what it needs of this.

    `lead` is what to do, as the heading of the way to cancel says it. `days_left` is 0 on the last day and -1
    on the day after. `issued`: there is a certificate. `depends_on` are the questions whose answers are
    missing, `a_day`: the first of them asks for a day; `meanings` are what its answers would come to.
    """

    all_used: ClassVar[bool] = False
    program: str | None
    lead: Stated | None
    last_day: StatedDay | None
    days_left: int | None
    window: int
    issued: bool
    depends_on: tuple[str, ...]
    a_day: bool
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class Window(Context):
    """How much is left of a window; `window` and `days_left` in days."""

    template: ClassVar[str] = "answers/window.md"
    program: str | None
    days_left: int
    window: int
    last_day: StatedDay


@dataclass(frozen=True)
class HoldsUntil(Context):
    """Up to which day the verdict is this one."""

    template: ClassVar[str] = "answers/holds_until.md"
    last_day: StatedDay


@dataclass(frozen=True)
class CreditInHours(Context):
    """When a credit shows: `expected` is the day by which it does if it is asked for today."""

    template: ClassVar[str] = "answers/credit/hours.md"
    program: str | None
    amount: Stated
    expected: date


@dataclass(frozen=True)
class CreditInBusinessDays(CreditInHours):
    """As `CreditInHours`, where the page counts business days."""

    template: ClassVar[str] = "answers/credit/business_days.md"


# --- cancellation


@dataclass(frozen=True)
class Way(Context):
    """How to cancel, in a route's own template, which uses what it needs of this.

    `agents`: there is an agents' channel to hand the case to. `complete`: the ticket lacks no detail. `open`:
    an answer is missing on which it all depends. The addresses are None until an operator fills them in.
    """

    all_used: ClassVar[bool] = False
    program: str | None
    support: str | None
    agents: bool
    complete: bool
    open: bool
    portal: Trusted | None
    support_form: Trusted | None
    support_email: str


# --- the rest of an answer

Advice = _plain("Advice", "answers/advice.md")


@dataclass(frozen=True)
class Boundary(Context):
    """The last day of a window, or the day after it."""

    template: ClassVar[str] = "answers/boundary.md"
    last_day: StatedDay


@dataclass(frozen=True)
class OtherVerdictLater(Context):
    """From which day on the verdict is another: `then`, in words."""

    template: ClassVar[str] = "answers/changes/verdict.md"
    changes_on: StatedDay
    then: str


@dataclass(frozen=True)
class OtherRouteLater(Context):
    """From which day on the way to cancel is another."""

    template: ClassVar[str] = "answers/changes/route.md"
    changes_on: StatedDay


@dataclass(frozen=True)
class QuestionLater(Context):
    """From which day on the answer hangs on one more question."""

    template: ClassVar[str] = "answers/changes/question.md"
    changes_on: StatedDay


@dataclass(frozen=True)
class ChangedAnswer(Context):
    """What has changed since the answer before; `redrafted`: the person's own text went with it."""

    template: ClassVar[str] = "answers/changed.md"
    draft: bool
    lines: tuple[ChangedLine, ...]
    redrafted: bool


@dataclass(frozen=True)
class Section:
    """A section of a page, None for its beginning; `silent` where it does not say."""

    name: str | None
    silent: bool


@dataclass(frozen=True)
class Source:
    """A page, and its sections that an answer rests on."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Why(Context):
    """What the rules say that an answer rests on, a sentence each, and where."""

    template: ClassVar[str] = "answers/why.md"
    says: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Because(Context):
    """The rule for whose sake a question is asked."""

    template: ClassVar[str] = "answers/because.md"
    says: str
    title: str | None
    section: str | None
    silent: bool


# --- drafts


@dataclass(frozen=True)
class RequestOnTheDayAfter(Context):
    """What is asked for on the day after the window of so many days."""

    template: ClassVar[str] = "tickets/request_on_the_day_after.md"
    window: int


@dataclass(frozen=True)
class Draft(Context):
    """A ticket or message to be sent, in a route's own template, which uses what it needs of this.

    `lines` are the order's details, then the answers, as far as they are known; `details` and `facts` the
    same by id, `order` what tells it from others. `request` is what is asked for, by the verdict; `last_day`
    is None unless the window is open.
    """

    all_used: ClassVar[bool] = False
    case: str
    program: str | None
    support: str | None
    details: Mapping[str, str]
    facts: Mapping[str, str]
    order: str
    complete: bool
    lines: tuple[Line, ...]
    request: Stated
    last_day: StatedDay | None


# --- notices

Welcome = _plain("Welcome", "notices/welcome.md")
PrivateKey = _plain("PrivateKey", "notices/private_key.md")
KeyInForm = _plain("KeyInForm", "notices/private_key_in_form.md")
SentAgain = _plain("SentAgain", "notices/sent_again.md")
Intro = _plain("Intro", "notices/intro.md")
Pinned = _plain("Pinned", "notices/pin.md")
Failed = _plain("Failed", "notices/trouble.md")


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


@dataclass(frozen=True)
class CardChanged(Context):
    """What has changed since a case was handed over."""

    template: ClassVar[str] = "cards/changed.md"
    draft: bool
    lines: tuple[ChangedLine, ...]


# --- refusals and problems


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


NoAnswer = _plain("NoAnswer", "notices/problems/no_answer.md")
NotAnOrderId = _plain("NotAnOrderId", "notices/problems/not_an_order_id.md")
NotAHostName = _plain("NotAHostName", "notices/problems/not_a_host_name.md")
NotAnEmail = _plain("NotAnEmail", "notices/problems/not_an_email.md")
NotAUsername = _plain("NotAUsername", "notices/problems/not_a_username.md")
DetailTooLong = _plain("DetailTooLong", "notices/problems/detail_too_long.md")
TicketEmpty = _plain("TicketEmpty", "notices/problems/ticket_empty.md")
TicketTooLong = _plain("TicketTooLong", "notices/problems/ticket_too_long.md")
NothingToHandOver = _plain("NothingToHandOver", "notices/problems/nothing_to_hand_over.md")
NoAgents = _plain("NoAgents", "notices/problems/no_agents.md")
ShareLapsed = _plain("ShareLapsed", "notices/problems/share_lapsed.md")

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
    Trouble.HELD: contexts_desk.Held,
}

MODULES: Final = frozenset(
    {
        __name__,
        contexts_desk.__name__,
        contexts_home.__name__,
        contexts_lines.__name__,
        contexts_lists.__name__,
        contexts_mentions.__name__,
    }
)


def every() -> list[type[Context]]:
    """Return every context of certdesk's, one for each template."""
    found: list[type[Context]] = []
    left = Context.__subclasses__()
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if "template" in vars(kind) and kind.__module__ in MODULES:
            found.append(kind)
    return sorted(found, key=lambda kind: kind.template)
