"""Build a `Program` from its file, and check the file's entries against the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from policy import conditions
from policy.decision import Citation, Verdict
from policy.declarations import brand, detail, program_facts, route
from policy.errors import Finding
from policy.facts import PROGRAM, Detail, Fact
from policy.mistakes import Mistake, findings_at
from policy.names import Name
from policy.program import Links, Program
from policy.rules import CancellationRule, RefundRule, Tables
from policy.schema import (
    CancellationRow,
    FrontCancellationRow,
    FrontRefundRow,
    ProgramFile,
    RefundRow,
)
from policy.toml_file import TomlFile
from policy.vocabulary import DetailSpec, Draft, FactSpec, RouteSpec, Vocabulary
from policy.wording import suggest

__all__ = ["AnyRow", "build_program", "read_when"]

AnyRow: TypeAlias = FrontCancellationRow | FrontRefundRow


class _ProgramBuilder:
    """Builds one program from its file and collects the mistakes found along the way."""

    def __init__(self, contents: ProgramFile, shared: Vocabulary) -> None:
        self.contents = contents
        self.shared = shared
        self.facts, self.mistakes = program_facts(contents.ask, shared)
        self.details: dict[Detail, DetailSpec] = dict(shared.details)
        self.routes: dict[str, RouteSpec] = dict(shared.routes)
        self.own: set[str] = {fact for fact in self.facts if fact not in shared.facts}
        self._declare()

    def _declare(self) -> None:
        facts = {*self.shared.facts, *self.facts}
        for index, row in enumerate(self.contents.detail):
            if row.id in self.details:
                self._add_mistake(("detail", index), f"{row.id} is declared already; give it another id")
            elif row.id in facts:
                self._add_mistake(
                    ("detail", index), f"{row.id} is a fact's name already; give the detail another"
                )
            else:
                self.details[Detail(row.id)] = detail(row)
        for index, route_row in enumerate(self.contents.route):
            if route_row.id in self.routes:
                self._add_mistake(("route", index), f"{route_row.id} is declared already; give it another id")
            else:
                self.routes[route_row.id] = route(route_row)
        self.own |= {row.id for row in self.contents.detail} | {each.id for each in self.contents.route}

    def names(self) -> tuple[Name, ...]:
        """Return the program's own brands; they may name values that the program itself does not list."""
        facts = {**self.facts, **self.shared.facts}
        made = [brand(row, index, facts) for index, row in enumerate(self.contents.brand)]
        self.mistakes += [mistake for each in made if isinstance(each, list) for mistake in each]
        return tuple(each for each in made if isinstance(each, Name))

    def tables(self) -> Tables:
        """Return the rules, without the rows that have mistakes."""
        cancellation, refund = [], []
        for index, row in enumerate(self.contents.cancellation):
            common = self._common("cancellation", index, row)
            if common is not None and row.route in self.routes:
                needs = self._needs("cancellation", index, row)
                rule = CancellationRule(
                    **common, route=self.routes[row.route], needs=needs, credit=row.credit
                )
                cancellation.append(rule)
        for index, refund_row in enumerate(self.contents.refund):
            common = self._common("refund", index, refund_row)
            if common is not None:
                needs = self._needs("refund", index, refund_row)
                refund.append(RefundRule(**common, verdict=refund_row.verdict, needs=needs))
        return Tables(tuple(cancellation), tuple(refund))

    def _common(self, table: str, index: int, row: CancellationRow | RefundRow) -> Mapping[str, Any] | None:
        mistakes = [*self._row_mistakes(table, index, row)]
        when = read_when(row, (table, index), self.facts, self.shared, mistakes)
        self.mistakes += [
            Mistake(mistake.place, mistake.message, f"{table}/{row.id}") for mistake in mistakes
        ]
        if row.cite not in self.contents.cite:
            return None
        cite = self.contents.cite[row.cite]
        return {
            "ref": f"{table}/{row.id}",
            "when": when,
            "says": row.says,
            "citation": Citation(cite.title, cite.section, row.silent),
        }

    def _row_mistakes(self, table: str, index: int, row: CancellationRow | RefundRow) -> Iterator[Mistake]:
        rows: Sequence[AnyRow] = (
            self.contents.cancellation if table == "cancellation" else self.contents.refund
        )
        if row.id in [earlier.id for earlier in rows[:index]]:
            yield Mistake((table, index), "is in its table twice; give each rule an id of its own")
        if row.cite not in self.contents.cite:
            yield Mistake(
                (table, index, "cite"), f"cite: unknown section {suggest(row.cite, self.contents.cite)}"
            )
        match row:
            case CancellationRow():
                yield from self._route_mistakes(index, row)
            case RefundRow(verdict=verdict, silent=silent) if silent is not (verdict is Verdict.UNSTATED):
                words = 'the verdict "unstated" and silent = true go together: the page does not say'
                yield Mistake((table, index, "verdict"), words)
            case RefundRow(verdict=Verdict.EXPIRED, when=when) if not any(map(_is_window, when.values())):
                words = 'the verdict "expired" needs a window that is over, such as { after_days = 30 }'
                yield Mistake((table, index, "verdict"), words)

    def _route_mistakes(self, index: int, row: CancellationRow) -> Iterator[Mistake]:
        chosen = self.routes.get(row.route)
        place = ("cancellation", index, "route")
        if chosen is None:
            yield Mistake(place, f"route: unknown value {suggest(row.route, self.routes)}")
        elif row.silent and not _is_for_people(chosen):
            people = [
                each.id for each in self.routes.values() if each.draft is Draft.MESSAGE and each.handoff
            ]
            yield Mistake(
                place,
                f"where the page is silent on how to cancel, people decide: {suggest(chosen.id, people)}",
            )

    def _needs(
        self, table: str, index: int, row: CancellationRow | RefundRow
    ) -> tuple[tuple[Detail, ...], ...]:
        for name in (name for alternatives in row.needs for name in alternatives):
            if name not in self.details:
                words = f"needs: unknown value {suggest(name, self.details)}"
                self.mistakes.append(Mistake((table, index, "needs"), words, f"{table}/{row.id}"))
        return tuple(tuple(map(Detail, alternatives)) for alternatives in row.needs)

    def _add_mistake(self, place: tuple[str | int, ...], message: str) -> None:
        self.mistakes.append(Mistake(place, message))


