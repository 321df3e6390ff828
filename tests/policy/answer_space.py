"""Every set of answers to a policy's questions, with what the policy says to each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeAlias

from policy import Policy, TableHasGapError
from policy.decision import Ask, Decision
from policy.facts import PROGRAM, Fact, Facts, Value
from policy.vocabulary import FactKind
from tests.policy.words import TODAY

AGES = (0, 29, 30, 31, 400)

Outcome: TypeAlias = Ask | Decision | TableHasGapError


def interviews(policy: Policy) -> Iterator[tuple[Facts, Outcome]]:
    """Yield every set of answers of every interview, beginning with none, and what the policy says to it.

    Only for small programs: one with many facts has millions of them.
    """
    waiting: list[dict[Fact, Value]] = [{}]
    while waiting:
        facts = waiting.pop()
        outcome = outcome_of(policy, facts)
        yield facts, outcome
        if isinstance(outcome, Ask):
            answers = _answers(policy, outcome, facts.get(PROGRAM))
            waiting.extend({**facts, outcome.fact: answer} for answer in reversed(answers))


def outcome_of(policy: Policy, facts: Facts) -> Outcome:
    """Return what a policy says to some facts; a gap is returned rather than raised."""
    try:
        return policy.decide(facts, TODAY)
    except TableHasGapError as gap:
        return gap


def _answers(policy: Policy, ask: Ask, program: object) -> tuple[Value, ...]:
    """Return every answer that can make a difference; for a day, ages on both sides of each threshold."""
    if ask.kind is not FactKind.DAY:
        return ask.choices
    known = policy.programs.get(str(program))
    thresholds = known.tables.thresholds.get(ask.fact, ()) if known else ()
    ages = {0, *thresholds, *(days + 1 for days in thresholds), *AGES}
    return (*ask.choices, *(TODAY - timedelta(days=age) for age in sorted(ages)))
