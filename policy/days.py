"""Calendar arithmetic: a refund's last day, the day of a credit, the day on which the answer changes.

A leaf of the decision tree serves many fulfillment dates, so it keeps lengths of time, computed once when the
leaf is grown; added to the dates a person gives, they become dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule

from policy.decision import Credit, Window
from policy.facts import Fact, Facts

__all__ = ["LATEST", "Deadlines", "Turn", "Turns", "credit_due", "last_day", "length"]

# The last date that is accepted, so that a window that follows it still ends within Python's calendar.
LATEST: Final = date(9000, 12, 31)

_SOME_DAY: Final = date(2026, 1, 1)
_HOURS_A_DAY: Final = 24
_BUSINESS: Final = (MO, TU, WE, TH, FR)


def last_day(since: date, days: int) -> date:
    """Return the last day of a window: `days` days after `since`.

    Raises:
        OverflowError: The day would lie after the year 9999; dates up to `LATEST` are safe.
    """
    return since + length(days)


def credit_due(requested_on: date, credit: Credit) -> date:
    """Return the day by which a credit is expected (not promised) if the refund is requested that day.

    Hours are rounded up to whole days. Business days are Monday to Friday: neither page says whose holidays
    count, so none do.
    """
    if credit.unit == "hours":
        return last_day(requested_on, -(-credit.amount // _HOURS_A_DAY))
    start = datetime.combine(last_day(requested_on, 1), time())
    return list(rrule(DAILY, dtstart=start, byweekday=_BUSINESS, count=credit.amount))[-1].date()


@cache
def length(days: int) -> timedelta:
    """Return a number of days as a `timedelta`."""
    return _SOME_DAY + relativedelta(days=days) - _SOME_DAY


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
