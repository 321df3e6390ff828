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
    """A question, its answer (None if taken back), and the answer before (None if the same)."""

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
    """What some answers to an open question lead to: the verdict `then`, None if to another question.

    For a day there are no `answers` but `within`: at most so many days ago, None for longer.
    """

    answers: tuple[str, ...]
    within: int | None
    then: str | None


@dataclass(frozen=True)
class RefundVerdict(Context):
    """The verdict about the refund, in a template of its own, which uses what it needs of this.

    `lead` is what to do, as the heading of the way to cancel says it. `days_left` is 0 on the last day and -1
    on the day after. `issued`: there is a certificate. `depends_on` are the questions whose answers are
    missing, `a_day`: the first of them asks for a day; `meanings` are what its answers would lead to.
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
    """When a credit arrives: `expected` is the day by which it does if it is requested today."""

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
    """How to cancel, in a template of its own, which uses what it needs of this.

    `agents`: the case can be handed over. `complete`: the ticket lacks no detail. `open`: an answer is
    missing on which everything depends. The addresses are None until an operator fills them in.
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
    """From which day on there is another verdict: `then`, in words."""

    template: ClassVar[str] = "answers/changes/verdict.md"
    changes_on: StatedDay
    then: str


@dataclass(frozen=True)
class OtherRouteLater(Context):
    """From which day on there is another way to cancel."""

    template: ClassVar[str] = "answers/changes/route.md"
    changes_on: StatedDay


@dataclass(frozen=True)
class QuestionLater(Context):
    """From which day on the answer depends on one more question."""

    template: ClassVar[str] = "answers/changes/question.md"
    changes_on: StatedDay


@dataclass(frozen=True)
class ChangedAnswer(Context):
    """What has changed since the previous answer; `redrafted`: the person's own draft was discarded."""

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
    """The rule because of which a question is asked."""

    template: ClassVar[str] = "answers/because.md"
    says: str
    title: str | None
    section: str | None
    silent: bool


# --- drafts


@dataclass(frozen=True)
class RequestOnTheDayAfter(Context):
    """What is requested on the day after the window of so many days."""

    template: ClassVar[str] = "tickets/request_on_the_day_after.md"
    window: int


@dataclass(frozen=True)
class Draft(Context):
    """A ticket or message to send, in a template of its own, which uses what it needs of this.

    `lines` are the order's details, then the answers, as far as they are known; `details` and `facts` are the
    same by id, `order` is what identifies it. `request` is what is requested, by the verdict; `last_day` is
    None unless the window is open.
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
