"""Combine the cells of a row into facts, and say which facts cannot be read and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from bot.reading.order_list_cells import CellReader
from bot.reading.order_list_columns import Column
from bot.reading.order_list_dates import DateOrder, NotADate
from policy import Policy
from policy.facts import PROGRAM, Fact, Facts, Value
from policy.vocabulary import FactSpec, Means


class Trouble(StrEnum):
    """Why a row cannot be read."""

    NO_DAY = "no_day"
    DAY_TO_COME = "day_to_come"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_PRODUCT = "not_a_product"
    CONTRADICTION = "contradiction"
    TOO_MANY_CELLS = "too_many_cells"
    OPEN_QUOTE = "open_quote"
    TOO_LONG = "too_long"
    PRIVATE_KEY = "private_key"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a row cannot be read, and the name of the column at fault, or ""."""

    trouble: Trouble
    column: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What holds for the whole list: facts, today, and the order of day and month if a person chose it."""

    facts: Facts
    today: date
    order: DateOrder | None = None


# The non-empty cells of a row, by the fact that their columns hold.
CellsByFact: TypeAlias = Mapping[Fact, Sequence[tuple[Column, str]]]

_NO_DAYS: Final = {NotADate.NO_DAY: Trouble.NO_DAY, NotADate.TO_COME: Trouble.DAY_TO_COME}


@dataclass(slots=True)
class Stated:
    """What a row states apart from dates.

    `facts` hold for it, those of the whole list included; `own` are the facts that its cells speak of, and
    `unread` those that cannot be read.
    """

    program: str | None
    facts: dict[Fact, Value]
    own: frozenset[Fact]
    unread: dict[Fact, Unreadable]


@dataclass(frozen=True, slots=True)
class DateCell:
    """A cell in a column of dates."""

    fact: Fact
    column: str
    day: date | NotADate


class RowReader:
    """Reads single rows; what holds for the whole list counts where a row says nothing."""

    def __init__(self, policy: Policy, given: Given, reader: CellReader) -> None:
        self._policy, self._given, self._reader = policy, given, reader
        self._implications: dict[tuple[Fact, str | None], tuple[tuple[Fact, Value], ...]] = {}

    def stated(self, cells: CellsByFact) -> Stated:
        """Return what a row states apart from dates."""
        row = _Row(self._policy, self._reader)
        facts = dict(self._given.facts)
        row.choices(self._policy.facts()[PROGRAM], cells.get(PROGRAM, ()))
        row.settle(facts)
        program = facts.get(PROGRAM)
        row.program = program if isinstance(program, str) and program in self._policy.programs else None
        legal = self._policy.facts(row.program)
        for fact, said in cells.items():
            spec = legal.get(fact)
            if spec is None or fact == PROGRAM:
                continue
            if spec.means is Means.MAKER:
                row.products(spec, said)
            else:
                row.choices(spec, said)
        row.settle(facts)
        for fact in row.said.keys() - row.unread.keys():
            silent = (
                (each, value) for each, value in self._implied(fact, row.program) if each not in row.said
            )
            facts |= {each: value for each, value in silent if each not in row.unread}
        return Stated(row.program, facts, frozenset(row.said), row.unread)

    def with_days(
        self, stated: Stated, cells: Sequence[DateCell]
    ) -> tuple[dict[Fact, Value], Mapping[Fact, Unreadable]]:
        """Return a row's facts, in the order of asking, and those that cannot be read, with the reason."""
        facts, unread = dict(stated.facts), dict(stated.unread)
        legal, days = self._policy.facts(stated.program), dict[Fact, date]()
        for cell in cells:
            if cell.fact not in legal:
                continue
            facts.pop(cell.fact, None)
            implied = self._implied(cell.fact, stated.program)
            if not isinstance(cell.day, NotADate):
                if days.setdefault(cell.fact, cell.day) != cell.day:
                    unread[cell.fact] = Unreadable(Trouble.CONTRADICTION, cell.column)
            elif cell.day is not NotADate.OPEN:
                unread[cell.fact] = Unreadable(_NO_DAYS[cell.day], cell.column)
                unread = {fact: unread[cell.fact] for fact, _ in implied if fact not in facts} | unread
                continue
            for fact, value in implied:
                if fact in stated.own and facts.get(fact, value) != value:
                    unread[fact] = Unreadable(Trouble.CONTRADICTION, cell.column)
                elif fact not in unread:
                    facts[fact] = value
        facts |= days
        return {fact: facts[fact] for fact in legal if fact in facts and fact not in unread}, unread

    def _implied(self, fact: Fact, program: str | None) -> tuple[tuple[Fact, Value], ...]:
        """Return the facts implied by another one, of those that the program asks for."""
        key = (fact, program)
        if key not in self._implications:
            legal, known = self._policy.facts(program), self._policy.programs.get(program or "")
            self._implications[key] = tuple(
                (other, value)
                for other, value in (legal[fact].implies if fact in legal else ())
                if other in legal and (not legal[other].where_asked or (known and other in known.facts))
            )
        return self._implications[key]


class _Row:
    """One row while it is read: the values of each fact, with their columns, and what cannot be read."""

    def __init__(self, policy: Policy, reader: CellReader) -> None:
        self._policy, self._reader = policy, reader
        self.program: str | None = None
        self.said: dict[Fact, dict[Value, Column]] = {}
        self.unread: dict[Fact, Unreadable] = {}

    def choices(self, spec: FactSpec, said: Sequence[tuple[Column, str]]) -> None:
        declared = self._policy.vocabulary.facts.get(spec.id, spec)
        for column, text in said:
            value = self._reader.choice(spec if spec.id == PROGRAM else declared, text)
            self._say(spec.id, value, column, Trouble.NOT_A_CHOICE)

    def products(self, spec: FactSpec, said: Sequence[tuple[Column, str]]) -> None:
        """Read products, whether maker and product share a cell or not."""
        whole = self._product(" ".join(text for _, text in said))
        known = [(said[0][0], whole)] if whole is not None else []
        if whole is None and len(said) > 1:
            each = [(column, self._product(text)) for column, text in said]
            known = [(column, facts) for column, facts in each if facts is not None]
        for column, facts in known:
            for fact, value in facts.items():
                self._say(fact, value, column, Trouble.NOT_A_PRODUCT)
        if not known:
            self.unread[spec.id] = Unreadable(Trouble.NOT_A_PRODUCT, said[0][0].name)

    def _product(self, text: str) -> Mapping[Fact, Value] | None:
        return self._reader.product(text, self.program)

    def _say(self, fact: Fact, value: Value | None, column: Column, trouble: Trouble) -> None:
        if value is not None and fact != PROGRAM:
            value = self._policy.counts_as(fact, value, self.program)
        if value is None:
            self.unread.setdefault(fact, Unreadable(trouble, column.name))
        else:
            self.said.setdefault(fact, {}).setdefault(value, column)

    def settle(self, facts: dict[Fact, Value]) -> None:
        """Put the row's own values into `facts`, and take out facts that cannot be read."""
        for fact, values in self.said.items():
            facts[fact] = next(iter(values))
            if len(values) > 1:
                self.unread.setdefault(fact, Unreadable(Trouble.CONTRADICTION, [*values.values()][-1].name))
        for fact in self.unread:
            facts.pop(fact, None)
