from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy import Policy
from policy.facts import PROGRAM, UNKNOWN, Fact, Value
from policy.values import Problem, parse_value
from tests.policy.words import TODAY


def parsed(shipped: Policy, fact: Fact, raw: object, today: date) -> Value | Problem:
    return parse_value(shipped, shipped.facts()[fact], raw, today, None)


def test_each_choice_is_taken_to_the_letter(shipped: Policy) -> None:
    for fact in shipped.facts():
        for choice in shipped.choices(fact):
            assert parsed(shipped, fact, choice if isinstance(choice, bool) else str(choice), TODAY) is choice


def test_choices_end_with_unknown(shipped: Policy) -> None:
    assert shipped.choices(PROGRAM) == ("opensrs", "trustico", "other", UNKNOWN)
    assert shipped.choices(Fact("fulfilled_on")) == (UNKNOWN,)
    assert shipped.choices(Fact("issued")) == (True, False, UNKNOWN)
    assert shipped.choices(Fact("provider")) == (
        *("sectigo", "geotrust", "symantec", "thawte", "trustwave", "other"),
        UNKNOWN,
    )


@pytest.mark.parametrize("raw", ["2026-11-23", "2026-11-22", "2024-02-29", "0001-01-01"])
def test_a_date(shipped: Policy, raw: str) -> None:
    assert parsed(shipped, Fact("fulfilled_on"), raw, TODAY) == date.fromisoformat(raw)


ACCEPTED_DATE = 'accepted: a day as YYYY-MM-DD, not after 2026-11-23, or "unknown"'


@pytest.mark.parametrize(
    ("fact", "raw", "words"),
    [
        (PROGRAM, "openSRS", 'unknown value "openSRS", did you mean "opensrs"?'),
        (
            PROGRAM,
            "namecheap",
            'unknown value "namecheap"; accepted: "opensrs", "trustico", "other", "unknown"',
        ),
        (
            Fact("requester"),
            "reseler",
            'did you mean "reseller"? accepted: "reseller", "certificate_holder", "unknown"',
        ),
        (Fact("provider"), "sectgo", 'did you mean "sectigo"?'),
        (Fact("provider"), "Sectigo", 'did you mean "sectigo"?'),
        (Fact("provider"), "comodo", 'did you mean "sectigo"?'),
        (Fact("provider"), "RapidSSL", 'did you mean "other"?'),
        (Fact("provider"), None, "unknown value null; accepted:"),
        (Fact("validation"), "EV", 'did you mean "ev"?'),
        (Fact("issued"), "true", 'unknown value "true"; accepted: true, false, "unknown"'),
        (Fact("issued"), 1, 'unknown value 1; accepted: true, false, "unknown"'),
        (Fact("issued"), 0, "unknown value 0;"),
        (Fact("issued"), 1.0, "unknown value 1.0;"),
        (Fact("issued"), None, "unknown value null;"),
        (Fact("requester"), True, "unknown value true;"),
        (Fact("account"), ["partner"], "unknown value an array;"),
        (Fact("subject"), {"a": 1}, "unknown value an object;"),
        (Fact("fulfilled_on"), "2026-11-24", f"is 2026-11-24, which is after 2026-11-23; {ACCEPTED_DATE}"),
        (Fact("fulfilled_on"), "2026-02-30", f'cannot be "2026-02-30"; {ACCEPTED_DATE}'),
        (Fact("fulfilled_on"), "20261101", "cannot be"),
        (Fact("fulfilled_on"), "2026-W45-1", "cannot be"),
        (Fact("fulfilled_on"), "2026-11-01T00:00", "cannot be"),
        (Fact("fulfilled_on"), "2026-11-1", "cannot be"),
        (Fact("fulfilled_on"), " 2026-11-01", "cannot be"),
        (Fact("fulfilled_on"), "2026-11-01\n", "cannot be"),
        (Fact("fulfilled_on"), "2026-11-0\N{ARABIC-INDIC DIGIT ONE}", "cannot be"),
        (Fact("fulfilled_on"), "0000-01-01", "cannot be"),
        (Fact("fulfilled_on"), 20261101, "cannot be"),
        (Fact("fulfilled_on"), True, "cannot be true"),
        (Fact("fulfilled_on"), None, "cannot be null"),
        (Fact("fulfilled_on"), "yesterday", f'cannot be "yesterday"; {ACCEPTED_DATE}'),
    ],
)
def test_refused_with_what_is_accepted(shipped: Policy, fact: Fact, raw: object, words: str) -> None:
    problem = parsed(shipped, fact, raw, TODAY)
    assert isinstance(problem, Problem)
    assert problem.fact == fact
    assert words in problem.message


def test_tomorrow_is_refused_and_today_is_not(shipped: Policy) -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert parsed(shipped, Fact("fulfilled_on"), TODAY.isoformat(), TODAY) == TODAY
    assert isinstance(parsed(shipped, Fact("fulfilled_on"), tomorrow.isoformat(), TODAY), Problem)
    assert parsed(shipped, Fact("fulfilled_on"), tomorrow.isoformat(), tomorrow) == tomorrow
