from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy import Policy
from policy.facts import UNKNOWN, Fact, Provider
from policy.values import Problem, parse_value
from tests.policy.words import TODAY


def test_each_choice_is_taken_to_the_letter(shipped: Policy) -> None:
    for fact in Fact:
        for choice in shipped.choices(fact):
            assert (
                parse_value(shipped, fact, choice if isinstance(choice, bool) else str(choice), TODAY)
                is choice
            )


def test_choices_end_with_unknown(shipped: Policy) -> None:
    assert shipped.choices(Fact.PROGRAM) == ("opensrs", "trustico", "other", UNKNOWN)
    assert shipped.choices(Fact.FULFILLED_ON) == (UNKNOWN,)
    assert shipped.choices(Fact.ISSUED) == (True, False, UNKNOWN)
    assert shipped.choices(Fact.PROVIDER) == (*Provider, UNKNOWN)


@pytest.mark.parametrize("raw", ["2026-11-23", "2026-11-22", "2024-02-29", "0001-01-01"])
def test_a_date(shipped: Policy, raw: str) -> None:
    assert parse_value(shipped, Fact.FULFILLED_ON, raw, TODAY) == date.fromisoformat(raw)


ACCEPTED_DATE = 'accepted: a day as YYYY-MM-DD, not after 2026-11-23, or "unknown"'


@pytest.mark.parametrize(
    ("fact", "raw", "words"),
    [
        (Fact.PROGRAM, "openSRS", 'unknown value "openSRS", did you mean "opensrs"?'),
        (
            Fact.PROGRAM,
            "namecheap",
            'unknown value "namecheap"; accepted: "opensrs", "trustico", "other", "unknown"',
        ),
        (
            Fact.REQUESTER,
            "reseler",
            'did you mean "reseller"? accepted: "reseller", "certificate_holder", "unknown"',
        ),
        (Fact.PROVIDER, "sectgo", 'did you mean "sectigo"?'),
        (Fact.PROVIDER, "Sectigo", 'did you mean "sectigo"?'),
        (Fact.PROVIDER, "comodo", 'did you mean "sectigo"?'),
        (Fact.PROVIDER, "RapidSSL", 'did you mean "other"?'),
        (Fact.PROVIDER, None, "unknown value null; accepted:"),
        (Fact.VALIDATION, "EV", 'did you mean "ev"?'),
        (Fact.ISSUED, "true", 'unknown value "true"; accepted: true, false, "unknown"'),
        (Fact.ISSUED, 1, 'unknown value 1; accepted: true, false, "unknown"'),
        (Fact.ISSUED, 0, "unknown value 0;"),
        (Fact.ISSUED, 1.0, "unknown value 1.0;"),
        (Fact.ISSUED, None, "unknown value null;"),
        (Fact.REQUESTER, True, "unknown value true;"),
        (Fact.ACCOUNT, ["partner"], "unknown value an array;"),
        (Fact.SUBJECT, {"a": 1}, "unknown value an object;"),
        (Fact.FULFILLED_ON, "2026-11-24", f"is 2026-11-24, which is after 2026-11-23; {ACCEPTED_DATE}"),
        (Fact.FULFILLED_ON, "2026-02-30", f'cannot be "2026-02-30"; {ACCEPTED_DATE}'),
        (Fact.FULFILLED_ON, "20261101", "cannot be"),
        (Fact.FULFILLED_ON, "2026-W45-1", "cannot be"),
        (Fact.FULFILLED_ON, "2026-11-01T00:00", "cannot be"),
        (Fact.FULFILLED_ON, "2026-11-1", "cannot be"),
        (Fact.FULFILLED_ON, " 2026-11-01", "cannot be"),
        (Fact.FULFILLED_ON, "2026-11-01\n", "cannot be"),
        (Fact.FULFILLED_ON, "2026-11-0\N{ARABIC-INDIC DIGIT ONE}", "cannot be"),
        (Fact.FULFILLED_ON, "0000-01-01", "cannot be"),
        (Fact.FULFILLED_ON, 20261101, "cannot be"),
        (Fact.FULFILLED_ON, True, "cannot be true"),
        (Fact.FULFILLED_ON, None, "cannot be null"),
        (Fact.FULFILLED_ON, "yesterday", f'cannot be "yesterday"; {ACCEPTED_DATE}'),
    ],
)
def test_refused_with_what_is_accepted(shipped: Policy, fact: Fact, raw: object, words: str) -> None:
    problem = parse_value(shipped, fact, raw, TODAY)
    assert isinstance(problem, Problem)
    assert problem.fact == fact
    assert words in problem.message


def test_tomorrow_is_refused_and_today_is_not(shipped: Policy) -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert parse_value(shipped, Fact.FULFILLED_ON, TODAY.isoformat(), TODAY) == TODAY
    assert isinstance(parse_value(shipped, Fact.FULFILLED_ON, tomorrow.isoformat(), TODAY), Problem)
    assert parse_value(shipped, Fact.FULFILLED_ON, tomorrow.isoformat(), tomorrow) == tomorrow
