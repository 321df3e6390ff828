"""What a text says of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A day as it is said, in the tokens from `start` up to but not with `end`.

    `days` are all that it can mean, none where there is no such day; the ends of it where it is not `exact`.
    `loose`: a word such as *today*, which need not tell of an event. `weekday` and `numbered`: no more than
    *Tuesday* or *the 28th* is said.
    """

    start: int
    end: int
    days: tuple[date, ...]
    exact: bool = True
    loose: bool = False
    weekday: bool = False
    numbered: bool = False
