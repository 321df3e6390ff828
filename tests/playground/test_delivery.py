"""Socket Mode with Slack's own client, signed HTTP with Slack's own verifier, retries, response URLs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.standin import Outcome, Passage, Proceed, StandIn, StandInError, Way, text_of

if TYPE_CHECKING:
    from slack_sdk.socket_mode.request import SocketModeRequest

    from tests.playground.conftest import Clock

SUPPORT = "ssl-support"


class App:
    """An app that records what it gets, and answers as it was told to."""

    def __init__(self, answer: object = None) -> None:
        self.answer = answer
        self.silent = 0
        self.got: list[Any] = []

    def reply(self, body: object) -> object:
        self.got.append(body)
        if self.silent:
            self.silent -= 1
            return None
        return self.answer or {}


@pytest.fixture
def app() -> App:
    return App()


async def connect(slack: StandIn, app: App) -> SocketModeClient:
    web_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    client = SocketModeClient(app_token=slack.app_token, web_client=web_client, auto_reconnect_enabled=False)

    async def on_request(socket: SocketModeClient, request: SocketModeRequest) -> None:
        answer = app.reply(request)
        if answer is not None:
            await socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))

    client.socket_mode_request_listeners.append(on_request)
    await client.connect()
    return client


@pytest.fixture
async def socket(slack: StandIn, app: App) -> AsyncIterator[SocketModeClient]:
    client = await connect(slack, app)
    await slack.connected()
    yield client
    await client.close()


@pytest.fixture
async def http(slack: StandIn, app: App) -> AsyncIterator[App]:
    async def on_post(request: web.Request) -> web.Response:
        body = await request.read()
        if not SignatureVerifier(slack.signing_secret).is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        answer = app.reply((request, body))
        if answer is None:
            await asyncio.sleep(1)
        if isinstance(answer, dict) and answer:
            return web.json_response(answer)
        return web.Response(text=str(answer or ""))

    server = web.Application()
    server.router.add_post("/slack/events", on_post)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


@pytest.mark.usefixtures("socket")
async def test_a_command_over_socket_mode(slack: StandIn, app: App) -> None:
    app.answer = {"text": "hello"}
    delivery = await slack.slash("rosa", SUPPORT, "/help", "a <b> & c")
    assert (delivery.acked, delivery.error, delivery.response) == (True, None, {"text": "hello"})
    request = app.got[0]
    assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
    assert request.payload["text"] == "a &lt;b&gt; &amp; c"
    assert request.payload["user_id"] == "U0ROSA"
    assert [text_of(m) for m in slack.messages(SUPPORT, "rosa")] == ["hello"]
    assert slack.messages(SUPPORT, "ada") == []


@pytest.mark.usefixtures("socket")
async def test_payloads_go_to_one_of_several_connections(slack: StandIn, app: App) -> None:
    other = App()
    second = await connect(slack, other)
    await slack.connected(2)
    for _ in range(20):
        await slack.slash("rosa", SUPPORT, "/help")
    assert len(app.got) + len(other.got) == 20
    assert app.got
    assert other.got
    await second.close()
    await slack.until(lambda: slack.courier.socket_mode.connections == 1)


async def test_a_ticket_is_good_once(socket: SocketModeClient) -> None:
    assert socket.wss_uri
    async with socket.aiohttp_client_session.get(socket.wss_uri.replace("ws://", "http://")) as response:
        assert response.status == 401


async def test_without_a_connection_a_command_fails_and_says_so(slack: StandIn) -> None:
    delivery = await slack.slash("rosa", SUPPORT, "/help")
    assert (delivery.acked, delivery.error) == (False, "dispatch_failed")
    assert slack.notices("rosa") == ['/help failed with the error "dispatch_failed"']


@pytest.mark.usefixtures("socket")
async def test_a_command_without_an_answer_times_out(slack: StandIn, app: App) -> None:
    app.silent = 1
    assert (await slack.slash("rosa", SUPPORT, "/help")).error == "operation_timeout"
    assert slack.notices("rosa") == ['/help failed with the error "operation_timeout"']


async def test_disconnect(slack: StandIn, socket: SocketModeClient) -> None:
    await slack.disconnect()
    await slack.until(lambda: slack.courier.socket_mode.connections == 0)
    assert socket.current_session is not None


async def test_an_event_over_http(slack: StandIn, http: App) -> None:
    ts = await slack.say("rosa", slack.im("rosa"), "hello & bye")
    request, body = http.got[0]
    envelope = json.loads(body)
    assert request.content_type == "application/json"
    assert (envelope["type"], envelope["team_id"]) == ("event_callback", "T0PLAYGROUND")
    event = envelope["event"]
    assert (event["channel_type"], event["text"], event["ts"]) == ("im", "hello &amp; bye", ts)
    assert envelope["authorizations"][0]["user_id"] == slack.bot_user


async def test_interactions_over_http_are_forms(slack: StandIn, http: App) -> None:
    http.answer = "plain words"
    delivery = await slack.slash("rosa", SUPPORT, "/help", "me")
    form = parse_qs(http.got[0][1].decode())
    assert (form["command"], form["text"]) == (["/help"], ["me"])
    assert delivery.response == "plain words"
    assert [text_of(m) for m in slack.messages(SUPPORT, "rosa")] == ["plain words"]
    http.answer = None
    await slack.shortcut("rosa", "quick")
    payload = json.loads(parse_qs(http.got[1][1].decode())["payload"][0])
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "quick")


async def test_an_event_is_repeated_until_it_is_acknowledged(app: App) -> None:
    async with StandIn.serving(time_scale=0.001) as slack:
        client = await connect(slack, app)
        await slack.connected()
        app.silent = 2
        await slack.say("rosa", slack.im("rosa"), "hello")
        await slack.until(lambda: len(slack.deliveries) == 3)
        assert [d.retry_num for d in slack.deliveries] == [0, 1, 2]
        assert len({request.payload["event_id"] for request in app.got}) == 1
        assert [(request.retry_attempt, request.retry_reason) for request in app.got] == [
            (0, ""),
            (1, "http_timeout"),
            (2, "http_timeout"),
        ]
        await client.close()


async def test_retries_over_http_carry_their_headers(slack: StandIn, http: App) -> None:
    await slack.say("rosa", slack.im("rosa"), "hello")
    await slack.redeliver(slack.deliveries[0], retry_num=2)
    headers = http.got[1][0].headers
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("2", "http_timeout")
    assert http.got[0][1] == http.got[1][1]


async def test_a_wrong_signature_does_not_verify(slack: StandIn, http: App) -> None:
    good = slack.sign(b"{}")
    assert (await slack.deliver_raw(b"{}", good)).status == 200
    assert (await slack.deliver_raw(b"{ }", good)).status == 401
    assert (await slack.deliver_raw(b"{}", {})).status == 401
    assert len(http.got) == 1


async def test_url_verification(slack: StandIn, http: App) -> None:
    with pytest.raises(StandInError, match="challenge"):
        await slack.verify_url()
    http.answer = {"challenge": "stand-in-challenge"}
    assert (await slack.verify_url()).acked


@pytest.mark.usefixtures("socket")
async def test_a_person_of_another_workspace(slack: StandIn, app: App) -> None:
    with pytest.raises(StandInError, match="not offered"):
        await slack.slash("eve", SUPPORT, "/help")
    await slack.say("eve", slack.im("eve"), "hello")
    body = app.got[0].payload
    assert (body["team_id"], body["event"]["team"], body["is_ext_shared_channel"]) == (
        "T0PLAYGROUND",
        "T0OTHER",
        True,
    )


async def test_commands_are_refused_in_threads_and_when_unknown() -> None:
    async with StandIn.serving(commands=["/help"]) as slack:
        with pytest.raises(StandInError, match="threads"):
            await slack.slash("rosa", SUPPORT, "/help", thread_ts="1.0")
        with pytest.raises(StandInError, match="not a valid command"):
            await slack.slash("rosa", SUPPORT, "/other")
        with pytest.raises(StandInError, match="not in"):
            await slack.slash("rosa", "ssl-agents", "/help")


@pytest.mark.usefixtures("socket")
async def test_a_response_url_is_good_for_five_posts(slack: StandIn, app: App) -> None:
    await slack.slash("rosa", SUPPORT, "/help")
    hook = AsyncWebhookClient(app.got[0].payload["response_url"])
    assert (await hook.send(text="whisper")).body == "ok"
    await hook.send(text="aloud", response_type="in_channel")
    assert [m.text for m in slack.messages(SUPPORT, "rosa")] == ["whisper", "aloud"]
    assert [m.text for m in slack.messages(SUPPORT, "ada")] == ["aloud"]
    refused = await hook.send(blocks=[{"type": "nothing"}])
    assert (refused.status_code, json.loads(refused.body)["error"]) == (400, "invalid_blocks")
    assert json.loads((await hook.send_dict({"nonsense": 1})).body)["error"] == "invalid_payload"
    assert (
        json.loads((await hook.send_dict({"text": "x", "response_type": "y"})).body)["error"]
        == "invalid_response_type"
    )
    late = await hook.send(text="sixth")
    assert (late.status_code, json.loads(late.body)["error"]) == (404, "used_url")
    unknown = await AsyncWebhookClient(slack.url + "/commands/T/1/x").send(text="x")
    assert json.loads(unknown.body)["error"] == "invalid_url"


@pytest.mark.parametrize(("age", "status"), [(1800, 200), (1801, 404)])
@pytest.mark.usefixtures("socket")
async def test_a_response_url_lives_thirty_minutes(
    slack: StandIn, app: App, clock: Clock, age: int, status: int
) -> None:
    await slack.slash("rosa", SUPPORT, "/help")
    clock.go(age)
    answer = await AsyncWebhookClient(app.got[0].payload["response_url"]).send(text="x")
    assert answer.status_code == status


@pytest.mark.usefixtures("socket")
async def test_a_response_url_replaces_and_deletes(slack: StandIn, app: App) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    await client.chat_postEphemeral(
        channel="C0SSLSUPPORT", user="U0ROSA", text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    [message] = slack.messages(SUPPORT, "rosa")
    await slack.click("rosa", message, "Go")
    payload = app.got[0].payload
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    hook = AsyncWebhookClient(payload["response_url"])
    await hook.send(text="done", blocks=[], replace_original=True)
    assert [(m.text, m.ts) for m in slack.messages(SUPPORT, "rosa")] == [("done", message.ts)]
    await hook.send(delete_original=True)
    assert slack.messages(SUPPORT, "rosa") == []


@pytest.mark.usefixtures("socket")
async def test_every_call_and_delivery_passes_the_seam(slack: StandIn, app: App) -> None:
    passed: list[tuple[Way, str]] = []

    async def watch(passage: Passage, proceed: Proceed) -> Outcome:
        passed.append((passage.way, passage.name))
        if passage.name == "users.info":
            return Outcome(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"})
        return await proceed()

    slack.faults.append(watch)
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    await client.auth_test()
    await slack.slash("rosa", SUPPORT, "/help")
    await AsyncWebhookClient(app.got[0].payload["response_url"]).send(text="x")
    with pytest.raises(Exception, match="ratelimited"):
        await client.users_info(user="U0ROSA")
    assert [way for way, _ in passed] == [Way.CALL, Way.DELIVERY, Way.RESPONSE_URL, Way.CALL]
