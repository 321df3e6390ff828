"""Prove the policy files by walking every state of every interview; findings tell what to fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod
from pathlib import Path
from typing import Final, TypeAlias

from policy.decision import Verdict
from policy.errors import Finding, PolicyError, Severity
from policy.facts import PROGRAM, Facts
from policy.loading import load
from policy.names import Recognized
from policy.pointless_questions import pointless
from policy.policy import Policy
from policy.program import Program
from policy.reachable import MAX_STATES, given_as_facts, states_of
from policy.rules import Gap, Rule
from policy.states import Decided, Next, Reached, States, TooLargeError, table_of
from policy.unread_files import unread_files
from policy.wording import shown

__all__ = ["Coverage", "Report", "check", "check_files"]

MAX_WINNERS: Final = 2_000  # states walked to find the rules that hold instead of an unreachable one


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was proven of one program.

    `sets` is the number of sets of facts that the proof covers, `questions` the length of the longest
    interview.
    """

    program: str
    name: str
    file: str
    version: str
    rules: int
    sets: int
    questions: int


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, and how much of each program was proven."""

    findings: tuple[Finding, ...]
    programs: tuple[Coverage, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the policy can be used: no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def check_files(directories: Sequence[Path] = ()) -> Report:
    """Load the policy files and prove them; a file that cannot be loaded or is not read is a finding too."""
    stray = tuple(unread_files(directories))
    try:
        policy = load(directories)
    except PolicyError as error:
        return Report((*error.findings, *stray))
    report = check(policy)
    return replace(report, findings=(*report.findings, *stray))


def check(policy: Policy) -> Report:
    """Prove a loaded policy.

    These must hold: every set of facts, given in any order, leads to one decision; no question is asked whose
    answers all lead to the same decision; each rule decides somewhere; each decision cites a section; each
    section defined is cited; "undetermined" is given only where a fact is unknown. Something declared and
    never used is a warning.
    """
    findings: list[Finding] = []
    checked: list[Coverage] = []
    for program in (None, *policy.programs.values()):
        walked = _WalkedProgram(policy, program)
        for part in CHECKS:
            findings += _guarded(part, walked)
        if program is not None:
            checked.append(walked.summary(program))
    return Report(tuple(findings), tuple(checked))


class _WalkedProgram:
    """A program, or the front, with every state of its interviews."""

    def __init__(self, policy: Policy, program: Program | None) -> None:
        self.policy = policy
        self.program = program
        self.states: States = states_of(policy, program.id if program else None)
        self.reached: list[Reached] = []
        self.too_large = False
        try:
            self.reached.extend(self.states.interviews(MAX_STATES))
        except TooLargeError:
            self.too_large = True

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.states.tables.rules

    def summary(self, program: Program) -> Coverage:
        asked = 1 + max((len(each.given) for each in self.reached), default=0)
        sets = prod(len(answers) + 1 for answers in self.states.answers.values())
        return Coverage(
            program.id, program.name, program.file, program.ref.version, len(self.rules), sets, asked
        )

    def finding(
        self, rule: str | None, message: str, at: str | None = None, severity: Severity = Severity.ERROR
    ) -> Finding:
        """Return a finding on the line of `at` (a key of `Program.lines`), or else of the rule."""
        if self.program is None:
            return Finding(self.policy.front.file, rule, message, severity=severity)
        line = self.program.lines.get(at or rule or "")
        return Finding(self.program.file, rule, message, line, self.program.id, severity)

    def given(self, reached: Reached) -> Facts:
        return given_as_facts(self.program.id if self.program else None, reached.given)


Part: TypeAlias = Callable[[_WalkedProgram], Iterator[Finding]]


def _guarded(part: Part, walked: _WalkedProgram) -> list[Finding]:
    """Return what one check finds; if the check itself fails, that is a finding, and the others still run."""
    try:
        return [*part(walked)]
    except Exception as error:  # noqa: BLE001  an operator's file may break a check in any way
        name = part.__name__.strip("_")
        return [walked.finding(None, f"the check for {name} ended in {type(error).__name__}: {error}")]


def _too_large(walked: _WalkedProgram) -> Iterator[Finding]:
    if walked.too_large:
        facts = ", ".join(walked.states.answers)
        message = f"has more than {MAX_STATES:,} states, too many to be proven; its rules turn on {facts}"
        yield walked.finding(
            None, f"{message}: make rules turn on fewer facts each, or put general rules first", "ask"
        )


def _gaps(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find, for each table, a shortest set of facts for which it has no rule."""
    found: set[str] = set()
    for reached in walked.reached:
        end = walked.states.end(reached.state)
        if isinstance(end, Gap) and end.table not in found:
            found.add(end.table)
            example = listed(walked.given(reached)) or "any facts"
            yield walked.finding(None, f"no {end.table} rule holds for {example}; add one", "name")


