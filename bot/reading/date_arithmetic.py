"""Compute the dates that numbers, months and time spans can mean, future dates included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

SHORT_YEAR_SPAN: Final = 10
YEARS_BETWEEN_LEAP_DAYS: Final = 9
MOST_DAYS_AGO: Final = 4000
CENTURY: Final = 2000
APPROXIMATE_DAYS: Final = 3  # either side of a date that is only approximate
DECEMBER: Final = 12

_DAYS_IN: Final = {"minute": 0, "hour": 0, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}


def real_date(year: int, month: int, day: int) -> tuple[date, ...]:
    """Return the date, or nothing if there is no such day."""
    try:
        return (date(year, month, day),)
    except (ValueError, OverflowError):
        return ()


def sorted_unique(days: Iterable[date]) -> tuple[date, ...]:
    """Return dates in order, each once."""
    return tuple(sorted(set(days)))


@lru_cache(maxsize=1000)
def latest_occurrence(month: int, day: int, today: date) -> tuple[date, ...]:
    """Return the latest such day up to today; 29 February can be nine years back."""
    years = range(today.year, today.year - YEARS_BETWEEN_LEAP_DAYS, -1)
    come = (days for year in years if (days := real_date(year, month, day)) and days[0] <= today)
    return next(come, ())


def latest_day_of_month(day: int, today: date) -> tuple[date, ...]:
    """Return the latest day of the month with that number, up to today."""
    year, month = today.year, today.month
    for _ in range(YEARS_BETWEEN_LEAP_DAYS):
        if (days := real_date(year, month, day)) and days[0] <= today:
            return days
        year, month = (year, month - 1) if month > 1 else (year - 1, DECEMBER)
    return ()


def day_of_last_month(day: int, today: date) -> tuple[date, ...]:
    """Return the day with that number in the previous month."""
    last = today.replace(day=1) - timedelta(days=1)
    return real_date(last.year, last.month, day)


def both_orders(first: int, second: int, year: int, *, day_first: bool) -> tuple[date, ...]:
    """Return the dates that two numbers and a year can mean; `day_first` rules out the month first."""
    days = real_date(year, second, first)
    return sorted_unique(days if day_first else (*days, *real_date(year, first, second)))


def both_orders_short_year(
    parts: tuple[int, int, int], today: date, mark: str, *, day_first: bool
) -> tuple[date, ...]:
    """Return the dates that three numbers can mean, with two-digit years; year first only with hyphens."""
    first, second, year = parts
    days = both_orders(first, second, full_year(year, today), day_first=day_first)
    if mark == "-":
        days += real_date(CENTURY + first, second, year)
    near = [day for day in days if 0 <= today.year - day.year <= SHORT_YEAR_SPAN]
    return sorted_unique(near or days)


def full_year(short: int, today: date) -> int:
    """Return the year that two digits mean: in this century up to next year, else in the last one."""
    year = CENTURY + short
    return year if year <= today.year + 1 else year - 100


def both_orders_yearless(first: int, second: int, today: date, *, day_first: bool) -> tuple[date, ...]:
    """Return the latest date up to today for each order of two numbers without a year."""
    days = latest_occurrence(second, first, today)
    return sorted_unique(days if day_first else (*days, *latest_occurrence(first, second, today)))


def units_ago(today: date, unit: str, count: int) -> tuple[date, ...]:
    """Return the date that many units ago, with months of 30 days; nothing if that is too long ago."""
    days = _DAYS_IN[unit] * count
    return (today - timedelta(days=days),) if days <= MOST_DAYS_AGO else ()


def latest_weekday(weekday: int, today: date, *, last: bool, coming: bool) -> date:
    """Return the latest such weekday up to today; `last`: before today; `coming`: the one after that."""
    days = (today.weekday() - weekday) % 7
    day = today - timedelta(days=7 if last and days == 0 else days)
    return day + timedelta(days=7) if coming else day


def weekday_last_week(weekday: int, today: date) -> date:
    """Return that weekday of last week."""
    return today - timedelta(days=today.weekday() + 7 - weekday)


def month_span(year: int, month: int, today: date) -> tuple[date, ...]:
    """Return the first and last day of a month; of the current month, the first day and today."""
    first = date(year, month, 1)
    after = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    last = after - timedelta(days=1)
    return (first, min(last, today)) if first <= today else (first, last)


def around(days: Iterable[date]) -> tuple[date, ...]:
    """Return the first and last day that approximate dates can mean."""
    known = sorted(days)
    if not known:
        return ()
    reach = timedelta(days=APPROXIMATE_DAYS)
    return (known[0] - reach, known[-1] + reach)
