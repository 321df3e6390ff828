"""Enumerate the decisions that a policy can reach, each with facts and a day that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from policy.conditions import Age, Answer
from policy.decision import Decision
from policy.errors import TableHasGapError
from policy.facts import OTHER, PROGRAM, Fact, Facts, Value
from policy.policy import Policy
from policy.rules import Gap, Tables
from policy.states import Given, Next, States
from policy.vocabulary import FactKind, FactSpec

__all__ = ["MAX_STATES", "one_per_wording", "reachable", "states_of"]

MAX_STATES: Final = 20_000

# Any day would do: only distances from it matter.
_TODAY: Final = date(2026, 11, 23)
# Ages that a reply may word differently, besides both sides of each threshold: the days around the usual
# window, and a day long ago.
_AGES: Final = (0, 29, 30, 31, 400)


def states_of(policy: Policy, program: str | None) -> States:
    """Return the states of a program's interviews; for None, of the interviews without a loaded program."""
    if program is None:
        # for the id of a loaded program that program's own rules decide, not the front's
        unloaded = FactSpec(PROGRAM, FactKind.CHOICE, (OTHER,))
        return States(policy.front.tables, {PROGRAM: unloaded}, None)
    known = policy.programs[program]
    return States(known.tables, known.facts, known.ref)


def reachable(policy: Policy) -> Iterator[tuple[Facts, date, Decision]]:
    """Yield each distinct decision once, with facts and a day that lead to it.

    Decisions that differ only in the facts used count as one.

    Raises:
        TableHasGapError: The tables do not cover everything; `policy.check` says where.
        TooLargeError: There are more than `MAX_STATES` states.
    """
    seen: set[Decision] = set()
    for program in (None, *policy.programs):
        states = states_of(policy, program)
        for reached in states.interviews(MAX_STATES):
            end = states.end(reached.state)
            if isinstance(end, Gap):
                raise TableHasGapError(program or "", end.table)
            if isinstance(end, Next):
                continue
            for facts in _dated(states.tables, program, reached.given):
                found = policy.decide(facts, _TODAY)
                if isinstance(found, Decision) and (bare := replace(found, facts_used=())) not in seen:
                    seen.add(bare)
                    yield facts, _TODAY, found


def one_per_wording(policy: Policy) -> Iterator[tuple[Facts, date, Decision]]:
    """Yield one of each group of reachable decisions that are worded alike: the one with the most facts.

    Raises the errors that `reachable` does.
    """
    widest: dict[object, tuple[Facts, date, Decision]] = {}
    for each in reachable(policy):
        facts, today, decision = each
        refund = decision.refund
        left = min((refund.last_day - today).days, 2) if refund.last_day and refund.last_day >= today else -1
        later = policy.decide(facts, decision.changes_on) if decision.changes_on else None
        then = later.refund.verdict if isinstance(later, Decision) else type(later)
        rules = (decision.policy, decision.cancellation.rule, refund.rule)
        alike = (rules, bool(refund.depends_on), left, decision.caveats, then)
        if alike not in widest or len(facts) > len(widest[alike][0]):
            widest[alike] = each
    yield from widest.values()


def given_as_facts(program: str | None, given: Given) -> dict[Fact, Value]:
    """Return answers as `Policy.decide` takes them."""
    plain: dict[Fact, Value] = {} if program is None else {PROGRAM: program}
    return plain | {fact: value for fact, answer in given if (value := _value(answer)) is not None}


def _dated(tables: Tables, program: str | None, given: Given) -> Iterator[dict[Fact, Value]]:
    """Yield the answers as facts, each day varied over the ages between its thresholds that may be worded."""
    facts = given_as_facts(program, given)
    yield facts
    for fact, answer in given:
        if isinstance(answer, Age):
            thresholds = tables.thresholds.get(fact, ())
            ages = {0, *_AGES, *thresholds, *(days + 1 for days in thresholds)}
            for age in sorted(ages):
                if _span(thresholds, age) == _span(thresholds, answer.days):
                    yield {**facts, fact: _TODAY - timedelta(days=age)}


def _span(thresholds: tuple[int, ...], age: int) -> int:
    return sum(age > days for days in thresholds)


def _value(answer: Answer) -> Value | None:
    match answer:
        case Age(days):
            return _TODAY - timedelta(days=days)
        case str() | bool() | date():
            return answer
        case _:
            return None
