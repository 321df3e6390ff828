"""The filters of templates: ours for numbers, and those of Jinja's that choose, not build.

Those for dates are `bot.render.calendar`'s.

Left out are the ones that make trusted text of any text (`safe`), reach behind the sandbox (`attr`) or cut
text in which placeholders may stand (`truncate`, `replace`, …).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jinja2.filters import FILTERS as OF_JINJA

__all__ = ["FILTERS"]


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
