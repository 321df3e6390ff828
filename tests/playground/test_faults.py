"""Each fault as Slack's own clients meet it: what is done, what is answered, and what is on record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.standin import (
    SITES,
    Around,
    Fault,
    Outcome,
    Passage,
    Posted,
    Proceed,
    StandIn,
    StandInError,
    View,
    Way,
    fitting,
)
from bot.playground.standin.fault_kinds import EVENTS, NATURES, Place

if TYPE_CHECKING:
    from slack_sdk.socket_mode.request import SocketModeRequest

    from tests.playground.conftest import Clock

SUPPORT = "ssl-support"
POST = "chat.postMessage"
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
BLOCKS = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [*BLOCKS],
}
PATIENCE = 0.3


@pytest.fixture
async def client(slack: StandIn) -> AsyncWebClient:
    return AsyncWebClient(
        token=slack.bot_token,
        base_url=slack.api_url,
        timeout=PATIENCE,  # type: ignore[arg-type]  # aiohttp takes parts of seconds
        retry_handlers=[],
    )


class App:
    """An app on Socket Mode that acknowledges what it gets, in order."""

    def __init__(self) -> None:
        self.got: list[SocketModeRequest] = []
        self.client: SocketModeClient

    async def take(self, socket: SocketModeClient, request: SocketModeRequest) -> None:
        self.got.append(request)
        await socket.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    @property
    def texts(self) -> list[str]:
        return [request.payload["event"]["text"] for request in self.got]

    @property
    def attempts(self) -> list[tuple[int | None, str | None]]:
        return [(request.retry_attempt, request.retry_reason) for request in self.got]


@pytest.fixture
async def app(slack: StandIn) -> AsyncIterator[App]:
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    made = App()
    web_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    made.client = SocketModeClient(app_token=slack.app_token, web_client=web_client, ping_interval=0.1)
    made.client.socket_mode_request_listeners.append(made.take)  # type: ignore[arg-type]
    await made.client.connect()  # type: ignore[no-untyped-call]
    await slack.connected()
    yield made
    await made.client.close()  # type: ignore[no-untyped-call]


@pytest.fixture
async def fast() -> AsyncIterator[StandIn]:
    async with StandIn.serving(time_scale=0.01) as standin:
        yield standin


async def post(
    client: AsyncWebClient, text: str = "hello", effect: str = "e1", **more: object
) -> AsyncSlackResponse:
    metadata = {"event_type": "card", "event_payload": {"effect": effect}}
    body = {"channel": "C0SSLSUPPORT", "text": text, "metadata": metadata, **more}
    return await client.api_call("chat.postMessage", json=body)


async def failure(client: AsyncWebClient) -> tuple[str, int | None, str | None]:
    """Post a message, and say how the client failed: error, status, Retry-After."""
    try:
        await post(client)
    except SlackApiError as error:
        answer = error.response
        code = answer["error"] if "error" in answer.data else "no JSON"
        return code, answer.status_code, answer.headers.get("Retry-After")
    except (TimeoutError, aiohttp.ClientError) as error:
        return type(error).__name__, None, None
    return "none", 200, None


FAILURES = [
    (Fault.RATE_LIMITED, ("ratelimited", 429, "7"), 0),
    (Fault.RATE_LIMITED_200, ("ratelimited", 200, None), 0),
    (Fault.SERVER_ERROR, ("no JSON", 500, None), 0),
    (Fault.SERVER_ERROR_AFTER, ("no JSON", 500, None), 1),
    (Fault.BROKEN, ("ServerDisconnectedError", None, None), 0),
    (Fault.BROKEN_AFTER, ("ServerDisconnectedError", None, None), 1),
    (Fault.TIMEOUT, ("TimeoutError", None, None), 0),
    (Fault.TIMEOUT_AFTER, ("TimeoutError", None, None), 1),
    (Fault.DELAYED, ("none", 200, None), 1),
    (Fault.TOKEN_REVOKED, ("token_revoked", 200, None), 0),
    (Fault.REFUSED, ("is_archived", 200, None), 0),
    (Fault.PROXY, ("no JSON", 200, None), 0),
    (Fault.PROXY_AFTER, ("no JSON", 200, None), 1),
    (Fault.TARGET_GONE, ("none", 200, None), 1),
]
DELAYS = {Fault.RATE_LIMITED: 7.0, Fault.DELAYED: 0.5}


@pytest.mark.parametrize(("fault", "seen", "done"), FAILURES, ids=[fault for fault, *_ in FAILURES])
async def test_a_call_fails_once(
    slack: StandIn, client: AsyncWebClient, fault: Fault, seen: tuple[Any, ...], done: int
) -> None:
    slack.inject(POST, fault, delay=DELAYS.get(fault), error="is_archived")
    assert await failure(client) == seen
    assert len(slack.messages(SUPPORT)) == done
    assert [post.hidden for post in slack.posted] == [seen[0] != "none"] * done
    happens = fault is not Fault.TARGET_GONE  # there was no thread whose parent could go
    assert slack.faults.counts == ({("call:chat.postMessage", fault): 1} if happens else {})
    assert await failure(client) == ("none", 200, None)


def test_every_fault_of_calls_is_tried_above() -> None:
    assert [fault for fault, *_ in FAILURES] == list(fitting("call:chat.postMessage"))


async def test_a_late_effect_comes_after_the_client_has_given_up(
    slack: StandIn, client: AsyncWebClient
) -> None:
    slack.inject(POST, Fault.DELAYED, delay=5)
    assert (await failure(client))[0] == "TimeoutError"
    assert slack.messages(SUPPORT) == []
    assert await slack.until(lambda: slack.messages(SUPPORT))
    await asyncio.sleep(0)
    assert [post.hidden for post in slack.posted] == [True]


async def test_the_connections_held_open_end_with_the_rules(slack: StandIn) -> None:
    slack.inject("auth.test", Fault.TIMEOUT)
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])
    asking = asyncio.create_task(client.auth_test())
    await slack.until(lambda: slack.faults.log)
    slack.faults.clear()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await asking


async def test_calls_before_retry_after_are_noted(
    slack: StandIn, client: AsyncWebClient, clock: Clock
) -> None:
    slack.inject(POST, Fault.RATE_LIMITED, delay=7)
    await failure(client)
    await client.auth_test()
    clock.go(6)
    await post(client)
    clock.go(1)
    await post(client)
    assert [(one.site, one.seconds) for one in slack.faults.too_soon] == [("call:chat.postMessage", 1.0)]


async def test_the_message_is_gone_when_the_call_arrives(slack: StandIn, client: AsyncWebClient) -> None:
    first = await post(client)
    slack.inject("chat.update", Fault.TARGET_GONE)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0SSLSUPPORT", ts=first["ts"], text="changed")
    parent = await post(client)
    slack.inject(POST, Fault.TARGET_GONE)
    await post(client, "reply", thread_ts=parent["ts"])
    assert [message.text for message in slack.messages(SUPPORT)] == ["reply"]


async def test_the_modal_is_closed_when_the_call_arrives(slack: StandIn, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=slack.hub.triggers.issue("U0ROSA"), view=FORM)
    view = slack.view("rosa")
    assert view
    slack.inject("views.update", Fault.TARGET_GONE)
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=view.id, view=FORM)
    assert slack.view("rosa") is None


@pytest.mark.parametrize(
    ("fault", "status", "done"),
    [
        (Fault.RATE_LIMITED, 429, 0),
        (Fault.SERVER_ERROR, 500, 0),
        (Fault.SERVER_ERROR_AFTER, 500, 1),
        (Fault.BROKEN, None, 0),
        (Fault.BROKEN_AFTER, None, 1),
        (Fault.TIMEOUT, None, 0),
        (Fault.TIMEOUT_AFTER, None, 1),
        (Fault.DELAYED, 200, 1),
    ],
)
async def test_a_response_url_fails(
    slack: StandIn, app: App, fault: Fault, status: int | None, done: int
) -> None:
    await slack.slash("rosa", SUPPORT, "/help")
    slack.inject("response_url", fault)
    hook = AsyncWebhookClient(app.got[0].payload["response_url"], timeout=PATIENCE, retry_handlers=[])  # type: ignore[arg-type]
    try:
        answered: int | None = (await hook.send(text="whisper")).status_code
    except (TimeoutError, aiohttp.ClientError):
        answered = None
    assert (answered, len(slack.messages(SUPPORT, "rosa"))) == (status, done)
    assert slack.faults.counts == {("response_url", fault): 1}


# deliveries


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        (Fault.BROKEN, [(1, "http_error")]),
        (Fault.BROKEN_AFTER, [(0, ""), (1, "http_error")]),
        (Fault.TIMEOUT, [(1, "http_timeout")]),
        (Fault.TIMEOUT_AFTER, [(0, ""), (1, "http_timeout")]),
        (Fault.DELAYED, [(0, "")]),
        (Fault.DUPLICATE, [(0, ""), (0, "")]),
        (Fault.REORDERED, [(0, "")]),
        (Fault.LATE, [(3, "http_timeout")]),
        (Fault.LATE_COPY, [(0, ""), (3, "http_timeout")]),
    ],
)
async def test_an_event_arrives_otherwise(
    slack: StandIn, app: App, fault: Fault, attempts: list[tuple[int, str]]
) -> None:
    slack.inject("message", fault, delay=0.5)
    await slack.say("rosa", slack.im("rosa"), "hello")
    await slack.until(lambda: len(app.got) == len(attempts) and slack.deliveries[-1].acked)
    assert app.attempts == attempts
    assert len({request.payload["event_id"] for request in app.got}) == 1
    assert slack.faults.counts == {("delivery:message", fault): 1}


async def test_a_message_is_deleted_before_its_event_arrives(slack: StandIn, app: App) -> None:
    slack.inject("message", Fault.TARGET_GONE)
    await slack.say("rosa", slack.im("rosa"), "hello")
    await slack.until(lambda: len(slack.deliveries) == 2)
    assert len(app.got) == 2
    assert sorted(delivery.name for delivery in slack.deliveries) == ["message", "message_deleted"]
    assert slack.messages(slack.im("rosa")) == []


async def test_a_late_event_says_that_it_is_an_hour_old(slack: StandIn, app: App, clock: Clock) -> None:
    slack.inject("message", Fault.LATE)
    await slack.say("rosa", slack.im("rosa"), "hello")
    assert slack.deliveries[-1].error == "held"
    await slack.until(lambda: app.got)
    assert app.got[0].payload["event_time"] == int(clock()) - 3600


async def test_a_held_event_that_fails_is_repeated(fast: StandIn) -> None:
    fast.inject("message", Fault.LATE)
    await fast.say("rosa", fast.im("rosa"), "hello")
    await fast.until(lambda: len(fast.deliveries) == 3)
    assert [delivery.error for delivery in fast.deliveries] == ["held", "dispatch_failed", "dispatch_failed"]
    assert [delivery.retry_num for delivery in fast.deliveries] == [0, 3, 1]


async def test_two_events_change_places(slack: StandIn, app: App) -> None:
    slack.inject("message", Fault.REORDERED, delay=20)
    await slack.say("rosa", slack.im("rosa"), "first")
    await slack.say("rosa", slack.im("rosa"), "second")
    await slack.until(lambda: len(app.got) == 2)
    assert app.texts == ["second", "first"]


async def test_two_clicks_change_places(slack: StandIn, app: App, client: AsyncWebClient) -> None:
    await post(client, blocks=BLOCKS)
    [message] = slack.messages(SUPPORT)
    slack.inject("block_actions", Fault.REORDERED, delay=1.5)
    clicks = await asyncio.gather(
        slack.click("rosa", message, "Go"),
        slack.click("ada", message, "Go"),
        slack.click("ben", message, "Go"),
    )
    assert [click.error for click in clicks] == [None, None, None]
    assert [request.payload["user"]["id"] for request in app.got[:1]] != ["U0ROSA"]
    assert {request.payload["user"]["id"] for request in app.got} == {"U0ROSA", "U0ADA", "U0BEN"}


@pytest.mark.parametrize(
    ("fault", "arrives", "error"),
    [
        (Fault.BROKEN, 0, "dispatch_failed"),
        (Fault.BROKEN_AFTER, 1, "dispatch_failed"),
        (Fault.TIMEOUT, 0, "operation_timeout"),
        (Fault.TIMEOUT_AFTER, 1, "operation_timeout"),
        (Fault.DELAYED, 1, None),
        (Fault.DUPLICATE, 2, None),
    ],
)
@pytest.mark.parametrize("command", [True, False])
async def test_commands_and_shortcuts_are_never_repeated(  # noqa: PLR0913 - it is a table
    slack: StandIn, app: App, fault: Fault, arrives: int, error: str | None, *, command: bool
) -> None:
    slack.inject("/help" if command else "shortcut", fault)
    doing = slack.slash("rosa", SUPPORT, "/help") if command else slack.shortcut("rosa", "quick")
    delivery = await doing
    await asyncio.sleep(0.15)
    assert (delivery.error, len(app.got)) == (error, arrives)
    assert bool(slack.notices("rosa")) == (error is not None)


@pytest.mark.usefixtures("app")
async def test_a_command_that_is_too_late_has_failed(slack: StandIn) -> None:
    slack.inject("/help", Fault.DELAYED, delay=4)
    assert (await slack.slash("rosa", SUPPORT, "/help")).error == "operation_timeout"


@pytest.mark.usefixtures("app")
async def test_what_was_clicked_on_is_gone(slack: StandIn, client: AsyncWebClient) -> None:
    slack.inject("delivery:*", Fault.TARGET_GONE, times=2)
    await post(client, blocks=BLOCKS)
    await slack.click("rosa", slack.messages(SUPPORT)[0], "Go")
    assert slack.messages(SUPPORT) == []
    await client.views_open(trigger_id=slack.hub.triggers.issue("U0ROSA"), view=FORM)
    view: View | None = slack.view("rosa")
    await slack.submit("rosa", view)
    assert slack.view("rosa") is None
    assert list(slack.faults.counts) == [
        ("delivery:block_actions", Fault.TARGET_GONE),
        ("delivery:view_submission", Fault.TARGET_GONE),
    ]


# Socket Mode


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        (Fault.WARNED, [0]),
        (Fault.REFRESHED, [1]),
        (Fault.DROPPED, [1]),
        (Fault.DROPPED_AFTER, [0, 1]),
        (Fault.SILENT, [1]),
    ],
)
async def test_a_connection_is_lost_and_slacks_client_comes_back(
    slack: StandIn, app: App, fault: Fault, attempts: list[int]
) -> None:
    slack.faults.append(_patient(slack))
    first = slack.courier.socket_mode.open[0]
    slack.inject("socket", fault, delay=1)
    await slack.say("rosa", slack.im("rosa"), "hello")
    await slack.until(lambda: len(app.got) == len(attempts), timeout=10)
    assert [request.retry_attempt for request in app.got] == attempts
    others = lambda: [c for c in slack.courier.socket_mode.open if c is not first]  # noqa: E731
    await slack.until(others, timeout=10)
    await slack.until(lambda: slack.courier.socket_mode.connections == 1, timeout=10)
    assert slack.faults.counts == {("socket", fault): 1}


def _patient(slack: StandIn) -> Around:
    """Make the retries wait until the app has a living connection again."""

    async def wait(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.way is Way.DELIVERY and passage.attempt:
            healthy = lambda: [c for c in slack.courier.socket_mode.open if not c.silent]  # noqa: E731
            await slack.until(healthy, timeout=10)
            for connection in slack.courier.socket_mode.open:
                connection.leaving = connection.silent
        return await proceed()

    return wait


async def test_every_connection_is_disturbed_at_once(slack: StandIn, app: App) -> None:
    await slack.disturb(Fault.DROPPED)
    assert slack.faults.counts == {("socket", Fault.DROPPED): 1}
    await slack.until(lambda: len(slack.courier.socket_mode.open) == 1, timeout=10)
    assert (await slack.slash("rosa", SUPPORT, "/help")).acked
    assert len(app.got) == 1
    with pytest.raises(StandInError, match="not a fault of a connection"):
        await slack.disturb(Fault.BROKEN)


async def test_a_dead_connection_answers_no_ping(slack: StandIn) -> None:
    web_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    url = (await web_client.apps_connections_open(app_token=slack.app_token))["url"]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, autoping=False, timeout=aiohttp.ClientWSTimeout(ws_close=0.1)) as socket,
    ):
        assert (await socket.receive_json(timeout=1))["type"] == "hello"
        await socket.ping(b"one")
        assert (await socket.receive(timeout=1)).data == b"one"
        await slack.disturb(Fault.SILENT)
        await socket.ping(b"two")
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.2)
        assert (await slack.slash("rosa", SUPPORT, "/help")).error == "operation_timeout"
    await slack.until(lambda: slack.courier.socket_mode.connections == 0)


# rules, record, seeds


@pytest.mark.parametrize(
    ("site", "fault", "said"),
    [
        ("chat.postMassage", Fault.BROKEN, "no site 'chat.postMassage'"),
        (POST, Fault.DUPLICATE, "does not fit call:chat.postMessage"),
        ("block_actions", Fault.LATE, "does not fit delivery:block_actions"),
        ("socket", Fault.BROKEN, "does not fit socket"),
        ("*", Fault.BROKEN, "no site"),
    ],
)
def test_rules_that_cannot_be(site: str, fault: Fault, said: str) -> None:
    with pytest.raises(StandInError, match=said):
        StandIn().inject(site, fault)


async def test_rules_count_skip_and_end(slack: StandIn, client: AsyncWebClient) -> None:
    slack.inject("call:*", Fault.REFUSED, times=2, after=1)
    seen = [(await failure(client))[0] for _ in range(4)]
    assert seen == ["none", "fatal_error", "fatal_error", "none"]
    assert slack.faults.rules == []
    slack.inject(POST, Fault.REFUSED, times=None)
    assert [(await failure(client))[0] for _ in range(3)] == ["fatal_error"] * 3
    slack.faults.clear()
    assert (await failure(client))[0] == "none"
    assert slack.faults.counts == {("call:chat.postMessage", Fault.REFUSED): 5}


def test_only_what_aims_at_something_can_miss_it() -> None:
    gone = {site.partition(":")[2] for site in SITES if Fault.TARGET_GONE in fitting(site)}
    assert {"chat.update", "chat.postMessage", "views.update", "conversations.replies"} <= gone
    assert gone.isdisjoint({"auth.test", "views.publish", "app_home_opened", "slash_command", "shortcut"})


@pytest.mark.usefixtures("app")
async def test_every_delivery_that_aims_can_miss(slack: StandIn, client: AsyncWebClient) -> None:
    slack.inject("message_action", Fault.TARGET_GONE)
    slack.inject("message_changed", Fault.TARGET_GONE)
    await post(client)
    await slack.shortcut("rosa", "quick", slack.messages(SUPPORT)[0])
    im = slack.im("rosa")
    await slack.edit("rosa", im, await slack.say("rosa", im, "hello"), "hello again")
    assert (slack.messages(SUPPORT), slack.messages(im), slack.faults.rules) == ([], [], [])


async def test_the_pairs_that_have_not_happened(slack: StandIn, client: AsyncWebClient) -> None:
    missing = slack.faults.never()
    assert {site for site, _ in missing} == set(SITES)
    assert {fault for _, fault in missing} == set(Fault)
    slack.inject("auth.test", Fault.REFUSED)
    with pytest.raises(SlackApiError):
        await client.auth_test()
    assert len(slack.faults.never()) == len(missing) - 1
    assert ("call:auth.test", Fault.REFUSED) not in slack.faults.never(["auth.test"])


def test_every_fault_has_a_nature_and_every_event_is_one() -> None:
    assert set(NATURES) == set(Fault)
    assert all(Fault.LATE in fitting(f"delivery:{name}") for name in EVENTS)
    assert {place for nature in NATURES.values() for place in nature.places} == set(Place)


async def outline(seed: int | None) -> tuple[Any, ...]:
    """Return what a short run did, so that two runs can be compared."""
    async with StandIn.serving(clock=lambda: 1_795_000_000.0, seed=seed) as slack:
        slack.inject("call:*", Fault.REFUSED, times=None, chance=0.5)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        for _ in range(12):
            await failure(client)
        await slack.say("rosa", slack.im("rosa"), "hello")
        found = [post.ts for post in slack.posted], slack.deliveries[0].payload["event_id"]
        return (*found, slack.faults.log, slack.bot_token, slack.signing_secret)


async def test_a_seed_repeats_a_run() -> None:
    assert await outline(7) == await outline(7)
    first, other, unseeded = await outline(7), await outline(8), await outline(None)
    assert first[2] != other[2]
    assert len({first[3], other[3], unseeded[3]}) == 3


async def test_what_was_posted_twice(slack: StandIn, client: AsyncWebClient) -> None:
    def twice() -> dict[str, list[bool]]:
        return {key: [post.hidden for post in posts] for key, posts in slack.posted_twice("effect").items()}

    slack.inject(POST, Fault.TIMEOUT_AFTER)
    await failure(client)
    await post(client, effect="e1")
    assert twice() == {}
    await post(client, effect="e2")
    await post(client, effect="e3")
    await client.chat_postMessage(channel="C0SSLSUPPORT", text="without metadata")
    assert twice() == {}
    await post(client, effect="e1")
    assert twice() == {"e1": [True, False, False]}
    assert len(slack.posted_twice()) == 1
    one: Posted = slack.posted[0]
    assert (one.channel, one.text, one.thread_ts) == ("C0SSLSUPPORT", "hello", None)


async def test_a_hidden_message_is_found_again_by_its_metadata(
    slack: StandIn, client: AsyncWebClient
) -> None:
    before = await post(client, effect="e0")
    slack.inject(POST, Fault.TIMEOUT_AFTER)
    await failure(client)
    await post(client, effect="e2")
    window = {"channel": "C0SSLSUPPORT", "oldest": before["ts"], "limit": 15}
    found = await client.conversations_history(**window, include_all_metadata=True)
    assert [m["metadata"]["event_payload"]["effect"] for m in found["messages"]] == ["e2", "e1"]
    assert "metadata" not in (await client.conversations_history(**window))["messages"][0]
    short = await client.conversations_history(**(window | {"limit": 1}), include_all_metadata=True)
    assert (len(short["messages"]), short["has_more"]) == (1, True)
    await post(client, effect="e3", thread_ts=before["ts"])
    thread = {"channel": "C0SSLSUPPORT", "ts": before["ts"], "oldest": before["ts"], "limit": 15}
    replies = await client.conversations_replies(**thread, include_all_metadata=True)
    assert [m["metadata"]["event_payload"]["effect"] for m in replies["messages"]] == ["e0", "e3"]
