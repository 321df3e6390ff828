"""What a surface shows in its own way: a person, a channel, a moment. Only code makes these, never text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or channel by id; `label` stands where a surface cannot look the id up."""

    kind: Literal["user", "channel"]
    id: str

    @property
    def label(self) -> str:
        """Return the id with its sign."""
        return f"{'@' if self.kind == 'user' else '#'}{self.id}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, which Slack shows in the reader's own time zone."""

    at: datetime

    @property
    def label(self) -> str:
        """Return the moment in UTC, for surfaces that know no reader."""
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


Reference: TypeAlias = Mention | Moment
