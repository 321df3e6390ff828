"""What is too long or too large: not taken for an answer, not kept, and the person is told."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.conversation.clean_text import LONGEST_TYPED
from bot.desk.deliveries import Act, Oversized, Sort, Write
from bot.desk.recorded_deliveries import try_recorded
from bot.playground.standin import StandIn, text_of
from bot.playground.standin.transport import Kind, signature
from bot.slack.inbound import oversize
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import DETAILS, ISSUED, REQUESTER, SUPPORT, Acts
from tests.slack.test_again import rows
from tests.slack.test_secrets import written

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}
HUGE = "\N{LATIN SMALL LETTER A WITH DIAERESIS}-mark-" + "x" * 40_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
# aiohttp's client, which the stand-in calls with, would have a large body in another form
pytestmark = pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[StandIn]:
    """Serve a Slack that waits twice as long for an answer: megabytes come at once."""
    options = {"clock": clock.epoch, "commands": ["/certdesk"], "app_name": "certdesk"}
    async with StandIn.serving(time_scale=2, **options) as standin:
        yield standin


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(params=["Socket Mode", "HTTP"])
async def either(
    request: pytest.FixtureRequest, slack: StandIn, clock: Clock, tmp_path: Path
) -> AsyncIterator[Acts]:
    secret = slack.signing_secret if request.param == "HTTP" else ""
    made = World(slack, clock, settings_for(slack, tmp_path), secret=secret)
    await made.start()
    yield Acts(made)
    await made.stop()


def kept(acts: Acts) -> list[object]:
    """Return what the receipts keep, the newest last."""
    assert acts.world.bot is not None
    with acts.world.bot.desk.store.engines.reader.connect() as connection:
        found = connection.execute(sql("SELECT event FROM receipts ORDER BY rowid"))
        return [try_recorded(event) for (event,) in found]


def tombstone(text: str, what: Sort = Sort.MESSAGE) -> Oversized:
    return Oversized(what, len(text), hashlib.sha256(text.encode()).hexdigest())


async def test_a_long_message_is_no_answer_and_leaves_a_tombstone(acts: Acts, folder: Path) -> None:
    await acts.write("hi")
    case, question = rows(acts.world, "cases"), acts.last()
    told = await acts.write(HUGE)
    assert "40,007 characters" in told
    assert "3,000" in told
    assert kept(acts)[-1] == tombstone(HUGE)
    assert rows(acts.world, "cases") == case
    assert b"-mark-" not in written(folder)
    await acts.press("choose:opensrs", question)
    assert "reseller" in text_of(acts.last()).casefold()


async def test_it_is_measured_as_it_was_typed(acts: Acts) -> None:
    await acts.write("hi")
    longest = "<&>" * (LONGEST_TYPED // 3)
    assert "too long" not in await acts.write(longest)
    assert kept(acts)[-1] == Write(longest)
    assert "3,001 characters" in await acts.write(longest + ">")
    assert kept(acts)[-1] == tombstone(longest + ">")


async def test_a_long_command_is_said_to_be_one(acts: Acts, folder: Path) -> None:
    await acts.command("new" + HUGE)
    assert "40,010 characters" in text_of(acts.channel(SUPPORT, REQUESTER)[-1])
    assert kept(acts) == [tombstone("new" + HUGE, Sort.COMMAND)]
    assert rows(acts.world, "cases") == []
    assert b"-mark-" not in written(folder)


async def forge(acts: Acts, block: str, text: str) -> dict[str, Any]:
    """Submit the modal in front with a text in a field that Slack's own client would not take."""
    await acts.slack.submit(REQUESTER)
    payload = copy.deepcopy(acts.slack.deliveries[-1].payload)
    for element in payload["view"]["state"]["values"][block].values():
        element["value"] = text
    delivery = await acts.slack.courier.send(Kind.INTERACTION, payload | {"trigger_id": "9.9.9"})
    assert delivery.acked
    assert isinstance(delivery.response, dict)
    return delivery.response


@pytest.mark.parametrize("detail", DETAILS)
async def test_a_long_detail_is_an_error_under_its_field(acts: Acts, folder: Path, detail: str) -> None:
    view = await acts.walk(SECTIGO)
    for name, value in (DETAILS | {"common_name": "no host"}).items():
        view = acts.slack.fill(view, f"detail-{name}", value)
    answer = await forge(acts, f"detail-{detail}", HUGE)
    assert answer["response_action"] == "errors"
    assert "40,007 characters" in answer["errors"].pop(f"detail-{detail}")
    assert answer["errors"] == {}
    told = kept(acts)[-1]
    assert isinstance(told, Act)
    assert (told.event.field, told.event.length) == (detail, len(HUGE))  # type: ignore[union-attr]
    assert b"-mark-" not in written(folder)
    assert (await acts.submit(**DETAILS)).callback_id == "result"


async def test_a_long_ticket_is_an_error_under_its_field(acts: Acts, folder: Path) -> None:
    await acts.walk({"program": "other"})
    await acts.press("edit")
    acts.slack.fill(acts.modal(), "ticket", " ")
    answer = await forge(acts, "ticket", HUGE)
    assert "40,007 characters" in answer["errors"]["ticket"]
    assert b"-mark-" not in written(folder)


# --- payloads that are too large as a whole

PADDING = "x" * (oversize.LARGEST + 1)


