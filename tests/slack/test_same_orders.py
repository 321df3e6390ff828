"""Two cases about one order know of each other; words about a duplicate go to the case that goes on."""

from __future__ import annotations

import pytest

from bot.playground.standin import Message, text_of
from tests.slack.conftest import AGENTS, Acts
from tests.slack.test_case_record import record, say

SECTIGO = ("new", "opensrs", "reseller", "yes", "sectigo", "3 Nov 2026")
ORDER, ANOTHER_ORDER = "1234567890", "9876543210"
HOST, ANOTHER_HOST = "shop.example.com", "blog.example.net"


async def ask(acts: Acts, order: str, host: str, *then: str) -> str:
    """Let Rosa ask about an order; return what she is told to the last of it."""
    return await say(acts, *SECTIGO, "acme", order, host, *then)


def card_of(acts: Acts, number: int) -> Message:
    [found] = [each for each in acts.channel(AGENTS) if not each.is_reply and f"C-{number}:" in text_of(each)]
    return found


def thread_of(acts: Acts, number: int) -> str:
    found = acts.slack.world.thread(card_of(acts, number).channel, card_of(acts, number).ts)
    return "\n".join(text_of(each) for each in sorted(found, key=lambda each: each.ts))


def on_card(acts: Acts, number: int) -> str:
    return next((line for line in text_of(card_of(acts, number)).splitlines() if "Same order" in line), "")


ORDERS = [
    (ORDER, HOST, True),
    (ORDER, ANOTHER_HOST, True),
    (ANOTHER_ORDER, HOST, True),
    (ANOTHER_ORDER, ANOTHER_HOST, False),
]


@pytest.mark.parametrize(("order", "host", "same"), ORDERS)
async def test_the_same_order_is_said_to_the_requester_and_on_both_cards(
    acts: Acts, order: str, host: str, *, same: bool
) -> None:
    await ask(acts, ORDER, HOST, "agent")
    await ask(acts, order, host, "agent")
    told = [text_of(each) for each in acts.dm() if "same order as C-1001" in text_of(each)]
    assert len(told) == same
    assert ("C-1001" in on_card(acts, 1002)) is same
    assert ("C-1002" in on_card(acts, 1001)) is same


async def test_what_somebody_else_asks_is_told_to_the_agents_alone(acts: Acts) -> None:
    await ask(acts, ORDER, HOST, "agent")
    told = [await acts.write(each, user="ben") for each in (*SECTIGO, "acme", ORDER, HOST, "agent")]
    assert "C-1001" not in "\n".join(told)
    assert "C-1002" not in "\n".join(map(text_of, acts.dm()))
    assert "C-1001" in on_card(acts, 1002)
    assert "C-1002" in on_card(acts, 1001)


async def test_a_case_that_is_settled_or_given_up_is_no_open_one(acts: Acts) -> None:
    await ask(acts, ORDER, HOST, "agent")
    await acts.press("resolve", card_of(acts, 1001), user="ada", option="Refunded")
    await ask(acts, ORDER, HOST)
    assert "same order" not in "\n".join(map(text_of, acts.dm()))


# --- duplicates


async def resolved_as_duplicate(acts: Acts, of: str) -> None:
    """Let Ada resolve C-1002 as a duplicate; the form that asks of which is filled in with this."""
    await acts.press("resolve", card_of(acts, 1002), user="ada", option="Duplicate")
    view = acts.slack.fill(acts.modal("ada"), "case", of)
    assert (await acts.slack.submit("ada", view)).acked
    await acts.world.settle()


async def two(acts: Acts) -> None:
    for _ in range(2):
        await ask(acts, ORDER, HOST, "agent")


async def test_the_form_offers_the_case_of_the_same_order(acts: Acts) -> None:
    await two(acts)
    await acts.press("resolve", card_of(acts, 1002), user="ada", option="Duplicate")
    assert "{C-1001}" in acts.shown("ada")


@pytest.mark.parametrize("of", ["C-1001", "1001", "c 1001"])
async def test_words_about_a_duplicate_go_to_the_case_that_goes_on(acts: Acts, of: str) -> None:
    await two(acts)
    await resolved_as_duplicate(acts, of)
    assert "duplicate: C-1001" in text_of(card_of(acts, 1002))
    assert "duplicate of C-1001" in thread_of(acts, 1002)
    assert "goes on as C-1001" in text_of(acts.last())
    told = await say(acts, "is there any news?")
    assert "is there any news?" in thread_of(acts, 1001)
    assert "is there any news?" not in thread_of(acts, 1002)
    assert "C-1001" in told
    assert record(acts)[-1] == (1001, "passed_on", "is there any news?")
    assert "Resolved" in text_of(card_of(acts, 1002))


@pytest.mark.parametrize("of", ["C-1002", "C-1099", "which one?", "0", "C-1003"])
async def test_what_cannot_go_on_is_no_original(acts: Acts, of: str) -> None:
    await two(acts)
    await ask(acts, ANOTHER_ORDER, ANOTHER_HOST, "agent")
    await acts.press("resolve", card_of(acts, 1003), user="ada", option="Refused")
    await resolved_as_duplicate(acts, of)
    assert "! Name another case" in acts.shown("ada")
    assert "Resolved" not in text_of(card_of(acts, 1002))


async def test_a_duplicate_that_is_reopened_stands_for_itself(acts: Acts) -> None:
    await two(acts)
    await resolved_as_duplicate(acts, "C-1001")
    await acts.press("reopen", card_of(acts, 1002), user="ada")
    await acts.press("resolve", card_of(acts, 1002), user="ada", option="Refunded")
    await acts.press("resolve", card_of(acts, 1001), user="ada", option="Refunded")
    acts.world.clock.forward(minutes=1)
    await acts.press("reopen", card_of(acts, 1002), user="ada")
    assert "C-1001" not in text_of(card_of(acts, 1002)).splitlines()[1]
