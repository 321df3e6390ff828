"""The days of a decision, for tables of any kind: compared with the tables on each day that follows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import Policy
from policy.conditions import ABSENT, After, Age, Answer, Condition, OneOf, Within
from policy.decision import Caveat, Decision, Verdict, Window
from policy.facts import PROGRAM, UNKNOWN, Fact, Value
from policy.rules import CancellationRule, RefundRule, Rule, Tables, first_match
from policy.vocabulary import FactKind, FactSpec
from tests.policy.words import TODAY

BOUGHT, ISSUED_ON, KIND = Fact("bought_on"), Fact("issued_on"), Fact("kind")
FACTS = {
    BOUGHT: FactSpec(BOUGHT, FactKind.DAY),
    KIND: FactSpec(KIND, FactKind.CHOICE, ("a", "b")),
    ISSUED_ON: FactSpec(ISSUED_ON, FactKind.DAY),
}
LENGTHS = (0, 2, 5)
AGES = (-1, 0, 2, 3, 5, 6)

WINDOW = st.builds(lambda kind, days: kind(days), st.sampled_from((Within, After)), st.sampled_from(LENGTHS))
CONDITIONS: dict[Fact, st.SearchStrategy[Condition]] = {
    BOUGHT: WINDOW,
    KIND: st.sampled_from(["a", "b", UNKNOWN]).map(lambda value: OneOf(frozenset({value}))),
    ISSUED_ON: WINDOW | st.just(OneOf(frozenset({UNKNOWN}))),
}
WHEN = st.fixed_dictionaries({}, optional=CONDITIONS).map(
    lambda found: tuple((fact, found[fact]) for fact in FACTS if fact in found)
)
ROUTES = st.sampled_from(["person", "seller"])
VERDICTS = st.sampled_from([Verdict.EXPIRED, Verdict.ELIGIBLE])
When: TypeAlias = tuple[tuple[Fact, Condition], ...]


def tables_of(
    policy: Policy, cancellation: list[tuple[When, str]], refund: list[tuple[When, Verdict]]
) -> Tables:
    """Return tables of such rows, each with a last one that always holds."""
    return Tables(
        tuple(
            CancellationRule(f"cancellation/{index}", when, "So.", None, policy.vocabulary.routes[route])
            for index, (when, route) in enumerate([*cancellation, ((), "person")])
        ),
        tuple(
            RefundRule(f"refund/{index}", when, "So.", None, verdict)
            for index, (when, verdict) in enumerate([*refund, ((), Verdict.ELIGIBLE)])
        ),
    )


def points() -> Iterator[dict[Fact, Value]]:
    """Yield sets of facts: each day at each age, not known, and not asked yet."""
    days = (None, UNKNOWN, *(TODAY - timedelta(days=age) for age in AGES))
    for kind, bought, issued in itertools.product((None, "a", UNKNOWN), days, days):
        given = {KIND: kind, BOUGHT: bought, ISSUED_ON: issued}
        yield {fact: value for fact, value in given.items() if value is not None}


def rules_on(tables: Tables, facts: dict[Fact, Value], day: date) -> tuple[Rule, RefundRule] | None:
    """Return the rules that decide on a day, as the tables themselves say; None where there is a question."""
    known: dict[Fact, Answer] = dict.fromkeys(FACTS, ABSENT)
    known |= {fact: Age((day - v).days) if isinstance(v, date) else v for fact, v in facts.items()}
    decided = first_match(tables.cancellation, known), first_match(tables.refund, known)
    match decided:
        case CancellationRule(), RefundRule():
            return decided
        case _:
            return None


def outcome(rules: tuple[Rule, RefundRule] | None) -> object:
    return (rules[0].route.id, rules[1].verdict) if rules and isinstance(rules[0], CancellationRule) else None


def turn(tables: Tables, facts: dict[Fact, Value]) -> date | None:
    """Return the first later day with another outcome, looking at every day."""
    now = outcome(rules_on(tables, facts, TODAY))
    ahead = (TODAY + timedelta(days=days) for days in range(1, max(LENGTHS) + 3))
    return next((day for day in ahead if outcome(rules_on(tables, facts, day)) != now), None)


def last_day(rule: RefundRule, facts: dict[Fact, Value]) -> tuple[date | None, Window | None]:
    over = rule.verdict is Verdict.EXPIRED
    ends = [(facts[window.fact] + timedelta(days=window.days), window) for window in rule.last_day_windows]  # type: ignore[operator]
    return (max if over else min)(ends, key=lambda end: end[0]) if ends else (None, None)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WHEN, ROUTES), max_size=1), st.lists(st.tuples(WHEN, VERDICTS), min_size=2, max_size=3)
)
def test_the_days_are_those_that_the_tables_say(
    shipped: Policy, cancellation: list[tuple[When, str]], refund: list[tuple[When, Verdict]]
) -> None:
    tables = tables_of(shipped, cancellation, refund)
    program = replace(shipped.programs["trustico"], id="acme", facts=FACTS, tables=tables)
    acme = Policy({"acme": program}, shipped.vocabulary, shipped.front)
    for facts in points():
        decided = acme.decide({PROGRAM: "acme", **facts}, TODAY)
        rules = rules_on(tables, facts, TODAY)
        assert isinstance(decided, Decision) is (rules is not None)
        if isinstance(decided, Decision) and rules is not None:
            money, close = decided.refund, decided.caveats == (Caveat.BOUNDARY,)
            assert (decided.cancellation.rule, money.rule) == (rules[0].ref, rules[1].ref)
            assert (money.last_day, money.window) == last_day(rules[1], facts)
            assert close is (money.last_day is not None and 0 <= (TODAY - money.last_day).days <= 1)
            assert decided.changes_on == turn(tables, facts)
