"""Answer the rows of a list: one decision for all rows that have the same cells in the columns that count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from bot.reading.order_list_cells import CellReader, clean
from bot.reading.order_list_columns import Column, ColumnNames, by_program_first
from bot.reading.order_list_csv import Cells, Row
from bot.reading.order_list_dates import DateColumn
from bot.reading.order_list_facts import DateCell, Given, RowReader, Stated, Trouble, Unreadable
from policy import Policy
from policy.decision import Ask, Decision
from policy.facts import PROGRAM, Detail, Fact, Facts

T = TypeVar("T")

MOST_GROUPS: Final = 150_000  # groups of equal rows that are kept at a time
NO_DETAILS: Final[Mapping[Detail, str]] = {}

Outcome: TypeAlias = Decision | Ask | Unreadable


@dataclass(frozen=True, slots=True, eq=False)
class Group(Generic[T]):
    """What all rows with the same cells have in common.

    `facts` hold for the rows, `own` counts those that the cells state, `outcome` follows, and `made` is what
    the caller made of it.
    """

    facts: Facts
    outcome: Outcome
    own: int
    made: T


class Answered(NamedTuple, Generic[T]):
    """A row with its answer; `group` is None for titles, headers and totals, which are not orders."""

    row: Row
    group: Group[T] | None
    details: Mapping[Detail, str]


Make: TypeAlias = Callable[[Facts, Outcome], T]


class RowAnswerer(Generic[T]):
    """Answers rows by the cells that count, and keeps the answers for equal rows."""

    def __init__(  # noqa: PLR0913, PLR0917  all are needed
        self,
        policy: Policy,
        given: Given,
        reader: CellReader,
        columns: Sequence[Column],
        days: Mapping[int, DateColumn],
        make: Make[T],
    ) -> None:
        self._policy, self._given, self._reader, self._make = policy, given, reader, make
        names = ColumnNames(policy)
        facts = [each for each in columns if isinstance(each.holds, Fact)]
        self._days = {each.index: (each, days[each.index]) for each in facts if each.index in days}
        self._others = [each for each in by_program_first(facts) if each.index not in days]
        self._details = [
            (each.holds, each.index, names.details[each.holds].kind)
            for each in columns
            if isinstance(each.holds, Detail)
        ]
        indexes = [each.index for each in facts]
        # one index twice, so that the key is always a tuple
        self._key = itemgetter(*indexes, indexes[0]) if indexes else lambda _cells: ()
        self._indexes = [each.index for each in self._others]
        self._width = 1 + max((each.index for each in columns), default=0)
        self._number_of_facts = len({each.holds for each in facts})
        self._rows = RowReader(policy, given, reader)
        self._groups: dict[tuple[str, ...], Group[T]] = {}
        self._stated: dict[tuple[str, ...], Stated] = {}
        self._day_cells: dict[tuple[int, str], DateCell | None] = {}
        self._spoiled = {
            trouble: Group({}, each := Unreadable(trouble), 0, make({}, each)) for trouble in Trouble
        }

    def answers(self, rows: Sequence[Row]) -> list[Answered[T]]:
        """Answer rows whose cells can be read."""
        cells = [self._filled(row.cells) for row in rows]
        return [*map(Answered, rows, self._groups_of(cells), self._details_of(cells))]

    def unreadable(self, row: Row, trouble: Trouble) -> Answered[T]:
        """Answer a row that cannot be read at all."""
        details = NO_DETAILS if row.had_key else self._details_of([self._filled(row.cells)])[0]
        return Answered(row, self._spoiled[trouble], details)

    def may_not_be_orders(self, group: Group[T]) -> bool:
        """Return whether rows state so little, or so wrongly, that they may be titles or totals."""
        return isinstance(group.outcome, Unreadable) or group.own < self._number_of_facts

    def may_be_order(self, index: int, text: str) -> bool:
        """Return whether a row's only cell could be an order: a number, or something its column can hold."""
        if text.isdecimal():
            return True
        if index >= self._width:
            return False
        cells = [""] * self._width
        cells[index] = text
        [group] = self._groups_of([cells])
        return group.own > 0 and not isinstance(group.outcome, Unreadable)

    def _filled(self, cells: Cells) -> Cells:
        short = self._width - len(cells)
        return [*cells, *[""] * short] if short > 0 else cells

    # --- details

    def _details_of(self, rows: Sequence[Cells]) -> Sequence[Mapping[Detail, str]]:
        """Return the details of each row's order."""
        columns: dict[Detail, Sequence[str]] = {}
        for name, index, kind in self._details:
            read = self._reader.details(kind, [row[index] for row in rows])
            known = columns.get(name)
            columns[name] = read if known is None else [*map(_first_of, known, read)]
        if not columns:
            return [NO_DETAILS] * len(rows)
        names = [*columns]
        every = [dict(zip(names, texts, strict=True)) for texts in zip(*columns.values(), strict=True)]
        if all(map(all, columns.values())):
            return every
        return [{name: text for name, text in details.items() if text} for details in every]

    # --- facts

    def _groups_of(self, rows: Sequence[Cells]) -> list[Group[T]]:
        """Return the group of each row, made anew where no equal row came before."""
        known, keys = self._groups.get, map(self._key, rows)
        return [known(key) or self._new_group(key, row) for key, row in zip(keys, rows, strict=True)]

    def _new_group(self, key: tuple[str, ...], row: Sequence[str]) -> Group[T]:
        if len(self._groups) >= MOST_GROUPS:
            self._groups.clear()
        stated = self._stated_of(tuple([row[index] for index in self._indexes]))
        read = [self._day_cell(index, row[index]) for index in self._days]
        cells = [each for each in read if each is not None]
        facts, unread = self._rows.with_days(stated, cells)
        outcome: Outcome | None = unread.get(PROGRAM)
        if outcome is None:
            outcome = self._policy.decide(facts, self._given.today)
            if isinstance(outcome, Ask):
                outcome = unread.get(outcome.fact, outcome)
        own = len((stated.own | {each.fact for each in cells}) - unread.keys())
        group = self._groups[key] = Group(facts, outcome, own, self._make(facts, outcome))
        return group

    def _stated_of(self, key: tuple[str, ...]) -> Stated:
        stated = self._stated.get(key)
        if stated is None:
            if len(self._stated) >= MOST_GROUPS:
                self._stated.clear()
            stated = self._stated[key] = self._rows.stated(self._by_fact(key))
        return stated

    def _by_fact(self, key: Sequence[str]) -> dict[Fact, list[tuple[Column, str]]]:
        cells: dict[Fact, list[tuple[Column, str]]] = {}
        for column, raw in zip(self._others, key, strict=True):
            if not self._reader.is_empty(text := clean(raw)):
                cells.setdefault(Fact(column.holds), []).append((column, text))
        return cells

    def _day_cell(self, index: int, raw: str) -> DateCell | None:
        if (index, raw) in self._day_cells:
            return self._day_cells[index, raw]
        if len(self._day_cells) > MOST_GROUPS:
            self._day_cells.clear()
        column, days = self._days[index]
        fact, text, cell = Fact(column.holds), clean(raw), None
        if not self._reader.is_empty(text):
            cell = DateCell(fact, column.name, days.read(text))
        self._day_cells[index, raw] = cell
        return cell


def _first_of(first: str, second: str) -> str:
    return first or second
