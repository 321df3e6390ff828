"""Build the `Front`: the rules for when no program is known, or for another seller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policy.errors import Finding
from policy.facts import OTHER, PROGRAM, Fact
from policy.mistakes import Mistake, findings_at
from policy.policy import Front
from policy.program import Program
from policy.program_builder import AnyRow, read_when
from policy.rules import CancellationRule, RefundRule, Tables
from policy.schema import FrontFile
from policy.toml_file import TomlFile
from policy.vocabulary import FactKind, FactSpec, Vocabulary
from policy.wording import suggest

__all__ = ["build_front"]


def build_front(
    files: Sequence[tuple[TomlFile, FrontFile]],
    shared: Vocabulary,
    programs: Mapping[str, Program],
    findings: list[Finding],
) -> Front | None:
    """Return the front that the files describe, later rows over earlier; None if there are `findings`."""
    asked = {PROGRAM: FactSpec(PROGRAM, FactKind.CHOICE, (*programs, OTHER))}
    cancellation: dict[str, CancellationRule] = {}
    refund: dict[str, RefundRule] = {}
    sellers: list[str] = []
    for file, contents in files:
        mistakes: list[Mistake] = []
        for index, row in enumerate(contents.cancellation):
            common = _front_row("cancellation", index, row, asked, shared, mistakes)
            route = shared.routes.get(row.route)
            if route is None:
                words = f"route: unknown value {suggest(row.route, shared.routes)}"
                mistakes.append(Mistake(("cancellation", index, "route"), words, common["ref"]))
            else:
                cancellation[row.id] = CancellationRule(**common, route=route)
        for index, refund_row in enumerate(contents.refund):
            common = _front_row("refund", index, refund_row, asked, shared, mistakes)
            refund[refund_row.id] = RefundRule(**common, verdict=refund_row.verdict)
        sellers += contents.sellers
        findings += findings_at(file, mistakes)
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
    mistakes: list[Mistake],
) -> dict[str, Any]:
    found: list[Mistake] = []
    ref = f"{table}/{row.id}"
    when = read_when(row, (table, index), facts, shared, found)
    mistakes += [Mistake(mistake.place, mistake.message, ref) for mistake in found]
    return {"ref": ref, "when": when, "says": row.says, "citation": None}
