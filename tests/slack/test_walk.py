"""The whole walk by slash command and modal, for every route, to the agent who takes the case."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.playground.standin import StandIn, View, text_of
from tests.conftest import Clock, World, settings_for
from tests.menus import elements_of
from tests.slack.conftest import (
    AGENTS,
    DETAILS,
    ISSUED,
    OPENSRS,
    PARTNER,
    REQUESTER,
    SUPPORT,
    Acts,
    actions_in,
)

# what is answered in this order -> the buttons under the answer, and a word of it
ROUTES = {
    "control panel": (
        OPENSRS | {"issued": "false"},
        {"hand_off", "share", "another"},
        "Control Panel",
    ),
    "self-service portal": (
        ISSUED | {"provider": "geotrust", "fulfilled_on": "2026-11-10"},
        {"hand_off", "share", "another", "sent_it", "stop"},
        "10 December 2026",
    ),
    "support ticket, no details": (
        ISSUED | {"provider": "trustwave", "validation": "ev"},
        {"details", "hand_off", "edit", "share", "another"},
        "support",
    ),
    "seller": (
        {"program": "opensrs", "requester": "certificate_holder"},
        {"share", "another", "edit", "details"},
        "bought",
    ),
    "person: another program": (
        {"program": "other"},
        {"hand_off", "details", "edit", "share", "another"},
        "agent",
    ),
    "person: Trustico, retail": (
        {"program": "trustico", "account": "retail"},
        {"hand_off", "details", "edit", "share", "another"},
        "Trustico",
    ),
    "person: Trustico, prepaid": (
        PARTNER | {"subject": "prepaid_balance"},
        {"hand_off", "details", "edit", "share", "another"},
        "Trustico",
    ),
    "person: Trustico, issued": (
        PARTNER | {"subject": "certificate", "issued": "true"},
        {"hand_off", "details", "edit", "share", "another"},
        "Trustico",
    ),
    "person: provider not known": (
        ISSUED | {"provider": "unknown"},
        {"hand_off", "details", "edit", "share", "another"},
        "OpenSRS",
    ),
}


@pytest.mark.parametrize("route", ROUTES)
async def test_each_route_ends_in_an_answer_with_its_own_buttons(acts: Acts, route: str) -> None:
    facts, clickable, word = ROUTES[route]
    view = await acts.walk(facts)
    if view.callback_id == "details":
        await acts.press("skip")
        view = acts.modal()
    assert view.callback_id == "result"
    assert word.casefold() in text_of(view).casefold()
    assert actions_in(view) == clickable | {"change", "start_over"}
    message = acts.last()
    assert actions_in(message) == clickable | {"change", "start_over"}
    assert text_of(message).splitlines()[0] in text_of(view)


async def test_slash_command_opens_the_first_question_over_signed_http(http_world: World) -> None:
    acts = Acts(http_world)
    assert await acts.command() is not None
    assert "Where was the certificate ordered?" in acts.shown()
    await acts.answer(OPENSRS | {"issued": "false"})
    assert acts.modal().callback_id == "result"
    assert len(acts.dm()) == 1


@pytest.mark.long
async def test_a_ticket_is_written_from_exactly_the_details_it_needs_then_edited(acts: Acts) -> None:
    view = await acts.walk(ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"})
    asked = [block["block_id"] for block in view.blocks if block["type"] == "input"]
    assert asked == ["detail-reseller_username", "detail-supplier_order_id", "detail-common_name"]
    refused = await acts.submit(**DETAILS | {"supplier_order_id": "A-17", "common_name": "https://x"})
    assert set(refused.errors) == {"detail-supplier_order_id", "detail-common_name"}
    shown = text_of(await acts.submit(**DETAILS))
    assert all(value in shown for value in DETAILS.values())
    await acts.press("edit")
    shown = text_of(await acts.submit(ticket="Please cancel it. — Rosa"))
    assert "Please cancel it. — Rosa" in shown
    assert "Please cancel it. — Rosa" in text_of(acts.last())
    assert len(acts.dm()) == 1


async def test_a_contact_draft_demands_no_details(acts: Acts) -> None:
    view = await acts.walk(PARTNER | {"subject": "certificate", "issued": "false"})
    assert view.callback_id == "result"
    assert any(block["type"] == "rich_text" for block in view.blocks)
    await acts.press("edit")
    assert "Trustico" in acts.shown()


async def test_a_future_day_is_refused_under_its_field(acts: Acts) -> None:
    await acts.walk(ISSUED | {"provider": "sectigo"})
    await acts.submit(fulfilled_on="2026-11-24")
    assert acts.modal().errors.keys() == {"fact-fulfilled_on"}
    view = await acts.submit(fulfilled_on="2026-11-23")
    assert view.callback_id == "details"


async def test_hand_off_claim_and_a_second_claimer(acts: Acts) -> None:
    await acts.walk(PARTNER | {"subject": "prepaid_balance"})
    await acts.press("hand_off")
    assert "hand_off" not in actions_in(acts.modal()) | actions_in(acts.last())
    [card] = acts.channel(AGENTS)
    assert actions_in(card) == {"claim", "reassign", "resolve", "stop_as_agent"}
    assert f"<user:{acts.slack.user(REQUESTER)}>" in text_of(card)

    await acts.press("claim", card, user="ada")
    [claimed] = acts.channel(AGENTS)
    assert actions_in(claimed) == {"reply", "ask_back", "resolve", "reassign", "give_back", "stop_as_agent"}
    assert f"<user:{acts.slack.user('ada')}>" in text_of(claimed)
    assert f"<user:{acts.slack.user('ada')}>" in text_of(acts.last())
    assert len(acts.dm()) == 2

    acts.world.clock.forward(minutes=5)
    await acts.press("claim", card, user="ben", stale=True)
    [told] = [message for message in acts.channel(AGENTS, "ben") if message.ephemeral]
    assert f"<user:{acts.slack.user('ada')}>" in text_of(told)
    assert "2026-11-23 12:00" in text_of(told)
    assert acts.channel(AGENTS) == [claimed]
    assert len(acts.dm()) == 2


async def test_a_case_handed_over_twice_has_one_card(acts: Acts) -> None:
    await acts.walk({"program": "other"})
    message = acts.last()
    await acts.press("hand_off", message)
    await acts.press("hand_off", message, stale=True)
    assert len(acts.channel(AGENTS)) == 1


async def test_a_result_is_shared_once_without_what_is_private(acts: Acts) -> None:
    await acts.walk(ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"})
    await acts.submit(**DETAILS)
    await acts.press("share")
    [shared] = acts.channel(SUPPORT)
    assert actions_in(shared) == set()
    assert not any(value in text_of(shared) for value in DETAILS.values() if value != "acme")
    assert "share" not in actions_in(acts.modal()) | actions_in(acts.last())


@pytest.mark.parametrize(("minutes", "shared"), [(29, 1), (31, 0)])
async def test_sharing_ends_with_the_response_url(acts: Acts, minutes: int, shared: int) -> None:
    await acts.walk({"program": "other"})
    message, view = acts.last(), acts.modal()
    acts.world.clock.forward(minutes=minutes)
    await acts.press("share", view)
    assert len(acts.channel(SUPPORT)) == shared
    assert "share" not in actions_in(acts.modal())
    await acts.press("share", message, stale=True)
    assert len(acts.channel(SUPPORT)) == shared


async def test_help_cases_and_nonsense_are_answered_in_private(acts: Acts) -> None:
    for said, heard in {
        "help": "/certdesk cases",
        "cases": "no cases",
        "Rhubarb & <me>": "Rhubarb & <me>",
    }.items():
        before = len(acts.channel(SUPPORT, REQUESTER))
        await acts.command(said)
        answer = acts.channel(SUPPORT, REQUESTER)[before:]
        assert [message.ephemeral for message in answer] == [True]
        assert heard in text_of(answer[0])
    assert acts.channel(SUPPORT) == []
    assert acts.slack.view(REQUESTER) is None


async def test_cases_lists_ones_own_and_opens_them(acts: Acts) -> None:
    await acts.walk({"program": "other"})
    await acts.slack.close(REQUESTER)
    await acts.command("cases", user="ada")
    assert "C-1001" not in text_of(acts.channel(SUPPORT, "ada")[-1])
    await acts.command("cases")
    listed = acts.channel(SUPPORT, REQUESTER)[-1]
    assert "C-1001" in text_of(listed)
    await acts.press("open:C-1001", listed)
    assert acts.modal().callback_id == "result"


async def test_new_begins_another_case_and_nothing_picks_the_open_one_up(acts: Acts) -> None:
    await acts.walk({"program": "opensrs"})
    view = await acts.command()
    assert isinstance(view, View)
    assert "C-1001" in view.title
    assert "Are you" in text_of(view)
    view = await acts.command("new")
    assert isinstance(view, View)
    assert "C-1002" in view.title


async def test_another_order_like_this_starts_from_what_is_known(acts: Acts) -> None:
    await acts.walk(ISSUED | {"provider": "geotrust", "fulfilled_on": "2026-11-10"})
    await acts.press("another")
    assert "C-1002" in acts.modal().title
    assert [block["block_id"] for block in acts.modal().blocks if block["type"] == "input"] == ["fact-issued"]


async def test_a_pinned_start_button_serves_people_without_slash_commands(acts: Acts) -> None:
    await acts.command("pin")
    [pinned] = acts.channel(SUPPORT)
    await acts.press("start", pinned, user="eve")
    await acts.answer({"program": "other"}, "eve")
    assert "C-1001" in text_of(acts.last("eve"))
    assert "C-1001" in await acts.write("cases", "eve")  # the same person, in the DM
    await acts.press("hand_off", user="eve")
    [card] = acts.channel(AGENTS)
    assert f"<user:{acts.slack.user('eve')}>" in text_of(card)
    await acts.press("claim", card, user="ada")
    assert f"<user:{acts.slack.user('ada')}>" in text_of(acts.last("eve"))


async def test_back_why_and_start_over_redraw_the_modal(acts: Acts) -> None:
    await acts.walk(ISSUED)
    await acts.press("why")
    assert "OpenSRS" in acts.shown()
    await acts.press("back")
    assert [b["block_id"] for b in acts.modal().blocks if b["type"] == "input"] == ["fact-issued"]
    await acts.press("start_over")
    assert [b["block_id"] for b in acts.modal().blocks if b["type"] == "input"] == ["fact-program"]


async def test_changing_an_earlier_answer_keeps_the_rest(acts: Acts) -> None:
    await acts.walk(ISSUED | {"provider": "geotrust", "fulfilled_on": "2026-11-10"})
    menu = next(e for e in elements_of(acts.modal()) if e["action_id"] == "change")
    provider = next(o["value"] for o in menu["options"] if o["value"].endswith("provider"))
    await acts.press("change", option=provider)
    view = await acts.submit(provider="thawte")
    assert view.callback_id == "result"
    assert len(acts.dm()) == 2
    assert actions_in(acts.dm()[0]) == set()


async def test_without_an_agents_channel_no_button_and_words_for_it(
    slack: StandIn, clock: Clock, tmp_path: Path
) -> None:
    world = World(slack, clock, settings_for(slack, tmp_path, CERTDESK_AGENTS_CHANNEL=""))
    await world.start()
    acts = Acts(world)
    await acts.walk({"program": "other"})
    assert "hand_off" not in actions_in(acts.modal()) | actions_in(acts.last())
    assert "agents" not in acts.shown()
    said = await acts.write("agent")
    assert "agents' channel" in said
    await world.stop()
