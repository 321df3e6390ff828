"""The exact contexts of an answer: refund, cancellation, what changes them later, why, and its drafts.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.environment import Context, plain
from bot.render.stated import Stated, StatedDay
from bot.render.typed import Trusted


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

Advice = plain(__name__, "Advice", "answers/advice.md")


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
