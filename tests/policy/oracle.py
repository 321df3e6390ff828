"""Every set of facts, partial ones too, that one program can be given: by brute force, to compare with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from policy import Policy, Program
from policy.conditions import ABSENT, Absent, Age, Answer
from policy.decision import Decision
from policy.facts import PROGRAM, Fact, Value
from policy.vocabulary import FactKind
from tests.policy.answer_space import Outcome, outcome_of

TODAY = date(2026, 11, 23)

# An answer for each fact that a program looks at, in the order of asking.
Point = tuple[Value | Absent, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """A program's sets of facts, and what it says to each; facts that no rule looks at do not count."""

    program: Program
    facts: tuple[Fact, ...]
    answers: tuple[tuple[Value, ...], ...]
    outcomes: Mapping[Point, Outcome] = field(repr=False)

    @classmethod
    def of(cls, policy: Policy, program: Program) -> Space:
        facts = tuple(fact for fact in program.facts if fact in program.tables.mentioned)
        answers = tuple(answers_to(program, fact) for fact in facts)
        points = itertools.product(*((ABSENT, *values) for values in answers))
        outcomes = {point: outcome_of(policy, _given(program, facts, point)) for point in points}
        return cls(program, facts, answers, outcomes)

    def given(self, point: Point) -> dict[Fact, Value]:
        """Return the facts of a point as `Policy.decide` takes them."""
        return _given(self.program, self.facts, point)

    def known(self, point: Point) -> dict[Fact, Answer]:
        """Return the facts of a point as a rule's conditions take them."""
        seen = (Age((TODAY - answer).days) if isinstance(answer, date) else answer for answer in point)
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

    def matters(self, point: Point, fact: Fact) -> bool:
        """Say whether two answers to a fact lead to different decisions somewhere."""
        is_day = self.program.facts[fact].kind is FactKind.DAY
        for variants in self.variants(point, fact):
            if len({_essence(self.outcomes[variant], is_day=is_day) for variant in variants}) > 1:
                return True
        return False


def _essence(outcome: Outcome, *, is_day: bool) -> object:
    if not isinstance(outcome, Decision):
        return type(outcome)
    refund = outcome.refund
    days = None if is_day else (refund.last_day, outcome.caveats, outcome.changes_on)
    money = (refund.verdict, refund.depends_on, refund.credit)
    return outcome.cancellation.route, money, outcome.needs, outcome.citations, outcome.policy, days


def answers_to(program: Program, fact: Fact) -> tuple[Value, ...]:
    """Return every answer that can make a difference: of days, day 0 and both sides of every threshold."""
    spec = program.facts[fact]
    if spec.kind is FactKind.CHOICE:
        return spec.answers
    thresholds = program.tables.thresholds.get(fact, ())
    ages = {0, *thresholds, *(days + 1 for days in thresholds)}
    return (*spec.answers, *(TODAY - timedelta(days=age) for age in sorted(ages)))


def _given(program: Program, facts: tuple[Fact, ...], point: Point) -> dict[Fact, Value]:
    answered = {
        fact: answer for fact, answer in zip(facts, point, strict=True) if not isinstance(answer, Absent)
    }
    return {PROGRAM: program.id, **answered}
