"""The small values that a case is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.standing import Resolution, Standing
from policy.facts import Fact


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is in Slack: many resellers sit in another company's workspace, in a shared channel.

    `installation` is the team that installed certdesk, `team` the person's own, `user` the user id.
    """

    installation: str
    team: str
    user: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel a case was asked in, and the command's address to answer there until it lapses."""

    channel: str
    response_url: str | None = None
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered fact; `token` is the value in its one written form (see `bot.conversation.tokens`)."""

    fact: Fact
    token: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """A case in the hands of people: asked for at, who claimed it when, and where it stands.

    `since` is when it came to stand there, `talked_at` when somebody last said something; None where that was
    when it was asked for. `resolution` stays when a resolved case is closed. `passed_on`: the requester was
    told that their words are passed on.
    """

    asked_at: datetime
    claimed_by: Person | None = None
    claimed_at: datetime | None = None
    standing: Standing = Standing.WAITING
    since: datetime | None = None
    talked_at: datetime | None = None
    urgent: bool = False
    resolution: Resolution | None = None
    resolved_at: datetime | None = None
    passed_on: bool = False

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

    program: str | None = None
    requester: str | None = None
    reseller_username: str | None = None

    def token(self, fact: Fact) -> str | None:
        """Return the remembered answer to a fact, if it is one that is remembered."""
        return {Fact.PROGRAM: self.program, Fact.REQUESTER: self.requester}.get(fact)


def case_name(number: int) -> str:
    """Return a case number as people say it: C-1042."""
    return f"C-{number}"
