"""What requesters write in their own words, from the first message to the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from bot.conversation.case import Surface
from bot.conversation.derive import Rules
from bot.conversation.effects import Post
from bot.conversation.events import Said
from bot.conversation.now import Now
from bot.conversation.screens import Details, Question, Result
from bot.conversation.step import begin
from bot.render.texts import Texts
from tests.conversation.transcript import ROSA, Dialog


@dataclass(frozen=True)
class Message:
    """A first message with the dialog that follows, and how many questions are asked with it and without."""

    without: int
    asked: int
    first: str
    dialog: str


MESSAGES = {
    "sectigo": Message(
        8,
        3,
        "Client changed his mind, Sectigo PositiveSSL for shop.example.com issued last Tuesday, "
        "order 1234567890, can I get a refund?",
        """
        desk: I read: Sectigo · PositiveSSL (DV) · Fulfilled: Tue 17 November 2026 ·
        desk: shop.example.com · order 1234567890
        desk: 1 of at most 3, program:
        you: OpenSRS, we are the reseller
        desk: I read: OpenSRS · Reseller
        desk: Refund: yes, if you ask by Thu 17 December 2026
        desk: reseller_username:
        you: rosa-shop
        desk: supplier_order_id:
        desk: (typed: 1234567890)
        you: 1234567890
        desk: Subject: Cancel Sectigo certificate shop.example.com, order 1234567890
        desk: Reseller username: rosa-shop
        """,
    ),
    "trustwave": Message(
        8,
        2,
        "Hello, OpenSRS reseller rosa-hosting here. Our client ordered a Trustwave Premium EV SSL "
        "by mistake, it was issued on the 3rd and they want their money back. Supplier order ID "
        "10493321, cn www.example.org",
        """
        desk: I read: OpenSRS · Trustwave · Trustwave Premium EV SSL (EV) · Fulfilled: Tue 3 November 2026
        desk: Supplier order ID: 10493321 · www.example.org
        desk: 2 of 2, requester:
        you: the reseller, the client is our customer
        desk: no refund
        desk: reseller_username:
        you: it's rosa-hosting
        desk: Subject: Cancel Trustwave certificate www.example.org, order 10493321
        """,
    ),
    "pending": Message(
        3,
        0,
        "we resell through opensrs and need to stop a GeoTrust order, wrong CSR - it's still "
        "pending, not issued yet",
        """
        desk: I read: OpenSRS · Reseller · Issued: No
        desk: Reseller Control Panel
        """,
    ),
    "double date": Message(
        8,
        2,
        "cancel please: Comodo EssentialSSL for *.shop.example.net via OpenSRS, fulfilled "
        "10/11/2026. our reseller username is rosa_web",
        """
        desk: I read: OpenSRS · Reseller · Sectigo · Fulfilled: 10/11/2026? · Reseller username: rosa_web
        desk: *.shop.example.net
        desk: 5 of 5, fulfilled_on:
        desk: “10/11/2026” can be 10 November 2026 or 11 October 2026. Which one do you mean?
        you: [fulfilled_on=2026-11-10]
        desk: supplier_order_id:
        you: it should be order 7788990
        desk: Subject: Cancel Sectigo certificate *.shop.example.net, order 7788990
        """,
    ),
    "trustico": Message(
        4,
        0,
        "Hi! Trustico partner here. Certificate for mail.example.com was issued on Friday but the "
        "customer does not want it any more. Refund possible?",
        """
        desk: I read: Trustico · Partner · A certificate · Issued: Yes · mail.example.com
        desk: no refund
        """,
    ),
}


@pytest.fixture
def desk(rules: Rules, texts: Texts) -> Dialog:
    return Dialog(rules, texts)


def questions(dialog: Dialog) -> int:
    """Count the questions that were posted in a conversation."""
    posted = [each.screen for each in dialog.effects if isinstance(each, Post)]
    return sum(isinstance(screen, Question | Details) for screen in posted)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_from_the_first_message_to_the_ticket(
    desk: Dialog, rules: Rules, texts: Texts, message: Message
) -> None:
    desk.begin(message.first).read(message.dialog)
    assert isinstance(desk.case.shown.latest and desk.case.shown.latest.result, Result)
    assert questions(desk) == message.asked
    # without the words of the first message, each of these is a question
    interview, one_by_one = desk.case.interview, Dialog(rules, texts).begin()
    while (asked := one_by_one.at and one_by_one.at.screen) and not isinstance(asked, Result):
        given = interview.given(asked.fact if isinstance(asked, Question) else asked.result.missing[0])
        assert given is not None
        one_by_one.happens_typed(given.replace("_", " ") if isinstance(asked, Question) else given)
    assert questions(one_by_one) == message.without


@pytest.mark.parametrize(
    ("said", "number", "most"),
    [
        ("hello", 1, 6),
        ("GeoTrust", 1, 4),  # of OpenSRS: program, requester, the day, and whether it is issued
        ("PositiveSSL issued 3 Nov 2026", 1, 3),  # of Trustico: program, account, subject
        ("OpenSRS", 2, 6),
        ("OpenSRS, PositiveSSL, issued 3 Nov 2026", 2, 2),
        ("OpenSRS reseller, issued 3 Nov 2026", 4, 5),  # the provider, and the level of a Trustwave one
    ],
)
def test_what_was_said_ahead_is_not_counted_as_still_to_be_asked(
    rules: Rules, said: str, number: int, most: int
) -> None:
    now = Now(datetime(2026, 11, 23, 12, tzinfo=UTC), date(2026, 11, 23), date(2026, 11, 23))
    screen = begin(rules, 1001, ROSA, Surface.DM, now, words=Said(said, "message")).screen
    assert isinstance(screen, Question)
    assert (screen.number, screen.of) == (number, most)
