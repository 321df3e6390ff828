"""Run plans in processes of their own, some at a time: twice as fast on two cores, and nothing is left."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from itertools import islice
from types import TracebackType
from typing import Final, Self

from bot import logs
from tests.faults.plan import Plan, Report
from tests.faults.simulator import run

LIVES: Final = 60  # runs of a process, before another takes its place
MOST: Final = 600.0  # seconds that a run may take; much less on a machine that does nothing else
REAL: Final = 1_200.0  # the same, of real processes


def hush() -> None:
    """Keep what the dead leave behind out of the output."""
    warnings.simplefilter("ignore")
    logs.configure("CRITICAL", readable=True)
    for name in ("uvicorn.error", "certdesk.socket", "aiohttp.server", "asyncio"):
        logging.getLogger(name).disabled = True


def play(plan: Plan, address: str | None) -> Report:
    """Run a plan, in whatever process this is."""
    if plan.outside:
        from tests.faults import outside

        return asyncio.run(outside.run(plan))
    return asyncio.run(run(plan, address, REAL if plan.process else MOST))


class Workers:
    """So many processes that run plans."""

    def __init__(self, at_once: int = 2) -> None:
        self._at_once = at_once
        self._pool = ProcessPoolExecutor(
            at_once,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=hush,
            max_tasks_per_child=LIVES,
        )

    def reports(self, plans: Iterable[Plan]) -> Iterator[Report]:
        """Yield what came of each plan, in the order in which they end; plans are taken as there is room."""
        todo, running = iter(plans), dict[Future[Report], ExitStack]()
        try:
            while True:
                for plan in islice(todo, self._at_once + 1 - len(running)):
                    stack = ExitStack()
                    running[self._pool.submit(play, plan, _database(plan, stack))] = stack
                if not running:
                    return
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    with running.pop(ended):
                        yield ended.result()
        finally:
            wait(running)
            for stack in running.values():
                stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def _database(plan: Plan, stack: ExitStack) -> str | None:
    """Return the address of an empty database where the plan wants PostgreSQL."""
    if not plan.postgresql:
        return None
    from tests.postgres import fresh_database

    return stack.enter_context(fresh_database())
