"""Threads take tasks in order, tell what came of each, and end when they are told to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from bot.store.threads import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(1, "test")
    yield made
    made.close()


async def test_tasks_go_one_after_the_other_in_a_thread_of_their_own(threads: Threads) -> None:
    seen: list[tuple[int, str]] = []
    tasks = [
        threads.run(lambda at=at: seen.append((at, threading.current_thread().name)) or at) for at in range(5)
    ]
    assert await asyncio.gather(*tasks) == [*range(5)]
    assert seen == [(at, "test_0") for at in range(5)]


async def test_an_error_is_the_callers_and_ends_no_thread(threads: Threads) -> None:
    with pytest.raises(KeyError, match="lost"):
        await threads.run(lambda: {}["lost"])
    assert await threads.run(lambda: "well") == "well"


async def test_an_iterator_that_ends_is_an_error_too(threads: Threads) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(threads.run(lambda: next(iter(()))), 5)


async def test_who_is_canceled_stops_waiting_and_the_task_goes_on_to_its_end(threads: Threads) -> None:
    ended = threading.Event()
    waiting = threads.run(lambda: (time.sleep(0.05), ended.set()))
    waiting.cancel()
    assert await threads.run(ended.is_set)


async def test_closing_waits_for_the_tasks() -> None:
    threads, done = Threads(2, "test"), list[int]()
    tasks = [threads.run(lambda at=at: (time.sleep(0.02), done.append(at))) for at in range(4)]
    threads.close()
    assert sorted(done) == [*range(4)]
    await asyncio.gather(*tasks)
    with pytest.raises(RuntimeError, match="ended"):
        threads.run(list)


def test_a_loop_that_was_closed_meanwhile_ends_no_thread(threads: Threads) -> None:
    may_end, ended = threading.Event(), threading.Event()

    async def leave() -> None:
        threads.run(lambda: (may_end.wait(5), ended.set()))

    asyncio.run(leave())
    may_end.set()
    assert ended.wait(5)
    assert asyncio.run(well(threads)) == "well"


async def well(threads: Threads) -> str:
    return await threads.run(lambda: "well")
