"""The example programs in Slack: modal, direct message and card, each in the program's own words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import policy
from bot.playground.standin import StandIn, text_of
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import AGENTS, SUPPORT, Acts, actions_in

EXAMPLES = Path(policy.__file__).parent / "examples"
LIKE_THIS = {"share", "another", "change", "start_over"}


@pytest.fixture
async def world(slack: StandIn, clock: Clock, tmp_path: Path) -> AsyncIterator[World]:
    """The bot of an operator who has put the examples beside the shipped programs."""
    folders = {"CERTDESK_POLICY_DIR": str(EXAMPLES), "CERTDESK_TEMPLATES_DIR": str(EXAMPLES / "templates")}
    made = World(slack, clock, settings_for(slack, tmp_path, **folders))
    await made.start()
    yield made
    await made.stop()


# what is answered in this order -> the details asked for, the buttons under the answer, and its words
WALKS = {
    "a ticket with a detail of the program's own": (
        {"program": "namecheap", "issued": "true", "fulfilled_on": "2026-11-10"},
        {"certificate_id": "1234567", "common_name": "www.example.com"},
        {"hand_off", "edit", "stop"},
        [
            "Refund: yes, if you ask by Wed 25 November 2026",
            "Program: Namecheap · Issued: Yes · Issued on: Tue 10 November 2026",
            "Send the ticket to Namecheap's SSL support.",
            "Certificate ID: 1234567\nCommon name: www.example.com\n",
        ],
    ),
    "a day and a route of the program's own": (
        {"program": "namecheap", "issued": "false", "purchased_on": "2026-08-24"},
        {},
        set(),
        [
            "Probably one day late: ask today",
            "Purchased on: Mon 24 August 2026",
            "Namecheap does not cancel it any more.",
        ],
    ),
    "a choice of the program's own": (
        {"program": "gogetssl", "issued": "true", "fulfilled_on": "2026-11-01", "fault": "none"},
        {},
        {"hand_off", "stop"},
        [
            "Refund: yes, if you ask by Tue 1 December 2026",
            "Misuse or false data: No",
            "Click Cancel Order.",
        ],
    ),
    "a shared fact with fewer choices": (
        {"program": "openprovider", "provider": "sectigo", "fulfilled_on": "2026-11-10"},
        {},
        {"hand_off", "sent_it", "stop"},
        ["Refund: yes, if you ask by Thu 10 December 2026", "within about 24 hours", "Open the SSL panel"],
    ),
}


@pytest.mark.parametrize(("facts", "details", "clickable", "words"), WALKS.values(), ids=WALKS)
async def test_from_the_command_to_the_answer(
    acts: Acts, facts: dict[str, str], details: dict[str, str], clickable: set[str], words: list[str]
) -> None:
    view = await acts.walk(facts)
    if details:
        asked = [block["block_id"] for block in view.blocks if block["type"] == "input"]
        assert asked == [f"detail-{name}" for name in details]
        view = await acts.submit(**details)
    assert view.callback_id == "result"
    for shown in (view, acts.last()):
        assert [each for each in words if each not in text_of(shown)] == []
        assert actions_in(shown) == clickable | LIKE_THIS
    await acts.press("share")
    [shared] = acts.channel(SUPPORT)
    assert words[0] in text_of(shared)
    assert not any(value in text_of(shared) for value in details.values())


@pytest.mark.long
async def test_typed_in_a_direct_message(acts: Acts) -> None:
    assert "[GoGetSSL] [Namecheap] [Openprovider] [Somewhere else]" in await acts.write("hello")
    assert "shows its status" in await acts.write("namecheap")
    assert "On which day was it bought?" in await acts.write("not yet")
    assert "What is the certificate's ID?" in await acts.write("10 November 2026")
    assert "digits" in await acts.write("A-17")
    said = await acts.write("1234567")
    assert "Refund: yes, if you ask by Mon 8 February 2027" in said
    assert "Certificate ID: 1234567" in said
    assert {"hand_off", "edit"} <= actions_in(acts.last())
    assert "OpenSRS" not in "".join(text_of(message) for message in acts.dm()[2:])


async def test_handed_to_the_agents(acts: Acts) -> None:
    await acts.walk(
        {"program": "gogetssl", "issued": "true", "fulfilled_on": "2026-11-01", "fault": "unknown"}
    )
    await acts.press("hand_off")
    [card] = acts.channel(AGENTS)
    shown = text_of(card)
    for words in (
        "Program: GoGetSSL · Issued: Yes · Issued on: Sun 1 November 2026",
        "Misuse or false data: I don't know",
        "False data or a revocation for misuse cost the refund",
        "Order cancellation and refund rules",
    ):
        assert words in shown
    await acts.press("claim", card, user="ada")
    assert f"<user:{acts.slack.user('ada')}>" in text_of(acts.channel(AGENTS)[0])
    assert f"<user:{acts.slack.user('ada')}>" in text_of(acts.last())
