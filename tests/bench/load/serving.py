"""The processes of a run: the fake Slack, certdesk or the bare app, and what they use of the two cores."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp
import psutil
import trustme

from tests.bench.load.traffic import SECRET, Json, Plan

CERTDESK = Path(sys.executable).with_name("certdesk")
EVENTS = "slack/events"
STARTING_SECONDS = 30


@dataclass(frozen=True)
class Slack:
    """A running fake Slack: its address, the file that proves it, its process."""

    url: str
    authority: Path
    process: psutil.Process


@dataclass(frozen=True)
class App:
    """A running certdesk, or a bare app."""

    url: str
    process: psutil.Process


@asynccontextmanager
async def slack(folder: Path) -> AsyncIterator[Slack]:
    """Run the fake Slack, with a certificate for this run only."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "slack.pem"))
    module = ("-m", "tests.bench.load.fake", str(folder / "slack.pem"))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *module, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        yield Slack(f"https://127.0.0.1:{port}/", folder / "authority.pem", psutil.Process(process.pid))
    finally:
        await end(process)


@asynccontextmanager
async def desks(
    joined: Slack, database: str, folder: Path, number: int = 1, launcher: tuple[str, ...] = (str(CERTDESK),)
) -> AsyncIterator[list[App]]:
    """Run so many `certdesk serve` on one database; another `launcher` changes what is not a setting."""
    values = values_of(joined, database)
    async with AsyncExitStack() as stack:
        apps = []
        for place in range(number):
            port = free_port()
            options = ("serve", "--port", str(port), "--metrics-port", "0")
            log = folder / f"serve-{place}.log"
            apps.append(await stack.enter_async_context(_app((*launcher, *options), port, values, log)))
        yield apps


def values_of(joined: Slack, database: str) -> dict[str, str]:
    """Return the settings of a certdesk that is joined to a fake Slack, whose certificate it takes."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{joined.url}api/",
        "CERTDESK_AGENTS_CHANNEL": "C0AGENTS",
        "CERTDESK_DATABASE_URL": database,
        "CERTDESK_LOG_LEVEL": "WARNING",
        "SSL_CERT_FILE": str(joined.authority),
    }


@asynccontextmanager
async def bare(folder: Path) -> AsyncIterator[list[App]]:
    """Run an app that only acknowledges."""
    port = free_port()
    command = (sys.executable, "-m", "tests.bench.load.bare", str(port))
    async with _app(command, port, {}, folder / "bare.log") as app:
        yield [app]


@asynccontextmanager
async def _app(command: tuple[str, ...], port: int, values: dict[str, str], log: Path) -> AsyncIterator[App]:
    process = await begin(command, values, log)
    try:
        await ready(port)
        yield App(f"http://127.0.0.1:{port}/{EVENTS}", psutil.Process(process.pid))
    finally:
        await end(process)


async def begin(command: tuple[str, ...], values: dict[str, str], log: Path) -> asyncio.subprocess.Process:
    """Start a process with these variables and no other of certdesk's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CERTDESK_"))}
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(*command, env=kept | values, stdout=out, stderr=out)


async def end(process: asyncio.subprocess.Process) -> None:
    """Kill a process, and wait until it is gone."""
    if process.returncode is None:
        process.kill()
    await process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def ready(port: int, seconds: float = STARTING_SECONDS) -> None:
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Measured:
    """What a run came to: the generator's result, each kind of process's CPU seconds, resident MB."""

    result: Json
    seconds: float
    cpu: dict[str, float]
    megabytes: float


async def send(plan: Plan, apps: list[App], others: dict[str, psutil.Process]) -> Measured:
    """Let a generator of its own process send, and measure while what counts is sent."""
    command = (sys.executable, "-m", "tests.bench.load.traffic", json.dumps(asdict(plan)))
    pipe, room = asyncio.subprocess.PIPE, 1 << 27
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, limit=room)
    assert process.stdout is not None
    watched = {"generator": psutil.Process(process.pid), **others}
    used: list[dict[str, float]] = []
    for word in ("begin", "end"):
        line = (await process.stdout.readline()).decode().strip()
        assert line == word, line
        used.append(
            {"bot": sum(_cpu(app.process) for app in apps)}
            | {name: _cpu(one) for name, one in watched.items()}
        )
    megabytes = max((app.process.memory_info().rss for app in apps), default=0) / 1e6
    result = json.loads(await process.stdout.readline())
    await process.wait()
    spent = {name: used[1][name] - used[0][name] for name in used[0]}
    return Measured(result, plan.seconds, spent, megabytes)


def _cpu(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and of its children, as PostgreSQL has them."""
    total = 0.0
    for one in (process, *process.children()):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
