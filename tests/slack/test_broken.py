"""What is broken, forged or too much: nobody sees a traceback, nothing is stored wrongly."""

from __future__ import annotations

import copy
import io
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.playground.standin import text_of
from bot.playground.standin.transport import Kind
from tests.conftest import World
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, REQUESTER, SUPPORT, Acts, actions_in
from tests.slack.test_again import rows

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COMMAND = {"command": "/certdesk", "text": "", "team_id": "T1", "user_id": "U1", "trigger_id": "1.2.3"}


def form(payload: object) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


# body, its kind -> the status; a click that is none of the desk's is passed over, and logged
UNREADABLE: dict[str, tuple[bytes, dict[str, str], int]] = {
    "nothing": (b"", JSON, 404),
    "no JSON": (b"{not json", JSON, 400),
    "a list": (b"[1, 2]", JSON, 400),
    "a number": (b"7", JSON, 400),
    "nested without end": (b"[" * 100_000, JSON, 400),
    "not UTF-8": (b'{"type": "\xff\xfe"}', JSON, 400),
    "a form of nothing": (b"payload=", FORM, 400),
    "a form of no JSON": (b"payload=%7Bx", FORM, 400),
    "a form of a list": (form([1]), FORM, 400),
    "an object of nothing": (b"{}", JSON, 404),
    "an unknown type": (form({"type": "telepathy"}), FORM, 404),
    "an event of nothing": (b'{"type": "event_callback", "event": {}}', JSON, 404),
    "an action of nothing": (form({"type": "block_actions", "actions": []}), FORM, 200),
    "an action of wrong types": (form({"type": "block_actions", "actions": [{"action_id": 7}]}), FORM, 200),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_a_signed_request_that_makes_no_sense_is_refused_in_a_word(
    http_world: World, what: str
) -> None:
    body, kind, status = UNREADABLE[what]
    slack = http_world.slack
    outcome = await slack.deliver_raw(body, slack.sign(body) | kind)
    assert outcome.status == status
    assert rows(http_world, "receipts") == []
    assert "Traceback" not in str(outcome.body)
    assert "rror:" not in str(outcome.body)


BODY = urlencode(COMMAND).encode()


@pytest.mark.parametrize(
    "what", ["none", "wrong", "of another body", "old", "not a number", "empty", "no timestamp"]
)
async def test_only_what_slack_signed_just_now_is_taken(http_world: World, what: str) -> None:
    slack = http_world.slack
    right = slack.sign(BODY)
    old = str(int(time.time()) - 6 * 60)
    headers = {
        "none": {},
        "wrong": right | {"X-Slack-Signature": "v0=" + "0" * 64},
        "of another body": slack.sign(b"else"),
        "old": right | {"X-Slack-Request-Timestamp": old},
        "not a number": right | {"X-Slack-Request-Timestamp": "yesterday"},
        "empty": right | {"X-Slack-Signature": ""},
        "no timestamp": {"X-Slack-Signature": right["X-Slack-Signature"]},
    }[what]
    outcome = await slack.deliver_raw(BODY, headers | FORM)
    assert outcome.status == 401
    assert rows(http_world, "receipts") == []
    assert {call.method for call in slack.calls} == {"auth.test", "conversations.members", "users.info"}


async def test_an_old_signature_that_was_right_then_is_refused(http_world: World) -> None:
    from bot.playground.standin.transport import signature

    slack, old = http_world.slack, str(int(time.time()) - 6 * 60)
    signed = {
        "X-Slack-Signature": signature(slack.signing_secret, old, BODY),
        "X-Slack-Request-Timestamp": old,
    }
    assert (await slack.deliver_raw(BODY, signed | FORM)).status == 401


@pytest.mark.long
async def test_other_paths_and_methods_are_not_found(http_world: World) -> None:
    url = http_world.slack.request_url
    assert url is not None
    async with aiohttp.ClientSession() as session:
        for method, path, status in (("GET", url, 405), ("POST", url + "x", 404), ("GET", url[:-13], 404)):
            async with session.request(method, path) as response:
                assert response.status == status
        async with session.get(url.replace("/slack/events", "/healthz")) as response:
            assert response.status == 200


async def test_the_request_url_is_verified(http_world: World) -> None:
    assert (await http_world.slack.verify_url()).acked


# --- by Socket Mode too: payloads that Slack could send but nobody clicked


async def click_of(acts: Acts) -> dict[str, Any]:
    """Return the payload of a true click, to be forged."""
    await acts.write("hi", "ben")
    await acts.press("why", acts.last("ben"), user="ben")
    return clicked(acts)


def clicked(acts: Acts) -> dict[str, Any]:
    """Return the payload of the last click."""
    return copy.deepcopy(
        next(d.payload for d in reversed(acts.slack.deliveries) if d.name == "block_actions")
    )


async def deliver(acts: Acts, payload: dict[str, Any]) -> None:
    delivery = await acts.slack.courier.send(Kind.INTERACTION, payload)
    assert delivery.acked
    await acts.world.settle()


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("telepathy", "1001.1."),
        ("why", "none"),
        ("why", ""),
        ("choose:x", "1001.2.weather=fine"),
        ("change", "1001.2.No id"),
    ],
)
async def test_an_unknown_action_is_passed_over_logged_with_its_case_and_said_so(
    acts: Acts, action_id: str, value: str
) -> None:
    payload = await click_of(acts)
    before = rows(acts.world, "cases"), rows(acts.world, "receipts")
    payload["actions"][0] |= {"action_id": action_id, "value": value}
    payload["trigger_id"] += "0"
    with capture_logs() as logs:
        await deliver(acts, payload)
    assert (rows(acts.world, "cases"), rows(acts.world, "receipts")) == before
    [line] = [entry for entry in logs if entry["event"] == "payload_passed_over"]
    assert line["case"] == ("C-1001" if value.startswith("1001") else None)
    assert "nothing was done" in text_of(acts.last("ben"))
    assert acts.last("ben").viewer == acts.slack.user("ben")


