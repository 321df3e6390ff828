"""A payload's `response_url`: only Slack's hosts are posted to, or the origin of SLACK_API_URL; never on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import pytest
from aiohttp import web
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.slack.app.bolt import http_session
from bot.slack.blocks.parts import Message
from bot.slack.outbound.response_urls import ResponseUrl, ResponseUrls
from bot.slack.outbound.web_api import CallError, WebApi
from tests.conftest import World
from tests.slack.test_again import rows

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SLACK = "https://slack.com/api/"
LOCAL = "http://127.0.0.1:4612/api/"

ALLOWED = [
    (SLACK, "https://hooks.slack.com/commands/T1/2/x"),
    (SLACK, "https://hooks.slack.com/actions/T1/2/x?y=z"),
    (SLACK, "https://hooks.slack-gov.com/app/T1/2"),
    (SLACK, "https://HOOKS.slack.com/app/T1/2"),  # the same host
    (LOCAL, "http://127.0.0.1:4612/commands/1"),
    (LOCAL, "https://hooks.slack.com/commands/1"),  # SLACK_API_URL may be a proxy in front of Slack
]
REFUSED = [
    (SLACK, address)
    for address in (
        "",
        "x",
        "/commands/1",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com:8443/commands/1",
        "https://hooks.slack.com./commands/1",
        "https://hooks.slack.com.evil.example/commands/1",
        "https://hooks-slack.com/commands/1",
        "https://evil.example/hooks.slack.com",
        "https://evil.example#hooks.slack.com",
        "https://hooks.slack.com@evil.example/commands/1",
        "https://rosa@hooks.slack.com/commands/1",
        "https://rosa:x@hooks.slack.com/commands/1",
        "https://evil.example\\@hooks.slack.com/",
        "https://hooks.slack.com\\.evil.example/",
        "https://hooks.slack.com%2eevil.example/",
        "https://hooks.slack.com%00.evil.example/",
        "https://hooks。slack.com/commands/1",
        "https://hooks.slack.com/\r\nHost: evil.example",
        " https://hooks.slack.com/commands/1",
        "https://slack.com/api/chat.postMessage",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::1",
        "https://hooks.slack.com:99999/",
        "ftp://hooks.slack.com/",
        "file:///etc/passwd",
        "https://hooks.slack.com/" + "x" * 3000,
    )
] + [
    (LOCAL, address)
    for address in (
        "http://127.0.0.1:4613/commands/1",
        "http://127.0.0.1/commands/1",
        "https://127.0.0.1:4612/commands/1",
        "http://localhost:4612/commands/1",
        "http://127.1:4612/commands/1",
        "http://2130706433:4612/commands/1",
        "http://[::ffff:127.0.0.1]:4612/commands/1",
    )
]


@pytest.mark.parametrize(("api", "address"), ALLOWED)
def test_slacks_hosts_and_the_origin_of_the_api_are_posted_to(api: str, address: str) -> None:
    assert ResponseUrls(WebApi("xoxb-1", api)).checked(address) == ResponseUrl(address)


@pytest.mark.parametrize(("api", "address"), REFUSED)
def test_no_other_address_is_posted_to(api: str, address: str) -> None:
    assert ResponseUrls(WebApi("xoxb-1", api)).checked(address) is None


@pytest.mark.parametrize(
    "what", [None, 1, ["https://hooks.slack.com/x"], {"url": "https://hooks.slack.com/x"}]
)
def test_what_is_no_text_is_no_address(what: object) -> None:
    assert ResponseUrls(WebApi("xoxb-1", SLACK)).checked(what) is None


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve something that is not Slack; yields its origin and the paths that it was asked for."""
    asked: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", note)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}", asked
    finally:
        await runner.cleanup()


async def ok(_: web.Request) -> web.Response:
    return web.Response(text="ok")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with listening(elsewhere) as (origin, asked), http_session() as session:
        urls = ResponseUrls(WebApi("xoxb-1", f"{origin}/api/", session))
        url = urls.checked(f"{origin}/commands/1")
        assert url is not None
        with pytest.raises(CallError) as raised:
            await urls.post(url, Message([], "x"))
    assert raised.value.code == f"http_{status}"
    assert asked == ["/commands/1"]


@pytest.mark.parametrize("words", ["help me", "new", ""])
async def test_a_signed_command_cannot_make_the_desk_post_elsewhere(
    http_world: World, words: str, refusals: set[str]
) -> None:
    """A refused address is neither posted to nor stored, and the operator is told once."""
    refusals |= {"invalid_trigger_id", "invalid_trigger", "expired_trigger_id"}  # it was not Slack's
    slack = http_world.slack
    async with listening(ok) as (origin, asked):
        with capture_logs() as logs:
            for trigger in ("1.2", "1.3"):
                command = {
                    "command": "/certdesk",
                    "text": words,
                    "user_id": slack.user("rosa"),
                    "team_id": "T1",
                    "channel_id": slack.channel("ssl-support"),
                    "trigger_id": trigger,
                    "response_url": f"{origin}/commands/secret",
                }
                body = urlencode(command).encode()
                outcome = await slack.deliver_raw(body, slack.sign(body) | FORM)
                assert outcome.status == 200
            await http_world.settle()
        assert asked == []
    told = [entry for entry in logs if entry["event"] == "response_url_refused"]
    assert [entry["host"] for entry in told] == ["127.0.0.1"]
    assert "commands/secret" not in str(told)
    for table in ("cases", "receipts", "outbox"):
        assert origin not in str(rows(http_world, table))


async def test_an_address_stored_before_it_was_checked_is_not_posted_to(http_world: World) -> None:
    from tests.slack.conftest import ISSUED, Acts

    acts = Acts(http_world)
    http_world.expects_dead = True
    async with listening(ok) as (origin, asked):
        await acts.walk(ISSUED | {"provider": "geotrust", "fulfilled_on": "2026-11-10"})
        assert http_world.bot is not None
        with http_world.bot.desk.store.engines.writer.begin() as connection:
            [(number, state)] = connection.execute(sql("SELECT id, state FROM cases")).all()
            moved = state.replace(slack_origin(http_world), origin)
            assert moved != state
            connection.execute(sql("UPDATE cases SET state = :s WHERE id = :n"), {"s": moved, "n": number})
        await acts.press("share")
        assert asked == []
    [(_, state)] = http_world_dead(http_world)
    assert state == "there is no way into the channel any more"


def slack_origin(world: World) -> str:
    return world.settings.api_url.removesuffix("/api/")


def http_world_dead(world: World) -> list[tuple[int, str]]:
    assert world.bot is not None
    with world.bot.desk.store.engines.reader.connect() as connection:
        found = connection.execute(sql("SELECT id, error FROM outbox WHERE state = 'dead'"))
        return [(number, error) for number, error in found]
