"""A clock that is wrong for a minute, then set right: nothing waits for it, is lost, or is told twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.playground.standin import Fault, StandIn, text_of
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import AGENTS, Acts
from tests.slack.test_outbox import Trouble

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIZES = [HOUR, -HOUR, DAY, -DAY]
by_size = pytest.mark.parametrize("size", SIZES, ids=str)


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[StandIn]:
    """Serve a Slack whose own clock is right all the time."""
    async with StandIn.serving(clock=clock.ticks, commands=["/certdesk"], app_name="certdesk") as standin:
        yield standin


@pytest.fixture
async def desk(slack: StandIn, clock: Clock, tmp_path: Path, database: str) -> AsyncIterator[World]:
    made = World(slack, clock, settings_for(slack, tmp_path, CERTDESK_DATABASE_URL=database))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def acts(desk: World) -> Acts:
    return Acts(desk)


def jump(desk: World, size: timedelta) -> None:
    desk.clock.jump(seconds=size.total_seconds())
    assert desk.bot is not None
    desk.bot.desk.clock()  # as is read many times a second


async def until_all_is_sent(desk: World, within: int = 60) -> None:
    """Let seconds pass until nothing waits any more."""
    for _ in range(within):
        await desk.settle()
        if not waiting(desk):
            return
        desk.clock.forward(seconds=1)
    await desk.settle()
    assert not waiting(desk)


def states(desk: World) -> list[str]:
    assert desk.bot is not None
    with desk.bot.desk.store.engines.reader.connect() as connection:
        return [str(state) for (state,) in connection.execute(sql("SELECT state FROM outbox ORDER BY id"))]


def waiting(desk: World) -> int:
    return sum(state in {"queued", "leased"} for state in states(desk))


def replies(acts: Acts, user: str) -> list[str]:
    return [text_of(message) for message in acts.dm(user) if message.by_app]


@by_size
async def test_what_is_queued_meanwhile_is_sent_as_ever(acts: Acts, desk: World, size: timedelta) -> None:
    acts.slack.inject("chat.postMessage", Fault.SERVER_ERROR, times=3)
    await acts.write("hi")
    with capture_logs() as logs:
        jump(desk, size)
        await acts.write("hi", "ben")
        desk.clock.forward(seconds=59)
        await acts.write("opensrs", "ben")
        jump(desk, -size)
        await until_all_is_sent(desk, within=10)
    assert {*states(desk)} == {"sent"}
    assert [len(replies(acts, user)) for user in ("rosa", "ben")] == [2, 3]
    assert [entry["event"] for entry in logs if entry["event"].startswith("clock")] == [
        "clock_jumped",
        "clock_corrected",
    ]


@by_size
async def test_what_a_process_with_a_wrong_clock_left_is_sent_by_the_next(
    acts: Acts, desk: World, size: timedelta
) -> None:
    await acts.write("hi")
    await desk.stop()
    desk.clock.jump(seconds=size.total_seconds())
    await desk.start()
    acts.slack.inject("chat.postMessage", Fault.SERVER_ERROR, times=2)
    await acts.write("opensrs")
    await acts.write("hi", "ben")
    desk.clock.forward(seconds=1)
    await desk.stop()
    desk.clock.jump(seconds=-size.total_seconds())
    await desk.start()
    await until_all_is_sent(desk, within=10)
    assert {*states(desk)} == {"sent"}
    assert [len(replies(acts, user)) for user in ("rosa", "ben")] == [3, 2]


@by_size
async def test_what_waits_while_a_process_with_a_wrong_clock_begins_is_not_too_old(
    acts: Acts, desk: World, size: timedelta
) -> None:
    acts.slack.inject("chat.postMessage", Fault.SERVER_ERROR, times=2)
    await acts.write("hi")
    await desk.stop()
    desk.clock.jump(seconds=size.total_seconds())
    await desk.start()
    await desk.settle()
    desk.clock.forward(seconds=60)
    jump(desk, -size)
    await until_all_is_sent(desk, within=10)
    assert {*states(desk)} == {"sent"}
    assert len(replies(acts, "rosa")) == 2


async def test_what_slack_paced_is_let_rest_and_no_longer(acts: Acts, desk: World) -> None:
    limited = {"ok": False, "error": "ratelimited"}
    acts.slack.faults.append(Trouble("chat.postMessage", 1, 429, limited, {"Retry-After": "30"}))
    await acts.write("hi")
    jump(desk, DAY)
    desk.clock.forward(seconds=20)
    await desk.settle()
    assert replies(acts, "rosa") == []
    desk.clock.forward(seconds=15)
    await desk.settle()
    assert len(replies(acts, "rosa")) == 2


async def handed_over(acts: Acts) -> None:
    await acts.walk({"program": "other"})
    await acts.press("hand_off")


def alarms(acts: Acts) -> int:
    """Return how often the agents were told that nobody has claimed the case."""
    return sum("waits for an agent since" in text_of(message) for message in acts.channel(AGENTS))


async def until_alarmed(acts: Acts, desk: World) -> None:
    """Do what has come due and wait for its alarm: on PostgreSQL the desk itself may be doing it already."""
    await desk.remind()
    await acts.slack.until(lambda: alarms(acts), timeout=30)
    assert alarms(acts) == 1


@by_size
@pytest.mark.parametrize("handed", ["before", "meanwhile"])
async def test_a_reminder_comes_at_its_hour_and_once(
    acts: Acts, desk: World, size: timedelta, handed: str
) -> None:
    if handed == "before":
        await handed_over(acts)
    jump(desk, size)
    if handed == "meanwhile":
        await handed_over(acts)
    desk.clock.forward(minutes=1)
    await desk.remind()
    jump(desk, -size)
    desk.clock.forward(minutes=57)
    await desk.remind()
    assert alarms(acts) == 0
    desk.clock.forward(minutes=3)
    await until_alarmed(acts, desk)
    desk.clock.forward(days=2)
    await desk.remind()
    assert alarms(acts) == 1


@pytest.mark.parametrize("size", [HOUR, DAY], ids=str)
async def test_a_reminder_that_a_process_with_a_wrong_clock_made_comes_within_its_hour(
    acts: Acts, desk: World, size: timedelta
) -> None:
    await desk.stop()
    desk.clock.jump(seconds=size.total_seconds())
    await desk.start()
    await handed_over(acts)
    await desk.stop()
    desk.clock.jump(seconds=-size.total_seconds())
    bot = await desk.start()
    await bot.desk.corrections.correct_future_cases()
    desk.clock.forward(minutes=61)
    await until_alarmed(acts, desk)
    desk.clock.forward(days=2)
    await desk.remind()
    assert alarms(acts) == 1


async def test_nobody_floods_since_the_clock_was_ahead(acts: Acts, desk: World) -> None:
    await desk.stop()
    desk.clock.jump(days=1)
    await desk.start()
    for _ in range(31):
        await acts.command("cases")
        desk.clock.forward(seconds=2)
    await desk.stop()
    desk.clock.jump(days=-1)
    await desk.start()
    await acts.write("hi")
    assert len(replies(acts, "rosa")) == 2
