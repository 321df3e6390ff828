"""The whole space of answers: every interview that can be held, and every set of facts that can be given."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeAlias

from policy.conditions import ABSENT, Absent, Age, Answer
from policy.core import Policy
from policy.decision import Ask, Decision
from policy.errors import TableHasGapError
from policy.facts import Fact, Facts, Value
from policy.program import Program

__all__ = ["Outcome", "Point", "Space", "interviews", "reachable"]

# Any day would do: only the distance to it counts.
_TODAY: Final = date(2026, 11, 23)
# Besides both sides of each threshold, what a reply may word in a way of its own: the days around the usual
# window, and one long ago.
_AGES: Final = (0, 29, 30, 31, 400)

Outcome: TypeAlias = Ask | Decision | TableHasGapError
# An answer for each fact that a program looks at, in the order of asking.
Point: TypeAlias = tuple[Value | Absent, ...]


def reachable(policy: Policy) -> Iterator[tuple[Facts, date, Decision]]:
    """Yield each distinct decision once, with the answers and the day that lead to it.

    Raises:
        TableHasGapError: The tables do not cover everything; `policy.check` says where.
    """
    seen: set[Decision] = set()
    for facts, outcome in interviews(policy):
        if isinstance(outcome, TableHasGapError):
            raise outcome
        if isinstance(outcome, Decision) and outcome not in seen:
            seen.add(outcome)
            yield facts, _TODAY, outcome


def interviews(policy: Policy) -> Iterator[tuple[Facts, Outcome]]:
    """Yield every state of every interview, from no answer at all, and what the policy says to it."""
    waiting: list[dict[Fact, Value]] = [{}]
    while waiting:
        facts = waiting.pop()
        outcome = _outcome(policy, facts)
        yield facts, outcome
        if isinstance(outcome, Ask):
            program = policy.programs.get(str(facts.get(Fact.PROGRAM)))
            answers = _answers(policy, outcome.fact, program, _AGES)
            waiting.extend({**facts, outcome.fact: answer} for answer in reversed(answers))


@dataclass(frozen=True, slots=True)
class Space:
    """Every set of facts, partial ones too, that one program can be given, and what it says to each."""

    program: Program
    facts: tuple[Fact, ...]
    answers: tuple[tuple[Value, ...], ...]
    outcomes: Mapping[Point, Outcome] = field(repr=False)

    @classmethod
    def of(cls, policy: Policy, program: Program) -> Space:
        """Walk the space of a loaded program; facts that none of its rules looks at do not count."""
        facts = program.tables.facts
        answers = tuple(_answers(policy, fact, program) for fact in facts)
        points = itertools.product(*((ABSENT, *values) for values in answers))
        outcomes = {point: _outcome(policy, _given(program, facts, point)) for point in points}
        return cls(program, facts, answers, outcomes)

    def given(self, point: Point) -> dict[Fact, Value]:
        """Return the facts of a point as `Policy.decide` takes them."""
        return _given(self.program, self.facts, point)

    def known(self, point: Point) -> dict[Fact, Answer]:
        """Return the facts of a point as a rule's conditions take them."""
        seen = (Age((_TODAY - answer).days) if isinstance(answer, date) else answer for answer in point)
        return dict(zip(self.facts, seen, strict=True))

    def variants(self, point: Point, fact: Fact) -> Iterator[Iterator[Point]]:
        """Yield, for each way in which the other absent facts can turn out, each answer to this one."""
        index = self.facts.index(fact)
        rest = [
            values if isinstance(answer, Absent) else (answer,)
            for answer, values in zip(point, self.answers, strict=True)
        ]
        for others in itertools.product(*rest[:index], *rest[index + 1 :]):
            yield ((*others[:index], answer, *others[index:]) for answer in self.answers[index])

    def complete(self) -> Iterator[Point]:
        """Yield the points at which no fact is absent."""
        return itertools.product(*self.answers)


def _given(program: Program, facts: tuple[Fact, ...], point: Point) -> dict[Fact, Value]:
    answered = {
        fact: answer for fact, answer in zip(facts, point, strict=True) if not isinstance(answer, Absent)
    }
    return {Fact.PROGRAM: program.id, **answered}


def _outcome(policy: Policy, facts: Facts) -> Outcome:
    try:
        return policy.decide(facts, _TODAY)
    except TableHasGapError as gap:
        return gap


def _answers(
    policy: Policy, fact: Fact, program: Program | None, more: Iterable[int] = ()
) -> tuple[Value, ...]:
    """Return every answer that can make a difference: of dates, day 0 and both sides of every threshold."""
    choices = policy.choices(fact)
    if fact is not Fact.FULFILLED_ON:
        return choices
    thresholds = program.tables.thresholds if program else ()
    ages = {0, *thresholds, *(days + 1 for days in thresholds)}.union(more)
    return (*choices, *(_TODAY - timedelta(days=age) for age in sorted(ages)))
