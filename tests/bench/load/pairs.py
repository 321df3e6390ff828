"""Compare the CPU of an interaction in two checkouts: `python -m tests.bench.load.pairs CHECKOUT [CHECKOUT]`.

Each runs `certdesk serve` on SQLite, beside a Slack that answers at once. The same people do the same acts in
each in turn, one at a time, and the CPU of an act counts until the process is idle again. So what else the
machine does harms both alike, and the ratios of the pairs can be trusted where the milliseconds cannot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from math import exp, log, sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import aiohttp
from aiohttp import web

from tests.bench.load import serving
from tests.bench.load.fake import Fake, arguments_of
from tests.bench.load.people import Act, Kind, Person, Seen, everything
from tests.bench.load.traffic import SECRET, answer_of, signed

ACTS = 24  # of one person; more within ten seconds is a flood
WARM = 3  # people whose acts do not count
LOOK_SECONDS, IDLE_LOOKS, IDLE_MS = 0.002, 3, 0.02
ANSWER_SECONDS = 10.0
BUSY_SECONDS = 180.0  # to start in, on a machine with much else on it
PACELESS = """
import sys
from functools import partial
from bot.cli import main, serve
serve.running = partial(serve.running, pace=0.0)
sys.argv[0] = "certdesk"
main()
"""
Pair = tuple[Kind, list[float]]


class Slack(Fake):
    """Answer each call at once, and tell who waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def call(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a call of the Web API."""
        method, given = request.path.rpartition("/")[2], await arguments_of(request)
        for name in ("view", "blocks"):
            if isinstance(given.get(name), str):
                given[name] = json.loads(given[name])
        told = {"method": method, "given": given, "answer": self.answer(method, given)}
        waiting = self.waiting.pop(answer_of(told), None)
        if waiting is not None:
            waiting.set_result(told)
        return web.json_response({"ok": True, **told["answer"]})


class Desk:
    """A running `certdesk serve` of one checkout, and the person who acts in it."""

    def __init__(self, slack: Slack, url: str, pid: int, session: aiohttp.ClientSession) -> None:
        self._slack, self._url, self._session = slack, url, session
        self._tasks = Path(f"/proc/{pid}/task")
        self._script = Person.made(0, everything(0)).script
        self._next: Act | None = None

    def begin(self, number: int) -> None:
        """Let the person of a number act next."""
        self._script = Person.made(number, everything(number)).script
        self._next = next(self._script)

    async def act(self) -> tuple[Kind, float]:
        """Do the next act; returns its kind, and the milliseconds of CPU that it took."""
        assert self._next is not None
        act, before = self._next, await self._idle()
        seen = await self._do(act)
        took = await self._idle() - before
        self._next = self._script.send(seen)
        return act.kind, took

    async def _do(self, act: Act) -> Seen:
        coming: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if act.answer is not None:
            self._slack.waiting[act.answer] = coming
        async with self._session.post(self._url, data=act.body, headers=signed(act)) as response:
            text = await response.text()
            assert response.status == 200, (act.kind, response.status, text)
        ack = json.loads(text) if text else {}
        if act.answer is None:
            return Seen(ack)
        told = await asyncio.wait_for(coming, ANSWER_SECONDS)
        return Seen(ack, told["given"], told["answer"])

    async def _idle(self) -> float:
        """Wait until nothing is done any more; returns the milliseconds of CPU so far."""
        used, still = self._used(), 0
        while still < IDLE_LOOKS:
            await asyncio.sleep(LOOK_SECONDS)
            now = self._used()
            still = still + 1 if now - used < IDLE_MS else 0
            used = now
        return used

    def _used(self) -> float:
        return sum(int(task.read_text().split()[0]) for task in self._tasks.glob("*/schedstat")) / 1e6


@asynccontextmanager
async def desk(checkout: Path) -> AsyncIterator[Desk]:
    """Run the desk of a checkout, with a database of its own."""
    slack, port = Slack(), serving.free_port()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="certdesk-pairs-")))
        runner = web.ServerRunner(web.Server(slack.call))
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        values = {
            "PYTHONPATH": str(checkout),
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{runner.addresses[0][1]}/api/",
            "CERTDESK_AGENTS_CHANNEL": "C0AGENTS",
            "CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'certdesk.db'}",
            "CERTDESK_LOG_LEVEL": "ERROR",
        }
        command = (sys.executable, "-P", "-c", PACELESS, "serve", "--port", str(port), "--metrics-port", "0")
        process = await serving.begin(command, values, folder / "log")
        stack.push_async_callback(serving.end, process)
        await serving.ready(port, BUSY_SECONDS)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Desk(slack, f"http://127.0.0.1:{port}/{serving.EVENTS}", process.pid, session)


async def walk(checkouts: list[Path], people: int) -> list[Pair]:
    """Let so many people act in all checkouts; returns the milliseconds of each act."""
    pairs: list[Pair] = []
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(desk(each)) for each in checkouts]
        for number in range(WARM + people):
            for one in desks:
                one.begin(number)
            for at in range(ACTS):
                order = desks if (number + at) % 2 else desks[::-1]
                done = {one: await one.act() for one in order}
                if number >= WARM:
                    pairs.append((done[desks[0]][0], [done[one][1] for one in desks]))
    return pairs


def told(pairs: list[Pair]) -> list[str]:
    """Return the lines of the table: for each kind the milliseconds, and the last checkout by the first."""
    kinds: dict[str, list[list[float]]] = defaultdict(list)
    for kind, took in pairs:
        kinds[kind].append(took)
        kinds["everything"].append(took)
    return [_line(kind, found) for kind, found in kinds.items()]


def _line(kind: str, found: list[list[float]]) -> str:
    each = "".join(f"{fmean(column):9.2f}" for column in zip(*found, strict=True))
    logs = sorted(log(took[-1] / took[0]) for took in found)
    apart = len(logs) // 5  # without the fifth at either end
    ratio, error = exp(fmean(logs[apart : len(logs) - apart])), stdev([*logs, 0.0]) / sqrt(len(logs))
    return f"{kind:22}{len(found):6}{each}{ratio:9.3f} ± {error:.3f}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("checkouts", nargs="+", type=Path)
    asked.add_argument("--people", type=int, default=14)
    given = asked.parse_args()
    os.environ.pop("PYTHONPATH", None)
    began = time.monotonic()
    lines = told(asyncio.run(walk([each.resolve() for each in given.checkouts], given.people)))
    sys.stdout.write("\n".join(["CPU ms of an act, by kind", *lines, ""]))
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
