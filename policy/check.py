"""Prove the policy files by walking the whole space of answers, and say what an operator has to mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from policy.core import Policy
from policy.decision import Ask, Decision, Verdict
from policy.errors import Finding, PolicyError, TableHasGapError
from policy.facts import Fact, Facts
from policy.loading import load
from policy.names import Recognized
from policy.program import Program
from policy.rules import Rule
from policy.space import Outcome, Point, Space, interviews
from policy.wording import shown

__all__ = ["MOST_QUESTIONS", "Checked", "Report", "check", "check_files"]

MOST_QUESTIONS: Final = 6


@dataclass(frozen=True, slots=True)
class Checked:
    """How much of a program was walked: its rules, sets of facts, and most questions in one interview."""

    program: str
    file: str
    version: str
    rules: int
    sets: int
    questions: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and what was walked to find it."""

    findings: tuple[Finding, ...]
    programs: tuple[Checked, ...] = ()

    @property
    def ok(self) -> bool:
        """Say that nothing was found."""
        return not self.findings


def check_files(directories: Sequence[Path] = ()) -> Report:
    """Load the policy files and prove them; files that cannot be loaded are findings too."""
    try:
        policy = load(directories)
    except PolicyError as error:
        return Report(error.findings)
    return check(policy)


def check(policy: Policy) -> Report:
    """Prove a loaded policy.

    Every set of facts, in whatever order given, ends in one decision after at most six questions; no question
    is asked whose answers all lead to the same decision; each rule decides somewhere; each decision is cited;
    each section defined is cited; "undetermined" stands only where a fact is unknown.
    """
    findings: list[Finding] = []
    checked: list[Checked] = []
    asked = [facts for facts, _ in interviews(policy)]
    for program in policy.programs.values():
        space = Space.of(policy, program)
        longest = max((facts for facts in asked if facts.get(Fact.PROGRAM) == program.id), key=len)
        findings += _findings(policy, space, longest)
        checked.append(
            Checked(
                program=program.id,
                file=program.file,
                version=program.ref.version,
                rules=len(program.tables.rules),
                sets=len(space.outcomes),
                questions=len(longest),
            )
        )
    return Report(tuple(findings), tuple(checked))


def _findings(policy: Policy, space: Space, longest: Facts) -> Iterator[Finding]:
    program = space.program
    if len(longest) > MOST_QUESTIONS:
        asked = ", ".join(longest)
        message = f"asks {len(longest)} questions ({asked}); {MOST_QUESTIONS} are the most that may be asked"
        yield Finding(program.file, None, message)
    yield from _gaps(space)
    yield from _unreachable(space)
    yield from _pointless(space)
    yield from _undetermined(space)
    yield from _citations(space)
    yield from _names(policy, program)


def _gaps(space: Space) -> Iterator[Finding]:
    """Find, for each table, the smallest set of facts for which it has no rule."""
    for table in ("cancellation", "refund"):
        holes = [
            space.given(point)
            for point, outcome in space.outcomes.items()
            if isinstance(outcome, TableHasGapError) and outcome.table == table
        ]
        if holes:
            example = _listed(min(holes, key=len))
            message = f"no {table} rule holds for {example}; add one (found in {len(holes)} sets of facts)"
            yield Finding(space.program.file, None, message)


def _unreachable(space: Space) -> Iterator[Finding]:
    """Find the rules that never decide, and name those that decide in their place."""
    decided = {ref for outcome in space.outcomes.values() for ref in _deciding(outcome)}
    for rule in space.program.tables.rules:
        if rule.ref not in decided:
            table, _ = rule.ref.split("/")
            winners = {ref for ref in _winners(space, rule) if ref.startswith(table)}
            instead = f"; {', '.join(sorted(winners))} always holds before it" if winners else ""
            yield Finding(space.program.file, rule.ref, f"never decides anything{instead}: move or remove it")


def _winners(space: Space, rule: Rule) -> Iterator[str]:
    for point in space.complete():
        known = space.known(point)
        if all(condition.holds(known[fact]) for fact, condition in rule.when):
            yield from _deciding(space.outcomes[point])


def _deciding(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.cancellation.rule, outcome.refund.rule) if isinstance(outcome, Decision) else ()


def _pointless(space: Space) -> Iterator[Finding]:
    """Find the questions that are asked although the decision does not hang on their answer."""
    found: dict[tuple[str, Fact], Point] = {}
    for point, outcome in space.outcomes.items():
        if isinstance(outcome, Ask) and not _matters(space, point, outcome.fact):
            found.setdefault((outcome.because, outcome.fact), point)
    for (ref, fact), point in found.items():
        known = _listed(space.given(point))
        message = f"asks for {fact} with {known}, though every answer leads to the same decision there"
        yield Finding(space.program.file, ref, message)


def _matters(space: Space, point: Point, fact: Fact) -> bool:
    """Say whether two answers to the fact differ in the decision, however the other facts turn out."""
    for variants in space.variants(point, fact):
        essences = {_essence(space.outcomes[variant], fact) for variant in variants}
        if len(essences) > 1:
            return True
    return False


def _essence(outcome: Outcome, asked: Fact) -> object:
    """Return what makes two decisions the same: all but rule ids and the facts used.

    To a date question its own days do not count either: they differ with every date.
    """
    if not isinstance(outcome, Decision):
        return type(outcome)
    refund = outcome.refund
    days = (refund.last_day, outcome.caveats, outcome.changes_on)
    return (
        outcome.cancellation.route,
        (refund.verdict, refund.depends_on, refund.credit),
        outcome.needs,
        outcome.citations,
        outcome.policy,
        None if asked is Fact.FULFILLED_ON else days,
    )


def _undetermined(space: Space) -> Iterator[Finding]:
    """Find the rules that blame an unknown fact where none is unknown."""
    found: dict[str, Point] = {}
    for point, outcome in space.outcomes.items():
        refund = outcome.refund if isinstance(outcome, Decision) else None
        if refund and refund.verdict is Verdict.UNDETERMINED and not refund.depends_on:
            found.setdefault(refund.rule, point)
    for ref, point in found.items():
        message = f'is "undetermined" with {_listed(space.given(point))}, where no fact is unknown'
        yield Finding(
            space.program.file, ref, f'{message}; where the page is silent the verdict is "unstated"'
        )


def _citations(space: Space) -> Iterator[Finding]:
    program = space.program
    used = {(rule.citation.title, rule.citation.section) for rule in program.tables.rules if rule.citation}
    for key, cited in program.citations.items():
        if (cited.title, cited.section) not in used:
            yield Finding(program.file, None, f"cite.{key}: no rule cites it; remove it or cite it")
    for rule in program.tables.rules:
        if rule.citation is None:
            yield Finding(program.file, rule.ref, "cites nothing; every rule rests on a section of a page")


def _names(policy: Policy, program: Program) -> Iterator[Finding]:
    """Find the brands that are not recognized by the very name under which they are suggested."""
    for brand in program.names:
        if not isinstance(policy.recognize(brand.name), Recognized):
            message = f"brand {shown(brand.name)}: another brand goes by that name too; give it a fuller one"
            yield Finding(program.file, None, message)


def _listed(facts: Facts) -> str:
    """List facts as a rule would have them."""
    return ", ".join(
        f"{fact} = {value if isinstance(value, date) else shown(value)}" for fact, value in facts.items()
    )
