"""Why a list of orders is not answered, or not to its end."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """Why; `templates/lists/failures.md` has the words for who sent it."""

    EMPTY = "empty"
    NO_TABLE = "no_table"
    NO_HEADER = "no_header"
    DAMAGED = "damaged"
    LOCKED = "locked"
    TOO_LARGE = "too_large"
    PRIVATE_KEY = "private_key"
    TOO_LONG = "too_long"
    TOO_MUCH_MEMORY = "too_much_memory"
    BROKEN = "broken"
