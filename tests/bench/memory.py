"""Measure the memory of a real `certdesk serve`: `python tests/bench/memory.py`.

The stand-in for Slack does what people do, slash commands, forms, messages and clicks, and counts what it
delivered; the server is a process of its own, with SQLite, once over Socket Mode and once over HTTP.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.playground.standin import Message, StandIn, View

RUNS = 2
EARLY, LATE = 200, 1000
MOST_MB = 120
GIVE_UP_SECONDS = 240
CERTDESK = Path(sys.executable).with_name("certdesk")
REQUESTERS = 26
PAUSE_SECONDS = 0.4  # between two acts of one person: more than 30 within ten seconds are not done

T = TypeVar("T")

FACTS = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}
TYPED = {"new": "choose:trustico", "trustico": "choose:partner", "partner": "choose:certificate"}
DETAILS = {
    "reseller_username": "acme-certs",
    "supplier_order_id": "123456789",
    "common_name": "www.example.com",
}


async def interview(slack: StandIn, who: str, agent: asyncio.Lock) -> None:
    """Ask by the slash command, answer in the modal, and hand the case to an agent."""
    fulfilled = (datetime.now(UTC) - timedelta(days=22)).date().isoformat()
    await act(slack.slash(who, "ssl-support", "/certdesk", "new"))
    for fact, value in FACTS.items():
        await answer(slack, who, f"fact-{fact}", value)
    await act(slack.click(who, await shown(slack, who, "fact-fulfilled_on"), "back"))
    await act(slack.click(who, await shown(slack, who, "fact-provider"), "why"))
    await answer(slack, who, "fact-provider", "sectigo")
    await answer(slack, who, "fact-fulfilled_on", fulfilled)
    view = await shown(slack, who, "detail-common_name")
    for name, value in DETAILS.items():
        view = slack.fill(view, f"detail-{name}", value)
    await act(slack.submit(who, view))
    result = await slack.until(lambda: offering(slack.view(who), "hand_off"))
    async with agent:
        await act(slack.click(who, result, "hand_off"))
        card = await slack.until(lambda: newest(slack, "ssl-agents", "claim"))
        await slack.click("ada", card, "claim")
        await slack.until(lambda: not newest(slack, "ssl-agents", "claim"))
    await slack.close(who)


async def conversation(slack: StandIn, who: str) -> None:
    """Go through an interview in messages, by typing and by a click, and ask for help and the cases."""
    im = slack.im(who)
    for words, asked in (
        ("new", "choose:trustico"),
        ("trustico", "choose:partner"),
        ("partner", "choose:certificate"),
    ):
        await act(slack.say(who, im, words))
        question = await slack.until(lambda asked=asked: newest(slack, im, asked))
    await act(slack.click(who, question, "choose:certificate"))
    await slack.until(lambda: newest(slack, im, "choose:true"))
    await act(slack.say(who, im, "yes"))
    await slack.until(lambda: newest(slack, im, "hand_off"))
    for words in ("help", "cases"):
        await act(slack.slash(who, "ssl-support", "/certdesk", words))


async def act(deed: Awaitable[T]) -> T:
    """Do something as quickly as a person can."""
    await asyncio.sleep(PAUSE_SECONDS)
    return await deed


async def answer(slack: StandIn, who: str, block: str, value: str) -> None:
    view = await shown(slack, who, block)
    await act(slack.submit(who, slack.fill(view, block, value)))


async def shown(slack: StandIn, who: str, block: str) -> View:
    """Wait for the view that has such a block."""

    def found() -> View | None:
        view = slack.view(who)
        return view if view and any(one.get("block_id") == block for one in view.blocks) else None

    return await slack.until(found)


def offering(place: View | Message | None, action: str) -> View | Message | None:
    """Return a view or message if it has such a button."""
    elements = itertools.chain.from_iterable(b.get("elements", ()) for b in place.blocks) if place else ()
    return place if any(one.get("action_id") == action for one in elements) else None


def newest(slack: StandIn, channel: str, action: str) -> Message | None:
    """Return the newest message of a conversation that has such a button."""
    return next((m for m in reversed(slack.messages(channel)) if offering(m, action)), None)


@asynccontextmanager
async def serving(slack: StandIn, folder: Path, *, http: bool) -> AsyncIterator[psutil.Process]:
    """Run `certdesk serve` against the stand-in until the block ends."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "CERTDESK_AGENTS_CHANNEL": slack.channel("ssl-agents"),
        "CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'certdesk.db'}",
        **({"SLACK_SIGNING_SECRET": slack.signing_secret} if http else {"SLACK_APP_TOKEN": slack.app_token}),
    }
    options = ("--port", str(port), "--metrics-port", "0")
    with (folder / "log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            CERTDESK, "serve", *options, env=environment, stdout=log, stderr=log
        )
    try:
        if http:
            await listening(port)
            slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        else:
            await slack.connected(timeout=30)
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def listening(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


async def run(*, http: bool) -> dict[int, float]:
    """Return the resident megabytes at the start and after so many interactions."""
    with tempfile.TemporaryDirectory(prefix="certdesk-bench-") as folder:
        async with (
            asyncio.timeout(GIVE_UP_SECONDS),
            StandIn.serving(commands=["/certdesk"], app_name="certdesk") as slack,
            serving(slack, Path(folder), http=http) as process,
        ):
            people = [slack.add_user(f"reseller{n}").id for n in range(REQUESTERS)]
            channel = slack.world.channel("ssl-support")
            channel.members.update(people)
            samples = {0: megabytes(process)}
            agent = asyncio.Lock()

            # side by side: one person after the other would measure the pace of a conversation
            async def busy(who: str) -> None:
                while LATE not in samples:
                    await interview(slack, who, agent)
                    await conversation(slack, who)
                    for mark in (EARLY, LATE):
                        if len(slack.deliveries) >= mark and mark not in samples:
                            samples[mark] = megabytes(process)

            await asyncio.gather(*map(busy, people))
            refused = [delivery.error for delivery in slack.deliveries if not delivery.acked]
            assert not refused, refused[:3]
            assert not slack.problems, slack.problems[:3]
            return samples


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def main() -> None:
    sys.stdout.write(f"Resident MB of certdesk serve on SQLite, {RUNS} runs (under {MOST_MB} wanted)\n")
    sys.stdout.write(f"{'':34}{'median':>8}{'least':>8}{'most':>8}\n")
    for way, http in (("Socket Mode", False), ("HTTP", True)):
        runs = [asyncio.run(run(http=http)) for _ in range(RUNS)]
        line(f"{way}, just started", [samples[0] for samples in runs])
        line(f"{way}, {EARLY} interactions", [samples[EARLY] for samples in runs])
        line(f"{way}, {LATE} interactions", [samples[LATE] for samples in runs])
        line(f"{way}, growth between these", [samples[LATE] - samples[EARLY] for samples in runs])


def line(name: str, figures: list[float]) -> None:
    sys.stdout.write(f"{name:34}{statistics.median(figures):8.1f}{min(figures):8.1f}{max(figures):8.1f}\n")


if __name__ == "__main__":
    main()
