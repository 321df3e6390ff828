"""Rows of the outbox that a wrong clock wrote, read by a right one, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.effects import News, Tell
from bot.store import SENT, Clocks, Ended, Order, Queued, Store, migrate
from bot.store.engine import Engines, connect
from tests.postgres import fresh_database
from tests.store.conftest import NOON, ROSA
from tests.store.test_migrate import upgrade_to

LEASE = timedelta(seconds=90)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SIZES = [HOUR, -HOUR, DAY, -DAY]


async def queue(store: Store, by: timedelta = timedelta()) -> None:
    """Queue something that is of use for a day, by a clock that is wrong by so much."""
    order = Order("dm:rosa", Tell(ROSA, News.HELP, 0), lives=DAY)
    await store.write(lambda unit: unit.outbox.queue(order, NOON + by))


async def sent(store: Store) -> None:
    """Send something while the clock is right, as any desk has."""
    order, at = Order("dm:ben", Tell(ROSA, News.HELP, 0)), NOON - MINUTE
    await store.write(lambda unit: unit.outbox.queue(order, at))
    [queued], _ = await lease(store, Clocks.only(at))
    assert await store.write(lambda unit: unit.leases.close(queued, SENT, at))


async def lease(store: Store, clocks: Clocks) -> tuple[list[Queued], list[Ended]]:
    return await store.write(lambda unit: unit.leases.take(clocks, LEASE, 16))


async def leased_at(store: Store, after: timedelta, by: timedelta = timedelta()) -> bool:
    """Tell whether it is leased so long after noon, by a clock that is wrong by so much."""
    return bool((await lease(store, Clocks.only(NOON + after + by)))[0])


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_a_wrong_clock_queued_is_due_by_the_right_one(store: Store, size: timedelta) -> None:
    await queue(store, size)
    after = (
        MINUTE if size > -DAY else timedelta()
    )  # what is a day behind is over after a day, by a clock alone
    assert await leased_at(store, after - timedelta(seconds=1))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_pause_that_a_wrong_clock_set_is_not_longer(store: Store, size: timedelta) -> None:
    await queue(store)
    [queued], _ = await lease(store, Clocks.only(NOON))
    pause = timedelta(minutes=5)
    await store.write(
        lambda unit: unit.leases.try_again(queued, NOON + size, pause, "internal_error", unsure=False)
    )
    assert await leased_at(store, pause)


async def test_a_pause_that_the_right_clock_set_is_kept(store: Store) -> None:
    await queue(store)
    [queued], _ = await lease(store, Clocks.only(NOON))
    pause = timedelta(minutes=5)
    await store.write(lambda unit: unit.leases.try_again(queued, NOON, pause, "internal_error", unsure=False))
    assert not await leased_at(store, pause - timedelta(seconds=1))
    assert not await leased_at(store, timedelta(), -timedelta(seconds=30))  # another machine's clock
    assert await leased_at(store, pause)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_lease_that_a_wrong_clock_set_is_over_in_time(store: Store, size: timedelta) -> None:
    await sent(store)
    await queue(store, size)
    assert await leased_at(store, timedelta(), size)
    assert await leased_at(store, LEASE)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_lease_outlives_a_jump_where_the_clock_before_it_is_known(
    store: Store, size: timedelta
) -> None:
    await queue(store)
    assert await leased_at(store, timedelta())
    for after, is_over in ((timedelta(seconds=89), False), (timedelta(seconds=90), True)):
        at = NOON + after
        both = sorted([at, at + size])
        clocks = Clocks(at, both[0], both[1], min(both))
        assert bool((await lease(store, clocks))[0]) is is_over


async def test_nothing_is_too_old_by_a_clock_that_is_not_sure(store: Store) -> None:
    await queue(store)
    late = NOON + 2 * DAY
    assert await lease(store, Clocks(late, late, late, late, sure=False)) == ([], [])
    assert await leased_at(store, MINUTE)


async def test_nothing_is_too_old_while_one_clock_says_that_it_is_not(store: Store) -> None:
    await queue(store)
    late = NOON + 2 * DAY
    leased, ended = await lease(store, Clocks(late, late, late, NOON + MINUTE))
    assert (len(leased), ended) == (1, [])


async def test_what_is_too_old_is_ended_by_a_clock_that_is_sure(store: Store) -> None:
    await queue(store)
    assert not (await lease(store, Clocks.only(NOON + DAY - MINUTE)))[1]


@pytest.mark.parametrize("after", [DAY, DAY + HOUR])
async def test_an_answer_is_of_use_for_a_day(store: Store, after: timedelta) -> None:
    await queue(store)
    leased, ended = await lease(store, Clocks.only(NOON + after))
    assert (leased, len(ended)) == ([], 1)


async def test_what_may_have_been_sent_is_looked_for_since_the_earliest_it_can_have_been(
    store: Store,
) -> None:
    await queue(store, DAY)
    [queued], _ = await lease(store, Clocks.only(NOON + MINUTE))
    assert queued.queued_at <= NOON  # not in what is still to come


@pytest.mark.parametrize("size", [HOUR, DAY])
async def test_what_was_queued_by_a_clock_that_is_known_to_be_ahead_is_looked_for_since_then(
    store: Store, size: timedelta
) -> None:
    await queue(store, size)
    at = NOON + size + MINUTE
    [queued], _ = await lease(store, Clocks(at, at - size, at, at - size))
    assert NOON - HOUR <= queued.queued_at <= NOON


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engines]:
    """The engines of a database as the version before left it; one row waits, one was sent."""
    address = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        address = request.getfixturevalue("empty_postgresql")
    engines = connect(address)
    upgrade_to(engines, "0014")
    with engines.writer.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO outbox (conversation, effect, state, attempts, due_at, queued_at)"
            " VALUES ('dm:x', '', 'queued', 0, 1000, 900), ('dm:x', '', 'sent', 0, 1000, 900)"
        )
    yield engines
    engines.close()


@pytest.fixture
def empty_postgresql() -> Iterator[str]:
    with fresh_database(empty=True) as address:
        yield address


def test_what_waits_is_migrated_with_the_moment_at_which_it_was_queued(old: Engines) -> None:
    assert migrate.upgrade(old)
    with old.reader.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, set_at FROM outbox ORDER BY id").all()
    assert [(*row,) for row in rows] == [("queued", 900), ("sent", 0)]