async def true_payloads(acts: Acts) -> dict[str, tuple[Kind, dict[str, Any]]]:
    """Return a payload of each kind as Slack sends it, with ids that none of them had before."""
    await acts.walk({"program": "other"})
    await acts.press("edit")
    await acts.submit(ticket="please")
    await acts.write("hi")
    wanted = {"/certdesk", "block_actions", "view_submission", "message"}
    found = {
        each.name: each
        for each in acts.slack.deliveries
        if each.name in wanted and "bot_id" not in each.payload.get("event", {})
    }
    assert set(found) == wanted
    return {
        name: (each.kind, each.payload | {"event_id" if name == "message" else "trigger_id": f"9.{number}.9"})
        for number, (name, each) in enumerate(found.items())
    }


def pad(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload with a text in it as nobody can type one, and what it might pretend to be."""
    pretended = PADDING[:-200] + '{"user":"UVICTIM","user":{"id":"UVICTIM"},"event_id":"Ev","trigger_id":"1"}'
    match payload:
        case {"event": dict(event)}:
            return payload | {"event": event | {"text": pretended + PADDING[:400]}}
        case {"view": dict(view)}:
            return payload | {"view": view | {"private_metadata": pretended + PADDING[:400]}}
        case {"actions": [dict(action)]}:
            return payload | {"actions": [action | {"value": pretended + PADDING[:400]}]}
        case _:
            return payload | {"text": pretended + PADDING[:400]}


async def test_a_payload_that_is_too_large_leaves_a_tombstone_and_is_told_once(
    either: Acts, folder: Path
) -> None:
    acts, http = either, bool(either.world.secret)
    found = await true_payloads(acts)
    before, cases = len(kept(acts)), rows(acts.world, "cases")
    said = len(acts.dm())
    sent = [(kind, pad(payload)) for kind, payload in found.values()]
    deliveries = await asyncio.gather(*[acts.slack.courier.send(*each) for each in sent * 2])
    await acts.world.settle()
    for delivery in deliveries:
        assert delivery.status == (413 if http else 200 if delivery.kind is Kind.EVENT else None)
    tombstones = kept(acts)[before:]
    assert len(tombstones) == len(found)
    for each in tombstones:
        assert isinstance(each, Oversized)
        assert each.what is Sort.PAYLOAD
        assert each.length > oversize.LARGEST
    assert ["too large" in text_of(message) for message in acts.dm()[said:]] == [True] * len(found)
    assert rows(acts.world, "cases") == cases
    users = [row[3] for row in rows(acts.world, "people")]
    assert users.count("U0ROSA") == 1
    assert "UVICTIM" not in users
    assert b"x" * 1000 not in written(folder)


async def test_slack_is_asked_not_to_repeat_what_is_too_large(http_world: World) -> None:
    event = {"user": http_world.slack.user(REQUESTER), "text": PADDING}
    body = json.dumps({"event": event, "event_id": "Ev1"}).encode()
    outcome = await http_world.slack.deliver_raw(body, http_world.slack.sign(body) | JSON)
    assert outcome.status == 413
    assert outcome.headers["x-slack-no-retry"] == "1"


@pytest.mark.parametrize(
    "what", ["unsigned", "wrong", "no text", "old", "nobody's", "without end", "the bot's own"]
)
async def test_of_what_is_large_nothing_is_kept_that_slack_did_not_send(http_world: World, what: str) -> None:
    slack = http_world.slack
    event = {"user": "U1", "text": PADDING}
    if what == "the bot's own":
        event |= {"bot_id": "B1"}
    if what == "nobody's":
        del event["user"]
    body = json.dumps({"event": event, "event_id": "Ev1"}).encode()
    if what == "without end":
        body += b" " * oversize.FARTHEST
    headers = slack.sign(body)
    match what:
        case "unsigned":
            del headers["X-Slack-Signature"]
        case "wrong":
            headers["X-Slack-Signature"] = "v0=" + "0" * 64
        case "no text":
            headers["X-Slack-Signature"] = "v0=\xff"
        case "old":
            at = str(int(headers["X-Slack-Request-Timestamp"]) - 301)
            headers |= {"X-Slack-Request-Timestamp": at}
            headers |= {"X-Slack-Signature": signature(slack.signing_secret, at, body)}
    with capture_logs() as logs:
        outcome = await slack.deliver_raw(body, headers | JSON)
    believed = what in {"nobody's", "the bot's own", "without end"}
    assert outcome.status == (413 if believed else 401)
    assert rows(http_world, "receipts") == []
    logged = [entry["known"] for entry in logs if entry["event"] == "payload_too_large"]
    assert logged == ([False] if what in {"nobody's", "the bot's own"} else [])


async def test_a_large_command_that_cannot_be_written_down_may_come_again(
    http_world: World, folder: Path
) -> None:
    from tests.store.test_failing import locked

    command = {"command": "/certdesk", "user_id": "U1", "team_id": "T1", "text": PADDING, "trigger_id": "1.2"}
    body = urlencode(command).encode()
    with locked(f"sqlite:///{folder / 'certdesk.db'}"):
        outcome = await http_world.slack.deliver_raw(body, http_world.slack.sign(body) | FORM)
    assert outcome.status == 503
    assert rows(http_world, "receipts") == []


async def test_an_envelope_that_no_connection_carries_is_logged_and_the_next_is_taken(acts: Acts) -> None:
    with capture_logs() as logs:
        await acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), PADDING * 2)
    assert {"event": "payload_too_large", "known": False, "log_level": "warning"} in logs
    await acts.slack.connected()
    assert "Where was" in await acts.write("hi")
