"""What the database's errors mean: a lost race is run again, a database that is away is waited for."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError


class FileGoneError(OSError):
    """The SQLite file was removed or replaced: what is written now would be lost."""


# The database is away, read-only, full, or too slow. This passes, and is not certdesk's fault.
AWAY: Final = (OperationalError, InterfaceError, InternalError, NoConnectionError, FileGoneError)

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_RACES: Final = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "23505",  # unique_violation: somebody else was faster
}
_LOCKED: Final = "55P03"  # lock_not_available


class UndoneError(Exception):
    """The transaction was rolled back, and may succeed if it is run again."""


def is_undone(error: DBAPIError) -> bool:
    """Tell whether an error before the commit means that running the same again may succeed.

    A connection that broke took the transaction with it, and the next one is new.
    """
    return error.connection_invalidated or _state(error) in _RACES


def is_about_others(error: BaseException) -> bool:
    """Tell whether an error only says that others are at work, too many or for too long."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnectionError)
    busy = str(getattr(error.orig, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
    return busy or _state(error) in {*_RACES, _LOCKED}


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
