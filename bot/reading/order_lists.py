"""Answer a list of orders: one decision for each row, made once for all rows that are alike.

A row's own value beats what holds for the whole list. What a cell leaves open stays open, and shows as the
next question; what cannot be read makes its row unreadable where the decision turns on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import IO, Final, Generic, NamedTuple, TypeAlias, TypeVar

from bot.reading.order_list_cells import LONGEST_PLAIN, PLAIN, CellReader, clean
from bot.reading.order_list_columns import Column, Names, by_program_first, columns_of, header_in, normal
from bot.reading.order_list_days import DayColumn
from bot.reading.order_list_facts import DayCell, Given, RowReader, Stated, Trouble, Unreadable
from bot.reading.order_list_files import (
    TOGETHER,
    Cells,
    CsvTable,
    Dialect,
    NoHeaderError,
    Row,
    SeveralLinesError,
    SheetTable,
    UnreadableListError,
    dialects_of,
    is_workbook,
    page_of,
    sheets_of,
)
from bot.reading.order_list_keys import may_hold_key, without_keys
from bot.reading.private_keys import holds_private_key
from policy import Policy
from policy.decision import Ask, Decision
from policy.facts import PROGRAM, Detail, Fact, Facts
from policy.vocabulary import FactKind

T = TypeVar("T")

LOOKED_AT: Final = 600  # rows in which the header and the kinds of columns are looked for
DEEPEST_HEADER: Final = 200  # rows of titles and covers before it
MOST_GROUPS: Final = 150_000  # of equal rows that are remembered at a time
MOST_SEEN: Final = 200_000
LONGEST_FIELD: Final = 131_072  # characters of a cell that `csv` reads
_FEWEST: Final = 3  # letters by which the word of a total is told at a glance


class PrivateKeyError(UnreadableListError):
    """The file is a private key."""


Outcome: TypeAlias = Decision | Ask | Unreadable


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """What rows with the same cells state, what follows, what was made of it; `own`: how many facts."""

    facts: Facts
    outcome: Outcome
    own: int
    made: T


class Answered(NamedTuple, Generic[T]):
    """A row with its answer; `group` is None for titles, headers and totals, which are no orders."""

    row: Row
    group: Group[T] | None
    details: Mapping[Detail, str]


Make: TypeAlias = Callable[[Facts, Outcome], T]
# How much of the file has been read, in all passes, from 0 to 1; and how many orders there were.
Progress: TypeAlias = Callable[[float, int], None]
REPORTED_EVERY: Final = 5_000  # rows
_NO_DETAILS: Final[Mapping[Detail, str]] = {}


class OrderList:
    """A list of orders in a file that can be read from its beginning several times."""

    def __init__(self, stream: IO[bytes], policy: Policy, given: Given, progress: Progress) -> None:
        """Find the header and the columns.

        Raises:
            UnreadableListError: it is no list of orders.
        """
        self._policy, self._given, self._progress = policy, given, progress
        self._reader = CellReader(policy, given.today)
        self._names = Names(policy)
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
            column.index: DayColumn(self._reader.days, stated=given.order)
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

    # --- the two passes

    def settle(self) -> None:
        """Go through all days once, to learn whether the day or the month stands first in each column."""
        if not self._days:
            return
        if isinstance(self.table, CsvTable):
            with suppress(SeveralLinesError):
                self._look_at_days(self.table.plain_cells())
                return
        self._look_at_days(_together(row.cells for row in self.table.rows()))

    def _look_at_days(self, rows: Iterable[Sequence[Cells]]) -> None:
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
        """Tell whether the order of day and month is open in some column, after `settle`."""
        return any(column.is_open for column in self._days.values())

    def answers(self, make: Make[T]) -> Iterator[Answered[T]]:
        """Yield every row, orders with their answers; `make` makes something of each answer, once."""
        answering = _Answering(self._policy, self._given, self._reader, self.columns, self._days, make)
        header, half, orders = self.header, 0.5 if self._days else 0.0, 0
        first, width, beginnings = header.line if header is not None else 0, self.width, self._beginnings
        spoiled = {trouble: Group({}, each := Unreadable(trouble), 0, make({}, each)) for trouble in Trouble}
        rows = without_keys(self.table.rows()) if self._may_hold_key else self.table.rows()
        for count, row in enumerate(rows, start=1):
            if not count % REPORTED_EVERY:
                self._progress(half + self.table.share_read * (1 - half), orders)
            line, cells, is_broken, had_key = row
            if line <= first:
                yield Answered(row, None, _NO_DETAILS)
                continue
            if had_key or is_broken or len(cells) > width:
                trouble = _trouble_of(row, width)
                if trouble is not None:
                    orders += 1
                    yield Answered(
                        row, spoiled[trouble], _NO_DETAILS if had_key else answering.details(cells)
                    )
                    continue
            group, details = answering.group(cells), answering.details(cells)
            # most orders are told at a glance
            is_order = details and cells[0] and cells[0][:_FEWEST].casefold() not in beginnings
            if not is_order and self._is_none(row, answering, group, details):
                yield Answered(row, None, _NO_DETAILS)
            else:
                orders += 1
                yield Answered(row, group, details)
        self._progress(1.0, orders)

    def _is_none(
        self, row: Row, answering: _Answering[T], group: Group[T], details: Mapping[Detail, str]
    ) -> bool:
        """Tell titles, repeated headers and totals from orders."""
        may_be = answering.may_be_none(group)
        first = row.cells[0][:_FEWEST].casefold()
        if first not in self._beginnings and (details or not may_be) and (first.strip() or not may_be):
            return False
        said = [(index, text) for index, cell in enumerate(row.cells) if (text := clean(cell))]
        if not said or self._repeats_header(row):
            return True
        begins = normal(said[0][1])
        if may_be and any(begins == word or begins.startswith(f"{word} ") for word in self._totals):
            return True
        [(index, text), *others] = said
        return not (details or others) and len(row.cells) > 1 and not answering.reads(index, text)

    def _repeats_header(self, row: Row) -> bool:
        if self.header is None:
            return False
        pairs = zip(row.cells, self.header.cells, strict=False)
        return all(normal(mine) == normal(theirs) for mine, theirs in pairs)


def _together(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    while some := [*islice(rows, TOGETHER)]:
        yield some


def _trouble_of(row: Row, width: int) -> Trouble | None:
    """Return what is wrong with a row as a whole, None where nothing is."""
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


class _Answering(Generic[T]):
    """Answer rows by the cells that count, and remember the answers."""

    def __init__(  # noqa: PLR0913, PLR0917  what a list is answered with
        self,
        policy: Policy,
        given: Given,
        reader: CellReader,
        columns: Sequence[Column],
        days: Mapping[int, DayColumn],
        make: Make[T],
    ) -> None:
        self._policy, self._given, self._reader, self._make = policy, given, reader, make
        names = Names(policy)
        facts = [each for each in columns if isinstance(each.holds, Fact)]
        self._days = {each.index: (each, days[each.index]) for each in facts if each.index in days}
        self._others = [each for each in by_program_first(facts) if each.index not in days]
        self._kinds = [
            (each.holds, each.index, kind := names.details[each.holds].kind, PLAIN.get(kind))
            for each in columns
            if isinstance(each.holds, Detail)
        ]
        indexes = [each.index for each in facts]
        # one twice, so that it always makes a tuple
        self._key = itemgetter(*indexes, indexes[0]) if indexes else lambda _cells: ()
        self._indexes = [each.index for each in self._others]
        self._width = 1 + max((each.index for each in columns), default=0)
        self._number_of_facts = len({each.holds for each in facts})
        self._rows = RowReader(policy, given, reader)
        self._groups: dict[tuple[str, ...], Group[T]] = {}
        self._stated: dict[tuple[str, ...], Stated] = {}
        self._day_cells: dict[tuple[int, str], DayCell | None] = {}

    def group(self, cells: Sequence[str]) -> Group[T]:
        """Return what a row's cells state and what follows."""
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        key = self._key(cells)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST_GROUPS:
                self._groups.clear()
            group = self._groups[key] = self._new_group(cells)
        return group

    def details(self, cells: Sequence[str]) -> dict[Detail, str]:
        """Return the details of the order that a row names."""
        found: dict[Detail, str] = {}
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        for name, index, kind, plain in self._kinds:
            cell = cells[index]
            if not cell or name in found:
                continue
            if plain is not None and len(cell) <= LONGEST_PLAIN and plain(cell):
                found[name] = cell
            elif (value := self._reader.detail(kind, clean(cell))) is not None:
                found[name] = value
        return found

    def may_be_none(self, group: Group[T]) -> bool:
        """Tell whether rows may be titles or totals: those that state too little, or wrongly."""
        return isinstance(group.outcome, Unreadable) or group.own < self._number_of_facts

    def reads(self, index: int, text: str) -> bool:
        """Tell whether a row's only cell could be an order: figures, or what its column holds."""
        if text.isdecimal():
            return True
        cells = [""] * self._width
        if index >= self._width:
            return False
        cells[index] = text
        group = self.group(cells)
        return group.own > 0 and not isinstance(group.outcome, Unreadable)

    def _by_fact(self, key: Sequence[str]) -> dict[Fact, list[tuple[Column, str]]]:
        cells: dict[Fact, list[tuple[Column, str]]] = {}
        for column, raw in zip(self._others, key, strict=True):
            if not self._reader.is_empty(text := clean(raw)):
                cells.setdefault(Fact(column.holds), []).append((column, text))
        return cells

    def _new_group(self, row: Sequence[str]) -> Group[T]:
        key = tuple([row[index] for index in self._indexes])
        stated = self._stated.get(key)
        if stated is None:
            if len(self._stated) >= MOST_GROUPS:
                self._stated.clear()
            stated = self._stated[key] = self._rows.stated(self._by_fact(key))
        read = [self._day_cell(index, row[index]) for index in self._days]
        cells = [each for each in read if each is not None]
        facts, unread = self._rows.with_days(stated, cells)
        outcome: Outcome | None = unread.get(PROGRAM)
        if outcome is None:
            outcome = self._policy.decide(facts, self._given.today)
            if isinstance(outcome, Ask):
                outcome = unread.get(outcome.fact, outcome)
        own = len((stated.own | {each.fact for each in cells}) - unread.keys())
        return Group(facts, outcome, own, self._make(facts, outcome))

    def _day_cell(self, index: int, raw: str) -> DayCell | None:
        if (index, raw) in self._day_cells:
            return self._day_cells[index, raw]
        if len(self._day_cells) > MOST_GROUPS:
            self._day_cells.clear()
        column, days = self._days[index]
        fact, text, cell = Fact(column.holds), clean(raw), None
        if not self._reader.is_empty(text):
            cell = DayCell(fact, column.name, days.read(text))
        self._day_cells[index, raw] = cell
        return cell
