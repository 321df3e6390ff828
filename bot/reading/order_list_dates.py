"""Read the dates of a column, and decide for the whole column whether the day or the month comes first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

EARLIEST: Final = date(1995, 1, 1)  # no certificate was sold before
SHORT_YEAR_SPAN: Final = 10  # years ago that two digits can mean
MOST_KEPT: Final = 100_000  # texts


class DateOrder(StrEnum):
    """The order of day, month and year in a numeric date."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"


@dataclass(frozen=True, slots=True)
class Readings:
    """The date that a text means in each order that gives one, and the orders that are impossible.

    A text with a month in letters, or a four-digit year first, means the same date in every order.
    """

    by_order: Mapping[DateOrder, date]
    ruled_out: frozenset[DateOrder] = frozenset()

    def in_orders(self, orders: frozenset[DateOrder]) -> frozenset[date]:
        """Return the dates that it means in these orders; if there is none, all that it can mean."""
        meant = frozenset(day for order, day in self.by_order.items() if order in orders)
        return meant or frozenset(self.by_order.values())


class NotADate(StrEnum):
    """Why a cell gives no date. `OPEN`: the order of day and month is not known."""

    NO_DAY = "no_day"
    TO_COME = "to_come"
    OPEN = "open"


_TIME: Final = re.compile(
    r"(?:(?<=\d)t|[ ,]+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:z|utc|gmt|[a-z]{3,4}|[+-]\d{2}:?\d{2}))?(?=$| \d{4}\b)"
)
_ZONE: Final = re.compile(r" (?:z|utc|gmt)$")
_WEEKDAY: Final = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_SERIAL: Final = re.compile(r"(\d{5})(?:[.,]\d{1,12})?")  # how spreadsheets count days
_SERIAL_START: Final = date(1899, 12, 30)
_RUN: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FIGURES: Final = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})")
_SPELLED: Final = re.compile(r"[a-z0-9 ,./'-]{5,40}")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|o)\b")
_FILLERS: Final = frozenset({"of", "the", "de", "del", "le", "den", "der"})
_LONG_YEAR: Final = frozenset({DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST})
_SHORT_YEAR: Final = frozenset(DateOrder)
_CENTURY: Final = 2000
_SHORTEST_MONTH: Final = 3


class CellDates:
    """Reads dates, with the names of months in several languages. Equal texts are read once."""

    def __init__(self, months: Sequence[Iterable[str]], today: date) -> None:
        self._today = today
        self._months = [tuple(plain(name) for name in names) for names in months]
        self._kept: dict[str, Readings | NotADate] = {}

    def readings(self, text: str) -> Readings | NotADate:
        """Return every date that a text can mean, or why it means none."""
        found = self._kept.get(text)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[text] = self._readings(text)
        return found

    def _readings(self, text: str) -> Readings | NotADate:
        said = _ZONE.sub("", _TIME.sub("", _WEEKDAY.sub("", plain(text)), count=1)).strip()
        found = _FIGURES.fullmatch(said)
        possible = _in_figures(int(found[1]), int(found[3]), found[4]) if found else self._only(said)
        is_short = found is not None and len(found[4]) < len("2026")
        earliest = date(self._today.year - SHORT_YEAR_SPAN, 1, 1) if is_short else EARLIEST
        real = {order: day for order, day in possible.items() if earliest <= day <= self._today}
        if not real:
            is_to_come = any(day > self._today for day in possible.values())
            return NotADate.TO_COME if is_to_come else NotADate.NO_DAY
        if found is None:
            return Readings(real)
        return Readings(real, (_SHORT_YEAR if is_short else _LONG_YEAR) - real.keys())

    def _only(self, said: str) -> Mapping[DateOrder, date]:
        """Return the date of a text that can be read in only one way; empty if it is not a date."""
        if found := _YEAR_FIRST.fullmatch(said):
            day = _day(int(found[1]), int(found[3]), int(found[4]))
        elif found := _RUN.fullmatch(said):
            day = _day(int(found[1]), int(found[2]), int(found[3]))
        elif found := _SERIAL.fullmatch(said):
            counted = _SERIAL_START + timedelta(days=int(found[1]))
            day = counted if counted <= self._today else None  # a larger number is something else
        else:
            day = self._spelled(said) if _SPELLED.fullmatch(said) else None
        return dict.fromkeys(DateOrder, day) if day is not None else {}

    def _spelled(self, said: str) -> date | None:
        pieces = re.findall("[a-z]+|[0-9]+", _ORDINAL.sub("", said))
        words = [piece for piece in pieces if piece not in _FILLERS]
        match words, [self._month(word) for word in words]:
            case [day, _, year], [None, int(month), None] if day.isdecimal() and len(day) <= len("31"):
                return _day(_year(year), month, int(day))
            case [_, day, year], [int(month), None, None] if day.isdecimal() and len(day) <= len("31"):
                return _day(_year(year), month, int(day))
            case [year, _, day], [None, int(month), None] if len(year) == len("2026") and day.isdecimal():
                return _day(_year(year), month, int(day))
        return None

    def _month(self, word: str) -> int | None:
        """Return the month that a word names or abbreviates in any language, or None if not exactly one."""
        if len(word) < _SHORTEST_MONTH or not word.isalpha():
            return None
        meant = {
            number
            for number, names in enumerate(self._months, start=1)
            if any(name.startswith(word) or name == word for name in names)
        }
        return meant.pop() if len(meant) == 1 else None


@dataclass(slots=True)
class DateColumn:
    """A column of dates; `orders` are those that all cells looked at so far can be read in.

    `stated` is the order that a person chose, which counts instead.
    """

    days: CellDates
    orders: frozenset[DateOrder] = frozenset(DateOrder)
    stated: DateOrder | None = None
    is_open: bool = False  # some date could be read in two ways

    def look(self, text: str) -> None:
        """Narrow the possible orders down by a cell; comes before any `read`."""
        readings = self.days.readings(text)
        if not isinstance(readings, NotADate):
            self.orders -= readings.ruled_out

    def read(self, text: str) -> date | NotADate:
        """Return the date in a cell, or why there is none."""
        readings = self.days.readings(text)
        if isinstance(readings, NotADate):
            return readings
        orders = frozenset({self.stated}) if self.stated is not None else self.orders
        meant = readings.in_orders(orders)
        if len(meant) == 1:
            return next(iter(meant))
        self.is_open = True
        return NotADate.OPEN


def plain(text: str) -> str:
    """Return a text in lower case without accents, with single spaces."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def _in_figures(first: int, second: int, year: str) -> Mapping[DateOrder, date]:
    orders = {
        DateOrder.DAY_FIRST: _day(_year(year), second, first),
        DateOrder.MONTH_FIRST: _day(_year(year), first, second),
    }
    if len(year) < len("2026"):
        orders[DateOrder.YEAR_FIRST] = _day(_CENTURY + first, second, int(year))
    return {order: day for order, day in orders.items() if day is not None}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    """Return the year that four or two digits mean, or 0, which is not a valid year."""
    if not digits.isdecimal() or len(digits) not in (len("26"), len("2026")):
        return 0
    return int(digits) if len(digits) == len("2026") else _CENTURY + int(digits)
