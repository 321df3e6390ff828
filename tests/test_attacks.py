"""A real `certdesk serve` under attacks on its connections, memory and time, and what Slack notices."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from bot.playground.standin import StandIn
from tests.test_serve import Served, now, serving

__all__ = ["now"]

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    """Let this process open more files than the one that it attacks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory(served: Served) -> float:
    return psutil.Process(served.process.pid).memory_info().rss / MEGABYTE


def head(**more: str) -> bytes:
    headers = {"Host": "x", "Content-Type": "application/json"} | more
    lines = ["POST /slack/events HTTP/1.1", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def claimed() -> dict[str, str]:
    """Return headers of Slack's form that only the body can disprove."""
    return {"X_Slack_Request_Timestamp": str(int(time.time())), "X_Slack_Signature": "v0=" + "0" * 64}


Open = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(served: Served, number: int) -> AsyncIterator[list[Open]]:
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(number):
            opened.append(await asyncio.open_connection("127.0.0.1", served.port))
            stack.callback(opened[-1][1].close)
        yield opened


async def closed_after(each: Open, seconds: float) -> bool:
    """Tell whether the other side closes within a time."""
    try:
        async with asyncio.timeout(seconds):
            await each[0].read()
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


async def serves(slack: StandIn, served: Served) -> None:
    """Slack is answered at once, and so is whoever watches."""
    began = time.monotonic()
    assert (await slack.slash("rosa", "ssl-support", "/certdesk", "help")).acked
    assert (await served.get("/healthz"))[0] == 200
    assert (await served.get("/readyz"))[0] == 200
    assert time.monotonic() - began < 3


@pytest.mark.long
async def test_idle_connections_go_before_slack_has_to_wait(now: StandIn, tmp_path: Path) -> None:
    async with serving(now, tmp_path, http=True, files=1_024) as served:
        async with connected(served, 1_100):
            await serves(now, served)
        await serves(now, served)
        figures = (await served.get("/metrics", served.metrics))[1]
        assert await served.stop() < 5
    log = served.log.read_text()
    assert "Traceback" not in log
    [told] = [line for line in map(json.loads, log.splitlines()) if line["event"] == "connections_full"]
    assert told["limit"] < 1_024
    assert 'certdesk_requests_refused_total{reason="crowded_out"}' in figures
    assert len(log) < 10_000


@pytest.mark.long
async def test_what_comes_slowly_is_closed_after_ten_seconds(now: StandIn, tmp_path: Path) -> None:
    half = b"x" * MEGABYTE
    async with serving(now, tmp_path, http=True) as served:
        before, began = memory(served), time.monotonic()
        async with connected(served, 100) as bodies, connected(served, 3) as (silent, slow, trickling):
            for _, writer in bodies:
                writer.write(head(**claimed(), Content_Length=str(2 * MEGABYTE)) + half)
            slow[1].write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n")
            trickling[1].write(head(**claimed(), Content_Length="100000"))
            most = before
            while time.monotonic() - began < 9:
                slow[1].write(b"x-%d: x\r\n" % time.monotonic_ns())
                trickling[1].write(b"x")
                await asyncio.sleep(0.5)
                most = max(most, memory(served))
            await serves(now, served)
            assert not await closed_after(silent, 0.01)
            ended = await asyncio.gather(
                *(closed_after(each, 5) for each in (*bodies, silent, slow, trickling))
            )
            assert all(ended)
            assert time.monotonic() - began < 14
        assert most - before < 110, "megabytes that nobody has signed for"
        await serves(now, served)
        assert await served.stop() < 5
    assert "Traceback" not in served.log.read_text()


@pytest.mark.long
async def test_who_does_not_read_the_answers_is_not_waited_for(now: StandIn, tmp_path: Path) -> None:
    async with serving(now, tmp_path, http=True) as served:
        before = memory(served)
        async with connected(served, 50) as greedy:
            for _, writer in greedy:
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 20_000)
            await asyncio.sleep(1)
            await serves(now, served)
            assert memory(served) - before < 80
        assert await served.stop() < 5
    assert "Traceback" not in served.log.read_text()
