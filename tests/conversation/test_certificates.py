"""A certificate that is pasted: what it tells is answered, what it cannot tell is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID as Use

from bot.conversation.derive import Rules
from bot.conversation.events import Said, TookBack
from bot.conversation.screens import Question
from bot.render.texts import Texts
from tests.conversation.transcript import Dialog, moment
from tests.reading import certificates as made
from tests.reading.certificates import ISSUED, chain, leaf, name, pem


def issued_by(issuer: str) -> made.Issued:
    return next(each for each in ISSUED if each.issuer.startswith(issuer))


def text(*certificates: made.x509.Certificate) -> str:
    return pem(*certificates).decode()


OWN = name("Example", "shop.example.com")
READS = {
    "a leaf": (
        text(leaf()),
        "Sectigo · DV · Fulfilled: Tue 3 November 2026? (the certificate's first day, a hint)",
    ),
    "a chain": (text(*reversed(chain())), "Sectigo · DV"),
    "of DigiCert": (text(leaf(issued_by("DigiCert TLS"))), "I read: OV ·"),
    "of DigiCert, whose": (
        text(leaf(issued_by("DigiCert TLS"))),
        "may have been sold as Symantec, GeoTrust or Thawte",
    ),
    "a brand of DigiCert's": (text(leaf(issued_by("GeoTrust RSA"))), "I read: GeoTrust · OV"),
    "RapidSSL": (text(leaf(issued_by("RapidSSL SHA256"))), "I read: Another one"),
    "an intermediate": (text(*chain()[1:]), "certificate of an authority"),
    "self-signed": (text(made.made(OWN, OWN)), "self-signed"),
    "expired": (text(leaf(ends=datetime(2026, 11, 1, tzinfo=UTC))), "has expired"),
    "for code": (
        text(made.made(name("Sectigo Limited", "A CA"), OWN, hosts=(), uses=[Use.CODE_SIGNING])),
        "no SSL certificate",
    ),
    "from a later day": (
        text(made.made(name("Sectigo Limited", "A CA"), OWN, begins=datetime(2027, 1, 1, tzinfo=UTC))),
        "holds only from a later day",
    ),
    "several": (text(leaf(), leaf(host="www.example.org")), "I take only what they have in common"),
    "cut off": (text(leaf())[:300], "cut off or damaged"),
}


@pytest.fixture
def desk(rules: Rules, texts: Texts) -> Dialog:
    return Dialog(rules, texts)


@pytest.mark.parametrize("sent", READS)
def test_what_is_read_is_said_and_the_interview_begins(desk: Dialog, sent: str) -> None:
    pasted, said = READS[sent]
    desk.begin(pasted)
    assert said in desk.said
    assert isinstance(desk.at and desk.at.screen, Question)
    assert desk.at.screen.fact == "program"  # type: ignore[union-attr]
    assert "I can't" not in desk.said


@pytest.mark.parametrize("sent", READS)
def test_the_same_in_answer_to_a_question(desk: Dialog, sent: str) -> None:
    pasted, said = READS[sent]
    desk.begin().read("you: opensrs")
    before = desk.case.interview.answers
    desk.happens_typed(pasted)
    assert said.removeprefix("I read: ") in desk.said
    assert "I can't" not in desk.said
    assert desk.case.interview.answers[: len(before)] == before


FIRST_DAYS = {  # the certificate begins on 3 November
    "within the window": ("2026-11-23", "The certificate begins on 3 November 2026"),
    "its last day": ("2026-12-05", "The certificate begins on 3 November 2026"),
    "past it, whenever it was reissued": ("2026-12-06", "no refund: the last day was Thu 3 December 2026"),
}


@pytest.mark.parametrize("when", FIRST_DAYS)
def test_its_first_day_is_asked_only_where_a_reissue_would_matter(desk: Dialog, when: str) -> None:
    day, said = FIRST_DAYS[when]
    desk.now = moment(date.fromisoformat(day))
    desk.begin(text(leaf())).read("you: opensrs").read("you: reseller")
    assert said in desk.said


def test_the_day_that_is_asked_back_is_taken_with_one_click(desk: Dialog) -> None:
    desk.begin(f"OpenSRS reseller, refund please\n{text(leaf())}").read("""
        desk: I read: OpenSRS · Reseller · Sectigo · Fulfilled: Tue 3 November 2026?
        desk: The certificate begins on
        you: [fulfilled_on=2026-11-03]
        desk: Refund: yes, if you ask by Thu 3 December 2026
    """)


def test_the_writers_own_day_counts_and_a_contradiction_is_asked(desk: Dialog) -> None:
    desk.begin(f"We are an OpenSRS reseller. GeoTrust, issued 10 Nov 2026\n{text(leaf())}").read("""
        desk: Fulfilled: Tue 10 November 2026
        desk: provider:
    """)
    assert "hint" not in desk.said


def test_what_is_read_can_be_taken_back_with_its_message(desk: Dialog) -> None:
    desk.begin().read("you: opensrs").read("you: reseller").apply(Said(text(leaf()), "m"))
    assert {answer.fact: answer.token for answer in desk.case.interview.answers}["provider"] == "sectigo"
    desk.apply(TookBack("m"))
    assert "provider" not in {answer.fact for answer in desk.case.interview.answers}


def test_pasted_again_it_is_said_to_tell_nothing_new(desk: Dialog) -> None:
    pasted = text(leaf())
    desk.begin(pasted).happens_typed(pasted)
    assert "nothing that I did not know" in desk.said


def test_it_names_the_order_where_the_name_is_asked_for(desk: Dialog) -> None:
    desk.begin("OpenSRS reseller, Sectigo, issued 10 Nov 2026")
    for said in ("acme", "1234567890", text(leaf())):
        desk.happens_typed(said)
    assert "Common name: shop.example.com" in desk.said


@pytest.mark.parametrize("sent", ["for code", "from a later day"])
def test_a_day_that_says_nothing_of_the_order_is_no_hint(desk: Dialog, sent: str) -> None:
    desk.begin(READS[sent][0])
    assert "Fulfilled" not in desk.said
    assert ("Sectigo" in desk.said) is (sent != "for code")
