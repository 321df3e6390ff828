"""Read a date written in digits, such as 03.11.2026."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.reading import date_arithmetic as arithmetic
from bot.reading.date_parts import YEAR_DIGITS

COMPACT: Final = len("20261103")

_PARTS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[ivx]+")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def numeric_dates(text: str, today: date, *, dots_day_first: bool) -> tuple[date, ...]:
    """Return every date that digits can mean; `dots_day_first`: 03.11. is 3 November, as in German."""
    found = _PARTS.findall(text)
    parts = [int(part) for part in found]
    if len(text) == COMPACT and text.isdecimal():
        return arithmetic.real_date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if roman := _LETTERS.search(text):
        month = _ROMAN.index(roman[0]) + 1 if roman[0] in _ROMAN else 0
        return arithmetic.real_date(parts[-1], month, parts[0])
    if len(found[0]) == YEAR_DIGITS:
        return arithmetic.real_date(parts[0], parts[1], parts[2])
    day_first = "." in text and dots_day_first
    match parts:
        case [first, second]:
            return arithmetic.both_orders_yearless(first, second, today, day_first=day_first)
        case [first, second, year] if len(found[2]) == YEAR_DIGITS:
            return arithmetic.both_orders(first, second, year, day_first=day_first)
        case [first, second, year]:
            mark = "-" if "-" in text else ""
            parts_said = (first, second, year)
            return arithmetic.both_orders_short_year(parts_said, today, mark, day_first=day_first)
        case _:
            return ()
