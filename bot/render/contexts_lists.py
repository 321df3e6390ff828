"""The exact contexts of what is said about a list of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.environment import Context


@dataclass(frozen=True)
class NoDay(Context):
    """Why a row cannot be read: a cell is no day; `column` is the column's name."""

    template: ClassVar[str] = "lists/unreadable/no_day.md"
    column: str


@dataclass(frozen=True)
class DayToCome(NoDay):
    """As above: a day after today."""

    template: ClassVar[str] = "lists/unreadable/day_to_come.md"


@dataclass(frozen=True)
class NotAChoice(NoDay):
    """As above: none of the answers that the fact has."""

    template: ClassVar[str] = "lists/unreadable/not_a_choice.md"


@dataclass(frozen=True)
class NotAProduct(NoDay):
    """As above: no product or brand, or several."""

    template: ClassVar[str] = "lists/unreadable/not_a_product.md"


@dataclass(frozen=True)
class Contradiction(NoDay):
    """As above: another cell says something else."""

    template: ClassVar[str] = "lists/unreadable/contradiction.md"


@dataclass(frozen=True)
class TooManyCells(Context):
    """Why a row cannot be read: there is more in it than the header has columns."""

    template: ClassVar[str] = "lists/unreadable/too_many_cells.md"


@dataclass(frozen=True)
class OpenQuote(Context):
    """Why a row cannot be read: its quotes do not close."""

    template: ClassVar[str] = "lists/unreadable/open_quote.md"


@dataclass(frozen=True)
class TooLong(Context):
    """Why a row cannot be read: it is longer than any order."""

    template: ClassVar[str] = "lists/unreadable/too_long.md"


@dataclass(frozen=True)
class KeyInRow(Context):
    """Why a row is not read: it held a private key."""

    template: ClassVar[str] = "lists/unreadable/private_key.md"


@dataclass(frozen=True)
class StillOpen(Context):
    """What a row leaves open, by the short name of the question."""

    template: ClassVar[str] = "lists/open.md"
    question: str


@dataclass(frozen=True)
class ListSummary(Context):
    """A list in one paragraph; `closing`: refunds that end within a week; `open`: how many of each."""

    template: ClassVar[str] = "lists/summary.md"
    orders: int
    refundable: int
    closing: int
    unreadable: int
    open: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class OrdersShown(Context):
    """Under a table that holds the most urgent orders of many."""

    template: ClassVar[str] = "lists/shown.md"
    shown: int
    orders: int


@dataclass(frozen=True)
class ListInProgress(Context):
    """A list that is being answered: how much of it, in percent, and how many orders so far."""

    template: ClassVar[str] = "lists/in_progress.md"
    file: str
    percent: int
    orders: int


@dataclass(frozen=True)
class ListFailed(Context):
    """A list that was not answered, and why."""

    template: ClassVar[str] = "lists/failed.md"
    file: str
    why: str


@dataclass(frozen=True)
class ListAnswered(Context):
    """What a list came to; `whole`: nothing is asked of it any more, so it follows with its answers."""

    template: ClassVar[str] = "lists/answered.md"
    file: str
    summary: ListSummary
    whole: bool


@dataclass(frozen=True)
class ListAsked(Context):
    """What is asked once for the whole list."""

    template: ClassVar[str] = "lists/asked.md"
    question: str


@dataclass(frozen=True)
class ListedRow(Context):
    """An order of a list: its line, what it is called, and until when there is a refund."""

    template: ClassVar[str] = "lists/row.md"
    line: int
    order: str
    verdict: str
    last_day: date | None
    days_left: int | None


@dataclass(frozen=True)
class SpoiledRow:
    """Why rows cannot be read, how many, and the first of their lines."""

    why: str
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class SpoiledRows(Context):
    """The rows that cannot be read, by reason; `more` have others. `whole`: the list comes back."""

    template: ClassVar[str] = "lists/spoiled_rows.md"
    reasons: tuple[SpoiledRow, ...]
    more: int
    whole: bool


@dataclass(frozen=True)
class AnnotatedList(Context):
    """With the list that comes back with its answers."""

    template: ClassVar[str] = "lists/annotated.md"
    orders: int
