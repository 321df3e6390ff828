"""The tasks of a running bot: what the database or a row does to one of them is seen, and passes."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.cli.serve import PROBES, probe
from bot.playground.standin import StandIn
from bot.wiring import Bot, Intervals, running
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import Acts

OFTEN = Intervals(reminders=0.05, membership=0.05, membership_again=0.05, sweep=0.05)
LOOKS = {"membership", "sweep", "reminders"}


@asynccontextmanager
async def bot_that_looks_often(slack: StandIn, clock: Clock, folder: Path) -> AsyncIterator[Bot]:
    settings, ticks = settings_for(slack, folder), clock.ticks
    async with running(settings, clock, ticks=ticks, secret="", intervals=OFTEN) as bot:
        clock.forward(minutes=3)  # until the clock is sure of itself
        yield bot


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "certdesk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def until(seen: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not seen():
            await asyncio.sleep(0.01)


@pytest.mark.long
async def test_a_look_that_meets_a_locked_database_comes_again(
    slack: StandIn, clock: Clock, tmp_path: Path
) -> None:
    async with bot_that_looks_often(slack, clock, tmp_path) as bot:
        ready = probe(bot, None)
        assert await ready() == {}
        with capture_logs() as logs, locked(tmp_path):
            await until(lambda: bot.background.trouble().keys() >= LOOKS)
            assert (await ready()).keys() >= LOOKS
        await until(lambda: not bot.background.trouble())
        assert await ready() == {}
        asked = len([call for call in slack.calls if call.method == "conversations.members"])
        await until(
            lambda: len([call for call in slack.calls if call.method == "conversations.members"]) > asked
        )
    failed = [entry for entry in logs if entry["event"] == "task_failed"]
    assert {entry["task"] for entry in failed} == LOOKS
    assert not any(entry["ours"] for entry in failed)


@pytest.mark.long
async def test_a_bot_is_ended_without_an_error_while_its_database_is_locked(
    slack: StandIn, clock: Clock, tmp_path: Path
) -> None:
    with locked_when_up(tmp_path) as lock:
        async with bot_that_looks_often(slack, clock, tmp_path) as bot:
            lock()
            await until(lambda: "membership" in bot.background.trouble())


@contextmanager
def locked_when_up(folder: Path) -> Iterator[Callable[[], None]]:
    with closing(sqlite3.connect(folder / "certdesk.db", isolation_level=None)) as other:
        yield lambda: other.execute("BEGIN IMMEDIATE") and None


async def test_a_reminder_that_cannot_be_done_holds_up_no_other(world: World) -> None:
    acts = Acts(world)
    for user in ("rosa", "ben"):
        await acts.walk({"program": "other"}, user)
        await acts.press("hand_off", user=user)
    bot = world.bot
    assert bot is not None
    with bot.desk.store.engines.writer.begin() as connection:
        connection.execute(sql("UPDATE cases SET state = '{\"spoiled\": 1}' WHERE id = 1"))
    world.clock.forward(hours=2)
    before = len(acts.channel())
    with capture_logs() as logs:
        assert await bot.desk.reminders.do_all() == 1
        assert await bot.desk.reminders.do_all() == 0  # nor is it tried at each look
    await world.settle()
    assert [entry["case"] for entry in logs if entry["event"] == "reminder_failed"] == ["C-1001"]
    assert len(acts.channel()) >= before


async def test_a_fault_of_our_own_in_the_outbox_is_the_supervisors(world: World) -> None:
    bot = world.bot
    assert bot is not None
    refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END"
    with bot.desk.store.engines.writer.begin() as connection:
        connection.exec_driver_sql(refuse)
    await world.slack.say("rosa", world.slack.im("rosa"), "hi")
    await until(lambda: "outbox" in bot.background.trouble())
    assert (await probe(bot, None)()).keys() == {"outbox"}
    with bot.desk.store.engines.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuse")
    await until(lambda: not bot.background.trouble())


async def test_a_thousand_looks_at_once_try_the_database_a_few_times(world: World) -> None:
    bot = world.bot
    assert bot is not None
    look, began = probe(bot, None), time.monotonic()
    tried: list[object] = []
    event.listen(bot.desk.store.engines.reader, "begin", tried.append)
    assert await asyncio.gather(*(look() for _ in range(1000))) == [{}] * 1000
    assert len(tried) <= 5  # one, and some for those that came while it ran
    for _ in range(100):
        assert await look() == {}
    assert len(tried) <= PROBES * (time.monotonic() - began + 1)
