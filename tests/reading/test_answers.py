"""What people type as an answer to one question is taken, however they put it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.sentences import read
from policy import Policy
from policy.facts import Detail, Fact

TODAY = date(2026, 11, 23)
DAY = "fulfilled_on"

FACTS = [
    # asked, under,       typed                                value
    ("issued", "opensrs", "yes it's issued", True),
    ("issued", "opensrs", "`yes`", True),
    ("issued", "opensrs", "yep, since Monday", True),
    ("issued", "opensrs", "it's in progress", False),
    ("issued", "opensrs", "pending validation", False),
    ("issued", "opensrs", "nope, not yet", False),
    ("issued", "opensrs", "no, it's still pending", False),
    ("issued", "opensrs", "nein, noch nicht", False),
    ("issued", "opensrs", "sí", True),
    ("issued", "opensrs", "affirmative", True),
    ("issued", "opensrs", "of course", True),
    ("issued", "opensrs", "negative", False),
    ("requester", "opensrs", "I am the reseller", "reseller"),
    ("requester", "opensrs", "_reseller_", "reseller"),
    ("requester", "opensrs", "we resell it", "reseller"),
    ("requester", "opensrs", "customer", "certificate_holder"),
    ("requester", "opensrs", "I own the site", "certificate_holder"),
    ("requester", "opensrs", "it's for a customer of mine", "reseller"),
    ("requester", "opensrs", "my client's", "reseller"),
    ("requester", "opensrs", "it's mine", "certificate_holder"),
    ("requester", "opensrs", "for our own website", "certificate_holder"),
    ("program", None, "Tucows/OpenSRS", "opensrs"),
    ("program", None, "I ordered it from OpenSRS", "opensrs"),
    ("program", None, "trustiko", "trustico"),
    ("program", None, "at Namecheap", "other"),
    ("program", None, "Trustico.com", "trustico"),
    ("program", None, "<http://www.namecheap.com|www.namecheap.com>", "other"),
    ("program", None, "none of these", "other"),
    ("provider", "opensrs", "none of them", "other"),
    ("provider", "opensrs", "> Sectigo", "sectigo"),
    ("provider", "opensrs", "&gt; Sectigo", "sectigo"),
    ("provider", "opensrs", "<@U0BOT> Sectigo", "sectigo"),
    ("provider", "opensrs", "it's a Thwate cert", "thawte"),
    ("validation", "opensrs", "organization", "ov"),
    ("validation", "opensrs", "it says domain validated", "dv"),
    ("account", "trustico", "we're a partner", "partner"),
    ("account", "trustico", "a normal customer", "retail"),
    ("subject", "trustico", "my prepaid balance", "prepaid_balance"),
    ("subject", "trustico", "the certificate", "certificate"),
    (DAY, "opensrs", "yesterday at 5pm", date(2026, 11, 22)),
    (DAY, "opensrs", "Nov  3 00:00:00 2026 GMT", date(2026, 11, 3)),
    (DAY, "opensrs", "issued 3 Nov 2026", date(2026, 11, 3)),
    (DAY, "opensrs", "20261103", date(2026, 11, 3)),
    (DAY, "opensrs", "Nov 3?", date(2026, 11, 3)),
    (DAY, "opensrs", "3 Nov 98", date(1998, 11, 3)),
    (DAY, "opensrs", "ordered on 3 Nov, issued 5 Nov", date(2026, 11, 5)),
    (DAY, "opensrs", "the 28th", date(2026, 10, 28)),
    (DAY, "opensrs", "last Tuesday", date(2026, 11, 17)),
    (DAY, "opensrs", "two Fridays ago", date(2026, 11, 13)),
    (DAY, "opensrs", "a week ago today", date(2026, 11, 16)),
    (DAY, "opensrs", "the 12th of last month", date(2026, 10, 12)),
    (DAY, "opensrs", "last month on the 12th", date(2026, 10, 12)),
    (DAY, "opensrs", "the last day of October", date(2026, 10, 31)),
    (DAY, "opensrs", "the last day of February", date(2026, 2, 28)),
    (DAY, "opensrs", "el martes pasado", date(2026, 11, 17)),
    (DAY, "opensrs", "mardi dernier", date(2026, 11, 17)),
    (DAY, "opensrs", "vorgestern", date(2026, 11, 21)),
    (DAY, "opensrs", "2026-11-03T23:30:00-08:00", date(2026, 11, 3)),
]

DETAILS = [
    ("supplier_order_id", "order 1234567890", "1234567890"),
    ("supplier_order_id", "it's #1234567890.", "1234567890"),
    ("common_name", "https://shop.example.com/", "shop.example.com"),
    ("common_name", "<https://shop.example.com/cart|shop.example.com>", "shop.example.com"),
    ("common_name", "*.Shop.Example.com", "*.shop.example.com"),
    ("reseller_username", "it's acme-certs", "acme-certs"),
    ("tech_email", "<mailto:jo@a.example|jo@a.example>", "jo@a.example"),
]

OPEN_DAYS = [
    ("03/04/2026", [date(2026, 3, 4), date(2026, 4, 3)]),
    ("about 2 weeks ago", [date(2026, 11, 6), date(2026, 11, 12)]),
    ("3 or 4 Nov", [date(2026, 11, 3), date(2026, 11, 4)]),
    ("end of October", [date(2026, 10, 1), date(2026, 10, 31)]),
    ("I think it was the 3rd", [date(2026, 11, 3)]),
    ("2026-12-24", [date(2026, 12, 24)]),
]


@pytest.mark.parametrize(("asked", "program", "typed", "value"), FACTS, ids=[row[2] for row in FACTS])
def test_answers_about_a_fact(
    shipped: Policy, asked: str, program: str | None, typed: str, value: object
) -> None:
    found = read(shipped, typed, TODAY, program, Fact(asked))
    assert found.facts.get(Fact(asked)) == value
    assert Fact(asked) not in found.ambiguous


# What only leads a sentence is no username: under that question an earlier answer is put right, too.
LEADS = ["no, it was GeoTrust", "sorry, it was GeoTrust", "no, it was fulfilled on 12 Nov 2026", "no, sorry"]


@pytest.mark.parametrize("typed", ["that's unfair", "this is ridiculous", "it's late", *LEADS])
def test_these_words_are_not_a_username(shipped: Policy, typed: str) -> None:
    assert not read(shipped, typed, TODAY, "opensrs", Detail("reseller_username")).details


@pytest.mark.parametrize(("asked", "typed", "value"), DETAILS, ids=[row[1] for row in DETAILS])
def test_answers_about_a_detail(shipped: Policy, asked: str, typed: str, value: str) -> None:
    assert read(shipped, typed, TODAY, "opensrs", Detail(asked)).details == {asked: value}


@pytest.mark.parametrize(("typed", "days"), OPEN_DAYS, ids=[row[0] for row in OPEN_DAYS])
def test_an_ambiguous_date_lists_every_reading(shipped: Policy, typed: str, days: list[date]) -> None:
    found = read(shipped, typed, TODAY, "opensrs", Fact(DAY))
    assert (dict(found.facts), found.ambiguous) == ({}, (DAY,))
    assert [each.value for each in found.found] == days


@pytest.mark.parametrize("typed", ["ordered on 3 Nov", "hello", "Sectigo", "what do you mean?"])
def test_an_answer_to_another_question_is_not_taken(shipped: Policy, typed: str) -> None:
    found = read(shipped, typed, TODAY, "opensrs", Fact(DAY))
    assert DAY not in {*found.facts, *found.ambiguous}
