"""Make a program of what its file says, checked against the vocabulary; and the rules before any program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from policy import conditions
from policy.core import Front
from policy.decision import Citation, Verdict
from policy.declaring import brand, detail, program_facts, route
from policy.errors import Finding
from policy.facts import OTHER, PROGRAM, Detail, Fact
from policy.names import Name
from policy.program import Links, Program
from policy.rules import CancellationRule, RefundRule, Tables
from policy.schema import (
    CancellationRow,
    FrontCancellationRow,
    FrontFile,
    FrontRefundRow,
    ProgramFile,
    RefundRow,
)
from policy.slips import Slip, findings_at
from policy.toml_file import TomlFile
from policy.vocabulary import DetailSpec, Draft, FactKind, FactSpec, RouteSpec, Vocabulary
from policy.wording import named

__all__ = ["front_of", "program_of"]

AnyRow: TypeAlias = FrontCancellationRow | FrontRefundRow
R = TypeVar("R", CancellationRow, RefundRow, FrontCancellationRow, FrontRefundRow)


class _Reading:
    """One program's file as it is put together: what it may use, and what is found wrong on the way."""

    def __init__(self, read: ProgramFile, shared: Vocabulary) -> None:
        self.read = read
        self.shared = shared
        self.facts, self.slips = program_facts(read.ask, shared)
        self.details: dict[Detail, DetailSpec] = dict(shared.details)
        self.routes: dict[str, RouteSpec] = dict(shared.routes)
        self.own: set[str] = {fact for fact in self.facts if fact not in shared.facts}
        self._declare()

    def _declare(self) -> None:
        facts = {*self.shared.facts, *self.facts}
        for index, row in enumerate(self.read.detail):
            if row.id in self.details:
                self._slip(("detail", index), f"{row.id} is declared already; give it another id")
            elif row.id in facts:
                self._slip(("detail", index), f"{row.id} is a fact's name already; give the detail another")
            else:
                self.details[Detail(row.id)] = detail(row)
        for index, way in enumerate(self.read.route):
            if way.id in self.routes:
                self._slip(("route", index), f"{way.id} is declared already; give it another id")
            else:
                self.routes[way.id] = route(way)
        self.own |= {row.id for row in self.read.detail} | {way.id for way in self.read.route}

    def names(self) -> tuple[Name, ...]:
        """Return the program's own brands, whose values may be more than the program lists."""
        facts = {**self.facts, **self.shared.facts}
        made = [brand(row, index, facts) for index, row in enumerate(self.read.brand)]
        self.slips += [slip for each in made if isinstance(each, list) for slip in each]
        return tuple(each for each in made if isinstance(each, Name))

    def tables(self) -> Tables:
        """Return the rules; rows with slips are left out."""
        cancellation, refund = [], []
        for index, row in enumerate(self.read.cancellation):
            common = self._common("cancellation", index, row)
            if common is not None and row.route in self.routes:
                needs = self._needs("cancellation", index, row)
                rule = CancellationRule(
                    **common, route=self.routes[row.route], needs=needs, credit=row.credit
                )
                cancellation.append(rule)
        for index, paid in enumerate(self.read.refund):
            common = self._common("refund", index, paid)
            if common is not None:
                needs = self._needs("refund", index, paid)
                refund.append(RefundRule(**common, verdict=paid.verdict, needs=needs))
        return Tables(tuple(cancellation), tuple(refund))

    def _common(self, table: str, index: int, row: CancellationRow | RefundRow) -> Mapping[str, Any] | None:
        slips = [*self._row_slips(table, index, row)]
        when = _when(row, (table, index), self.facts, self.shared, slips)
        self.slips += [Slip(slip.place, slip.message, f"{table}/{row.id}") for slip in slips]
        if row.cite not in self.read.cite:
            return None
        cite = self.read.cite[row.cite]
        return {
            "ref": f"{table}/{row.id}",
            "when": when,
            "says": row.says,
            "citation": Citation(cite.title, cite.section, row.silent),
        }

    def _row_slips(self, table: str, index: int, row: CancellationRow | RefundRow) -> Iterator[Slip]:
        rows: Sequence[AnyRow] = self.read.cancellation if table == "cancellation" else self.read.refund
        if row.id in [earlier.id for earlier in rows[:index]]:
            yield Slip((table, index), "stands twice in its table; give each rule an id of its own")
        if row.cite not in self.read.cite:
            yield Slip((table, index, "cite"), f"cite: unknown section {named(row.cite, self.read.cite)}")
        match row:
            case CancellationRow():
                yield from self._route_slips(index, row)
            case RefundRow(verdict=verdict, silent=silent) if silent is not (verdict is Verdict.UNSTATED):
                words = 'the verdict "unstated" and silent = true go together: the page does not say'
                yield Slip((table, index, "verdict"), words)
            case RefundRow(verdict=Verdict.EXPIRED, when=when) if not any(map(_is_window, when.values())):
                words = 'the verdict "expired" needs a window that is over, such as { after_days = 30 }'
                yield Slip((table, index, "verdict"), words)

    def _route_slips(self, index: int, row: CancellationRow) -> Iterator[Slip]:
        way = self.routes.get(row.route)
        place = ("cancellation", index, "route")
        if way is None:
            yield Slip(place, f"route: unknown value {named(row.route, self.routes)}")
        elif row.silent and not _to_people(way):
            people = [
                each.id for each in self.routes.values() if each.draft is Draft.MESSAGE and each.handoff
            ]
            yield Slip(
                place, f"where the page is silent on how to cancel, people decide: {named(way.id, people)}"
            )

    def _needs(
        self, table: str, index: int, row: CancellationRow | RefundRow
    ) -> tuple[tuple[Detail, ...], ...]:
        for name in (name for alternatives in row.needs for name in alternatives):
            if name not in self.details:
                words = f"needs: unknown value {named(name, self.details)}"
                self.slips.append(Slip((table, index, "needs"), words, f"{table}/{row.id}"))
        return tuple(tuple(map(Detail, alternatives)) for alternatives in row.needs)

    def _slip(self, place: tuple[str | int, ...], message: str) -> None:
        self.slips.append(Slip(place, message))


