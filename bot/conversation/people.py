"""The small values that a case is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.handoff import Outcome, Standing
from policy.facts import PROGRAM, Detail, Fact


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is in Slack: a user id in an installation.

    The installation is the team, or the organization, that installed certdesk. `team` is for showing and no
    part of who they are: payloads name now one team of a person, now another.
    """

    installation: str
    team: str = field(compare=False)
    user: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel a case was asked in, and the command's address to answer there until it lapses."""

    channel: str
    response_url: str | None = None
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered fact; `token` is the value in its one written form (see `answer_tokens`)."""

    fact: Fact
    token: str


@dataclass(frozen=True, slots=True)
class Source:
    """A typed message that answered, or tried to: what it was asked, and what else it made certain.

    `message` is the key of its receipt, `slot` the message that asked. `at` is the moment of its latest edit
    as Slack writes it, by which edits are put in order; empty before the first.
    """

    message: str
    asked: Asked
    also: tuple[Fact, ...] = ()
    slot: str | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What was shown, to tell what has changed since; `own_text`: the draft was the person's own."""

    answers: tuple[Answer, ...]
    details: tuple[tuple[Detail, str], ...]
    own_text: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One answer or detail before and after; `after` is None where it was taken back."""

    of: Asked
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Handoff:
    """A case in the hands of people: asked for at, who claimed it when, and where it stands.

    `since` is when it came to stand there, `talked_at` when somebody last said something; None where that was
    when it was asked for. `outcome` stays when a resolved case is closed. `passed_on`: the requester was
    told that their words are passed on. `basis` is what the case was when it was handed over.
    """

    asked_at: datetime
    claimed_by: Person | None = None
    claimed_at: datetime | None = None
    standing: Standing = Standing.WAITING
    since: datetime | None = None
    talked_at: datetime | None = None
    urgent: bool = False
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    passed_on: bool = False
    basis: Basis | None = None

    @property
    def began(self) -> datetime:
        """Return since when the case stands where it does."""
        return self.since or self.asked_at

    @property
    def stirred(self) -> datetime:
        """Return when something last happened between people."""
        return max(self.began, self.talked_at or self.began)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a person from case to case, and offered as already chosen."""

    answers: tuple[Answer, ...] = ()
    details: tuple[tuple[Detail, str], ...] = ()

    def token(self, fact: Fact) -> str | None:
        """Return the remembered answer to a fact, if it is one that is remembered."""
        return next((answer.token for answer in self.answers if answer.fact == fact), None)


def program_in(answers: Iterable[Answer]) -> str | None:
    """Return the program that some answers name, None where none does."""
    return next((answer.token for answer in answers if answer.fact == PROGRAM), None)


def case_name(number: int) -> str:
    """Return a case number as people say it: C-1042."""
    return f"C-{number}"
