"""A case: what one person asked and answered, as one frozen value.

Whatever can be derived from the answers (the next question, the decision, the ticket) is derived, never
stored beside them; `bot.conversation.derive` does so. What was last *shown* is kept, to tell when it no
longer holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.conversation.handoff import HELD, Standing
from bot.conversation.people import Answer, Basis, Handoff, Origin, Person, Remembered, Source, case_name
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import Result
from policy.facts import Detail, Fact

FIRST_NUMBER: Final = 1001
NOTHING: Final = Remembered()


class Surface(StrEnum):
    """Where the interview of a case goes on; a case keeps its surface."""

    MODAL = "modal"
    DM = "dm"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class ShownResult:
    """The result that the person was last shown, and the slot of its message."""

    result: Result
    slot: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question of one person, from the first click to the agent who took it.

    `answers` keeps every answer given, in order, also those that another answer made pointless.
    `revisiting` is an answered fact that is being asked again. `offered` are details to offer as already
    typed. `revision` counts the changes of all this, not of what was shown: `posted` counts the messages
    posted for the case, `asked_in` is the slot of the open question, `outcome` the result that stands,
    `basis` what the result before it was drawn from. Nor does it count `sources`: which message was typed to
    which question, one for each. `sent_at` is when the requester said that the request is out, `credited`
    that the credit came, `stopped` are the reminders that nobody wants, `relayed` the requester's messages
    that stand in the card's thread, `amended` when each of these was changed last.
    """

    number: int
    person: Person
    surface: Surface
    revision: int = 1
    origin: Origin | None = None
    remembered: Remembered = NOTHING
    answers: tuple[Answer, ...] = ()
    revisiting: Fact | None = None
    details: tuple[tuple[Detail, str], ...] = ()
    offered: tuple[tuple[Detail, str], ...] = ()
    details_closed: bool = False
    ticket: str | None = None
    posted: int = 0
    asked_in: str | None = None
    outcome: ShownResult | None = None
    handoff: Handoff | None = None
    sent_at: datetime | None = None
    credited: bool = False
    stopped: tuple[Reminder, ...] = ()
    relayed: tuple[str, ...] = ()
    amended: tuple[tuple[str, str], ...] = ()
    basis: Basis | None = None
    sources: tuple[Source, ...] = ()

    @property
    def name(self) -> str:
        """Return the number as people say it: C-1042."""
        return case_name(self.number)

    @property
    def standing(self) -> Standing:
        """Return where the case stands between people."""
        return self.handoff.standing if self.handoff is not None else Standing.NEW

    @property
    def held(self) -> bool:
        """Tell whether an agent has the case, so that the bot does not answer in it."""
        return self.standing in HELD

    def token(self, fact: Fact) -> str | None:
        """Return the answer given to a fact, or None where there is none."""
        return next((answer.token for answer in self.answers if answer.fact == fact), None)

    def given(self, asked: Fact | Detail) -> str | None:
        """Return what was answered to a question, or None where nothing was."""
        return self.token(asked) if isinstance(asked, Fact) else dict(self.details).get(asked)

    def source(self, message: str) -> Source | None:
        """Return what a typed message answered, or tried to."""
        return next((source for source in self.sources if source.message == message), None)

    def without(self, facts: Collection[Fact]) -> Case:
        """Return the case without the answers to these facts."""
        return replace(self, answers=tuple(a for a in self.answers if a.fact not in facts))

    def with_answers(self, tokens: dict[Fact, str]) -> Case:
        """Return the case with these answers set; one that was there keeps its place."""
        kept = tuple(Answer(a.fact, tokens.get(a.fact, a.token)) for a in self.answers)
        known = {answer.fact for answer in self.answers}
        fresh = tuple(Answer(fact, token) for fact, token in tokens.items() if fact not in known)
        return replace(self, answers=kept + fresh)
