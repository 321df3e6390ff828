"""Find the header of an order list, and what each column holds, by its name or its contents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.reading.order_list_cells import CellReader
from bot.reading.order_list_csv import Cells, Row
from bot.reading.order_list_dates import NotADate, plain
from policy import Policy
from policy.facts import PROGRAM, Detail, Fact
from policy.vocabulary import DetailKind, DetailSpec, FactKind, FactSpec, Means

MOST_COLUMNS: Final = 2_000
MOST_LOOKED_AT: Final = 400  # rows that decide what a column holds
LARGEST_SHARE: Final = 0.6  # of a column's cells that must be of a kind if its name does not say so
_SEVERAL: Final = 2

# What a column holds: a fact, or a detail of the order.
Holds: TypeAlias = Fact | Detail


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: its index from 0, its name as written, and what it holds."""

    index: int
    name: str
    holds: Holds


class ColumnNames:
    """The names that columns can have, in all languages of the vocabulary."""

    def __init__(self, policy: Policy) -> None:
        self.facts: dict[Fact, FactSpec] = dict(policy.facts())
        self.details: dict[Detail, DetailSpec] = dict(policy.vocabulary.details)
        for program in policy.programs.values():
            self.facts |= {fact: spec for fact, spec in program.facts.items() if fact not in self.facts}
            self.details |= {name: spec for name, spec in program.details.items() if name not in self.details}
        self._around = {*map(normal, policy.vocabulary.order_lists.around_days)}
        self._known: dict[str, list[Holds]] = {}
        self._days: dict[str, list[Holds]] = {}
        for detail, kind in self.details.items():
            self._add(self._known, detail, (detail, *kind.columns))
        for fact, spec in self.facts.items():
            if spec.kind is FactKind.DAY:
                words = (fact, *spec.columns, *spec.words.get("", ()))
                self._add(self._days, fact, (self._without_fillers(normal(word)) for word in words))
            else:
                self._add(self._known, fact, (fact, *spec.columns))

    def meant(self, name: str) -> list[Holds]:
        """Return what a column of that name may hold; empty if the name is unknown."""
        said = normal(name)
        bare = self._without_fillers(said)
        return [*self._known.get(said, ()), *(self._days.get(bare, ()) if bare else ())]

    def _add(self, names: dict[str, list[Holds]], holds: Holds, every: Iterable[str]) -> None:
        for name in {normal(each) for each in every} - {""}:
            names.setdefault(name, []).append(holds)

    def _without_fillers(self, said: str) -> str:
        return " ".join(word for word in said.split() if word not in self._around)


def normal(name: str) -> str:
    """Return a column's name folded for comparison."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)  # commonName
    return " ".join(re.findall(r"[^\W_]+", plain(parted)))


def header_in(rows: Sequence[Row], names: ColumnNames) -> tuple[int, int]:
    """Return the index of the first row that names the most columns, and how many it names."""
    best, most = 0, 0
    for number, row in enumerate(rows):
        known = {holds for cell in row.cells[:MOST_COLUMNS] for holds in names.meant(cell)[:1]}
        if len(known) > most and not row.is_broken:
            best, most = number, len(known)
    return best, most


def columns_of(header: Cells, rows: Sequence[Row], names: ColumnNames, reader: CellReader) -> list[Column]:
    """Return the columns that are read: by name if that is known, else by contents."""
    found: list[Column] = []
    width = max((len(row.cells) for row in rows), default=0)
    texts = [_texts(rows, index) for index in range(min(max(len(header), width), MOST_COLUMNS))]
    for index, name in enumerate(header[:MOST_COLUMNS]):
        holds = _best(names.meant(name), texts[index], names, reader)
        if holds is not None:
            found.append(Column(index, name.strip(), holds))
    taken = {column.index for column in found}
    held = {column.holds for column in found}
    free = [index for index in range(len(texts)) if index not in taken and texts[index]]
    for holds in _recognizable_by_contents(names):
        fits = [index for index in free if _share(texts[index], _reads(holds, names, reader)) > LARGEST_SHARE]
        if holds not in held and len(fits) == 1:
            name = header[fits[0]].strip() if fits[0] < len(header) else ""
            found.append(Column(fits[0], name, holds))
            free.remove(fits[0])
    return sorted(found, key=lambda column: column.index)


def _texts(rows: Sequence[Row], index: int) -> list[str]:
    cells = [row.cells[index].strip() for row in rows[:MOST_LOOKED_AT] if index < len(row.cells)]
    return [cell for cell in cells if cell]


def _best(
    meant: Sequence[Holds], texts: Sequence[str], names: ColumnNames, reader: CellReader
) -> Holds | None:
    """Return the one of several meanings that most of a column's cells fit.

    None if a choice is meant but no cell is one, as in a column of account names.
    """
    if not meant or not texts:
        return meant[0] if meant else None
    shares = {holds: _share(texts, _reads(holds, names, reader)) for holds in meant}
    best = max(meant, key=lambda holds: shares[holds])
    spec = names.facts.get(best) if isinstance(best, Fact) else None
    is_plain = spec is not None and spec.kind is FactKind.CHOICE and spec.means is None
    return None if is_plain and not shares[best] else best


def _recognizable_by_contents(names: ColumnNames) -> list[Holds]:
    """Return what a column can be known to hold without its name: a product, a level, a host."""
    told: list[Holds] = [
        fact
        for means in (Means.MAKER, Means.LEVEL)
        for fact, spec in names.facts.items()
        if spec.means is means
    ]
    return told + [name for name, spec in names.details.items() if spec.kind is DetailKind.HOST]


def _share(texts: Sequence[str], reads: Callable[[str], bool]) -> float:
    once = [*dict.fromkeys(texts)]
    return sum(map(reads, once)) / len(once) if once else 0.0


def _reads(holds: Holds, names: ColumnNames, reader: CellReader) -> Callable[[str], bool]:
    if isinstance(holds, Detail):
        kind = names.details[holds].kind
        return lambda text: reader.detail(kind, text) is not None
    spec = names.facts[holds]
    if spec.kind is FactKind.DAY:
        return lambda text: not isinstance(reader.days.readings(text), NotADate) or reader.is_empty(text)
    if spec.means is Means.MAKER:
        return lambda text: reader.product(text, None) is not None
    return lambda text: reader.choice(spec, text) is not None


def by_program_first(columns: Iterable[Column]) -> list[Column]:
    """Return columns with the program's first, since a program's own names outrank others."""
    return sorted(columns, key=lambda each: each.holds != PROGRAM)
