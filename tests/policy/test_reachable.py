"""The whole space: the shipped policy is proved, and the grown tree says what the tables say."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from policy import Policy, UnknownValueError
from policy.check import check
from policy.conditions import ABSENT, Age
from policy.decision import Ask, Decision, Verdict
from policy.facts import PROGRAM, UNKNOWN, Fact
from policy.reachable import reachable
from policy.rules import CancellationRule, RefundRule, Undecided, first_match
from tests.policy.answer_space import interviews
from tests.policy.oracle import Space
from tests.policy.words import TODAY, facts


@pytest.fixture(scope="module")
def spaces(shipped: Policy) -> list[Space]:
    return [Space.of(shipped, program) for program in shipped.programs.values()]


def test_the_shipped_policy_is_proved(shipped: Policy) -> None:
    report = check(shipped)
    assert report.findings == ()
    assert report.ok
    assert [(program.program, program.questions) for program in report.programs] == [
        ("opensrs", 6),
        ("trustico", 4),
    ]


def test_the_tree_says_what_the_tables_say(shipped: Policy, spaces: list[Space]) -> None:
    for space in spaces:
        for point, outcome in space.outcomes.items():
            known = space.known(point)
            cancellation = first_match(space.program.tables.cancellation, known)
            refund = first_match(space.program.tables.refund, known)
            match outcome:
                case Decision():
                    assert isinstance(cancellation, CancellationRule)
                    assert isinstance(refund, RefundRule)
                    assert outcome.cancellation.rule == cancellation.ref
                    assert outcome.refund.rule == refund.ref
                case Ask():
                    undecided = cancellation if isinstance(cancellation, Undecided) else refund
                    assert isinstance(undecided, Undecided)
                    assert outcome.fact == undecided.fact
                    assert shipped.rule(space.program.id, outcome.because) == undecided.because


def test_each_rule_of_the_front_decides_or_asks(shipped: Policy) -> None:
    decisions = [shipped.decide(facts(words), TODAY) for words in ("other-program", "program?")]
    decided = {rule for one in decisions for rule in (one.cancellation.rule, one.refund.rule)}
    assert decided == {rule.ref for rule in shipped.front.tables.rules}


def test_an_answer_never_changes_with_the_order_of_the_facts(shipped: Policy, spaces: list[Space]) -> None:
    for space in spaces:
        for point, outcome in space.outcomes.items():
            backwards = dict(reversed(space.given(point).items()))
            assert shipped.decide(backwards, TODAY) == outcome


def test_only_the_facts_used_are_needed(shipped: Policy, spaces: list[Space]) -> None:
    for space in spaces:
        for point, outcome in space.outcomes.items():
            if isinstance(outcome, Decision):
                given = space.given(point)
                used = {fact: given[fact] for fact in outcome.facts_used}
                assert shipped.decide(used, TODAY) == outcome
                for fact in used:
                    rest = {one: value for one, value in used.items() if one != fact}
                    assert isinstance(shipped.decide(rest, TODAY), Ask)


def test_a_question_is_never_about_a_fact_that_is_there(spaces: list[Space]) -> None:
    for space in spaces:
        for point, outcome in space.outcomes.items():
            assert not isinstance(outcome, Ask) or outcome.fact not in space.given(point)


def test_questions_come_in_the_order_of_asking(shipped: Policy) -> None:
    order = list(shipped.vocabulary.facts).index
    for answers, outcome in interviews(shipped):
        asked = [*answers, outcome.fact] if isinstance(outcome, Ask) else [*answers]
        assert asked == sorted(asked, key=order)


def test_the_answer_changes_on_the_day_it_says_and_not_before(shipped: Policy) -> None:
    for answers, outcome in interviews(shipped):
        if isinstance(outcome, Decision):
            days = [shipped.decide(answers, TODAY + timedelta(days=ahead)) for ahead in range(70)]
            changes = [
                TODAY + timedelta(days=ahead)
                for ahead, (before, after) in enumerate(pairwise(days), start=1)
                if (before.cancellation.route, before.refund.verdict)
                != (after.cancellation.route, after.refund.verdict)
            ]
            assert outcome.changes_on == (changes[0] if changes else None)


def test_undetermined_names_what_is_unknown_and_nothing_else_does(shipped: Policy) -> None:
    for answers, _, decision in reachable(shipped):
        unknown = tuple(fact for fact in decision.facts_used if answers[fact] is UNKNOWN)
        undetermined = decision.refund.verdict is Verdict.UNDETERMINED
        assert decision.refund.depends_on == (unknown if undetermined else ())
        assert not undetermined or unknown


def test_unstated_is_cited_as_silent_and_nothing_else_is(shipped: Policy) -> None:
    for _, _, decision in reachable(shipped):
        if decision.policy:
            rule = shipped.rule(decision.policy.id, decision.refund.rule)
            assert rule.citation
            assert rule.citation in decision.citations
            assert rule.citation.silent == (decision.refund.verdict is Verdict.UNSTATED)


def test_reachable_yields_each_decision_once_with_what_leads_to_it(shipped: Policy) -> None:
    found = list(reachable(shipped))
    assert len({decision for _, _, decision in found}) == len(found)
    for answers, today, decision in found:
        assert shipped.decide(answers, today) == decision
    rules = {rule for _, _, one in found for rule in (one.cancellation.rule, one.refund.rule)}
    every = [
        *shipped.front.tables.rules,
        *(rule for program in shipped.programs.values() for rule in program.tables.rules),
    ]
    assert rules == {rule.ref for rule in every}
    ages = {
        (today - day).days
        for answers, today, _ in found
        if not isinstance(day := answers.get(Fact("fulfilled_on"), ""), str)
    }
    assert ages >= {0, 29, 30, 31, 400}


def test_a_rule_is_refuted_by_any_fact_before_a_question_is_asked(shipped: Policy) -> None:
    ev = next(
        rule for rule in shipped.programs["opensrs"].tables.refund if rule.ref == "refund/trustwave-ev-never"
    )
    known = {
        Fact("requester"): "reseller",
        Fact("issued"): True,
        Fact("provider"): ABSENT,
        Fact("fulfilled_on"): Age(3),
    }
    refuted = first_match((ev,), {**known, Fact("validation"): "dv"})
    assert refuted is None
    assert first_match((ev,), {**known, Fact("validation"): "ev"}) == Undecided(Fact("provider"), ev)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (PROGRAM, "namecheap"),
        (Fact("requester"), "friend"),
        (Fact("issued"), "yes"),
        (Fact("provider"), "comodo"),
        (Fact("fulfilled_on"), "2026-11-01"),
    ],
)
def test_a_value_that_no_question_offers_is_an_error(shipped: Policy, fact: Fact, value: str) -> None:
    given = {**facts("opensrs reseller issued sectigo day-3"), fact: value}
    with pytest.raises(UnknownValueError, match=value) as raised:
        shipped.decide(given, TODAY)
    assert (raised.value.fact, raised.value.value) == (fact, value)
