"""`certdesk serve` as a process of its own: up, healthy, stopped, killed, and ended by wrong settings."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.playground.standin import Fault, StandIn, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from tests.conftest import Clock, World, migrated, settings_for

MARK = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
KEY = f"-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----"
CERTDESK = Path(sys.executable).with_name("certdesk")


@pytest.fixture
async def now() -> AsyncIterator[StandIn]:
    """Serve a stand-in that goes by the machine's clock, as the process does."""
    async with StandIn.serving(commands=["/certdesk"], app_name="certdesk") as standin:
        yield standin


@dataclass
class Served:
    """A running `certdesk serve` and where it answers."""

    process: asyncio.subprocess.Process
    port: int
    metrics: int
    log: Path

    async def get(self, path: str, port: int = 0) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port or self.port}{path}") as response,
        ):
            return response.status, await response.text()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        began = time.monotonic()
        self.process.send_signal(number)
        await asyncio.wait_for(self.process.wait(), 15)
        return time.monotonic() - began


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


async def begin(
    environment: dict[str, str], *options: str, log: Path, files: int = 0
) -> asyncio.subprocess.Process:
    """Start the command with these variables and no other of its own, and a limit on open files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CERTDESK_"))}
    limited = ["bash", "-c", 'ulimit -n "$0" && exec "$@"', str(files)] if files else []
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            *limited, str(CERTDESK), "serve", *options, env=kept | environment, stdout=out, stderr=out
        )


@asynccontextmanager
async def serving(
    slack: StandIn, folder: Path, *, http: bool = False, files: int = 0, **more: str
) -> AsyncIterator[Served]:
    port, metrics, log = free_port(), free_port(), folder / "serve.log"
    values = dict(settings_for(slack, folder, **({"SLACK_APP_TOKEN": ""} if http else {}), **more).values)
    migrated(values["CERTDESK_DATABASE_URL"])
    ports = ("--port", str(port), "--metrics-port", str(metrics))
    process = await begin(values, *ports, log=log, files=files)
    served = Served(process, port, metrics, log)
    if http:
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    try:
        await ready(served)
        yield served
    finally:
        if process.returncode is None:
            await served.stop(signal.SIGKILL)


async def ready(served: Served) -> None:
    async with asyncio.timeout(40):
        while True:
            try:
                if (await served.get("/readyz"))[0] == 200:
                    return
            except aiohttp.ClientError:
                assert served.process.returncode is None, served.log.read_text()
            await asyncio.sleep(0.05)


async def counted(served: Served, name: str) -> str:
    """Return the figures once they hold this: effects are counted after they were seen in Slack."""
    async with asyncio.timeout(5):
        while name not in (figures := (await served.get("/metrics", served.metrics))[1]):
            await asyncio.sleep(0.05)
    return figures


def said(slack: StandIn) -> list[str]:
    return [text_of(message) for message in slack.messages(slack.im("rosa")) if message.by_app]


@pytest.mark.parametrize(
    ("http", "number"), [(False, signal.SIGTERM), (True, signal.SIGINT)], ids=["Socket Mode", "HTTP"]
)
async def test_it_serves_says_how_it_is_and_stops_within_seconds(
    now: StandIn, tmp_path: Path, number: signal.Signals, *, http: bool
) -> None:
    typed = ["host.that-somebody.example", KEY]
    async with serving(now, tmp_path, http=http, CERTDESK_LOG_LEVEL="DEBUG") as served:
        assert await served.get("/healthz") == (200, '{"status":"ok"}')
        assert (await now.slash("rosa", "ssl-support", "/certdesk")).acked
        view = await now.until(lambda: now.view("rosa"))
        assert (await now.submit("rosa", now.fill(view, "fact-program", "other"))).acked
        for text in typed:
            before = len(said(now))
            await now.say("rosa", now.im("rosa"), text)
            await now.until(lambda before=before: len(said(now)) > before)
        figures = await counted(served, 'certdesk_effects_total{kind="')
        assert 'certdesk_deliveries_total{kind="write",outcome="done"} 2.0' in figures
        assert "rosa" not in figures.casefold()
        assert (await served.get("/slack/events"))[0] in {404, 405}
        assert await served.stop(number) < 5
        assert served.process.returncode == 0
    log = served.log.read_text()
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert [event for event in events if event in {"serving", "stopped"}] == ["serving", "stopped"]
    secrets = (now.bot_token, now.app_token, now.signing_secret, MARK, "that-somebody")
    assert [secret for secret in secrets if secret in log] == []
    assert now.problems == []


@pytest.mark.long
async def test_what_is_under_way_when_it_is_told_to_stop_is_finished(now: StandIn, tmp_path: Path) -> None:
    sending = asyncio.Event()

    async def slowly(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name == "chat.postMessage":
            sending.set()
            await asyncio.sleep(0.4)
        return await proceed()

    now.faults.append(slowly)
    async with serving(now, tmp_path) as served:
        await now.say("rosa", now.im("rosa"), "hi")
        await asyncio.wait_for(sending.wait(), 5)
        assert await served.stop() < 5
        assert served.process.returncode == 0
    assert said(now)
    with closing(sqlite3.connect(tmp_path / "certdesk.db")) as database:
        states = [state for (state,) in database.execute("SELECT state FROM outbox ORDER BY id")]
    assert states.count("sent") == len(said(now))
    assert {*states} <= {"sent", "queued"}


@pytest.mark.long
async def test_what_was_queued_before_a_kill_is_sent_by_the_next_process(
    now: StandIn, tmp_path: Path
) -> None:
    held = asyncio.Event()

    async def hang(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name == "chat.postMessage":
            held.set()
            await asyncio.sleep(3600)
        return await proceed()

    now.faults.append(hang)
    async with serving(now, tmp_path) as served:
        await now.say("rosa", now.im("rosa"), "hi")
        await asyncio.wait_for(held.wait(), 5)
        await served.stop(signal.SIGKILL)
    assert said(now) == []
    now.faults.clear()
    with closing(sqlite3.connect(tmp_path / "certdesk.db")) as database:
        states = [state for (state,) in database.execute("SELECT state FROM outbox")]
        # what the dead process was sending is leased to it for 90 seconds: let them have passed
        database.execute("UPDATE outbox SET lease_until = 1 WHERE lease_until > 0")
        database.commit()
    assert len(states) == 2
    assert "sent" not in states
    async with serving(now, tmp_path):
        await now.until(lambda: len(said(now)) == 2, timeout=10)
        assert "certdesk" in said(now)[0]
        await now.say("rosa", now.im("rosa"), "other")
        await now.until(lambda: "C-1001" in said(now)[-1])


HANGING = ("chat.", "views.", "users.", "conversations.", "apps.")


@pytest.mark.long
async def test_it_ends_in_time_while_slack_answers_nothing(now: StandIn, tmp_path: Path) -> None:
    hanging: set[str] = set()
    both = asyncio.Event()

    async def hang(passage: Passage, proceed: Proceed) -> Outcome:
        if not passage.name.startswith(HANGING):
            return await proceed()
        hanging.add(passage.name)
        if {"conversations.open", "views.open"} <= hanging:
            both.set()
        return Outcome(None, await asyncio.sleep(3600, "never"))

    async with serving(now, tmp_path) as served:
        now.faults.append(hang)
        await now.say("rosa", now.im("rosa"), "hi")
        assert (await now.slash("ben", "ssl-support", "/certdesk")).acked
        await asyncio.wait_for(both.wait(), 5)
        await now.disturb(Fault.SILENT)
        assert await served.stop() < 10
        assert served.process.returncode == 0
    assert said(now) == []
    with closing(sqlite3.connect(tmp_path / "certdesk.db")) as database:
        left = database.execute("SELECT state, lease_until FROM outbox").fetchall()
    # rosa's welcome and question, and ben's button for the window that was not opened
    assert left == [("queued", 0)] * 3
    now.faults.clear()
    async with serving(now, tmp_path):
        await now.until(lambda: len(said(now)) == 2, timeout=10)
        await now.until(lambda: now.messages(now.im("ben")))
        assert "did not open the window" in text_of(now.messages(now.im("ben"))[-1])
    assert now.posted_twice("effect") == {}


async def deaf(slack: StandIn, served: Served, *, http: bool) -> None:
    """Wait until it takes nothing more."""
    async with asyncio.timeout(10):
        while slack.courier.socket_mode.open:
            await asyncio.sleep(0.01)
        with contextlib.suppress(aiohttp.ClientError):
            while http:
                await served.get("/healthz")
                await asyncio.sleep(0.01)


@pytest.mark.long
@pytest.mark.parametrize("http", [False, True], ids=["Socket Mode", "HTTP"])
async def test_told_to_stop_it_ends_what_it_took_and_takes_nothing_more(
    now: StandIn, tmp_path: Path, *, http: bool
) -> None:
    async with serving(now, tmp_path, http=http) as served:
        with closing(sqlite3.connect(tmp_path / "certdesk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            taken = asyncio.create_task(now.slash("rosa", "ssl-support", "/certdesk"))
            await asyncio.sleep(0.2)
            served.process.send_signal(signal.SIGTERM)
            await deaf(now, served, http=http)
            late = asyncio.create_task(now.slash("ben", "ssl-support", "/certdesk"))
            await asyncio.sleep(0.1)
            other.execute("ROLLBACK")
        first, second = await asyncio.gather(taken, late)
        assert await asyncio.wait_for(served.process.wait(), 10) == 0
    assert not second.acked
    with closing(sqlite3.connect(tmp_path / "certdesk.db")) as database:
        kept = database.execute("SELECT kind, case_id FROM receipts").fetchall()
    # on a slow machine the database may have come free too late: then nobody was told that it was done
    assert kept == ([("start", 1)] if first.acked else [])


@pytest.mark.long
async def test_readyz_tells_of_a_dropped_socket_and_a_broken_database(now: StandIn, tmp_path: Path) -> None:
    async with serving(now, tmp_path) as served:
        with closing(sqlite3.connect(tmp_path / "certdesk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status, body = await served.get("/readyz")
            assert status == 503
            assert json.loads(body)["wrong"].keys() == {"database"}
            other.execute("ROLLBACK")
        assert (await served.get("/readyz"))[0] == 200
        moved = (tmp_path / "certdesk.db").rename(tmp_path / "elsewhere.db")
        assert json.loads((await served.get("/readyz"))[1])["wrong"].keys() == {"database"}
        assert not (await now.slash("rosa", "ssl-support", "/certdesk")).acked  # it would be lost
        (tmp_path / "certdesk.db").touch()
        assert json.loads((await served.get("/readyz"))[1])["wrong"].keys() == {"database"}
        moved.rename(tmp_path / "certdesk.db")
        async with asyncio.timeout(10):
            while (await served.get("/readyz"))[0] != 200:
                await asyncio.sleep(0.05)

        async def refuse(passage: Passage, proceed: Proceed) -> Outcome:
            return Outcome(503) if passage.name == "apps.connections.open" else await proceed()

        now.faults.append(refuse)
        await now.disconnect()
        async with asyncio.timeout(10):
            while (await served.get("/readyz"))[0] == 200:
                await asyncio.sleep(0.1)
        assert "slack" in json.loads((await served.get("/readyz"))[1])["wrong"]
        assert (await served.get("/healthz"))[0] == 200
        assert await served.stop() < 8
    assert "Traceback" not in served.log.read_text()


# the rest is in tests/cli/test_environment.py, without a process for each
WRONG = {
    "nothing set": ({}, "SLACK_BOT_TOKEN", "xoxb-"),
    "no Slack there": (
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:9/"},
        "127.0.0.1",
        "doctor",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("what", WRONG)
async def test_wrong_settings_end_it_in_one_line(tmp_path: Path, what: str) -> None:
    values, name, advice = WRONG[what]
    log, database = tmp_path / "log", f"sqlite:///{tmp_path / 'made' / 'x.db'}"
    values = {"CERTDESK_DATABASE_URL": database} | values
    process = await begin(values, "--port", "0", "--metrics-port", "0", log=log)
    assert await asyncio.wait_for(process.wait(), 15) == 2, log.read_text()
    [line] = log.read_text().splitlines()
    assert name in line
    assert advice in line
    assert what == "no Slack there" or not (tmp_path / "made").exists()


@pytest.mark.long
async def test_tokens_that_slack_does_not_take_end_it_in_one_line(now: StandIn, tmp_path: Path) -> None:
    log = tmp_path / "log"
    for name, value in (("SLACK_BOT_TOKEN", "xoxb-unknown"), ("SLACK_APP_TOKEN", "xapp-unknown")):
        values = dict(settings_for(now, tmp_path, **{name: value}).values)
        process = await begin(values, "--port", "0", "--metrics-port", "0", log=log)
        assert await asyncio.wait_for(process.wait(), 15) == 2
    lines = [line for line in log.read_text().splitlines() if "Slack refused: invalid_auth" in line]
    assert len(lines) == 2
    assert "unknown" not in log.read_text()


@pytest.mark.long
async def test_a_port_in_use_is_said_in_one_line(now: StandIn, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        values = dict(settings_for(now, tmp_path).values)
        for options in (("--port", port, "--metrics-port", "0"), ("--port", "0", "--metrics-port", port)):
            process = await begin(values, *options, log=log)
            assert await asyncio.wait_for(process.wait(), 15) == 2
    first, second = log.read_text().splitlines()
    assert f"port {port}" in first
    assert "--metrics-port" in second


@pytest.mark.long
async def test_a_mention_that_nobody_followed_up_survives_a_kill(now: StandIn, tmp_path: Path) -> None:
    async with serving(now, tmp_path) as served:
        await now.say("rosa", "ssl-support", "@certdesk PositiveSSL from OpenSRS")
        await served.stop(signal.SIGKILL)
    later = World(now, Clock(datetime.now(UTC) + timedelta(minutes=61)), settings_for(now, tmp_path))
    for _ in range(2):
        await later.start()
        await later.remind()
        await later.stop()
        [told] = said(now)
        assert "An hour ago you asked me in" in told
        assert "I read: OpenSRS" in told
