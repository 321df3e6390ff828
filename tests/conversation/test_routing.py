"""Which case words are for: the function as a table, and that its page is as it says."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from bot.conversation.routing import Fate, OneCase, Route, Stands, Written, page, route

A = Stands.ASKING
B = Stands.ANSWERED
Q = Stands.ASKING_WITH_AGENTS
W = Stands.WITH_AGENTS
R = Stands.RESOLVED
O = Stands.OVER  # noqa: E741
ANSWER, NEARLY, WORDS, URGENT = Written.ANSWER, Written.NEARLY, Written.WORDS, Written.URGENT
THANKS, PERSON, REQUEST, COMMAND = Written.THANKS, Written.PERSON, Written.REQUEST, Written.COMMAND


def shown(*stands: Stands) -> list[OneCase]:
    """Return cases that stand so, the one last shown first: 1, 2, 3 …"""
    return [OneCase(number, one) for number, one in enumerate(stands, 1)]


# what is written, the cases from the one last shown on, the fate, whose words they are
NOT_NAMED = [
    (WORDS, (), Fate.BEGINS, ()),
    (WORDS, (O,), Fate.BEGINS, ()),
    (THANKS, (), Fate.CHANGES_NOTHING, ()),
    (WORDS, (A,), Fate.ASKS_AGAIN, (1,)),
    (WORDS, (B,), Fate.KEPT, (1,)),
    (REQUEST, (B,), Fate.BEGINS, ()),
    (WORDS, (W,), Fate.PASSED_ON, (1,)),
    (REQUEST, (W,), Fate.PASSED_ON, (1,)),
    (COMMAND, (W,), Fate.PASSED_ON, (1,)),
    (WORDS, (Q,), Fate.PASSED_ON, (1,)),
    (COMMAND, (Q,), Fate.DONE, (1,)),
    (WORDS, (R,), Fate.REOPENS, (1,)),
    (THANKS, (R,), Fate.CHANGES_NOTHING, (1,)),
    (PERSON, (B, W), Fate.DONE, (1,)),
    # agents have one, the bot spoke last of another
    (WORDS, (B, W), Fate.HELD, (1, 2)),
    (WORDS, (A, W), Fate.HELD, (1, 2)),
    (WORDS, (A, Q), Fate.HELD, (1, 2)),
    (REQUEST, (B, W), Fate.HELD, (1, 2)),
    (WORDS, (B, O, W), Fate.HELD, (1, 3)),
    (WORDS, (O, B, W), Fate.HELD, (2, 3)),
    (WORDS, (B, W, B, W), Fate.HELD, (1, 2, 4)),
    (URGENT, (B, W), Fate.TO_BOTH, (1, 2)),
    (URGENT, (A, W), Fate.TO_BOTH, (1, 2)),
    (NEARLY, (A, W), Fate.ASKS_AGAIN, (1,)),
    (THANKS, (B, W), Fate.CHANGES_NOTHING, (1,)),
    (COMMAND, (A, W), Fate.DONE, (1,)),
    # an agent spoke last, or nobody else has one
    (WORDS, (W, B), Fate.PASSED_ON, (1,)),
    (WORDS, (W, W), Fate.PASSED_ON, (1,)),
    (URGENT, (W, A), Fate.PASSED_ON, (1,)),
    (WORDS, (R, W), Fate.REOPENS, (1,)),
    (WORDS, (B, R), Fate.KEPT, (1,)),
    (WORDS, (B, A), Fate.KEPT, (1,)),
]


@pytest.mark.parametrize(("written", "stands", "fate", "whose"), NOT_NAMED)
def test_words_are_for_the_case_last_shown_unless_agents_have_another(
    written: Written, stands: tuple[Stands, ...], fate: Fate, whose: tuple[int, ...]
) -> None:
    assert route(written, shown(*stands)) == Route(fate, whose)


@pytest.mark.parametrize(("written", "one", "other"), [*product(Written, Stands, Stands)])
def test_a_case_that_is_named_has_the_words_whatever_else_there_is(
    written: Written, one: Stands, other: Stands
) -> None:
    alone = route(written, [OneCase(2, one)], named=2)
    assert alone.cases == (2,)
    assert route(written, [OneCase(1, other), OneCase(2, one)], named=2) == alone


SEVERAL = [
    (WORDS, (W, W), (1, 2), Fate.HELD, (1, 2)),
    (WORDS, (B, R, W), (2, 3), Fate.HELD, (2, 3)),
    (URGENT, (W, W), (1, 2), Fate.TO_BOTH, (1, 2)),
    (WORDS, (O, W), (1, 2), Fate.PASSED_ON, (2,)),
    (WORDS, (B, O, R), (2, 3), Fate.REOPENS, (3,)),
    (THANKS, (W, W), (1, 2), Fate.CHANGES_NOTHING, (1,)),
]


@pytest.mark.parametrize(("written", "stands", "several", "fate", "whose"), SEVERAL)
def test_words_that_name_several_cases_are_for_the_one_that_is_not_over_or_are_asked_about(
    written: Written, stands: tuple[Stands, ...], several: tuple[int, ...], fate: Fate, whose: tuple[int, ...]
) -> None:
    assert route(written, shown(*stands), several=several) == Route(fate, whose)


def test_a_case_of_nobody_s_names_nothing() -> None:
    assert route(WORDS, shown(W), named=7) == route(WORDS, shown(W))


@pytest.mark.parametrize(
    ("cases", "whose"),
    [
        ([OneCase(1, A)], 1),
        ([OneCase(2, W), OneCase(1, A)], 1),  # only a notice of the other came since
        ([OneCase(2, W, spoken=True), OneCase(1, A)], 2),  # an agent wrote since
        ([OneCase(1, A), OneCase(2, W, spoken=True)], 1),
        ([OneCase(3, B), OneCase(1, Q)], 1),
    ],
)
def test_an_answer_counts_until_an_agent_speaks(cases: list[OneCase], whose: int) -> None:
    assert route(ANSWER, cases, answers=1).cases == (whose,)


def test_thanks_answer_no_question_though_they_may_mean_yes() -> None:
    assert route(THANKS, shown(A), answers=1) == Route(Fate.CHANGES_NOTHING, (1,))


@pytest.mark.parametrize("written", [written for written in Written if written is not Written.THANKS])
def test_nothing_but_thanks_is_without_a_fate(written: Written) -> None:
    for stands in product(Stands, repeat=3):
        found = route(written, shown(*stands))
        assert found.fate is not Fate.CHANGES_NOTHING
        assert found.cases or found.fate is Fate.BEGINS
        assert (len(found.cases) > 1) == (found.fate in (Fate.HELD, Fate.TO_BOTH))


def test_the_page_is_as_the_function_says() -> None:
    kept = Path("docs/routing.md").read_text(encoding="utf-8")
    assert kept.splitlines() == [*page()], "python -m bot.conversation.routing > docs/routing.md"