def build_program(
    program: str, file: TomlFile, contents: ProgramFile, shared: Vocabulary
) -> tuple[Program | None, list[Finding]]:
    """Return the program that a file describes, or None and the findings."""
    builder = _ProgramBuilder(contents, shared)
    tables, names = builder.tables(), builder.names()
    if builder.mistakes:
        return None, findings_at(file, builder.mistakes, program)
    made = Program(
        id=program,
        name=contents.name,
        aliases=tuple(contents.aliases),
        effective=contents.effective,
        support=contents.support or f"{contents.name} support",
        file=file.path,
        links=Links(**contents.links.model_dump()),
        facts=MappingProxyType(builder.facts),
        details=MappingProxyType(builder.details),
        routes=MappingProxyType(builder.routes),
        own=frozenset(builder.own),
        tables=tables,
        citations=MappingProxyType(
            {key: Citation(cite.title, cite.section, silent=False) for key, cite in contents.cite.items()}
        ),
        names=names,
        lines=MappingProxyType(_lines(file, contents)),
    )
    return made, []


def read_when(
    row: AnyRow,
    place: tuple[str | int, ...],
    facts: Mapping[Fact, FactSpec],
    shared: Vocabulary,
    mistakes: list[Mistake],
) -> tuple[tuple[Fact, conditions.Condition], ...]:
    """Return a row's conditions; add a mistake for each that is wrong, with the block to paste if any."""
    unasked = [name for name in row.when if name in shared.facts and name not in facts]
    if unasked:
        words = f'when: {unasked[0]} is not asked; add\n[[ask]]\nfact = "{unasked[0]}"'
        mistakes.append(Mistake((*place, "when"), words))
        return ()
    legal = {fact: spec for fact, spec in facts.items() if fact != PROGRAM or len(facts) == 1}
    try:
        return conditions.read(row.when, legal)
    except ValueError as error:
        mistakes.append(Mistake((*place, "when"), f"when: {error}"))
        return ()


def _is_for_people(route: RouteSpec) -> bool:
    return route.draft is Draft.MESSAGE and route.handoff


def _is_window(raw: object) -> bool:
    return isinstance(raw, dict)


def _lines(file: TomlFile, contents: ProgramFile) -> dict[str, int]:
    """Return the line of each thing that a finding may name."""
    places: dict[str, tuple[str | int, ...]] = {"name": ("name",), "ask": ("ask", 0)}
    places |= {f"ask.{row.fact}": ("ask", index) for index, row in enumerate(contents.ask)}
    places |= {f"detail.{row.id}": ("detail", index) for index, row in enumerate(contents.detail)}
    places |= {f"route.{row.id}": ("route", index) for index, row in enumerate(contents.route)}
    places |= {f"brand.{row.name}": ("brand", index) for index, row in enumerate(contents.brand)}
    places |= {f"cite.{key}": ("cite", key) for key in contents.cite}
    places |= {f"cancellation/{row.id}": ("cancellation", i) for i, row in enumerate(contents.cancellation)}
    places |= {f"refund/{row.id}": ("refund", index) for index, row in enumerate(contents.refund)}
    return {name: line for name, place in places.items() if (line := file.line(place)) is not None}
