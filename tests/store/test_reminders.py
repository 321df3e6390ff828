"""Reminders as rows, on SQLite and PostgreSQL: each comes once, whoever looks; none is made for the past."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.conversation.agent_moves import AskBack, Claim
from bot.conversation.agent_words import Outward
from bot.conversation.effects import Effect, News, Tell
from bot.conversation.reminder_kinds import Reminder, ScheduledReminder
from bot.store import Site, Taken
from tests.conftest import NOON
from tests.filled import ADA, OMAR, ROSA, Filled, filled

SOON, LAST, CREDIT = Reminder.WINDOW_SOON, Reminder.WINDOW_LAST, Reminder.CREDIT
MS, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
ONE, TWO, THREE = (NOON + n * HOUR for n in (1, 2, 3))


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Filled]:
    async with filled(database) as desk:
        yield desk


@pytest.fixture
async def case(desk: Filled) -> int:
    """A case that reminders nothing: no question is answered yet."""
    return await desk.asks(ROSA, {})


async def keep(desk: Filled, case: int, at: datetime, *reminders: tuple[Reminder, datetime]) -> None:
    wanted = [ScheduledReminder(reminder, moment) for reminder, moment in reminders]
    await desk.store.write(lambda unit: unit.reminders.keep(case, wanted, at))


async def due(desk: Filled, at: datetime) -> list[Reminder]:
    found = await desk.store.write(lambda unit: unit.reminders.due(at, 100))
    return [each.reminder for each in found]


async def do(desk: Filled, at: datetime) -> list[Reminder]:
    found = await desk.store.write(lambda unit: unit.reminders.due(at, 100))
    for each in found:
        await desk.store.write(lambda unit, key=each.id: unit.reminders.done(key))
    return [each.reminder for each in found]


async def next_due(desk: Filled) -> datetime | None:
    return await desk.store.read(lambda unit: unit.reminders.next_due())


async def test_it_comes_at_its_moment_and_not_before(desk: Filled, case: int) -> None:
    await keep(desk, case, NOON, (SOON, ONE), (LAST, TWO))
    assert await next_due(desk) == ONE
    assert await due(desk, ONE - MS) == []
    assert await due(desk, ONE) == [SOON]
    assert await due(desk, TWO) == [SOON, LAST]


async def test_what_is_no_longer_promised_does_not_come(desk: Filled, case: int) -> None:
    await keep(desk, case, NOON, (SOON, ONE), (LAST, TWO))
    await keep(desk, case, NOON, (LAST, TWO), (CREDIT, THREE))
    assert await due(desk, THREE) == [LAST, CREDIT]
    await keep(desk, case, NOON)
    assert await next_due(desk) is None


async def test_another_moment_takes_the_place_of_the_one_before(desk: Filled, case: int) -> None:
    await keep(desk, case, NOON, (SOON, ONE))
    await keep(desk, case, NOON, (SOON, TWO))
    assert await due(desk, ONE) == []
    assert await due(desk, TWO) == [SOON]


async def test_what_is_past_is_not_made_but_what_waited_for_it_stays(desk: Filled, case: int) -> None:
    await keep(desk, case, ONE, (SOON, ONE))
    assert await due(desk, THREE) == []
    await keep(desk, case, ONE - MS, (SOON, ONE))
    assert await due(desk, THREE) == [SOON]
    await keep(desk, case, THREE, (SOON, ONE), (LAST, TWO))
    assert await due(desk, THREE) == [SOON]


async def test_what_was_done_does_not_come_again(desk: Filled, case: int) -> None:
    await keep(desk, case, NOON, (SOON, ONE))
    assert await do(desk, ONE) == [SOON]
    await keep(desk, case, NOON, (SOON, ONE))
    await keep(desk, case, NOON)
    await keep(desk, case, NOON, (SOON, ONE))
    assert await due(desk, THREE) == []
    await keep(desk, case, ONE, (SOON, TWO))  # the window moved
    assert await do(desk, TWO) == [SOON]


async def test_each_case_has_its_own(desk: Filled, case: int) -> None:
    other = await desk.asks(OMAR, {})
    await keep(desk, case, NOON, (SOON, TWO))
    await keep(desk, other, NOON, (SOON, ONE))
    await keep(desk, case, NOON, (LAST, THREE))
    assert await next_due(desk) == ONE
    found = await desk.store.write(lambda unit: unit.reminders.due(THREE, 100))
    assert [(each.case, each.reminder) for each in found] == [(other, SOON), (case, LAST)]


# --- by the desk


def told(effects: list[Effect]) -> Counter[tuple[int, News]]:
    return Counter((each.case, each.news) for each in effects if isinstance(each, Tell))


async def test_the_desk_does_each_once_also_after_a_restart(database: str) -> None:
    async with filled(database) as desk:
        number = await desk.hands_over()
        asked = desk.clock()
    async with filled(database, asked + HOUR - MS) as desk:
        assert await desk.desk.reminders.do_all() == 0
    async with filled(database, asked + HOUR) as desk:
        assert await desk.desk.reminders.do_all() == 1
        assert await desk.desk.reminders.do_all() == 0
    async with filled(database, asked + 2 * HOUR) as desk:
        assert await desk.desk.reminders.do_all() == 0
        await desk.sends()
        assert told(desk.sent) == {(number, News.UNANSWERED): 1}
        trail = await desk.store.read(lambda unit: [*unit.history.of(number)])
        assert (trail[-1].what, trail[-1].standing, trail[-1].user) == ("came_due:unclaimed", "waiting", None)


async def test_what_time_did_has_its_receipt_which_is_nobodys(database: str) -> None:
    async with filled(database) as desk:
        number = await desk.hands_over()
        await desk.deals(ADA, number, Claim())
        await desk.deals(ADA, number, AskBack(Outward("which one?")))
        desk.clock.forward(days=7)
        await desk.desk.reminders.do_all()
        key = f"reminder:{number}:idle_close:{int(desk.clock().timestamp() * 1000)}"
        receipt = await desk.store.read(lambda unit: unit.receipts.get(key))
    assert receipt is not None
    assert receipt.case == number


async def test_what_has_a_receipt_is_not_done_again(desk: Filled) -> None:
    number = await desk.hands_over()
    at = desk.clock() + HOUR
    taken = Taken(f"reminder:{number}:unclaimed:{int(at.timestamp() * 1000)}", "due", "{}", None)
    await desk.store.write(lambda unit: unit.receipts.add(taken, at))
    desk.clock.forward(hours=1)
    await desk.desk.reminders.do_all()
    await desk.sends()
    assert told(desk.sent) == {}


async def test_what_is_claimed_in_time_is_not_reminded_of(desk: Filled) -> None:
    number = await desk.hands_over()
    await desk.deals(ADA, number, Claim())
    desk.clock.forward(hours=12)
    assert await desk.desk.reminders.do_all() == 1  # the new day, for which the card is drawn anew
    await desk.sends()
    assert (number, News.UNANSWERED) not in told(desk.sent)


async def test_who_dies_before_the_commit_has_done_nothing(database: str) -> None:
    async with filled(database) as desk:
        number = await desk.hands_over()
        late = desk.clock() + HOUR

    armed: list[bool] = []

    class DeadError(Exception):
        pass

    def die(site: Site) -> None:
        if armed and site is Site.WRITTEN:
            raise DeadError

    async with filled(database, late, passing=die) as desk:
        armed.append(True)
        with pytest.raises(DeadError):
            await desk.desk.reminders.do_all()
    async with filled(database, late) as desk:
        assert await desk.desk.reminders.do_all() == 1
        await desk.sends()
        assert told(desk.sent) == {(number, News.UNANSWERED): 1}


LOOK = """
import asyncio, sys
from datetime import datetime
from tests.filled import Store, Desk, Rules, CORE

async def main():
    store, at = Store(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    desk = Desk(store, Rules(CORE, agents=True), lambda: at)
    print("ready", flush=True)
    sys.stdin.readline()
    print(await desk.reminders.do_all())
    await store.close()

asyncio.run(main())
"""


@pytest.mark.long
async def test_two_processes_that_look_at_once_do_each_once(desk: Filled, database: str) -> None:
    numbers = [await desk.hands_over(person) for person in (ROSA, OMAR) * 5]
    late = desk.clock() + HOUR
    running = [
        subprocess.Popen(  # noqa: ASYNC220  they are waited for below
            [sys.executable, "-c", LOOK, database, late.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    done = [int(process.communicate(timeout=30)[0]) for process in running]
    assert sum(done) == len(numbers)
    desk.clock.at = late
    await desk.sends()
    unanswered = {key: times for key, times in told(desk.sent).items() if key[1] is News.UNANSWERED}
    assert unanswered == {(number, News.UNANSWERED): 1 for number in numbers}
