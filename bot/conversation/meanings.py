"""What each answer to an open question would lead to, to show that it is worth finding out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.conversation.answer_tokens import token_of
from bot.conversation.screens import Meaning
from policy import Policy
from policy.decision import Decision, Verdict
from policy.facts import PROGRAM, Fact, Facts
from policy.vocabulary import FactKind


def meanings_of(policy: Policy, path: Facts, decision: Decision, today: date) -> tuple[Meaning, ...]:
    """Return what each answer to the first fact that a verdict depends on would lead to.

    Empty if all of them lead to the same: then the answer decides nothing by itself.
    """
    fact = next(iter(decision.refund.depends_on), None)
    spec = policy.spec(fact, path.get(PROGRAM)) if fact is not None else None
    if fact is None or spec is None:
        return ()
    if spec.kind is FactKind.DAY:
        found = tuple(_of_days(policy, path, fact, today))
    else:
        found = tuple(
            Meaning(fact, token_of(choice), None, _verdict(policy, {**path, fact: choice}, today))
            for choice in spec.choices
        )
    return found if len({each.then for each in found}) > 1 else ()


def _of_days(policy: Policy, path: Facts, fact: Fact, today: date) -> Iterator[Meaning]:
    """Yield a verdict for each span of days, the latest days first; equal neighbors are merged."""
    program = policy.programs.get(str(path.get(PROGRAM)))
    lengths = program.tables.thresholds.get(fact, ()) if program is not None else ()
    ages: list[tuple[int | None, int]] = [(length, length) for length in lengths]
    ages.append((None, max(lengths, default=0) + 1))
    spans = [(within, _on(policy, path, fact, today, age)) for within, age in ages]
    for (within, then), after in zip(spans, [*spans[1:], None], strict=True):
        if after is None or after[1] != then:
            yield Meaning(fact, None, within, then)


def _on(policy: Policy, path: Facts, fact: Fact, today: date, age: int) -> Verdict | None:
    return _verdict(policy, {**path, fact: today - timedelta(days=age)}, today)


def _verdict(policy: Policy, facts: Facts, today: date) -> Verdict | None:
    found = policy.decide(facts, today)
    return found.refund.verdict if isinstance(found, Decision) else None
