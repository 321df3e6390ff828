"""Time the playground from its command to the first question: `python tests/bench/playground.py`.

Each run starts `certdesk playground`, reads the address that it prints, does over the page's WebSocket what
the page does, and stops when the view with the first question has come.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp

RUNS = 7
MOST_SECONDS = 5.0
GIVE_UP_SECONDS = 20
CERTDESK = Path(sys.executable).with_name("certdesk")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


async def run() -> tuple[float, float]:
    """Return the seconds until the address was printed, and until the first question was there."""
    start = perf_counter()
    process = await asyncio.create_subprocess_exec(
        CERTDESK, "playground", "--no-browser", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            url = await address(process)
            up = perf_counter() - start
            await first_question(url)
            return up, perf_counter() - start
    finally:
        process.terminate()
        await process.wait()


async def address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := ADDRESS.search(line.decode()):
            return found[0]
    sys.exit("the playground ended without printing its address")


async def first_question(url: str) -> None:
    """Send the slash command as the page does, and wait for the modal."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/page/info") as answer:
            user = (await answer.json())["default"]
        async with session.ws_connect(f"{url}/page/ws?as={user}") as socket:
            state: dict[str, Any] = await socket.receive_json()
            channel = state["channels"][0]["id"]
            slash = {"id": 1, "do": "slash", "channel": channel, "command": "/certdesk", "text": ""}
            await socket.send_str(json.dumps(slash))
            while not state.get("view"):
                message = await socket.receive_json()
                if message["type"] == "state":
                    state = message
            assert any(block["type"] == "input" for block in state["view"]["blocks"])


def main() -> None:
    runs = [asyncio.run(run()) for _ in range(RUNS)]
    up, first = zip(*runs, strict=True)
    sys.stdout.write(f"Seconds from the playground's command, {RUNS} runs (at most {MOST_SECONDS} wanted)\n")
    sys.stdout.write(f"{'':34}{'median':>8}{'least':>8}{'most':>8}\n")
    for name, seconds in (("to its address", up), ("to the first question", first)):
        sys.stdout.write(
            f"{name:34}{statistics.median(seconds):8.2f}{min(seconds):8.2f}{max(seconds):8.2f}\n"
        )


if __name__ == "__main__":
    main()
