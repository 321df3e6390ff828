"""What is typed as an answer, and what is made of it: one line a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.answering import answered, said
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, Snapshot
from bot.conversation.interview import Answer, Interview
from bot.conversation.now import Now
from bot.conversation.problems import Trouble
from bot.conversation.turn import Turn
from bot.conversation.typed_answers import skips_detail
from policy import Policy
from policy.facts import Fact
from tests.conversation.transcript import ROSA, moment

NOW = moment(date(2026, 11, 23))  # a Monday
NOBODY_KNOWS = "unknown"


DAY = Fact("fulfilled_on")

# What is answered before each question comes.
BEFORE: dict[str, dict[str, str]] = {
    "program": {},
    "requester": {"program": "opensrs"},
    "issued": {"program": "opensrs", "requester": "reseller"},
    "provider": {"program": "opensrs", "requester": "reseller", "issued": "true"},
    "validation": {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "trustwave"},
    "fulfilled_on": {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"},
    "account": {"program": "trustico"},
    "subject": {"program": "trustico", "account": "partner"},
}


def at(core: Policy, fact: str, now: Now = NOW) -> Snapshot:
    """Return a case at the question about a fact."""
    answers = tuple(Answer(Fact(name), token) for name, token in BEFORE[fact].items())
    case = Case(1042, ROSA, Surface.DM, interview=Interview(answers=answers))
    snapshot = Snapshot.of(Rules(core, agents=True), case, now)
    assert snapshot.asked == fact
    return snapshot


def outcome(turn: Turn, fact: str) -> str:
    """Return what a text answers to a question, else what is wrong with it."""
    match turn.problems:
        case [problem] if problem.kind in (Trouble.DATE_AMBIGUOUS, Trouble.DATE_INEXACT):
            between = " or " if problem.kind is Trouble.DATE_AMBIGUOUS else " to "
            return between.join(sorted(problem.meant))
        case [problem] if problem.kind is Trouble.DATE_LONG_AGO:
            return f"{problem.meant[0]}?"
        case [problem]:
            return problem.kind
        case _:
            return turn.case.interview.token(Fact(fact)) or "nothing"


def day(core: Policy, text: str, now: Now = NOW) -> str:
    return outcome(said(at(core, DAY, now), text), DAY)


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
        ("29 Feb 2024", "2024-02-29?"),
        # by the distance from today
        ("today", "2026-11-23"),
        ("Yesterday", "2026-11-22"),
        ("the day before yesterday", "2026-11-21"),
        ("1 day ago", "2026-11-22"),
        ("3 days ago", "2026-11-20"),
        ("three  days ago", "2026-11-20"),
        ("a week ago", "2026-11-16"),
        ("2 weeks ago", "2026-11-09"),
        ("a month ago", "2026-10-21 to 2026-10-27"),
        ("9 months ago", "2026-02-26"),
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
        # can be read in several ways that come to the same answer: the latest is taken
        ("03/04/2026", "2026-04-03"),
        ("3-4-2026", "2026-04-03"),
        ("03/04/26", "2026-04-03"),
        ("24-11-25", "2025-11-24"),
        ("3 nov", "2026-11-03"),
        ("Nov 3rd", "2026-11-03"),
        ("3 dec", "2025-12-03"),
        ("29 feb", "2024-02-29?"),
        ("13/04", "2026-04-13"),
        ("03/04", "2026-04-03"),
        ("monday", "2026-11-23"),
        ("last friday", "2026-11-20"),
        # that come to different answers: asked back
        ("03/11/2026", "2026-03-11 or 2026-11-03"),
        ("11.3.26", "2026-03-11 or 2026-11-03"),
        ("10/11", "2026-10-11 or 2026-11-10"),
        # a time, by its ends
        ("about 2 weeks ago", "2026-11-09"),
        ("sometime around 10 Nov", "2026-11-10"),
        ("about 4 weeks ago", "2026-10-23 to 2026-10-29"),
        ("3 or 4 Nov", "2026-11-03"),
        ("between 20 and 28 October", "2026-10-20 to 2026-10-28"),
        ("end of October", "2026-10-01 to 2026-10-31"),
        ("around today", "2026-11-21"),
        # more than two years ago: asked back
        ("2024-11-23", "2024-11-23"),
        ("2024-11-22", "2024-11-22?"),
        ("1999-01-01", "1999-01-01?"),
        ("3 Nov 98", "1998-11-03?"),
        # in a sentence, or with more than a day
        ("yesterday at 5pm", "2026-11-22"),
        ("Nov  3 00:00:00 2026 GMT", "2026-11-03"),
        ("issued 3 Nov 2026", "2026-11-03"),
        ("20261103", "2026-11-03"),
        ("Nov 3?", "2026-11-03"),
        ("it came on the 10th, ordered on the 9th", "2026-11-10"),
        ("I think it was the 3rd", "2026-11-03"),
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
        ("nov 2026", "2026-11-01"),
        ("november", "2026-11-01"),
        ("2026", "not_a_date"),
        ("20261101", "2026-11-01"),
        ("1/1/0001", "not_a_date"),
        ("1994-12-31", "not_a_date"),
        ("1995-01-01", "1995-01-01?"),
        ("10000-01-01", "not_a_date"),
        ("3 nov 10000", "2026-11-03"),
        ("3 nov 026", "2026-11-03"),
        ("3/4-2026", "2026-04-03"),
        ("9999 months ago", "not_a_date"),
        ("99999 days ago", "not_a_date"),
        ("-1 days ago", "2026-11-22"),
        ("2 fortnights ago", "2026-10-26"),
        ("3 nov 2026 or so", "2026-11-03"),
        ("nov nov 2026", "2026-11-01"),
        ("0", "not_a_date"),
        ("-1", "not_a_date"),
        ("99999999999999", "not_a_date"),
        ("\N{SUPERSCRIPT TWO} nov 2026", "2026-11-01"),
        ("\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO} nov 2026", "2026-11-12"),
        ("\N{ARABIC-INDIC DIGIT THREE} days ago", "2026-11-20"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}2026-11-01", "2026-11-01"),
        ("😀", "not_a_date"),
        ("אתמול", "not_a_date"),
        ("3 nov 2026 " * 1000, "2026-11-03"),
        ("", "no_answer"),
        (" \t\n", "no_answer"),
        ("I don't know", NOBODY_KNOWS),
        ("I don\N{RIGHT SINGLE QUOTATION MARK}t know.", NOBODY_KNOWS),
        ("I don't know :shrug:", NOBODY_KNOWS),
        (":woman-shrugging::skin-tone-3: no idea", NOBODY_KNOWS),
        ("no idea \N{SHRUG}\N{ZERO WIDTH JOINER}\N{FEMALE SIGN}\N{VARIATION SELECTOR-16}", NOBODY_KNOWS),
        (":shrug:", "not_a_date"),
    ],
)
def test_days(core: Policy, text: str, named: str) -> None:
    assert day(core, text) == named


@pytest.mark.parametrize(("text", "named"), [("2026-11-24", "2026-11-24"), ("2026-11-25", "date_in_future")])
def test_where_the_zone_is_unknown_the_future_begins_where_it_is_latest(
    core: Policy, text: str, named: str
) -> None:
    assert day(core, text, replace(NOW, latest=date(2026, 11, 24))) == named


CHOICES = [
    ("program", "OpenSRS", "opensrs"),
    ("program", "open srs", "opensrs"),
    ("program", "1", "opensrs"),
    ("program", "4", "unknown"),
    ("program", "Tucows/OpenSRS", "opensrs"),
    ("program", "I ordered it from OpenSRS", "opensrs"),
    ("program", "from Trustico, like always", "trustico"),
    ("requester", "I'm a reseller.", "reseller"),
    ("requester", "I am the reseller", "reseller"),
    ("requester", "_reseller_", "reseller"),
    ("requester", "Certificate Holder", "certificate_holder"),
    ("requester", "certificate-holder", "certificate_holder"),
    ("requester", "we resell it to our customer", "reseller"),
    ("issued", "YES!", "true"),
    ("issued", "`yes`", "true"),
    ("issued", "yes it's issued", "true"),
    ("issued", "it is", "true"),
    ("issued", "not yet", "false"),
    ("issued", "it's in progress", "false"),
    ("issued", "pending validation", "false"),
    ("issued", "Completed", "true"),
    ("issued", "awaiting approval", "false"),
    ("provider", "sectigo", "sectigo"),
    ("provider", "> Sectigo", "sectigo"),
    ("provider", "<@U0BOT> Sectigo", "sectigo"),
    ("provider", "Comodo", "sectigo"),
    ("provider", "GeoTurst", "geotrust"),
    ("provider", "2", "geotrust"),
    ("provider", "dunno", "unknown"),
    ("provider", "it's a Thwate one", "thawte"),
    ("validation", "Extended validation", "ev"),
    ("validation", "Premium SSL", "ov"),
    ("validation", "Trustwave Premium EV SSL", "ev"),
    ("validation", "QuickSSL", "not_a_choice"),
    ("validation", "I think it was EV", "unsure"),
    ("validation", "the customer says it is EV", "unsure"),
    ("account", "reseller", "partner"),
    ("account", "we have a partner account", "partner"),
    ("subject", "my balance", "prepaid_balance"),
    ("subject", "my prepaid balance", "prepaid_balance"),
]


@pytest.mark.parametrize(("fact", "text", "token"), CHOICES, ids=[text for _, text, _ in CHOICES])
def test_choices_in_words(core: Policy, fact: str, text: str, token: str) -> None:
    assert outcome(said(at(core, fact), text), fact) == token


@pytest.mark.parametrize("fact", [fact for fact in BEFORE if fact != DAY])
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
        "drop table",
    ],
)
def test_nonsense_is_a_problem_under_its_question(core: Policy, fact: str, text: str) -> None:
    before = at(core, fact)
    turn = said(before, text)
    [problem] = turn.problems
    assert (problem.field, turn.case) == (fact, before.case)
    assert len(problem.typed) <= 80
    problem.typed.encode()


@pytest.mark.parametrize(
    ("fact", "token", "legal"),
    [
        ("program", "trustico", True),
        ("program", "acme", False),
        ("issued", "true", True),
        ("issued", "True", False),
        ("issued", "unknown", True),
        ("validation", "unknown", True),
        ("fulfilled_on", "2026-11-23", True),
        ("fulfilled_on", "2026-11-24", False),
        ("fulfilled_on", "20261101", False),
        ("fulfilled_on", "2026-W45-1", False),
        ("fulfilled_on", "0001-01-01", False),
        ("fulfilled_on", "yesterday", False),
        ("fulfilled_on", "", False),
        ("fulfilled_on", "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0660\u0661", False),
        ("fulfilled_on", "9" * 3000, False),
    ],
)
def test_tokens_are_taken_to_the_letter(core: Policy, fact: str, token: str, legal: bool) -> None:  # noqa: FBT001  a column of the table
    turn = answered(at(core, fact), Fact(fact), token)
    assert (turn.case.interview.token(Fact(fact)) == token) is legal
    assert bool(turn.problems) is not legal


@pytest.mark.parametrize(
    "text", ["skip", "I don't know", "idk", "?", "Later.", "n/a", "skip :+1:", "n/a \N{THUMBS UP SIGN}"]
)
def test_words_that_pass_over_a_detail(text: str) -> None:
    assert skips_detail(text)
