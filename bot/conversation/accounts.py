"""What Slack says of a user id: whether a person is behind it, their name, where and when they live."""

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
    """One user id. `zone` is an IANA name and `zone_offset` its seconds, None where Slack does not say."""

    user: str
    kind: Kind
    name: str = ""
    team: str = ""
    zone: str | None = None
    zone_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent whom a case can be given to, and what to call them."""

    user: str
    name: str
