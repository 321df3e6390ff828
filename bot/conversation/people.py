"""Who somebody is in Slack, where a case came from, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


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
class Mentioned:
    """Where somebody named certdesk: a channel, and the thread of it where it was in one."""

    channel: str
    thread: str | None = None


def case_name(number: int) -> str:
    """Return a case number as people say it: C-1042."""
    return f"C-{number}"