def program_of(
    program: str, file: TomlFile, read: ProgramFile, shared: Vocabulary
) -> tuple[Program | None, list[Finding]]:
    """Return the program that a file makes, None where something is wrong with it, and what that is."""
    reading = _Reading(read, shared)
    tables, names = reading.tables(), reading.names()
    if reading.slips:
        return None, findings_at(file, reading.slips, program)
    made = Program(
        id=program,
        name=read.name,
        aliases=tuple(read.aliases),
        effective=read.effective,
        support=read.support or f"{read.name} support",
        file=file.path,
        links=Links(**read.links.model_dump()),
        facts=MappingProxyType(reading.facts),
        details=MappingProxyType(reading.details),
        routes=MappingProxyType(reading.routes),
        own=frozenset(reading.own),
        tables=tables,
        citations=MappingProxyType(
            {key: Citation(cite.title, cite.section, silent=False) for key, cite in read.cite.items()}
        ),
        names=names,
        lines=MappingProxyType(_lines(file, read)),
    )
    return made, []


def front_of(
    files: Sequence[tuple[TomlFile, FrontFile]],
    shared: Vocabulary,
    programs: Mapping[str, Program],
    findings: list[Finding],
) -> Front | None:
    """Return the rules for no program known and for another one, later files' rows over earlier ones'."""
    asked = {PROGRAM: FactSpec(PROGRAM, FactKind.CHOICE, (*programs, OTHER))}
    cancellation: dict[str, CancellationRule] = {}
    refund: dict[str, RefundRule] = {}
    sellers: list[str] = []
    for file, read in files:
        slips: list[Slip] = []
        for index, row in enumerate(read.cancellation):
            common = _front_row("cancellation", index, row, asked, shared, slips)
            way = shared.routes.get(row.route)
            if way is None:
                words = f"route: unknown value {named(row.route, shared.routes)}"
                slips.append(Slip(("cancellation", index, "route"), words, common["ref"]))
            else:
                cancellation[row.id] = CancellationRule(**common, route=way)
        for index, paid in enumerate(read.refund):
            common = _front_row("refund", index, paid, asked, shared, slips)
            refund[paid.id] = RefundRule(**common, verdict=paid.verdict)
        sellers += read.sellers
        findings += findings_at(file, slips)
    if findings:
        return None
    tables = Tables(tuple(cancellation.values()), tuple(refund.values()))
    return Front(tables, tuple(dict.fromkeys(sellers)), files[-1][0].path if files else "")


def _front_row(  # noqa: PLR0913, PLR0917  what one row is read with
    table: str,
    index: int,
    row: AnyRow,
    facts: Mapping[Fact, FactSpec],
    shared: Vocabulary,
    slips: list[Slip],
) -> dict[str, Any]:
    found: list[Slip] = []
    ref = f"{table}/{row.id}"
    when = _when(row, (table, index), facts, shared, found)
    slips += [Slip(slip.place, slip.message, ref) for slip in found]
    return {"ref": ref, "when": when, "says": row.says, "citation": None}


def _when(
    row: AnyRow,
    place: tuple[str | int, ...],
    facts: Mapping[Fact, FactSpec],
    shared: Vocabulary,
    slips: list[Slip],
) -> tuple[tuple[Fact, conditions.Condition], ...]:
    """Read a row's conditions; a shared fact that is not asked is named with what to add."""
    unasked = [name for name in row.when if name in shared.facts and name not in facts]
    if unasked:
        words = f'when: {unasked[0]} is not asked; add\n[[ask]]\nfact = "{unasked[0]}"'
        slips.append(Slip((*place, "when"), words))
        return ()
    legal = {fact: spec for fact, spec in facts.items() if fact != PROGRAM or len(facts) == 1}
    try:
        return conditions.read(row.when, legal)
    except ValueError as error:
        slips.append(Slip((*place, "when"), f"when: {error}"))
        return ()


def _to_people(way: RouteSpec) -> bool:
    return way.draft is Draft.MESSAGE and way.handoff


def _is_window(raw: object) -> bool:
    return isinstance(raw, dict)


def _lines(file: TomlFile, read: ProgramFile) -> dict[str, int]:
    """Return where each thing stands that a finding may name."""
    places: dict[str, tuple[str | int, ...]] = {"name": ("name",), "ask": ("ask", 0)}
    places |= {f"ask.{row.fact}": ("ask", index) for index, row in enumerate(read.ask)}
    places |= {f"detail.{row.id}": ("detail", index) for index, row in enumerate(read.detail)}
    places |= {f"route.{row.id}": ("route", index) for index, row in enumerate(read.route)}
    places |= {f"brand.{row.name}": ("brand", index) for index, row in enumerate(read.brand)}
    places |= {f"cite.{key}": ("cite", key) for key in read.cite}
    places |= {f"cancellation/{row.id}": ("cancellation", i) for i, row in enumerate(read.cancellation)}
    places |= {f"refund/{row.id}": ("refund", index) for index, row in enumerate(read.refund)}
    return {name: line for name, place in places.items() if (line := file.line(place)) is not None}
