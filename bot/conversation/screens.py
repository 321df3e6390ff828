"""What there is to see of a case, as data: every surface draws the same screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from bot.conversation.answer_tokens import Asked
from bot.conversation.handoff import Handoff
from bot.conversation.interview import Answer, Change
from bot.conversation.people import Origin, Person
from bot.conversation.problems import Problem
from bot.conversation.reminder_kinds import ScheduledReminder
from bot.reading.pasted_certificates import Note
from policy.decision import Citation, Credit, Decision, Verdict
from policy.facts import Detail, Fact
from policy.vocabulary import FactKind


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the rule, what it says in our words, and where its page says so."""

    rule: str
    says: str
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Contacts:
    """The addresses that an operator filled in for a program; `support` is to whom drafts are addressed."""

    support: str = ""
    portal: str = ""
    support_form: str = ""
    support_email: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was read in a text: an answer or a detail, in its written form.

    `words` name the product that states it. `offered`: the text does not state it for certain. `hint`: it is
    a certificate's first day.
    """

    of: Asked
    value: str
    words: str = ""
    offered: bool = False
    hint: bool = False


@dataclass(frozen=True, slots=True)
class OneOrder:
    """One of several orders that a text names: what it is called, and what the text says about it."""

    name: str
    tokens: tuple[tuple[Fact, str], ...] = ()
    details: tuple[tuple[Detail, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Everything that was read in a text, to be shown and corrected; `orders` are the several that it names.

    `notes` are what to say about a certificate in it. `each` is what it says about each of the orders, empty
    if that cannot be told.
    """

    items: tuple[Understood, ...]
    program: str | None = None
    orders: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    each: tuple[OneOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question, `number` of at most `of`; `chosen` is offered as already chosen.

    `agents`: the case can be handed over. `stuck`: two texts in a row could not be read.
    """

    case: int
    revision: int
    fact: Fact
    kind: FactKind
    choices: tuple[str, ...]
    number: int
    of: int
    chosen: str | None
    latest: date
    reason: Reason
    answers: tuple[Answer, ...]
    problem: Problem | None = None
    why: bool = False
    agents: bool = False
    stuck: bool = False
    read: ReadBack | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """The details that the ticket needs, after the verdict; `values` are offered as already typed.

    `stuck`: two texts in a row could not be read. `begins`: none had been given when they were asked for.
    """

    case: int
    revision: int
    wanted: tuple[Detail, ...]
    values: tuple[tuple[Detail, str], ...]
    result: Result
    problems: tuple[Problem, ...] = ()
    stuck: bool = False
    begins: bool = True
    read: ReadBack | None = None

    @property
    def left(self) -> tuple[Detail, ...]:
        """Return the details that have not been given yet."""
        known = dict(self.result.details)
        return tuple(detail for detail in self.wanted if detail not in known)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one answer to an open question leads to: the verdict `then`, None if to another question.

    The answer is a `token`, or a day `within` so many days ago; if both are None, any longer ago.
    """

    fact: Fact
    token: str | None
    within: int | None
    then: Verdict | None


@dataclass(frozen=True, slots=True)
class Result:
    """The answer, with everything that the reply says; `then` is the verdict from `decision.changes_on` on.

    `reminders` are those that the requester will still get, `awaited` is the credit of a request that was
    sent, `credited`: it came. `changes` are those since the previous result; `redrafted`: they discarded the
    person's own draft. `missing` are details that the draft needs, `optional` those that it may hold as well.
    `meanings` are what the answers to the first unknown fact would lead to.
    """

    case: int
    revision: int
    on: date
    decision: Decision
    then: Verdict | None
    answers: tuple[Answer, ...]
    program: str | None
    contacts: Contacts
    reasons: tuple[Reason, ...]
    details: tuple[tuple[Detail, str], ...]
    missing: tuple[Detail, ...]
    ticket: str | None
    handoff: Handoff | None
    agents: bool
    share_until: datetime | None
    reminders: tuple[ScheduledReminder, ...] = ()
    awaited: Credit | None = None
    credited: bool = False
    problem: Problem | None = None
    changes: tuple[Change, ...] = ()
    redrafted: bool = False
    optional: tuple[Detail, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    read: ReadBack | None = None


@dataclass(frozen=True, slots=True)
class TicketEditor:
    """The drafted text, open for editing."""

    result: Result
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """An answered question: what is left of its message, and what the answer was before."""

    case: int
    answers: tuple[Answer, ...]
    details: tuple[tuple[Detail, str], ...] = ()
    changes: tuple[Change, ...] = ()
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """A result that no longer holds, since a day; its ticket must not be sent any more."""

    result: Result
    since: date


class Asking(StrEnum):
    """What has become of messages whose writer was asked which case they are about.

    Each has its template `notices/whose/<asking>.md`.
    """

    OPEN = "open"
    IN_DOUBT = "in_doubt"
    MOVING = "moving"
    BELOW = "below"
    CHOSEN = "chosen"
    PASSED_ON = "passed_on"
    KEPT = "kept"
    BEGAN = "began"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """A case to choose, and what its requester calls the order, if that is known."""

    case: int
    order: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """The question which case some messages are about, and what came of it.

    `messages` are the keys of their receipts, `choices` the cases that are offered, `asked_under` the one
    that the question belongs to, `case` the one that was chosen; `agents`: it can be handed over.
    """

    messages: tuple[str, ...]
    choices: tuple[CaseChoice, ...]
    asking: Asking
    asked_under: int
    case: int = 0
    order: str = ""
    agents: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The case as agents see it; `result` is None if it was handed over in mid-interview.

    `reminders` are those that the agents will still get, `changes` those since the handover, `same_orders`
    other cases about the same order.
    """

    case: int
    revision: int
    requester: Person
    origin: Origin | None
    answers: tuple[Answer, ...]
    result: Result | None
    handoff: Handoff
    reminders: tuple[ScheduledReminder, ...] = ()
    changes: tuple[Change, ...] = ()
    same_orders: tuple[int, ...] = ()


Screen: TypeAlias = Question | Details | Result


@dataclass(frozen=True, slots=True)
class Listed:
    """One case in a person's list of cases, as it is now."""

    case: int
    screen: Screen