async def test_an_unknown_view_is_passed_over_and_said_so_in_its_place(acts: Acts) -> None:
    await acts.command()
    await acts.answer({"program": "opensrs"})
    payload = copy.deepcopy(acts.slack.deliveries[-1].payload)
    for change in (
        {"callback_id": "other"},
        {"private_metadata": "x"},
        {"state": {"values": {}}},
        {"state": 7},
    ):
        forged = payload | {"view": payload["view"] | change, "trigger_id": str(change)}
        delivery = await acts.slack.courier.send(Kind.INTERACTION, forged)
        assert delivery.acked
        assert "nothing was done" in str(delivery.response)
    assert acts.slack.view(REQUESTER) is not None


# what can be clicked, and what goes with it
CLICKS = {
    **dict.fromkeys(
        ("open", "why", "back", "start_over", "details", "skip", "edit", "hand_off", "share"), ""
    ),
    "choose:opensrs": "program=opensrs",
    "guess": "sectigo",
    "use_detail": "acme",
    "change": "program",
}


@pytest.mark.parametrize("action", CLICKS)
async def test_somebody_elses_case_is_neither_shown_nor_touched(acts: Acts, action: str) -> None:
    await acts.walk({"program": "other"}, REQUESTER)
    payload = await click_of(acts)
    before, theirs = rows(acts.world, "cases")[0], list(acts.dm())
    payload["actions"][0] |= {"action_id": action, "value": f"1001.2.{CLICKS[action]}"}
    payload["trigger_id"] = "9.9.9"
    with capture_logs() as logs:
        await deliver(acts, payload)
    assert rows(acts.world, "cases")[0] == before
    assert acts.dm() == theirs
    assert acts.slack.view("ben") is None
    assert acts.channel(AGENTS) == []
    assert "belongs to somebody else" in acts.last("ben").text
    assert {"event": "refused", "why": "not_yours", "case": "C-1001", "log_level": "warning"} in logs


async def test_a_view_forged_with_anothers_case_is_refused_in_place(acts: Acts) -> None:
    await acts.walk({"program": "other"}, REQUESTER)
    before = rows(acts.world, "cases")[0]
    await acts.command(user="ben")
    view = acts.slack.fill(acts.modal("ben"), "fact-program", "opensrs")
    forged = view.body | {"private_metadata": "1001.2."}
    acts.slack.world.replace_view(
        type(view)(**{name: getattr(view, name) for name in view.__slots__} | {"body": forged})
    )
    await acts.slack.submit("ben")
    await acts.world.settle()
    assert "belongs to somebody else" in acts.shown("ben")
    assert rows(acts.world, "cases")[0] == before


