"""A case: what one person asked and answered, as one frozen value in parts.

Whatever can be derived from the answers (the next question, the decision, the ticket) is derived by
`bot.conversation.derive` and never stored beside them. What was last *shown* is stored, to tell when it no
longer holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.conversation.handoff import HELD, SETTLED, Handoff, Standing
from bot.conversation.interview import Basis, Interview, Remembered
from bot.conversation.people import Mentioned, Origin, Person, case_name
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import ReadBack, Result
from policy import Policy
from policy.facts import Detail, Fact
from policy.vocabulary import DetailKind

FIRST_NUMBER: Final = 1001
NOTHING: Final = Remembered()
RELAYED_KEPT: Final = 100


class Surface(StrEnum):
    """Where the interview of a case takes place; a case keeps its surface."""

    MODAL = "modal"
    DM = "dm"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class ShownResult:
    """The result that was last shown to the person, and the slot of its message."""

    result: Result
    slot: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person has in front of them.

    `posted` counts the messages posted for the case. `asked_in` is the slot of the open question, `latest`
    the result that holds, `basis` what the result before it was drawn from.
    """

    posted: int = 0
    asked_in: str | None = None
    latest: ShownResult | None = None
    basis: Basis | None = None

    @property
    def next_slot(self) -> str:
        """Return the slot of the next message."""
        return f"message-{self.posted + 1}"

    def with_question_posted(self) -> Shown:
        """Return it with the open question in the next slot."""
        return replace(self, posted=self.posted + 1, asked_in=self.next_slot)

    def without_question(self) -> Shown:
        """Return it with no question open."""
        return replace(self, asked_in=None)

    def with_result_posted(self, result: Result) -> Shown:
        """Return it with a result in the next slot."""
        return replace(self, posted=self.posted + 1, latest=ShownResult(result, self.next_slot))

    def with_result_redrawn(self, result: Result) -> Shown:
        """Return it with another result in the slot of the latest one."""
        return replace(self, latest=replace(self.latest, result=result) if self.latest else None)

    def with_result_retired(self, basis: Basis) -> Shown:
        """Return it with no result that holds; `basis` is what the latest one was drawn from."""
        return replace(self, latest=None, basis=basis)


@dataclass(frozen=True, slots=True)
class Relay:
    """The requester's messages that were passed on into the card's thread, by the keys of their receipts.

    `edits` are the timestamps of the latest changes to some of them.
    """

    messages: tuple[str, ...] = ()
    edits: tuple[tuple[str, str], ...] = ()

    def edited_at(self, message: str) -> str:
        """Return when a message was last changed, an empty text if never."""
        return dict(self.edits).get(message, "")

    def with_message(self, message: str) -> Relay:
        """Return it with one more message; if there are too many, the oldest is dropped."""
        messages = (*self.messages, message)[-RELAYED_KEPT:]
        return Relay(messages, tuple(edit for edit in self.edits if edit[0] in messages))

    def with_edit(self, message: str, at: str) -> Relay:
        """Return it with a message changed at a moment."""
        return replace(self, edits=tuple((dict(self.edits) | {message: at}).items()))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What happened after the answer.

    `sent_at` is when the requester said that they sent the request, `credited` means that the credit came,
    `stopped` are the reminders that somebody stopped.
    """

    sent_at: datetime | None = None
    credited: bool = False
    stopped: tuple[Reminder, ...] = ()

    def with_stopped(self, reminder: Reminder) -> FollowUp:
        """Return it with one more reminder stopped."""
        return replace(self, stopped=(*self.stopped, reminder))


@dataclass(frozen=True, slots=True)
class Invitation:
    """The Start button that answered a mention in a channel. It `waits` until the person begins.

    `read` is what was read in their message; `leaked`: it reported a leaked key.
    """

    place: Mentioned
    at: datetime
    read: ReadBack | None = None
    leaked: bool = False
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One question of one person, from the first click to the agent who took it.

    `revision` counts the changes of the case, but not posted or typed messages. `same_orders` are the other
    cases about the same order that were mentioned.
    """

    number: int
    person: Person
    surface: Surface
    revision: int = 1
    origin: Origin | None = None
    remembered: Remembered = NOTHING
    interview: Interview = field(default_factory=Interview)
    shown: Shown = field(default_factory=Shown)
    handoff: Handoff | None = None
    relay: Relay = field(default_factory=Relay)
    follow_up: FollowUp = field(default_factory=FollowUp)
    same_orders: tuple[int, ...] = ()
    invitation: Invitation | None = None

    @property
    def name(self) -> str:
        """Return the number as people say it: C-1042."""
        return case_name(self.number)

    @property
    def standing(self) -> Standing:
        """Return where the case stands between people."""
        return self.handoff.standing if self.handoff is not None else Standing.NEW

    @property
    def duplicate_of(self) -> int | None:
        """Return the number of the case that replaces this one, None if this is no duplicate."""
        settled = self.handoff is not None and self.handoff.standing in SETTLED
        return self.handoff.duplicate_of if self.handoff is not None and settled else None

    def with_same_order(self, number: int) -> Case:
        """Return the case with one more about the same order."""
        return replace(self, same_orders=(*self.same_orders, number))

    @property
    def held(self) -> bool:
        """Tell whether an agent has the case, so that the bot does not answer in it."""
        return self.standing in HELD

    @property
    def is_invited(self) -> bool:
        """Tell whether the person was invited but has not begun yet, so that nothing is asked of them."""
        return self.invitation is not None and self.invitation.waits

    @property
    def program(self) -> str | None:
        """Return the answered program, None if there is none."""
        return self.interview.program

    def without(self, given: Collection[Fact | Detail]) -> Case:
        """Return the case without these answers and details."""
        return replace(self, interview=self.interview.without(given))

    def with_answers(self, tokens: Mapping[Fact, str]) -> Case:
        """Return the case with these answers set; one that was there keeps its place."""
        return replace(self, interview=self.interview.with_answers(tokens))

    def with_revisiting(self, fact: Fact | None) -> Case:
        """Return the case with an answered fact being asked again, or with none."""
        return replace(self, interview=replace(self.interview, revisiting=fact))

    def with_given_up(self, *, given_up: bool) -> Case:
        """Return the case given up, or resumed."""
        return replace(self, interview=replace(self.interview, given_up=given_up))

    def with_ticket(self, ticket: str | None) -> Case:
        """Return the case with the draft as the person wrote it, or with none."""
        return replace(self, interview=replace(self.interview, ticket=ticket))


def identifying(policy: Policy, program: str | None, given: Mapping[Detail, str]) -> list[str]:
    """Return the details that identify an order, as typed, host names first."""
    specs = [spec for spec in policy.details(program).values() if spec.identifies and spec.id in given]
    return [given[spec.id] for spec in sorted(specs, key=lambda spec: spec.kind is not DetailKind.HOST)]


def orders_of(policy: Policy, case: Case) -> frozenset[tuple[str | None, Detail, str]]:
    """Return what identifies a case's order: another case that shares any of it is about the same order."""
    specs, given = policy.details(case.program), dict(case.interview.details)
    named = {
        (case.program, detail, given[detail])
        for detail, spec in specs.items()
        if spec.identifies and detail in given
    }
    return frozenset(named) if case.program is not None else frozenset()


def order_of(policy: Policy, case: Case) -> str:
    """Return what an order is called in a list; empty if nothing that identifies it was given."""
    return next(iter(identifying(policy, case.program, dict(case.interview.details))), "")
