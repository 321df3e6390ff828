"""The dates of a decision: a refund's last day, and the day on which the answer changes.

A leaf of the decision tree serves many fulfillment dates, so it keeps lengths of time, computed once when the
leaf is grown; added to the dates a person gives, they become dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from policy.decision import Window
from policy.facts import Fact, Facts

__all__ = ["Deadlines", "Turn", "Turns"]


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome changes exactly this long after the day of a fact."""

    fact: Fact
    after: timedelta

    def day(self, facts: Facts) -> date:
        """Return the date of the change."""
        return _day(facts, self.fact) + self.after


@dataclass(frozen=True, slots=True)
class Turns:
    """The outcome may change this long after the day of a fact; each such day has to be decided to know."""

    after: tuple[tuple[Fact, tuple[timedelta, ...]], ...]

    def days(self, facts: Facts, today: date) -> list[date]:
        """Return those of the days that are after `today`, ascending."""
        return sorted(day for day in self._all(facts) if day > today)

    def _all(self, facts: Facts) -> Iterator[date]:
        for fact, lengths in self.after:
            if isinstance(since := facts.get(fact), date):
                yield from (since + length for length in lengths)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the dates of a decision are computed from.

    `windows` determine the refund's last day, each with its length; `over` tells whether they have ended.
    `turn` says when the outcome changes, None if it never does.
    """

    windows: tuple[tuple[Window, timedelta], ...]
    over: bool
    turn: Turn | Turns | None

    def last_day(self, facts: Facts) -> tuple[date, Window] | tuple[None, None]:
        """Return the latest end of the windows if they are over, else the earliest, and its window."""
        last: tuple[date, Window] | tuple[None, None] = (None, None)
        for window, length in self.windows:
            end = _day(facts, window.fact) + length
            if last[0] is None or (end > last[0] if self.over else end < last[0]):
                last = (end, window)
        return last


def _day(facts: Facts, fact: Fact) -> date:
    """Return the date that is given for a fact. Raises TypeError if its answer is no date."""
    day = facts[fact]
    if not isinstance(day, date):
        raise TypeError(fact)
    return day
