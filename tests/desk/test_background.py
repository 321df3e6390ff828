"""The supervisor: which failures it bears, which end the process, and what is seen and said of each."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import aiohttp
import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from structlog.testing import capture_logs

from bot import metrics
from bot.desk.background import Background, Pauses, Well
from bot.faults import is_worlds
from bot.slack.outbound.errors import Course
from bot.slack.outbound.web_api import CallError

QUICK = Pauses(first=0.005, last=0.02, calm=0.2, patience=0.1)
FOREVER = 3600.0
CAUSE = Exception("it")


class OddError(BaseException):
    """What no `except Exception` sees."""


@asynccontextmanager
async def supervisor(pauses: Pauses = QUICK) -> AsyncIterator[Background]:
    background = Background(is_worlds, pauses)
    try:
        yield background
    finally:
        await background.end()


async def until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not seen():
            await asyncio.sleep(0.002)


def failures(task: str) -> float:
    return metrics.REGISTRY.get_sample_value("certdesk_task_failures_total", {"task": task}) or 0


def is_up(task: str) -> float | None:
    return metrics.REGISTRY.get_sample_value("certdesk_task_up", {"task": task})


async def given_up(background: Background, seconds: float) -> str | None:
    try:
        async with asyncio.timeout(seconds):
            return (await background.given_up()).task
    except TimeoutError:
        return None


WORLDS: dict[str, BaseException] = {
    "the database is locked": OperationalError("", {}, CAUSE),
    "the database has no table, while somebody migrates it": ProgrammingError("", {}, CAUSE),
    "the database's file is damaged": DatabaseError("", {}, CAUSE),
    "no connection was free": NoConnectionError(),
    "the disk is full": OSError(errno.ENOSPC, "full"),
    "the reader is gone": BrokenPipeError(),
    "no answer in time": TimeoutError(),
    "Slack refuses": CallError("chat.postMessage", "internal_error", Course.UNSURE),
    "the network is away": aiohttp.ServerDisconnectedError(),
    "several of these at once": ExceptionGroup("", [TimeoutError(), OSError()]),
}
OURS: dict[str, BaseException] = {
    "a key that is not there": KeyError("members"),
    "a wrong type": TypeError("str"),
    "what the tables do not take": IntegrityError("", {}, CAUSE),
    "a failed assertion": AssertionError(),
    "no Exception at all": OddError(),
    "one of ours among the world's": ExceptionGroup("", [TimeoutError(), KeyError()]),
}


@pytest.mark.parametrize("what", [*WORLDS, *OURS])
async def test_a_task_that_fails_is_started_again_whatever_it_failed_with(what: str) -> None:
    error, runs, rested = (WORLDS | OURS)[what], 0, asyncio.Event()

    async def work(well: Well) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise error
        await rested.wait()
        well()
        await asyncio.sleep(FOREVER)

    before = failures("some")
    async with supervisor() as background:
        background.keep("some", work)
        await until(lambda: runs == 2)
        assert background.trouble() == {"some": type(error).__name__}  # begun is not yet well
        assert (failures("some"), is_up("some")) == (before + 1, 0)
        rested.set()
        await until(lambda: not background.trouble())
        assert is_up("some") == 1


@pytest.mark.parametrize("what", WORLDS)
async def test_what_is_the_worlds_fault_is_borne_for_ever(what: str) -> None:
    async def work(_: Well) -> None:
        raise WORLDS[what]

    async with supervisor() as background:
        background.keep("some", work)
        assert await given_up(background, 3 * QUICK.patience) is None
        assert background.trouble()


@pytest.mark.parametrize("what", OURS)
async def test_our_own_fault_that_does_not_pass_ends_the_process(what: str) -> None:
    async def work(_: Well) -> None:
        raise OURS[what]

    async with supervisor() as background:
        background.keep("some", work)
        assert await given_up(background, QUICK.patience / 2) is None
        assert await given_up(background, 5) == "some"
        assert background.trouble()


async def test_our_own_fault_among_the_worlds_begins_its_minute_anew() -> None:
    runs = 0

    async def work(_: Well) -> None:
        nonlocal runs
        runs += 1
        raise KeyError if runs % 3 else TimeoutError

    async with supervisor() as background:
        background.keep("some", work)
        assert await given_up(background, 3 * QUICK.patience) is None
        assert runs > 6


async def test_failures_far_apart_are_not_one_after_the_other() -> None:
    async def work(well: Well) -> None:
        well()
        await asyncio.sleep(0.03)
        raise KeyError

    async with supervisor(Pauses(first=0.005, last=0.01, calm=0.02, patience=0.1)) as background:
        background.keep("some", work)
        assert await given_up(background, 0.4) is None
    async with supervisor(Pauses(first=0.005, last=0.01, calm=0.2, patience=0.1)) as background:
        background.keep("some", work)  # that it worked in between does not help here
        assert await given_up(background, 5) == "some"


async def test_a_task_that_returns_or_is_canceled_from_within_has_failed() -> None:
    async def returns(_: Well) -> None:
        return

    async def canceled(_: Well) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.cancel()
        await waiting

    async with supervisor() as background:
        background.keep("returns", returns)
        background.keep("canceled", canceled)
        await until(lambda: background.trouble().keys() == {"returns", "canceled"})
        await until(lambda: failures("returns") > 2 < failures("canceled"))


async def test_it_is_said_once_and_then_ever_more_rarely() -> None:
    runs = 0

    async def work(well: Well) -> None:
        nonlocal runs
        runs += 1
        if runs <= 20:
            raise TimeoutError
        well()
        await asyncio.sleep(FOREVER)

    with capture_logs() as logs:
        async with supervisor() as background:
            background.keep("some", work)
            await until(lambda: runs > 20 and not background.trouble())
    assert [entry["failures"] for entry in logs if entry["event"] == "task_failed"] == [1, 2, 4, 8, 16]
    assert [entry["failures"] for entry in logs if entry["event"] == "task_back"] == [20]


async def test_pauses_grow() -> None:
    at: list[float] = []

    async def work(_: Well) -> None:
        at.append(asyncio.get_running_loop().time())
        raise TimeoutError

    async with supervisor(Pauses(first=0.02, last=0.16)) as background:
        background.keep("some", work)
        await until(lambda: len(at) > 5)
    waited = [after - before for before, after in pairwise(at)]
    least = [0.02, 0.04, 0.08, 0.16, 0.16]
    assert [pause >= shortest for pause, shortest in zip(waited, least, strict=True)] == [True] * 5


async def test_a_job_is_repeated_as_it_wishes_and_does_not_wait_for_its_turn_after_a_failure() -> None:
    runs: list[float] = []

    async def job() -> float:
        runs.append(asyncio.get_running_loop().time())
        if len(runs) == 3:
            raise TimeoutError
        return 0.01 if len(runs) < 3 else FOREVER

    async with supervisor() as background:
        background.repeat("some", job, after=0.01)
        await until(lambda: len(runs) == 4 and not background.trouble())


@pytest.mark.parametrize("at_the_end", [None, OperationalError("", {}, CAUSE), OddError()])
async def test_ending_is_no_failure_and_never_raises(at_the_end: BaseException | None) -> None:
    begun = asyncio.Event()

    async def work(_: Well) -> None:
        begun.set()
        try:
            await asyncio.sleep(FOREVER)
        finally:
            if at_the_end is not None:
                raise at_the_end

    before = failures("some")
    async with supervisor() as background:
        kept = background.keep("some", work)
        await begun.wait()
        async with asyncio.timeout(2):
            await kept.end()
    assert failures("some") == before


async def test_a_task_that_has_failed_is_ended_without_waiting_for_its_next_try() -> None:
    async def work(_: Well) -> None:
        raise TimeoutError

    async with supervisor(Pauses(first=FOREVER, last=FOREVER)) as background:
        kept = background.keep("some", work)
        await until(background.trouble)
        async with asyncio.timeout(1):
            await kept.end(FOREVER)


async def test_a_task_told_to_end_may_come_to_its_end_by_itself() -> None:
    told, done = asyncio.Event(), []

    async def work(_: Well) -> None:
        await told.wait()
        done.append(1)

    async with supervisor() as background:
        kept = background.keep("some", work)
        await asyncio.sleep(0)
        told.set()
        await kept.end(FOREVER)
    assert done == [1]
