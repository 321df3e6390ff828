"""The reasons for which an order list is not answered, or not to its end."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """Why a list is not answered; `templates/lists/failures.md` has the words for the sender."""

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
