"""How the tables store numbers and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.conversation.case import FIRST_NUMBER

SHELF: Final = FIRST_NUMBER - 1  # added to a row's id to get the case's number
EPOCH: Final = datetime.fromtimestamp(0, UTC)
LAST: Final = 253_402_300_799_999  # the last millisecond that a datetime can hold


def millis(at: datetime) -> int:
    """Return a moment as the tables store it: in epoch milliseconds."""
    return int(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    """Return the moment of epoch milliseconds, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)


def micros(at: datetime) -> int:
    """Return a moment in epoch microseconds, for columns in which Slack's order of two moments matters."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment_of_micros(at: int) -> datetime:
    """Return the moment of epoch microseconds, in UTC."""
    return EPOCH + timedelta(microseconds=at)


def try_moment(at: object) -> datetime | None:
    """Return the moment in a column, None if it is damaged."""
    return moment(at) if isinstance(at, int) and 0 <= at <= LAST else None


def number_of(row_id: int | None) -> int | None:
    """Return the case's number for a row's id."""
    return None if row_id is None else row_id + SHELF


def try_number(row_id: object) -> int | None:
    """Return the case's number in a column, None if it is empty or damaged."""
    return row_id + SHELF if isinstance(row_id, int) else None


def key_of(made: Any) -> int:  # noqa: ANN401  SQLAlchemy's row, which is typed as anything
    """Return the key of an inserted row."""
    return int(made[0])
