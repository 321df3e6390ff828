"""One date as a text expresses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date as it is expressed in the tokens from `start` up to, not including, `end`.

    `days` is every date that it can mean, empty if there is no such day; if it is not `exact`, the first
    and last possible day. `loose`: a word such as *today*, which need not date an event. `weekday` and
    `numbered`: only *Tuesday*, or only *the 28th*, is said.
    """

    start: int
    end: int
    days: tuple[date, ...]
    exact: bool = True
    loose: bool = False
    weekday: bool = False
    numbered: bool = False
