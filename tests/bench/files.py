"""Measure what passing a file on costs a real `certdesk serve`: `python tests/bench/files.py`.

A requester sends files of 15 MB, one after the other, while agents have the case: a picture, then text, which
takes the most work, since each line of it could be a key. The memory is that of the server's process at its
highest; the stand-in for Slack, which holds the files, is another process.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.playground.standin import StandIn
from tests.bench.memory import megabytes, newest, serving

SIZE = 15_000_000
LINE = b"Order 1234567890 of www.example.com was placed on 3 November and not asked for.\n"
LOOKED_EVERY = 0.01


async def highest(process: psutil.Process, until: asyncio.Event) -> float:
    """Return the most resident megabytes that a process has until an event."""
    most = megabytes(process)
    while not until.is_set():
        most = max(most, megabytes(process))
        await asyncio.sleep(LOOKED_EVERY)
    return most


async def passed_on(slack: StandIn, process: psutil.Process, name: str, data: bytes) -> tuple[float, float]:
    """Return the seconds that a file takes, and the megabytes on top of what the server had before."""
    before, arrived = megabytes(process), asyncio.Event()
    watching = asyncio.create_task(highest(process, arrived))
    began = time.perf_counter()
    await slack.upload("rosa", slack.im("rosa"), (name, data))
    await slack.until(lambda: [file for file in slack.shared("ssl-agents") if file.name == name], 120)
    seconds = time.perf_counter() - began
    arrived.set()
    assert next(file.data for file in slack.shared("ssl-agents") if file.name == name) == data
    return seconds, await watching - before


async def run() -> None:
    with tempfile.TemporaryDirectory(prefix="certdesk-bench-") as folder:
        async with (
            StandIn.serving(commands=["/certdesk"], app_name="certdesk") as slack,
            serving(slack, Path(folder), http=False) as process,
        ):
            for words in ("hi", "agent"):
                await slack.say("rosa", slack.im("rosa"), words)
            await slack.until(lambda: newest(slack, "ssl-agents", "claim"), 30)
            await passed_on(slack, process, "small.png", b"\x89PNG\r\n\x1a\n" + os.urandom(10_000))
            files = {
                "picture.png": b"\x89PNG\r\n\x1a\n" + os.urandom(SIZE - 8),
                "orders.txt": (LINE * (SIZE // len(LINE) + 1))[:SIZE],
            }
            sys.stdout.write(f"{'15 MB passed on':20}{'seconds':>10}{'more MB':>10}\n")
            for name, data in files.items():
                seconds, more = await passed_on(slack, process, name, data)
                sys.stdout.write(f"{name:20}{seconds:10.1f}{more:10.1f}\n")


if __name__ == "__main__":
    asyncio.run(run())
