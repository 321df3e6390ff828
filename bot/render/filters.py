"""The filters of templates: ours for dates and numbers, and those of Jinja's that choose, not build.

Left out are the ones that make trusted text of any text (`safe`), reach behind the sandbox (`attr`) or cut
text in which placeholders may stand (`truncate`, `replace`, …).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from jinja2.filters import FILTERS as OF_JINJA

from bot.render.stated import Stated, StatedDay

__all__ = ["FILTERS"]

# Spelled out: `strftime` would follow the locale of the process.
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(value: date) -> str:
    """Return a date in words: 1 December 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weekday_day(value: date) -> str:
    """Return a date in words, with its weekday: Tue 1 December 2026."""
    return f"{_WEEKDAYS[value.weekday()]} {day(value)}"


def _marking(words: Callable[[date], str]) -> Callable[[date | StatedDay], str | Stated]:
    """Return a filter of dates that keeps the mark of a day of the decision."""

    def printed(value: date | StatedDay) -> str | Stated:
        return value.printed(words(value.day)) if isinstance(value, StatedDay) else words(value)

    return printed


def plural(number: int, noun: str, many: str | None = None) -> str:
    """Return a number with its noun, whose plural is `many` or has an s: 1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {many or noun + 's'}"


def grouped(number: int) -> str:
    """Return a number with its thousands apart: 40,000."""
    return f"{number:,}"


_CHOOSING: Final = (
    "abs",
    "batch",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "first",
    "groupby",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "round",
    "select",
    "selectattr",
    "slice",
    "sort",
    "sum",
    "title",
    "unique",
    "upper",
)

FILTERS: Final[dict[str, Callable[..., Any]]] = {
    **{name: OF_JINJA[name] for name in _CHOOSING},
    "day": _marking(day),
    "grouped": grouped,
    "plural": plural,
    "weekday_day": _marking(weekday_day),
}
