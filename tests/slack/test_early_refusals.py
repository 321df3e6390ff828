"""What is refused before a parser is asked, while more comes than can be done; and what is left to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.slack.app.admission import FEW, Admission
from bot.slack.app.early_refusals import EarlyRefusals
from bot.slack.app.http import Endpoint, server, web_app
from bot.slack.app.too_large import TooLarge

PATH = "/slack/events"
SIGNED = (("X-Slack-Signature", f"v0={'a' * 64}"), ("X-Slack-Request-Timestamp", "1700000000"))
FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = ("Content-Type", "application/json")
REFUSED = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"


def request(*headers: tuple[str, str], body: bytes = b"hello", line: str = f"POST {PATH} HTTP/1.1") -> bytes:
    lines = [line, "Host: desk", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + body


def length(number: int = 5) -> tuple[str, str]:
    return ("Content-Length", str(number))


class Ticks:
    at = 100.0

    def __call__(self) -> float:
        return self.at


@contextlib.contextmanager
def waiting(seconds: float) -> Iterator[Admission]:
    """Yield an admission under whose care so many have waited for so long, without an end."""
    ticks = Ticks()
    admission = Admission(ticks)
    with contextlib.ExitStack() as stack:
        for _ in range(FEW):
            stack.enter_context(admission.under_way())
        ticks.at += seconds
        yield admission


WHOLE = request(*SIGNED, FORM, length())
LOWER = WHOLE.lower().replace(b"post /", b"POST /").replace(b"http/", b"HTTP/")


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        pytest.param(WHOLE, len(WHOLE), id="a form"),
        pytest.param(request(*SIGNED, JSON, length()), len(WHOLE) - 17, id="an event"),
        pytest.param(LOWER, len(WHOLE), id="names in lower case"),
        pytest.param(WHOLE[:-3], len(WHOLE), id="the body has not come whole"),
        pytest.param(WHOLE + WHOLE, len(WHOLE), id="another one behind it"),
        pytest.param(WHOLE[:60], 0, id="half a head"),
        pytest.param(request(FORM, length()), 0, id="unsigned"),
        pytest.param(request(("X-Slack-Signature", "v0=abc"), length()), 0, id="another signature"),
        pytest.param(request(*SIGNED), 0, id="no length"),
        pytest.param(request(*SIGNED, length(), length(6)), 0, id="two lengths"),
        pytest.param(request(*SIGNED, ("Content-Length", "5, 5")), 0, id="a list of lengths"),
        pytest.param(request(*SIGNED, ("Content-Length", "+5")), 0, id="an odd length"),
        pytest.param(request(*SIGNED, length(9_999_999)), 0, id="a body too large for a delivery"),
        pytest.param(request(*SIGNED, length(), ("Transfer-Encoding", "chunked")), 0, id="chunks"),
        pytest.param(request(*SIGNED, length(), ("Connection", "close")), 0, id="a connection that ends"),
        pytest.param(request(*SIGNED, length(), ("Expect", "100-continue")), 0, id="who waits to be asked"),
        pytest.param(request(*SIGNED, length(), ("X", "1\nExpect: 1")), 0, id="a line feed alone"),
        pytest.param(request(*SIGNED, length(), line="POST /readyz HTTP/1.1"), 0, id="another path"),
        pytest.param(request(*SIGNED, length(), line=f"GET {PATH} HTTP/1.1"), 0, id="another method"),
        pytest.param(request(*SIGNED, length(), line=f"POST {PATH} HTTP/1.0"), 0, id="another version"),
        pytest.param(request(*SIGNED, length(), ("X", "y" * 9_000)), 0, id="a long head"),
    ],
)  # fmt: skip
def test_only_what_is_plainly_a_delivery_is_refused(data: bytes, refused: int) -> None:
    with waiting(60) as admission:
        assert EarlyRefusals(admission, PATH).length(data) == refused


@pytest.mark.parametrize(
    ("seconds", "kind", "refused"),
    [(0.1, JSON, False), (0.7, JSON, True), (0.7, FORM, False), (1.1, FORM, True)],
)
def test_events_are_refused_before_people_are(seconds: float, kind: tuple[str, str], refused: bool) -> None:  # noqa: FBT001
    with waiting(seconds) as admission:
        assert bool(EarlyRefusals(admission, PATH).length(request(*SIGNED, kind, length()))) is refused


@contextlib.asynccontextmanager
async def serving(admission: Admission) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Run the server as `certdesk serve` does, and yield a connection to it."""

    async def well() -> dict[str, str]:
        return {}

    async def never(*_: Any) -> None:  # noqa: ANN401
        raise AssertionError

    endpoint = Endpoint(never, TooLarge(None, "T1", "secret"))  # type: ignore[arg-type]  nothing is recorded
    run = server(web_app(well, endpoint), "127.0.0.1", 0, admission)
    task = asyncio.create_task(run.serve())
    while not run.started:
        await asyncio.sleep(0.001)
    reader, writer = await asyncio.open_connection(*run.servers[0].sockets[0].getsockname()[:2])
    try:
        yield reader, writer
    finally:
        writer.close()
        run.should_exit = True
        await task


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([WHOLE], id="at once"),
        pytest.param([WHOLE[:-3], WHOLE[-3:]], id="the body in two"),
        pytest.param([WHOLE + WHOLE[:-1], WHOLE[-1:] + WHOLE], id="one behind the other"),
        pytest.param([WHOLE[:-2], WHOLE[-2:] + HEALTH + WHOLE], id="another request between them"),
    ],
)
async def test_a_connection_goes_on_after_a_refusal(pieces: list[bytes]) -> None:
    with waiting(60) as admission:
        async with asyncio.timeout(10), serving(admission) as (reader, writer):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            sent = b"".join(pieces)
            writer.write(HEALTH)
            got = b""
            while got.count(b'{"status":"ok"}') < sent.count(HEALTH) + 1:
                got += await reader.read(65_536)
            assert got.startswith(REFUSED)
            assert got.count(b"HTTP/1.1 ") == sent.count(WHOLE) + sent.count(HEALTH) + 1
            assert got.endswith(b'{"status":"ok"}')


async def test_what_is_refused_late_is_answered_alike() -> None:
    """By the endpoint itself, where the head comes in two and the parser has it."""
    with waiting(60) as admission:
        async with asyncio.timeout(10), serving(admission) as (reader, writer):
            writer.write(WHOLE[:40])
            await writer.drain()
            await asyncio.sleep(0.02)
            writer.write(WHOLE[40:])
            assert (await reader.read(65_536)).startswith((b"HTTP/1.1 503 ", b"HTTP/1.1 401 "))
            writer.write(WHOLE)
            assert await reader.readuntil(b"\r\n\r\n") == REFUSED
