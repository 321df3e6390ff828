"""What Slack says about a user id: whether it is a person's, their name, and their time zone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
