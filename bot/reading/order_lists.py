"""Answer an order list, a CSV file or workbook: one decision for each row.

A row's own value beats what holds for the whole list. What a cell leaves open stays open and becomes the next
question; a cell that cannot be read makes its row unreadable if the decision depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import IO, Final, TypeAlias, TypeVar

from bot.reading.order_list_answers import NO_DETAILS, Answered, Group, Make, RowAnswerer
from bot.reading.order_list_cells import CellReader, clean
from bot.reading.order_list_columns import ColumnNames, columns_of, header_in, normal
from bot.reading.order_list_csv import (
    Block,
    Cells,
    CsvTable,
    Dialect,
    NoHeaderError,
    NoTableError,
    Row,
    SeveralLinesError,
    UnreadableListError,
    check_may_be_table,
    dialects_of,
)
from bot.reading.order_list_dates import DateColumn
from bot.reading.order_list_facts import Given, Trouble
from bot.reading.order_list_private_keys import may_hold_key, without_keys
from bot.reading.order_list_workbooks import SheetTable, is_workbook, page_of, sheets_of
from bot.reading.private_keys import holds_private_key
from policy import Policy
from policy.facts import Detail, Fact
from policy.vocabulary import FactKind

T = TypeVar("T")

LOOKED_AT: Final = 600  # rows that decide where the header is and what the columns hold
DEEPEST_HEADER: Final = 200  # rows in which the header is looked for
MOST_SEEN: Final = 200_000  # different cells of a column that are remembered
MOST_ROWS, MOST_CELLS = 1_000, 100_000  # answered at a time
LONGEST_FIELD: Final = 131_072  # characters of a cell that `csv` accepts
_RULE: Final = re.compile(r"[-=+:_|\s]+")  # a line drawn below a header
_FEWEST: Final = 3  # letters that tell at a glance whether a row may be a total


class PrivateKeyError(UnreadableListError):
    """The file is a private key."""


# Called with the share of the work done, from 0 to 1, and the number of orders so far.
Progress: TypeAlias = Callable[[float, int], None]


class OrderList:
    """An order list in a file; the stream must be seekable, since it is read several times."""

    def __init__(self, stream: IO[bytes], policy: Policy, given: Given, progress: Progress) -> None:
        """Find the header and the columns.

        Raises:
            UnreadableListError: It is not an order list.
        """
        self._policy, self._given, self._progress = policy, given, progress
        self._reader = CellReader(policy, given.today)
        self._names = ColumnNames(policy)
        self.dialect: Dialect | None = None
        self.table: CsvTable | SheetTable
        self._first: list[Row] = []
        self._may_hold_key = True
        self._open(stream)
        self._at, known = header_in(self._first[:DEEPEST_HEADER], self._names)
        if not known:
            self._at = -1
        self.header = self._first[self._at] if known else None
        below = self._first[self._at + 1 :]
        cells = self.header.cells if self.header else self._unnamed(below)
        self.columns = columns_of(cells, below, self._names, self._reader)
        if not self.columns or (not known and all(isinstance(each.holds, Detail) for each in self.columns)):
            raise PrivateKeyError if self._is_key(stream) else NoHeaderError
        self._days = {
            column.index: DateColumn(self._reader.days, stated=given.order)
            for column in self.columns
            if isinstance(column.holds, Fact) and self._names.facts[column.holds].kind is FactKind.DAY
        }
        self.width = len(cells) if self.header else max(len(row.cells) for row in self._first)
        self._totals = {normal(word) for word in policy.vocabulary.order_lists.totals}
        self._beginnings = {word[:_FEWEST] for word in self._totals}

    # --- opening

    def _open(self, stream: IO[bytes]) -> None:
        if is_workbook(stream):
            self.table, self._first = self._first_sheet(stream)
            return
        try:
            check_may_be_table(stream)
        except NoTableError:
            raise PrivateKeyError if self._is_key(stream) else NoTableError from None
        if (page := page_of(stream)) is not None:
            self.table, self._first = page, [*islice(page.rows(), LOOKED_AT)]
            return
        best: tuple[tuple[int, int], Dialect, list[Row]] | None = None
        for dialect, rows in dialects_of(stream):
            number, known = header_in(rows[:DEEPEST_HEADER], self._names)
            wide = sum(len(row.cells) > 1 for row in rows[number:])
            if best is None or (known, wide) > best[0]:
                best = ((known, wide), dialect, rows)
        if best is None:
            raise NoHeaderError
        _, self.dialect, _ = best
        self.table = CsvTable(stream, self.dialect)
        self._first = [*islice(self.table.rows(), LOOKED_AT)]
        self._may_hold_key = may_hold_key(stream)

    def _first_sheet(self, stream: IO[bytes]) -> tuple[SheetTable, list[Row]]:
        """Return the first sheet with a header, or else the first one."""
        sheets: list[tuple[SheetTable, list[Row]]] = []
        for sheet in sheets_of(stream):
            rows = [*islice(sheet.rows(), LOOKED_AT)]
            if header_in(rows[:DEEPEST_HEADER], self._names)[1]:
                return sheet, rows
            sheets = sheets or [(sheet, rows)]
        if not sheets:
            raise NoHeaderError
        return sheets[0]

    @staticmethod
    def _unnamed(rows: Sequence[Row]) -> list[str]:
        return [""] * max((len(row.cells) for row in rows), default=0)

    @staticmethod
    def _is_key(stream: IO[bytes]) -> bool:
        stream.seek(0)
        return holds_private_key(stream.read(64 * 1024))

    # --- reading: first dates, then rows

    def find_date_order(self) -> None:
        """Read all dates once to find whether the day or the month comes first in each column."""
        if isinstance(self.table, CsvTable):
            with suppress(SeveralLinesError):
                self._look_at_dates(self.table.plain_cells())
                return
        if self._days:
            self._look_at_dates([row.cells for row in rows] for rows in self._together(self.table.rows()))

    def _look_at_dates(self, rows: Iterable[Sequence[Cells]]) -> None:
        columns = [(index, column, set[str]()) for index, column in self._days.items()]
        for some in rows:
            for index, column, seen in columns:
                new = {cells[index] for cells in some if index < len(cells)} - seen
                if len(seen) + len(new) > MOST_SEEN:
                    seen.clear()
                seen.update(new)
                for cell in new:
                    column.look(clean(cell))
            self._progress(self.table.share_read / 2, 0)

    @property
    def undecided_days(self) -> bool:
        """Return whether some date could be read in two ways, once rows have been answered."""
        return any(column.is_open for column in self._days.values())

    @property
    def blocks(self) -> Sequence[Block]:
        """Return the parts of a file that can be answered separately; empty if rows depend on others."""
        return self.table.blocks if isinstance(self.table, CsvTable) and not self._may_hold_key else ()

    def rows_in(self, block: Block) -> list[Row]:
        """Return the rows of a block."""
        assert isinstance(self.table, CsvTable)  # noqa: S101  only a CSV file has blocks
        return self.table.rows_in(block)

    def rows(self) -> Iterator[list[Row]]:
        """Yield all rows, many at a time, without the private keys in them."""
        rows = self.table.rows()
        return self._together(without_keys(rows) if self._may_hold_key else rows)

    def answering(self, make: Make[T]) -> Callable[[Sequence[Row]], list[Answered[T]]]:
        """Return a function that answers rows; `make` is called once for each different answer."""
        answering = RowAnswerer(self._policy, self._given, self._reader, self.columns, self._days, make)
        return lambda rows: self._answered(rows, answering)

    def _together(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        number = max(1, min(MOST_ROWS, MOST_CELLS // self.width))
        while some := [*islice(rows, number)]:
            yield some

    def _answered(self, rows: Sequence[Row], answering: RowAnswerer[T]) -> list[Answered[T]]:
        above = self.header.line if self.header is not None else 0
        apart = {
            row.line: answer
            for row in rows
            if row.line <= above or row.is_broken or row.had_key or len(row.cells) > self.width
            if (answer := self._apart(row, above, answering)) is not None
        }
        answers = answering.answers([row for row in rows if row.line not in apart] if apart else rows)
        beginnings = self._beginnings
        for number, (row, group, details) in enumerate(answers):
            # most orders can be recognized at a glance
            if details and (begins := row.cells[0][:_FEWEST]) and begins.casefold() not in beginnings:
                continue
            if group is not None and self._is_not_an_order(row, answering, group, details):
                answers[number] = Answered(row, None, NO_DETAILS)
        return sorted([*answers, *apart.values()], key=lambda each: each.row.line) if apart else answers

    def _apart(self, row: Row, above: int, answering: RowAnswerer[T]) -> Answered[T] | None:
        """Answer a title, the header or an unreadable row; None if its cells have to be read."""
        if row.line <= above:
            return Answered(row, None, NO_DETAILS)
        trouble = _trouble_of(row, self.width)
        return answering.unreadable(row, trouble) if trouble is not None else None

    def _is_not_an_order(
        self, row: Row, answering: RowAnswerer[T], group: Group[T], details: Mapping[Detail, str]
    ) -> bool:
        """Return whether a row is a title, a repeated header or a total."""
        may_be = answering.may_not_be_orders(group)
        first = row.cells[0][:_FEWEST].casefold()
        if first not in self._beginnings and (details or not may_be) and (first.strip() or not may_be):
            return False
        said = [(index, text) for index, cell in enumerate(row.cells) if (text := clean(cell))]
        if not said or _RULE.fullmatch("".join(text for _, text in said)) or self._repeats_header(row):
            return True
        begins = normal(said[0][1])
        if may_be and any(begins == word or begins.startswith(f"{word} ") for word in self._totals):
            return True
        [(index, text), *others] = said
        return not (details or others) and len(row.cells) > 1 and not answering.may_be_order(index, text)

    def _repeats_header(self, row: Row) -> bool:
        if self.header is None:
            return False
        pairs = zip(row.cells, self.header.cells, strict=False)
        return all(normal(mine) == normal(theirs) for mine, theirs in pairs)


def _trouble_of(row: Row, width: int) -> Trouble | None:
    """Return what is wrong with a row as a whole, or None."""
    if row.had_key:
        return Trouble.PRIVATE_KEY
    if row.is_broken:
        is_long = (
            max(map(len, row.cells)) > LONGEST_FIELD and sum(cell.count('"') for cell in row.cells) % 2 == 0
        )
        return Trouble.TOO_LONG if is_long else Trouble.OPEN_QUOTE
    if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
        return Trouble.TOO_MANY_CELLS
    return None
