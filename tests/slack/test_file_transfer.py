"""Where a file's bytes are fetched from, with which token, and what is made of what is no file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.playground.standin import Fault, Outcome, Passage, Proceed
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_files import PNG, got, handed_over, send
from tests.slack.test_handoff import card, thread


@asynccontextmanager
async def elsewhere(heard: list[str]) -> AsyncIterator[str]:
    """Run a server that is not Slack's, and note which requests come to it."""

    async def answer(request: web.Request) -> web.Response:
        heard.append(f"{request.method} {request.headers.get('Authorization')}")
        return web.Response(body=PNG, content_type="image/png")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


ADDRESSES = [
    "{other}/files-pri/T1-F1/screen.png",
    "http://files.slack.com@{host}/screen.png",
    "{here}@{host}/screen.png",
    "file:///etc/hostname",
]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_file_at_an_address_that_is_not_slacks_is_not_fetched(acts: Acts, address: str) -> None:
    heard: list[str] = []
    async with elsewhere(heard) as other:
        host = other.removeprefix("http://")
        url = address.format(other=other, host=host, here=acts.slack.url)
        await handed_over(acts)
        file = acts.slack.store(REQUESTER, "screen.png", PNG, url_private_download=url, size=0)
        told = await send(acts, file)
    assert heard == []
    assert got(acts) == {}
    assert "screen.png" in told


async def test_a_redirect_takes_the_token_nowhere_and_means_that_a_scope_is_missing(acts: Acts) -> None:
    heard: list[str] = []
    async with elsewhere(heard) as other:

        async def redirecting(passage: Passage, proceed: Proceed) -> Outcome:
            if passage.name != "file_download":
                return await proceed()
            return Outcome(302, "", {"Location": f"{other}/screen.png"})

        await handed_over(acts)
        acts.slack.courier.around.append(redirecting)
        with capture_logs() as logged:
            await send(acts, ("screen.png", PNG))
        acts.slack.courier.around.remove(redirecting)
    assert heard == []
    assert any("install the app again" in str(line.get("todo")) for line in logged)
    acts.world.clock.forward(minutes=5)
    await acts.world.settle()
    assert got(acts) == {"screen.png": PNG}


async def test_an_upload_goes_to_slack_or_nowhere(acts: Acts) -> None:
    heard: list[str] = []
    async with elsewhere(heard) as other:

        async def lying(passage: Passage, proceed: Proceed) -> Outcome:
            outcome = await proceed()
            if passage.name != "files.getUploadURLExternal":
                return outcome
            return replace(outcome, body=outcome.body | {"upload_url": f"{other}/upload"})

        await handed_over(acts)
        acts.slack.courier.around.append(lying)
        await send(acts, ("screen.png", PNG))
        acts.slack.courier.around.remove(lying)
    assert heard == []
    acts.world.clock.forward(minutes=5)
    await acts.world.settle()
    assert got(acts) == {"screen.png": PNG}


async def test_the_page_to_sign_in_is_no_file_and_the_operator_hears_what_to_do(acts: Acts) -> None:
    await handed_over(acts)
    token = acts.slack.world.bot_token
    acts.slack.world.tokens[token.value] = replace(token, scopes=token.scopes - {"files:read"})
    with capture_logs() as logged:
        await send(acts, ("screen.png", PNG))
    [told] = [line for line in logged if line["event"] == "slack_refused"]
    assert told["code"] == "missing_scope"
    assert "install the app again" in told["todo"]
    assert acts.slack.shared(AGENTS) == []
    acts.slack.world.tokens[token.value] = token
    acts.world.clock.forward(minutes=5)
    await acts.world.settle()
    assert got(acts) == {"screen.png": PNG}


async def test_a_web_page_that_somebody_sends_is_a_file(acts: Acts) -> None:
    await handed_over(acts)
    await send(acts, ("panel.html", b"<!DOCTYPE html><title>Orders</title>"))
    assert got(acts) == {"panel.html": b"<!DOCTYPE html><title>Orders</title>"}


async def test_what_a_proxy_gives_in_place_of_a_file_is_not_passed_on(acts: Acts) -> None:
    await handed_over(acts)
    acts.slack.inject("file_download", Fault.PROXY, times=3, delay=0.05)
    await send(acts, ("screen.png", PNG))
    for _ in range(6):
        acts.world.clock.forward(minutes=5)
        await acts.world.settle()
    assert got(acts) == {"screen.png": PNG}


async def test_bytes_that_change_between_the_readings_are_not_put_anywhere(acts: Acts) -> None:
    await handed_over(acts)
    readings = 0

    async def changing(passage: Passage, proceed: Proceed) -> Outcome:
        nonlocal readings
        outcome = await proceed()
        if passage.name == "file_download":
            readings += 1
            if readings == 2:
                return replace(outcome, body=replace(outcome.body, data=PNG[::-1]))
        return outcome

    acts.slack.courier.around.append(changing)
    await send(acts, ("screen.png", PNG))
    assert got(acts) == {}
    acts.world.clock.forward(minutes=5)
    await acts.world.settle()
    assert got(acts) == {"screen.png": PNG}


async def test_what_a_process_left_in_the_middle_the_next_one_settles(acts: Acts) -> None:
    await handed_over(acts)
    acts.slack.inject("files.completeUploadExternal", Fault.TIMEOUT_AFTER)
    await acts.slack.upload(REQUESTER, acts.slack.im(REQUESTER), ("screen.png", PNG))
    await acts.slack.until(lambda: acts.slack.shared(AGENTS))
    await acts.world.stop()
    await acts.world.start()
    for _ in range(2):
        acts.world.clock.forward(minutes=5)
        await acts.world.settle()
    assert [file.name for file in acts.slack.shared(AGENTS, card(acts).ts)] == ["screen.png"]


async def test_a_name_that_holds_markup_is_shown_as_it_is(acts: Acts) -> None:
    await handed_over(acts)
    name = "<!channel> [x](http://a.example) *b*.png"
    await send(acts, (name, PNG))
    assert any(f"sends {name}" in entry for entry in thread(acts))
