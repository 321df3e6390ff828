"""Requests that were refused as not Slack's: one row for each likely cause, written once a minute at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from bot.store.coding import millis, moment
from bot.store.schema import refusals


class Cause(StrEnum):
    """The likely cause of a wrong signature or timestamp."""

    SECRET = "secret"  # noqa: S105  SLACK_SIGNING_SECRET is another app's, or was renewed
    CLOCK = "clock"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Unbelieved:
    """Refused requests: when the last one came, and how many came in the last minute that had any.

    `seconds_off` is how far this machine's clock is ahead of theirs. `believed_at` is when a request was last
    accepted, None if none was since the start.
    """

    cause: Cause
    at: datetime
    number: int
    seconds_off: int | None = None
    believed_at: datetime | None = None


class Refusals:
    """The refused requests, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, seen: Unbelieved) -> None:
        """Replace the row of its cause."""
        self._connection.execute(delete(refusals).where(refusals.c.cause == seen.cause))
        row = {
            "cause": seen.cause,
            "at": millis(seen.at),
            "number": seen.number,
            "seconds_off": seen.seconds_off,
            "believed_at": millis(seen.believed_at) if seen.believed_at else None,
        }
        self._connection.execute(insert(refusals).values(row))

    def all(self) -> list[Unbelieved]:
        """Return the row of each cause, the latest first."""
        found = self._connection.execute(select(refusals).order_by(refusals.c.at.desc())).mappings()
        return [
            Unbelieved(
                Cause(row["cause"]),
                moment(row["at"]),
                row["number"],
                row["seconds_off"],
                moment(row["believed_at"]) if row["believed_at"] is not None else None,
            )
            for row in found
        ]
