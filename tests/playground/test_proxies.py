"""What a proxy answers in Slack's place, and what Slack tells an app about itself."""

from __future__ import annotations

import aiohttp
import pytest

from bot.playground.standin import Fault, Proxy, StandIn
from bot.playground.standin.proxy import WORDS

POST = {"channel": "C0SSLSUPPORT", "text": "hello"}

# the status, what stands in the body (None: it breaks off), and a header
ANSWERS: dict[Proxy, tuple[int, bytes | None, tuple[str, str] | None]] = {
    Proxy.HTML: (200, b"<html>", ("Content-Type", "text/html")),
    Proxy.BAD_GATEWAY: (502, b"<html>", ("Content-Type", "text/html")),
    Proxy.GATEWAY_TIMEOUT: (504, b"<html>", ("Content-Type", "text/html")),
    Proxy.FORBIDDEN: (403, b"<html>", ("Content-Type", "text/html")),
    Proxy.STRING: (200, b'"ok"', ("Content-Type", "application/json")),
    Proxy.ARRAY: (200, b"[]", ("Content-Type", "application/json")),
    Proxy.NUMBER: (200, b"1", None),
    Proxy.NULL: (200, b"null", None),
    Proxy.EMPTY: (200, b"", None),
    Proxy.HALF: (200, b'{"ok":true,', None),
    Proxy.WRONG_TYPE: (200, b"<html>", ("Content-Type", "application/json")),
    Proxy.WRONG_ENCODING: (200, b'"warning":"\xe9"', None),
    Proxy.NO_GZIP: (200, b'"ok":true', ("Content-Encoding", "gzip")),
    Proxy.REDIRECT: (302, b"", ("Location", "https://login.example.com/")),
    Proxy.NO_OK: (200, b'{"channel":"C0NOWHERE"', None),
    Proxy.OK_AS_TEXT: (200, b'{"ok":"true"', None),
    Proxy.BARE_OK: (200, b'{"ok":true}', None),
    Proxy.NO_CODE: (200, b'{"ok":false,"error":{"message"', None),
    Proxy.ENDLESS: (200, None, None),
}


async def answer(slack: StandIn) -> tuple[int, bytes | None, dict[str, str]]:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.post(
            f"{slack.api_url}chat.postMessage", json=POST, headers=headers, allow_redirects=False
        ) as response,
    ):
        try:
            body: bytes | None = await response.read()
        except aiohttp.ClientPayloadError:
            body = None
        return response.status, body, dict(response.headers)


@pytest.mark.parametrize("fault", [Fault.PROXY, Fault.PROXY_AFTER])
@pytest.mark.parametrize("proxy", Proxy)
async def test_a_proxy_answers_in_slacks_place(slack: StandIn, proxy: Proxy, fault: Fault) -> None:
    slack.inject("chat.postMessage", fault, proxy=proxy, delay=0.2)
    status, body, headers = await answer(slack)
    wanted, part, header = ANSWERS[proxy]
    assert status == wanted
    assert body is None if part is None else part in (body or b"")
    assert header is None or headers[header[0]].startswith(header[1])
    assert len(slack.messages("ssl-support")) == (fault is Fault.PROXY_AFTER)
    assert [posted.hidden for posted in slack.posted] == [True] * len(slack.posted)


async def test_without_a_name_each_comes_in_turn(slack: StandIn) -> None:
    slack.inject("chat.postMessage", Fault.PROXY, times=None, delay=0.05)
    statuses = [(await answer(slack))[0] for _ in Proxy]
    assert statuses == [ANSWERS[proxy][0] for proxy in Proxy]
    assert (await answer(slack))[0] == ANSWERS[Proxy.HTML][0]


def test_each_is_told_of() -> None:
    assert set(WORDS) == set(Proxy) == set(ANSWERS)


@pytest.mark.parametrize(
    ("retry_after", "header"),
    [(None, "7"), ("99999999999999", "99999999999999"), ("soon", "soon"), ("", None)],
)
async def test_retry_after_may_be_any_text(
    slack: StandIn, retry_after: str | None, header: str | None
) -> None:
    slack.inject("chat.postMessage", Fault.RATE_LIMITED, delay=7, retry_after=retry_after)
    status, _, headers = await answer(slack)
    assert (status, headers.get("Retry-After")) == (429, header)


async def test_an_app_that_is_uninstalled_is_told_so_and_its_token_is_not_taken(slack: StandIn) -> None:
    await slack.uninstall()
    sent = {delivery.name: delivery.payload["event"] for delivery in slack.deliveries}
    assert sent["tokens_revoked"]["tokens"]["bot"] == [slack.world.bot]
    assert sent["app_uninstalled"] == {"type": "app_uninstalled"}
    assert b"token_revoked" in ((await answer(slack))[1] or b"")
    slack.reinstall()
    assert b'"ok":true' in ((await answer(slack))[1] or b"")


async def test_an_app_that_gets_too_many_events_is_told_so(slack: StandIn) -> None:
    told = (await slack.tell_rate_limited()).payload
    assert told["type"] == "app_rate_limited"
    assert told["minute_rate_limited"] % 60 == 0
    assert "event" not in told
