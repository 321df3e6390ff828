"""The filters of templates: dates and numbers in words, and those of Jinja's that choose, not build.

An operator can translate the names of months and weekdays, as all words. Left out are Jinja's filters that
make trusted text of any text (`safe`), reach behind the sandbox (`attr`) or cut text in which placeholders
may stand (`truncate`, `replace`, …).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, ClassVar, Final

from jinja2.filters import FILTERS as OF_JINJA

from bot.render.labels import Labels
from bot.render.stated import Stated, StatedDay

__all__ = ["FILTERS", "Calendar", "Months", "Weekdays"]


@dataclass(frozen=True)
class Months(Labels):
    """The months, in their order."""

    file: ClassVar[str] = "words/months.md"
    january: str
    february: str
    march: str
    april: str
    may: str
    june: str
    july: str
    august: str
    september: str
    october: str
    november: str
    december: str


@dataclass(frozen=True)
class Weekdays(Labels):
    """The days of the week, in their order, short."""

    file: ClassVar[str] = "words/weekdays.md"
    monday: str
    tuesday: str
    wednesday: str
    thursday: str
    friday: str
    saturday: str
    sunday: str


class Calendar:
    """Put dates in words. `read` gives the names when the first is needed."""

    def __init__(self, read: Callable[[], tuple[Months, Weekdays]]) -> None:
        self._read = read
        self._names: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def day(self, value: date) -> str:
        """Return a date in words: 1 December 2026."""
        months, _ = self._known()
        return f"{value.day} {months[value.month - 1]} {value.year}"

    def weekday_day(self, value: date) -> str:
        """Return a date in words, with its weekday: Tue 1 December 2026."""
        return f"{self._known()[1][value.weekday()]} {self.day(value)}"

    def weekday_month(self, value: date) -> str:
        """Return a near date in words: Tue 1 December."""
        months, weekdays = self._known()
        return f"{weekdays[value.weekday()]} {value.day} {months[value.month - 1]}"

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of templates; a day of the decision keeps its mark."""
        return {name: _marking(getattr(self, name)) for name in ("day", "weekday_day", "weekday_month")}

    def _known(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if self._names is None:
            months, weekdays = self._read()
            self._names = astuple(months), astuple(weekdays)
        return self._names


def _marking(words: Callable[[date], str]) -> Callable[[date | StatedDay], str | Stated]:
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
    "grouped": grouped,
    "plural": plural,
}
