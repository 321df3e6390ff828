"""The days of a decision: the last one of a refund, and the one on which the answer changes.

A leaf of the tree holds for many days of fulfillment, so it holds lengths, worked out once as it was grown;
with the days that are given they become dates.
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
    """The outcome becomes another so long after the day of a fact, and not before."""

    fact: Fact
    after: timedelta

    def day(self, facts: Facts) -> date:
        """Return that day."""
        return _day(facts, self.fact) + self.after


@dataclass(frozen=True, slots=True)
class Turns:
    """The outcome may become another so long after the day of a fact, or not; each has to be decided on."""

    after: tuple[tuple[Fact, tuple[timedelta, ...]], ...]

    def days(self, facts: Facts, today: date) -> list[date]:
        """Return those of the days that are still to come, ascending."""
        return sorted(day for day in self._all(facts) if day > today)

    def _all(self, facts: Facts) -> Iterator[date]:
        for fact, lengths in self.after:
            if isinstance(since := facts.get(fact), date):
                yield from (since + length for length in lengths)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the days of a decision hang on.

    `windows` are those that the refund's last day is counted by, with their lengths; `turn` says when the
    outcome becomes another, None where it never does.
    """

    windows: tuple[tuple[Window, timedelta], ...]
    over: bool
    turn: Turn | Turns | None

    def last_day(self, facts: Facts) -> tuple[date, Window] | tuple[None, None]:
        """Return the latest end of the windows where they are over, else the earliest, with its window."""
        last: tuple[date, Window] | tuple[None, None] = (None, None)
        for window, length in self.windows:
            end = _day(facts, window.fact) + length
            if last[0] is None or (end > last[0] if self.over else end < last[0]):
                last = (end, window)
        return last


def _day(facts: Facts, fact: Fact) -> date:
    """Return the day that a fact is known to have."""
    day = facts[fact]
    if not isinstance(day, date):
        raise TypeError(fact)
    return day
