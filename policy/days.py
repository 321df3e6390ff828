"""Calendar arithmetic: the days of a refund window, and the day by which a credit is expected."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule

from policy.decision import Credit

__all__ = ["LATEST", "credit_due", "last_day", "length"]

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
