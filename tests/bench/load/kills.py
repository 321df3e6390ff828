"""Kill one of three processes every few seconds under load: `python -m tests.bench.load.kills`.

All share one PostgreSQL; people act at a rate and go on from what they see, whoever of the three they reach.
At the end everything that was acknowledged must be recorded once, and every effect of it must have been seen
by Slack exactly once; a message whose sender died is looked for first, and where Slack does not say whether
it is there it is posted again and marked.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psycopg

from tests.bench.load import serving
from tests.bench.load.__main__ import POSTGRESQL, database
from tests.bench.load.people import Json, Kind
from tests.bench.load.tables import table
from tests.bench.load.traffic import Plan, calls

PROCESSES = 3
LEASE_SECONDS = 90  # certdesk's own; it is no setting
AFTER_ACK = (Kind.COMMAND, Kind.CLICK, Kind.HOME)  # drawn right after the acknowledgment, best effort
PAUSE = (2.0, 5.0)
MARK = "Sent again"
OPEN = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'leased')"


@dataclass
class Kills:
    """The processes, each started again on its port after it was killed."""

    joined: serving.Slack
    address: str
    folder: Path
    ports: list[int] = field(default_factory=lambda: [serving.free_port() for _ in range(PROCESSES)])
    processes: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)
    killed: int = 0
    slowest: float = 0.0

    async def begin(self, place: int) -> None:
        values = serving.values_of(self.joined, self.address)
        command = (str(serving.CERTDESK), "serve", "--port", str(self.ports[place]), "--metrics-port", "0")
        self.processes[place] = await serving.begin(command, values, self.folder / f"serve-{place}.log")
        began = time.monotonic()
        await serving.ready(self.ports[place])
        self.slowest = max(self.slowest, time.monotonic() - began)

    async def go_on(self, seconds: float) -> None:
        """Kill one after the other until the time is over; each is back before the next is killed."""
        end, chance = time.monotonic() + seconds, random.Random(5)  # noqa: S311  no secret
        while time.monotonic() < end:
            await asyncio.sleep(chance.uniform(*PAUSE))
            place = chance.randrange(PROCESSES)
            self.processes[place].kill()
            await self.processes[place].wait()
            self.killed += 1
            await self.begin(place)

    async def end(self) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@dataclass(frozen=True)
class Found:
    """What was there at the end."""

    killed: int
    acked: int
    failed: Counter[str]
    windows: int
    lost: list[str]
    states: dict[str, int]
    unsent: list[str]
    twice: list[str]
    marked: int
    finished: float

    @property
    def is_well(self) -> bool:
        """Tell whether nothing was lost, and nothing done twice but what was marked."""
        return not (self.lost or self.unsent or len(self.twice) > self.marked)


async def run(rate: float, seconds: float) -> Found:
    """Let people act for a time while processes are killed; then wait until all is done, and compare."""
    with (
        tempfile.TemporaryDirectory(prefix="certdesk-kills-") as name,
        database(POSTGRESQL, Path(name)) as (
            address,
            _,
        ),
    ):
        async with serving.slack(Path(name)) as joined:
            kills = Kills(joined, address, Path(name))
            try:
                for place in range(PROCESSES):
                    await kills.begin(place)
                urls = [f"http://127.0.0.1:{port}/{serving.EVENTS}" for port in kills.ports]
                told: list[Json] = []
                watching = asyncio.create_task(watch(joined, told))
                plan = Plan(urls, rate, seconds, 0, 5, joined.url, str(joined.authority), again=True)
                killing = asyncio.create_task(kills.go_on(seconds - 3))
                measured = await serving.send(plan, [], {})
                await killing
                finished = await settled(address)
                watching.cancel()
            finally:
                await kills.end()
            return await asyncio.to_thread(compare, address, measured.result, told, kills.killed, finished)


async def watch(joined: serving.Slack, told: list[Json]) -> None:
    """Keep every call that the fake Slack saw."""
    async with aiohttp.ClientSession() as session:
        async for one in calls(session, joined.url, str(joined.authority)):
            told.append(one)  # noqa: PERF401  it is read while it grows


async def settled(address: str) -> float:
    """Wait until nothing is left to send; returns how many seconds that took."""
    began = time.monotonic()
    async with asyncio.timeout(LEASE_SECONDS * 3):
        while (await asyncio.to_thread(rows, address, OPEN))[0][0]:
            await asyncio.sleep(0.5)
    await asyncio.sleep(1)
    return time.monotonic() - began


def rows(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address.replace("postgresql+psycopg", "postgresql")) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload]  our own words


def compare(address: str, result: Json, told: list[Json], killed: int, finished: float) -> Found:
    """Compare what people were told with what is recorded, and what is recorded with what Slack saw."""
    samples = result["samples"]
    acked = [one["key"] for one in samples if one["ack"] is not None]
    receipts = {str(key) for (key,) in rows(address, "SELECT key FROM receipts")}
    states = rows(address, "SELECT state, count(*) FROM outbox GROUP BY state")
    posts = Counter(effect for one in told if (effect := posted(one)))
    sent = "SELECT effect_id, effect::json->>'kind' FROM outbox WHERE state = 'sent'"
    redrawn = ("update", "change_entry", "card")
    wanted = {str(effect) for effect, kind in rows(address, sent) if kind not in redrawn}
    return Found(
        killed=killed,
        acked=len(acked),
        failed=Counter(one["error"] for one in samples if one["error"] and one["ack"] is None),
        windows=sum(1 for one in samples if one["error"] == "no answer" and one["kind"] in AFTER_ACK),
        lost=[key for key in acked if key not in receipts],
        states={str(state): int(str(number)) for state, number in states},
        unsent=sorted(wanted - posts.keys()),
        twice=sorted(effect for effect, number in posts.items() if number > 1),
        marked=sum(1 for one in told if posted(one) and MARK in str(one["given"])),
        finished=finished,
    )


def posted(told: Json) -> str | None:
    """Return the id of the effect that a call posted, None where it posted none."""
    if told["method"] != "chat.postMessage":
        return None
    return str(told["given"]["metadata"]["event_payload"]["effect"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=30)
    asked = parser.parse_args()
    found = asyncio.run(run(asked.rate, asked.seconds))
    facts = {
        f"processes killed in {asked.seconds:g} s, at {asked.rate:g}/s": found.killed,
        "interactions acknowledged": found.acked,
        "not acknowledged (their process was just dead)": dict(found.failed) or 0,
        "windows that were not drawn (their process died after the acknowledgment)": found.windows,
        "acknowledged, but not recorded": len(found.lost),
        "effects, by state at the end": found.states,
        "written down as sent, but never seen": len(found.unsent),
        "seen twice": len(found.twice),
        "posted again and marked so": found.marked,
        "seconds until all was done after the last kill": round(found.finished, 1),
    }
    lines = [[what, str(number)] for what, number in facts.items()]
    table("Three processes, one killed every few seconds", ("what", "how many"), lines)
    if not found.is_well:
        sys.exit(f"lost {found.lost[:3]}, never seen {found.unsent[:3]}, twice {found.twice[:3]}")


if __name__ == "__main__":
    main()