@pytest.mark.parametrize("callback", ["question", "details", "ticket", "result"])
async def test_of_anothers_case_no_form_shows_anything(acts: Acts, callback: str) -> None:
    await acts.walk(ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"})
    await acts.submit(**DETAILS)
    before = rows(acts.world, "cases"), acts.dm()
    await acts.command(user="ben")
    await acts.submit("ben", program="opensrs")
    payload = copy.deepcopy(acts.slack.deliveries[-1].payload)
    values = {
        "question": {"fact-program": {"input": {"selected_option": {"value": "opensrs"}}}},
        "details": {"detail-common_name": {"input": {"value": "www.example.org"}}},
        "ticket": {"ticket": {"input": {"value": "mine now"}}},
        "result": {},
    }[callback]
    revision = str(before[0][0][4])
    payload["view"] |= {"callback_id": callback, "state": {"values": values}}
    for about in (f"1001.{revision}.", "1001.0.", "1001.999999999."):
        forged = payload | {"view": payload["view"] | {"private_metadata": about}, "trigger_id": about}
        delivery = await acts.slack.courier.send(Kind.INTERACTION, forged)
        assert delivery.acked
        assert "belongs to somebody else" in str(delivery.response)
        assert not any(value in str(delivery.response) for value in (*DETAILS.values(), "Sectigo", "Refund"))
    await acts.world.settle()
    assert (rows(acts.world, "cases")[:1], acts.dm()) == (before[0], before[1])


@pytest.mark.parametrize("away", [-2, 1, 999_999])
async def test_a_revision_that_is_not_the_cases_does_nothing_and_is_said(acts: Acts, away: int) -> None:
    for said in ("hi", "opensrs", "reseller", "yes"):
        await acts.write(said)
    await acts.press("why", next(message for message in reversed(acts.dm()) if "why" in actions_in(message)))
    payload = clicked(acts)
    before = answers(acts)
    number, revision, _ = payload["actions"][0]["value"].split(".")
    value = f"{number}.{int(revision) + away}.provider=sectigo"
    payload["actions"][0] |= {"action_id": "choose:sectigo", "value": value}
    await deliver(acts, payload | {"trigger_id": "9.9.9"})
    assert answers(acts) == before
    assert "earlier moment" in "".join(message.text for message in acts.dm()[-2:])


def answers(acts: Acts) -> list[object]:
    return [json.loads(str(row[5]))["interview"]["answers"] for row in rows(acts.world, "cases")]


async def test_a_case_that_is_not_there_is_said_so(acts: Acts) -> None:
    payload = await click_of(acts)
    payload["actions"][0] |= {"action_id": "open", "value": "999999999999.0."}
    payload["trigger_id"] = "9.9.9"
    await deliver(acts, payload)
    assert "no case C-999999999999" in acts.last("ben").text


@pytest.mark.parametrize(
    "where", ["another channel", "another message", "a view", "the requester's DM", "no place"]
)
async def test_a_claim_counts_on_the_card_alone(acts: Acts, where: str) -> None:
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    [card] = acts.channel(AGENTS)
    payload = await click_of(acts)
    place = {
        "another channel": {"channel_id": acts.slack.channel(SUPPORT), "message_ts": card.ts},
        "another message": {"channel_id": card.channel, "message_ts": "1.000001"},
        "a view": {"type": "view", "view_id": "V1"},
        "the requester's DM": {"channel_id": acts.dm()[0].channel, "message_ts": acts.dm()[0].ts},
        "no place": {},
    }[where]
    payload["actions"][0] |= {"action_id": "claim", "value": "1001.3."}
    payload |= {"container": place, "channel": {}, "trigger_id": "9.9.9"}
    with capture_logs() as logs:
        await deliver(acts, payload)
    assert [entry["case"] for entry in logs if entry["event"] == "refused"] == ["C-1001"]
    assert "claim" in actions_in(acts.channel(AGENTS)[0])
    assert len(acts.dm()) == 1
    await acts.press("claim", card, user="ada")
    assert len(acts.dm()) == 2


async def test_a_card_of_another_case_is_no_card(acts: Acts) -> None:
    for user in ("rosa", "ben"):
        await acts.walk({"program": "other"}, user)
        await acts.press("hand_off", user=user)
    first, second = acts.channel(AGENTS)
    await acts.press("claim", second, user="ada")
    payload = copy.deepcopy(
        next(d.payload for d in reversed(acts.slack.deliveries) if d.name == "block_actions")
    )
    payload["actions"][0]["value"] = "1001.3."
    payload["trigger_id"] = "9.9.9"
    await deliver(acts, payload)
    assert acts.channel(AGENTS)[0] == first


async def test_a_long_text_is_answered_and_kept_short(acts: Acts) -> None:
    await acts.write("hi")
    assert await acts.write("ä" * 39_000)
    assert max(len(str(row)) for row in rows(acts.world, "receipts")) < 8_000


async def test_text_that_no_database_takes_is_taken_without_it(http_world: World) -> None:
    acts = Acts(http_world)
    await acts.write("hi")
    said = next(d for d in acts.slack.deliveries if d.name == "message")
    payload = copy.deepcopy(said.payload)
    payload["event"] |= {"text": "\ud800 opensrs\x00", "ts": "1.2"}
    body = json.dumps(payload | {"event_id": "Ev1"}).encode()
    assert (await acts.slack.deliver_raw(body, acts.slack.sign(body) | JSON)).status == 200
    await acts.world.settle()
    assert len(rows(http_world, "receipts")) == 2


async def test_what_is_larger_than_slack_sends_is_refused(http_world: World) -> None:
    body = b"x" * (3 * 1024 * 1024)
    url = http_world.slack.request_url
    assert url is not None
    async with aiohttp.ClientSession() as session:
        data, headers = io.BytesIO(body), http_world.slack.sign(body) | FORM
        async with session.post(url, data=data, headers=headers) as response:
            assert response.status == 413
