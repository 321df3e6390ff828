"""Read a typed day. Every day that a text can mean is returned; whoever asked settles which it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.conversation.now import Now

# Nobody sold a certificate before: what claims to be older is a slip of the keyboard.
EARLIEST: Final = date(1995, 1, 1)
SHORT_YEAR_REACH: Final = 10
LEAP_REACH: Final = 9

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_BACK: Final = {
    "today": 0,
    "this morning": 0,
    "yesterday": 1,
    "day before yesterday": 2,
    "the day before yesterday": 2,
}
_TO_TEN: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTS: Final = {"a": 1, "an": 1} | {word: number for number, word in enumerate(_TO_TEN, start=1)}

_AGO = re.compile(rf"([0-9]{{1,4}}|{'|'.join(_COUNTS)}) (day|week|month|year)s? ago")
_WEEKDAY = re.compile(r"(?:on )?(last )?([a-z]{3,9})")
_TIME = re.compile(
    r"(?<=[0-9])(?:t|,? )[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]m)?(?: ?(?:z|utc|gmt))?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2})(?: ?\2 ?([0-9]{4}|[0-9]{2}))?")
_SPELLED = re.compile(r"[a-z0-9 ,./'-]+")
_ORDINAL = re.compile(r"(?<![0-9])([0-9]{1,2})(?:st|nd|rd|th)\b")
_FILLERS: Final = frozenset({"on", "the", "of"})


def days_meant(said: str, now: Now) -> list[date]:
    """Return the days that a normalized text can mean, the latest first; none where it names no day.

    Without a year, the last two such days are meant. Days to come are among them, days before `EARLIEST`
    are not.
    """
    said = re.sub("[\u2010-\u2015\u2212]", "-", said)
    found = _relative(said, now) or _weekday(said, now) or _calendar(_TIME.sub("", said), now)
    return sorted({day for day in found if day >= EARLIEST}, reverse=True)


def _relative(said: str, now: Now) -> list[date]:
    if said in _DAYS_BACK:
        return [now.today - timedelta(days=_DAYS_BACK[said])]
    if not (found := _AGO.fullmatch(said)):
        return []
    count = _COUNTS[found[1]] if found[1] in _COUNTS else int(found[1])
    try:
        return [now.today - _span(found[2], count)]
    except (OverflowError, ValueError):
        return []


def _span(unit: str, count: int) -> relativedelta:
    match unit:
        case "day":
            return relativedelta(days=count)
        case "week":
            return relativedelta(weeks=count)
        case "month":
            return relativedelta(months=count)
        case _:
            return relativedelta(years=count)


def _weekday(said: str, now: Now) -> list[date]:
    """Return the last such day; where people differ over which one is meant, both."""
    found = _WEEKDAY.fullmatch(said)
    number = _number(found[2], _WEEKDAYS) if found else None
    if found is None or number is None:
        return []
    back = (now.today.weekday() - number + 1) % 7
    week = timedelta(days=7)
    if back == 0:
        return [now.today - week] if found[1] else [now.today, now.today - week]
    latest = now.today - timedelta(days=back)
    return [latest, latest - week] if found[1] else [latest]


def _calendar(said: str, now: Now) -> list[date]:
    if found := _YEAR_FIRST.fullmatch(said):
        return list(_real([(int(found[1]), int(found[3]), int(found[4]))]))
    if found := _NUMERIC.fullmatch(said):
        return _numeric(int(found[1]), int(found[3]), found[4], now)
    return _spelled(said, now) if _SPELLED.fullmatch(said) else []


def _numeric(first: int, second: int, year: str | None, now: Now) -> list[date]:
    """Return both orders of day and month, and with a short year also the order of ISO 8601."""
    if year is None:
        return _without_year(second, first, now) + _without_year(first, second, now)
    if len(year) > len("26"):
        return list(_real([(int(year), second, first), (int(year), first, second)]))
    orders = [(2000 + int(year), second, first), (2000 + int(year), first, second)]
    days = _real([*orders, (2000 + first, second, int(year))])
    return [day for day in days if now.latest.year - SHORT_YEAR_REACH <= day.year]


def _spelled(said: str, now: Now) -> list[date]:
    """Read a day whose month is in letters; a weekday beside it must agree."""
    pieces = re.findall("[a-z]+|[0-9]+", _ORDINAL.sub(r"\1", said))
    words = [word for word in pieces if word not in _FILLERS]
    weekdays = {number for word in words if (number := _number(word, _WEEKDAYS))}
    days = _in_order([word for word in words if _number(word, _WEEKDAYS) is None], now)
    return [day for day in days if weekdays <= {day.weekday() + 1}]


def _in_order(words: list[str], now: Now) -> list[date]:
    months = [_number(word, _MONTHS) or 0 for word in words]
    match words, [bool(month) for month in months]:
        case [day, _], [False, True]:
            return _without_year(months[1], _small(day), now)
        case [_, day], [True, False]:
            return _without_year(months[0], _small(day), now)
        case [year, _, day], [False, True, False] if len(year) == len("2026"):
            return list(_real([(_year(year), months[1], _small(day))]))
        case [day, _, year], [False, True, False]:
            return list(_real([(_year(year), months[1], _small(day))]))
        case [_, day, year], [True, False, False]:
            return list(_real([(_year(year), months[0], _small(day))]))
        case _:
            return []


def _number(word: str, names: tuple[str, ...]) -> int | None:
    """Return which of the names a word is or abbreviates, from 1; Sept and Tues count too."""
    if len(word) < len("mon"):
        return None
    return next((number for number, name in enumerate(names, start=1) if name.startswith(word)), None)


def _small(digits: str) -> int:
    """Return the number of one or two digits, 0 (which is no day) for anything else."""
    return int(digits) if re.fullmatch("[0-9]{1,2}", digits) else 0


def _year(digits: str) -> int:
    """Return the year of four or of two digits, 0 (which is none) for anything else."""
    if re.fullmatch("[0-9]{4}", digits):
        return int(digits)
    return 2000 + int(digits) if re.fullmatch("[0-9]{2}", digits) else 0


def _without_year(month: int, day: int, now: Now) -> list[date]:
    """Return the last two days of that name; it takes up to nine years to find a 29th of February."""
    years = range(now.latest.year, now.latest.year - LEAP_REACH, -1)
    past = (found for found in _real((year, month, day) for year in years) if found <= now.latest)
    return list(islice(past, 2))


def _real(parts: Iterable[tuple[int, int, int]]) -> Iterator[date]:
    """Return the days that exist among these (year, month, day)."""
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:
            continue
