"""What attacks over HTTP cost a real `certdesk serve`, and what Slack notices of them.

    python -m tests.bench.attacks [--tree DIR] [--runs 3] [ATTACK …]

Each run starts a process of its own, on loopback only, and ends it after some seconds. `--tree` measures
another checkout with the same script. It prints a row of the table in docs/http.md for each attack:
median, and the least and the most.
"""

# ruff: noqa: T201  it prints what it measures

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import hmac
import math
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import aiohttp
import psutil

from bot.playground.standin import StandIn
from tests.conftest import settings_for
from tests.test_serve import free_port

ROOT: Final = Path(__file__).parents[2]
MEGABYTE: Final = 1024 * 1024
SECONDS: Final = 12.0  # how long a slow attack goes on
FILES: Final = 1_024
PATIENCE: Final = 3.0  # of Slack
RUN: Final = "from bot.cli import main; main()"


@dataclass
class Target:
    """The process under attack."""

    port: int
    secret: str
    process: psutil.Process
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        made = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self.port), 2)
        self.open.append(made[1])
        return made


def head(**more: str) -> bytes:
    headers = {"Host": "x", "Content-Type": "application/json"} | more
    lines = ["POST /slack/events HTTP/1.1", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def claimed() -> dict[str, str]:
    """Return headers of Slack's form that only the body can disprove."""
    return {"X_Slack_Request_Timestamp": str(int(time.time())), "X_Slack_Signature": "v0=" + "0" * 64}


async def chunks(target: Target, **headers: str) -> None:
    """Send an unsigned body of 1.5 million chunks of a byte."""
    reader, writer = await target.connect()
    writer.write(head(**headers, Transfer_Encoding="chunked"))
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(60):
            for _ in range(150):
                writer.write(b"1\r\nx\r\n" * 10_000)
                await writer.drain()
            writer.write(b"0\r\n\r\n")
            await reader.read()


async def claimed_chunks(target: Target) -> None:
    """Send the same with a signature that only the body disproves."""
    await chunks(target, **claimed())


async def half_bodies(target: Target) -> None:
    """Send 100 bodies of 2 MB by half."""
    for _ in range(100):
        with contextlib.suppress(OSError, TimeoutError):
            _, writer = await target.connect()
            writer.write(head(**claimed(), Content_Length=str(2 * MEGABYTE)) + b"x" * MEGABYTE)
    await asyncio.sleep(SECONDS)


async def idle(target: Target) -> None:
    """Open 1,100 connections and say nothing."""
    for _ in range(1_100):
        with contextlib.suppress(OSError, TimeoutError):
            await target.connect()
    await asyncio.sleep(SECONDS)


async def slow_headers(target: Target) -> None:
    """Send headers on 200 connections, a line a second, without end."""
    writers = [(await target.connect())[1] for _ in range(200)]
    for writer in writers:
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n")
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for writer in writers:
            with contextlib.suppress(ConnectionError):
                writer.write(b"X-Slow: x\r\n")
        await asyncio.sleep(1)


async def unread_answers(target: Target) -> None:
    """Ask 50 times 20,000 times for health in one go, and read no answer."""
    for _ in range(50):
        _, writer = await target.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 20_000)
    await asyncio.sleep(SECONDS)


ATTACKS: Final[dict[str, Callable[[Target], Awaitable[None]]]] = {
    "1.5 million chunks of a byte, unsigned": chunks,
    "the same, with a claimed signature": claimed_chunks,
    "100 bodies of 2 MB by half": half_bodies,
    "1,100 idle connections, 1,024 files": idle,
    "200 slow headers": slow_headers,
    "50 times 20,000 answers unread": unread_answers,
}


@dataclass(frozen=True)
class Cost:
    """What one run took: processor seconds, megabytes more at the most, and how Slack fared meanwhile."""

    cpu: float
    memory: float
    asked: int
    answered: int
    slowest: float
    log: int
    left: int