def _unreachable(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find the rules that never decide, and name the rules that decide in their place."""
    if walked.too_large:
        return
    decided = {ref for reached in walked.reached for ref in _deciding(walked.states, reached)}
    for rule in walked.rules:
        if rule.ref not in decided:
            winners = _winners(walked.states, rule)
            instead = f"; {', '.join(sorted(winners))} always holds before it" if winners else ""
            yield walked.finding(rule.ref, f"never decides anything{instead}: move or remove it")


def _winners(states: States, rule: Rule) -> set[str]:
    """Return the rules of the same table that decide wherever this rule's conditions hold."""
    wanted = dict(rule.when)
    found: set[str] = set()
    seen = {states.first}
    waiting = [Reached(states.first, ())]
    while waiting and len(seen) < MAX_WINNERS:
        reached = waiting.pop()
        end = states.end(reached.state)
        if not isinstance(end, Next):
            found.update(ref for ref in _deciding(states, reached) if table_of(ref) == table_of(rule.ref))
            continue
        fact = end.fact
        for answer in states.answers[fact]:
            after = states.after(reached.state, fact, answer)
            if (fact not in wanted or wanted[fact].holds(answer)) and after not in seen:
                seen.add(after)
                waiting.append(Reached(after, (*reached.given, (fact, answer))))
    return found


def _deciding(states: States, reached: Reached) -> tuple[str, ...]:
    end = states.end(reached.state)
    return (end.cancellation.ref, end.refund.ref) if isinstance(end, Decided) else ()


def _pointless(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find the questions whose answer cannot change the decision."""
    if walked.too_large:
        return
    for found in pointless(walked.states):
        known = listed(walked.given(found.reached)) or "nothing known"
        message = f"asks for {found.fact} with {known}, though every answer leads to the same decision there"
        yield walked.finding(found.because, message)


def _undetermined(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find the rules that say "undetermined" although no fact is unknown."""
    found: set[str] = set()
    for reached in walked.reached:
        refs = _deciding(walked.states, reached)
        if not refs or refs[1] in found:
            continue
        refund = walked.states.decision(reached).refund
        if refund.verdict is Verdict.UNDETERMINED and not refund.depends_on:
            found.add(refund.rule)
            message = f'is "undetermined" with {listed(walked.given(reached))}, where no fact is unknown'
            words = f'{message}; where the page is silent the verdict is "unstated"'
            yield walked.finding(refund.rule, words)


def _citations(walked: _WalkedProgram) -> Iterator[Finding]:
    program = walked.program
    if program is None:
        return
    used = {(rule.citation.title, rule.citation.section) for rule in walked.rules if rule.citation}
    for key, cited in program.citations.items():
        if (cited.title, cited.section) not in used:
            message = f"cite.{key}: no rule cites it; remove it or cite it"
            yield walked.finding(None, message, f"cite.{key}")
    for rule in walked.rules:
        if rule.citation is None:
            yield walked.finding(rule.ref, "cites nothing; every rule must cite a section of a page")


def _names(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find the brands that are not recognized by their own name."""
    program, core = walked.program, walked.policy
    brands = program.names if program else core.vocabulary.names
    names = core.names(program.id if program else None)
    for brand in brands:
        if not isinstance(names.recognize(brand.name), Recognized):
            message = f"brand {shown(brand.name)}: another brand goes by that name too; give it a fuller one"
            yield walked.finding(None, message, f"brand.{brand.name}")


def _unused(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find the facts, details and routes that a program declares and no rule uses."""
    program = walked.program
    if program is None:
        return
    tables = program.tables
    needs = [rule.needs for rule in tables.cancellation] + [rule.needs for rule in tables.refund]
    needed = {detail for need in needs for alternatives in need for detail in alternatives}
    routes = {rule.route.id for rule in tables.cancellation}
    unused: list[tuple[str, str]] = []
    unused += [("ask", fact) for fact in program.facts if fact != PROGRAM and fact not in tables.mentioned]
    unused += [("detail", each) for each in program.details if each in program.own and each not in needed]
    unused += [("route", each) for each in program.routes if each in program.own and each not in routes]
    for kind, name in unused:
        message = f"[[{kind}]] {name}: no rule uses it; leave it out, or use it in a rule"
        yield walked.finding(None, message, f"{kind}.{name}", Severity.WARNING)


def _called_alike(walked: _WalkedProgram) -> Iterator[Finding]:
    """Find the names that two programs share."""
    program = walked.program
    if program is None:
        return
    mine = {name.casefold() for name in (program.name, *program.aliases)}
    for other in walked.policy.programs.values():
        theirs = {name.casefold() for name in (other.name, *other.aliases)}
        if other is not program and mine & theirs:
            name = shown(min(mine & theirs))
            message = f"the name {name} is also that of {other.id}; give one of them another"
            yield walked.finding(None, message, "name", Severity.WARNING)


CHECKS: Final[tuple[Part, ...]] = (
    _too_large,
    _gaps,
    _unreachable,
    _pointless,
    _undetermined,
    _citations,
    _names,
    _unused,
    _called_alike,
)


def listed(facts: Facts) -> str:
    """List facts in the form that a rule's `when` has."""
    return ", ".join(
        f"{fact} = {value if isinstance(value, date) else shown(value)}" for fact, value in facts.items()
    )
