"""What is typed as an answer, and what is made of it: one line a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import policy
from bot.conversation.problems import Problem, Trouble
from bot.conversation.typed_answers import ReadAnswer, Reading, accept, passes, read
from policy import Policy
from policy.facts import PROGRAM, Fact
from tests.conversation.transcript import moment

NOW = moment(date(2026, 11, 23))  # a Monday
NOBODY_KNOWS = "unknown"


def typed(core: Policy, fact: Fact, text: str) -> ReadAnswer:
    return read(core, fact, text, NOW, {Fact("provider"): "trustwave"})


def day(core: Policy, text: str) -> str:
    """Return the day that a text names, else what is wrong with it."""
    match typed(core, Fact("fulfilled_on"), text):
        case Reading(tokens):
            return tokens[Fact("fulfilled_on")]
        case Problem(kind=Trouble.DATE_AMBIGUOUS, meant=meant):
            return " or ".join(meant)
        case Problem(kind=kind):
            return kind


@pytest.mark.parametrize(
    ("text", "named"),
    [
        # as it is written in full
        ("2026-11-01", "2026-11-01"),
        ("2026-11-1", "2026-11-01"),
        ("2026/11/01", "2026-11-01"),
        ("2026.11.01", "2026-11-01"),
        ("2026-11-01.", "2026-11-01"),
        ("2026\N{NON-BREAKING HYPHEN}11\N{NON-BREAKING HYPHEN}01", "2026-11-01"),
        ("2026-11-01T12:30:00Z", "2026-11-01"),
        ("2026-11-01 23:59 UTC", "2026-11-01"),
        ("3 Nov 2026", "2026-11-03"),
        ("03-Nov-2026", "2026-11-03"),
        ("3nov2026", "2026-11-03"),
        ("Nov 3, 2026", "2026-11-03"),
        ("November 3rd, 2026", "2026-11-03"),
        ("the 3rd of November 2026", "2026-11-03"),
        ("2026 Nov 3", "2026-11-03"),
        ("Tue, 3 Nov 2026", "2026-11-03"),
        ("Tuesday 3 November 2026 10:15", "2026-11-03"),
        ("3 Sept 26", "2026-09-03"),
        ("29 Feb 2024", "2024-02-29"),
        # by the distance from today
        ("today", "2026-11-23"),
        ("Yesterday", "2026-11-22"),
        ("the day before yesterday", "2026-11-21"),
        ("0 days ago", "2026-11-23"),
        ("1 day ago", "2026-11-22"),
        ("3 days ago", "2026-11-20"),
        ("three  days ago", "2026-11-20"),
        ("a week ago", "2026-11-16"),
        ("2 weeks ago", "2026-11-09"),
        ("a month ago", "2026-10-23"),
        ("9 months ago", "2026-02-23"),
        ("a year ago", "2025-11-23"),
        ("friday", "2026-11-20"),
        ("on Sunday", "2026-11-22"),
        ("last monday", "2026-11-16"),
        # one order of day and month is no date, or has not come yet
        ("13/04/2026", "2026-04-13"),
        ("04/13/2026", "2026-04-13"),
        ("13.4.2026", "2026-04-13"),
        ("13/04/26", "2026-04-13"),
        ("26-11-01", "2026-11-01"),
        ("04/04/2026", "2026-04-04"),
        ("12/11/2026", "2026-11-12"),
        ("tue 3 nov", "2026-11-03"),
        # in doubt: asked back, the latest first
        ("03/04/2026", "2026-04-03 or 2026-03-04"),
        ("3-4-2026", "2026-04-03 or 2026-03-04"),
        ("03/04/26", "2026-04-03 or 2026-03-04"),
        ("24-11-25", "2025-11-24 or 2024-11-25"),
        ("3 nov", "2026-11-03 or 2025-11-03"),
        ("Nov 3rd", "2026-11-03 or 2025-11-03"),
        ("3 dec", "2025-12-03 or 2024-12-03"),
        ("29 feb", "2024-02-29 or 2020-02-29"),
        ("13/04", "2026-04-13 or 2025-04-13"),
        ("03/04", "2026-04-03 or 2026-03-04 or 2025-04-03 or 2025-03-04"),
        ("monday", "2026-11-23 or 2026-11-16"),
        ("last friday", "2026-11-20 or 2026-11-13"),
        # to come
        ("2026-11-24", "date_in_future"),
        ("24 Nov 2026", "date_in_future"),
        ("11/12/2027", "date_in_future"),
        ("9999-12-31", "date_in_future"),
        # no day at all
        ("tomorrow", "not_a_date"),
        ("31 Feb 2026", "not_a_date"),
        ("29 feb 2026", "not_a_date"),
        ("2026-13-01", "not_a_date"),
        ("2026-02-30", "not_a_date"),
        ("mon 3 nov 2026", "not_a_date"),
        ("nov 2026", "not_a_date"),
        ("november", "not_a_date"),
        ("2026", "not_a_date"),
        ("20261101", "not_a_date"),
        ("1/1/0001", "not_a_date"),
        ("1994-12-31", "not_a_date"),
        ("1995-01-01", "1995-01-01"),
        ("10000-01-01", "not_a_date"),
        ("3 nov 10000", "not_a_date"),
        ("3 nov 026", "not_a_date"),
        ("3/4-2026", "not_a_date"),
        ("9999 months ago", "not_a_date"),
        ("99999 days ago", "not_a_date"),
        ("-1 days ago", "not_a_date"),
        ("2 fortnights ago", "not_a_date"),
        ("3 nov 2026 or so", "not_a_date"),
        ("nov nov 2026", "not_a_date"),
        ("0", "not_a_date"),
        ("-1", "not_a_date"),
        ("99999999999999", "not_a_date"),
        ("\N{SUPERSCRIPT TWO} nov 2026", "not_a_date"),
        ("\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO} nov 2026", "not_a_date"),
        ("\N{ARABIC-INDIC DIGIT THREE} days ago", "not_a_date"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}2026-11-01", "not_a_date"),
        ("😀", "not_a_date"),
        ("אתמול", "not_a_date"),
        ("3 nov 2026" * 1000, "not_a_date"),
        ("", "no_answer"),
        (" \t\n", "no_answer"),
        ("I don't know", NOBODY_KNOWS),
        ("I don\N{RIGHT SINGLE QUOTATION MARK}t know.", NOBODY_KNOWS),
    ],
)
def test_days(core: Policy, text: str, named: str) -> None:
    assert day(core, text) == named


@pytest.mark.parametrize(("text", "named"), [("2026-11-24", "2026-11-24"), ("2026-11-25", "date_in_future")])
def test_where_the_zone_is_unknown_the_future_begins_where_it_is_latest(
    core: Policy, text: str, named: str
) -> None:
    now = replace(NOW, latest=date(2026, 11, 24))
    outcome = read(core, Fact("fulfilled_on"), text, now, {})
    found = outcome.kind if isinstance(outcome, Problem) else outcome.tokens[Fact("fulfilled_on")]
    assert found == named


@pytest.mark.parametrize(
    ("fact", "text", "token"),
    [
        (PROGRAM, "OpenSRS", "opensrs"),
        (PROGRAM, "open srs", "opensrs"),
        (PROGRAM, "1", "opensrs"),
        (PROGRAM, "4", "unknown"),
        (Fact("requester"), "I'm a reseller.", "reseller"),
        (Fact("requester"), "Certificate Holder", "certificate_holder"),
        (Fact("issued"), "YES!", "true"),
        (Fact("issued"), "not yet", "false"),
        (Fact("issued"), "Completed", "true"),
        (Fact("issued"), "awaiting approval", "false"),
        (Fact("provider"), "sectigo", "sectigo"),
        (Fact("provider"), "Comodo", "sectigo"),
        (Fact("provider"), "2", "geotrust"),
        (Fact("provider"), "dunno", "unknown"),
        (Fact("validation"), "Extended validation", "ev"),
        (Fact("validation"), "Premium SSL", "ov"),
        (Fact("validation"), "Trustwave Premium EV SSL", "ev"),
        (Fact("account"), "reseller", "partner"),
        (Fact("subject"), "my balance", "prepaid_balance"),
    ],
)
def test_choices_in_words(core: Policy, fact: Fact, text: str, token: str) -> None:
    outcome = typed(core, fact, text)
    assert isinstance(outcome, Reading)
    assert outcome.tokens[fact] == token


@pytest.mark.parametrize("fact", [fact for fact in policy.load().facts() if fact != Fact("fulfilled_on")])
@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-1",
        "99",
        "²",
        "\u0662",
        "99999999999999",
        "😀",
        "maybe",
        "x" * 10_000,
        "\x00",
        "\ud800",
        "true; drop",
    ],
)
def test_nonsense_is_a_problem_under_its_question(core: Policy, fact: Fact, text: str) -> None:
    outcome = typed(core, fact, text)
    assert isinstance(outcome, Problem)
    assert outcome.field == fact
    assert len(outcome.typed) <= 80
    outcome.typed.encode()


@pytest.mark.parametrize(
    ("fact", "token", "legal"),
    [
        (PROGRAM, "trustico", True),
        (PROGRAM, "acme", False),
        (Fact("issued"), "true", True),
        (Fact("issued"), "True", False),
        (Fact("issued"), "unknown", True),
        (Fact("validation"), "unknown", True),
        (Fact("fulfilled_on"), "2026-11-23", True),
        (Fact("fulfilled_on"), "2026-11-24", False),
        (Fact("fulfilled_on"), "20261101", False),
        (Fact("fulfilled_on"), "2026-W45-1", False),
        (Fact("fulfilled_on"), "0001-01-01", False),
        (Fact("fulfilled_on"), "yesterday", False),
        (Fact("fulfilled_on"), "", False),
        (Fact("fulfilled_on"), "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0660\u0661", False),
        (Fact("fulfilled_on"), "9" * 3000, False),
    ],
)
def test_tokens_are_taken_to_the_letter(core: Policy, fact: Fact, token: str, legal: bool) -> None:  # noqa: FBT001  a column of the table
    assert isinstance(accept(core, fact, token, NOW, {}), Reading) is legal


@pytest.mark.parametrize("text", ["skip", "I don't know", "idk", "?", "Later.", "n/a"])
def test_words_that_pass_over_a_detail(text: str) -> None:
    assert passes(text)