async def call(target: Target, session: aiohttp.ClientSession, number: int) -> float | None:
    """Send a command as Slack does; returns the seconds until its answer, None where it came too late."""
    command = {"command": "/certdesk", "text": "help", "user_id": "U1", "team_id": "T1"}
    body = urlencode(command | {"trigger_id": f"1.{number}"}).encode()
    at = str(int(time.time()))
    made = hmac.new(target.secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={made}"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
    began = time.monotonic()
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
        url = f"http://127.0.0.1:{target.port}/slack/events"
        async with session.post(url, data=body, headers=headers) as response:
            if response.status == 200:
                return time.monotonic() - began
    return None


async def measured(tree: Path, attack: Callable[[Target], Awaitable[None]]) -> Cost:
    """Attack one process and return what it cost."""
    with tempfile.TemporaryDirectory(prefix="certdesk-attack-") as name:
        folder, log = Path(name), Path(name) / "log"
        async with StandIn.serving(commands=["/certdesk"], app_name="certdesk") as slack:
            port = free_port()
            values = settings_for(slack, folder, SLACK_APP_TOKEN="").values
            environment = os.environ | values | {"PYTHONPATH": str(tree)}
            limit = ["bash", "-c", f'ulimit -n {FILES} && exec "$@"', "bash"]
            options = ["serve", "--port", str(port), "--metrics-port", "0"]
            with log.open("wb") as out:
                started = await asyncio.create_subprocess_exec(
                    *limit,
                    sys.executable,
                    "-c",
                    RUN,
                    *options,
                    cwd=tree,
                    env=environment,
                    stdout=out,
                    stderr=out,
                )
            try:
                target = Target(port, slack.signing_secret, psutil.Process(started.pid))
                return await _attacked(target, attack, log)
            finally:
                started.kill()
                await started.wait()


async def _attacked(target: Target, attack: Callable[[Target], Awaitable[None]], log: Path) -> Cost:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        while await call(target, session, 0) is None:
            await asyncio.sleep(0.2)
        before = target.process.memory_info().rss
        began = sum(target.process.cpu_times()[:2])
        written = log.stat().st_size  # noqa: ASYNC240  a moment
        running = asyncio.ensure_future(attack(target))
        times: list[float | None] = []
        most = before
        while not running.done():
            times.append(await call(target, session, len(times) + 1))
            most = max(most, target.process.memory_info().rss)
            await asyncio.sleep(0.25)
        await running
        cpu = sum(target.process.cpu_times()[:2]) - began
        left = sum(1 for each in target.process.net_connections("tcp") if each.status == "ESTABLISHED")
        for writer in target.open:
            writer.close()
        answered = [each for each in times if each is not None]
        slowest = max(answered, default=float("nan"))
        log_size = log.stat().st_size - written  # noqa: ASYNC240  a moment
        return Cost(cpu, (most - before) / MEGABYTE, len(times), len(answered), slowest, log_size, left)


def spread(values: list[float], form: str = ".1f") -> str:
    if any(map(math.isnan, values)):
        return "never"
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:{form}} ({low:{form}}–{high:{form}})"


async def main() -> None:
    """Print a row for each attack."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    parser = argparse.ArgumentParser()
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("attacks", nargs="*", help=f"any of {[*ATTACKS]}; all without")
    asked = parser.parse_args()
    print("| attack | CPU, s | memory, MB more | commands answered | slowest, s | log, KB | left open |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in asked.attacks or ATTACKS:
        costs = [await measured(asked.tree.resolve(), ATTACKS[name]) for _ in range(asked.runs)]
        cells = [
            name,
            spread([cost.cpu for cost in costs]),
            spread([cost.memory for cost in costs], ".0f"),
            f"{sum(cost.answered for cost in costs)} of {sum(cost.asked for cost in costs)}",
            spread([cost.slowest for cost in costs], ".2f"),
            spread([cost.log / 1024 for cost in costs]),
            spread([float(cost.left) for cost in costs], ".0f"),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
