"""Who somebody is in Slack and what Slack says of them, where a case or message is, a case's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Posted:
    """A message's channel and timestamp, by which Slack finds it."""

    channel: str
    ts: str


class Kind(StrEnum):
    """What is behind a user id; only a person can be an agent."""

    PERSON = "person"
    BOT = "bot"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Account:
    """One user id. `zone` is an IANA name, `zone_offset` is in seconds; None if Slack does not say."""

    user: str
    kind: Kind
    name: str = ""
    team: str = ""
    zone: str | None = None
    zone_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent to whom a case can be given, and their name."""

    user: str
    name: str
