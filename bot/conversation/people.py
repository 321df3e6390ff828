"""Who somebody is in Slack, where a case came from, and how it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is in Slack: a user id in an installation.

    The installation is the team, or the organization, that installed certdesk. `team` is only shown and not
    part of the identity, because payloads name different teams of one person.
    """

    installation: str
    team: str = field(compare=False)
    user: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel in which a case was asked, and the command's response URL until it lapses."""

    channel: str
    response_url: str | None = None
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Where somebody mentioned certdesk: the channel, and the thread if it was in one."""

    channel: str
    thread: str | None = None


def case_name(number: int) -> str:
    """Return a case number as people say it: C-1042."""
    return f"C-{number}"
