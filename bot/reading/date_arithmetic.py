"""Reckon the days that numbers, months and spans can mean. Days to come are among them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

SHORT_YEAR_SPAN: Final = 10
YEARS_BETWEEN_LEAP_DAYS: Final = 9
MOST_DAYS_BACK: Final = 4000
CENTURY: Final = 2000
APPROXIMATE_DAYS: Final = 3  # days to each side of a day that is said to be about right
DECEMBER: Final = 12

_LENGTHS: Final = {"minute": 0, "hour": 0, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}


def real_date(year: int, month: int, day: int) -> tuple[date, ...]:
    """Return the day of that name, nothing where there is none."""
    try:
        return (date(year, month, day),)
    except (ValueError, OverflowError):
        return ()


def sorted_unique(days: Iterable[date]) -> tuple[date, ...]:
    """Return days in order, each once."""
    return tuple(sorted(set(days)))


@lru_cache(maxsize=1000)
def latest_occurrence(month: int, day: int, today: date) -> tuple[date, ...]:
    """Return the latest such day that has come; it takes up to nine years to find a 29th of February."""
    years = range(today.year, today.year - YEARS_BETWEEN_LEAP_DAYS, -1)
    come = (days for year in years if (days := real_date(year, month, day)) and days[0] <= today)
    return next(come, ())


def latest_day_of_month(day: int, today: date) -> tuple[date, ...]:
    """Return the latest day of that number that has come."""
    year, month = today.year, today.month
    for _ in range(YEARS_BETWEEN_LEAP_DAYS):
        if (days := real_date(year, month, day)) and days[0] <= today:
            return days
        year, month = (year, month - 1) if month > 1 else (year - 1, DECEMBER)
    return ()


def day_of_last_month(day: int, today: date) -> tuple[date, ...]:
    """Return the day of that number in the month before this one."""
    last = today.replace(day=1) - timedelta(days=1)
    return real_date(last.year, last.month, day)


def both_orders(first: int, second: int, year: int, *, day_first: bool) -> tuple[date, ...]:
    """Return day and month in both orders, or the day first only."""
    days = real_date(year, second, first)
    return sorted_unique(days if day_first else (*days, *real_date(year, first, second)))


def both_orders_short_year(
    parts: tuple[int, int, int], today: date, mark: str, *, day_first: bool
) -> tuple[date, ...]:
    """Return the orders of a date whose year has two digits, that of ISO 8601 only between hyphens."""
    first, second, year = parts
    days = both_orders(first, second, full_year(year, today), day_first=day_first)
    if mark == "-":
        days += real_date(CENTURY + first, second, year)
    near = [day for day in days if 0 <= today.year - day.year <= SHORT_YEAR_SPAN]
    return sorted_unique(near or days)


def full_year(short: int, today: date) -> int:
    """Return the year of two digits: of this century, or of the last where that has not come."""
    year = CENTURY + short
    return year if year <= today.year + 1 else year - 100


def both_orders_yearless(first: int, second: int, today: date, *, day_first: bool) -> tuple[date, ...]:
    """Return the latest day of each order that has come."""
    days = latest_occurrence(second, first, today)
    return sorted_unique(days if day_first else (*days, *latest_occurrence(first, second, today)))


def units_ago(today: date, unit: str, count: int) -> tuple[date, ...]:
    """Return the day some units ago; a month is taken for 30 days."""
    days = _LENGTHS[unit] * count
    return (today - timedelta(days=days),) if days <= MOST_DAYS_BACK else ()


def latest_weekday(weekday: int, today: date, *, last: bool, coming: bool) -> date:
    """Return the latest such weekday; `last` is before today, `coming` after."""
    days = (today.weekday() - weekday) % 7
    day = today - timedelta(days=7 if last and days == 0 else days)
    return day + timedelta(days=7) if coming else day


def weekday_last_week(weekday: int, today: date) -> date:
    """Return the weekday of the week before today's."""
    return today - timedelta(days=today.weekday() + 7 - weekday)


def month_span(year: int, month: int, today: date) -> tuple[date, ...]:
    """Return the first and the last day of a month, as far as it has come."""
    first = date(year, month, 1)
    after = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    last = after - timedelta(days=1)
    return (first, min(last, today)) if first <= today else (first, last)


def around(days: Iterable[date]) -> tuple[date, ...]:
    """Return the ends of the time around days that are said to be about right."""
    known = sorted(days)
    if not known:
        return ()
    reach = timedelta(days=APPROXIMATE_DAYS)
    return (known[0] - reach, known[-1] + reach)
