"""The supervisor of every task that lives as long as the process.

A task that fails, or returns without being told to, is counted, logged and restarted after a growing pause.
The process is not ready until the task works again. A task that keeps failing through a fault of certdesk's
own will not get better by retrying: the process ends, so that whatever started it can start it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

import structlog

from bot import metrics
from bot.safe_errors import mishap

Well = Callable[[], None]
Work = Callable[[Well], Awaitable[None]]
Job = Callable[[], Awaitable[float]]

log = structlog.get_logger("certdesk.background")


class EndedUnaskedError(Exception):
    """A task returned without being told to end."""


class TaskGivenUpError(Exception):
    """A task kept failing through a fault of certdesk's own, so the process must end."""

    def __init__(self, task: str) -> None:
        super().__init__(task)
        self.task = task


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between restarts: after the first failure, then doubled up to `last`.

    `patience` is how long a fault of our own is tolerated. A failure that comes `calm` seconds after the
    previous one starts a new count.
    """

    first: float = 1.0
    last: float = 30.0
    calm: float = 60.0
    patience: float = 60.0


PAUSES: Final = Pauses()


class Supervised:
    """One task and its health."""

    def __init__(self, name: str, pauses: Pauses) -> None:
        self.name = name
        self.ending = False
        self.trouble: str | None = None  # why it is not running
        self._pauses = pauses
        self._times = 0
        self._failed_at = 0.0
        self._ours_since: float | None = None
        self.task: asyncio.Task[None] | None = None
        metrics.TASK_UP.labels(name).set(1)

    def well(self) -> None:
        """Note that the task has just done its work."""
        if self.trouble is not None:
            self.trouble = None
            metrics.TASK_UP.labels(self.name).set(1)
            log.info("task_back", task=self.name, failures=self._times)

    def failed(self, error: BaseException, *, ours: bool) -> float | None:
        """Note a failure; returns after how many seconds to restart, None if that is hopeless."""
        now = monotonic()
        pause = self._pause()
        if self._times and now - self._failed_at > pause + self._pauses.calm:
            self._times, self._ours_since = 0, None
        self._times, self._failed_at = self._times + 1, now
        self._ours_since = (self._ours_since or now) if ours else None
        self.trouble = type(error).__name__
        metrics.TASK_UP.labels(self.name).set(0)
        metrics.TASK_FAILURES.labels(self.name).inc()
        hopeless = self._ours_since is not None and now - self._ours_since >= self._pauses.patience
        if hopeless or self._times & (self._times - 1) == 0:  # the 1st, 2nd, 4th, 8th …
            log.error("task_failed", task=self.name, failures=self._times, ours=ours, **mishap(error))
        return None if hopeless else self._pause()

    def _pause(self) -> float:
        return min(self._pauses.first * (1 << min(max(self._times - 1, 0), 16)), self._pauses.last)

    async def end(self, seconds: float = 0.0) -> None:
        """End the task: it has so many seconds to finish by itself, then it is canceled. Never raises."""
        self.ending = True
        if self.task is None:
            return
        if seconds and self.trouble is None:
            await asyncio.wait({self.task}, timeout=seconds)
        self.task.cancel()
        await asyncio.wait({self.task})


class Background:
    """Keep tasks running. `is_worlds` tells whether an error comes from outside rather than from certdesk."""

    def __init__(self, is_worlds: Callable[[BaseException], bool], pauses: Pauses = PAUSES) -> None:
        self._is_worlds = is_worlds
        self._pauses = pauses
        self._kept: dict[str, Supervised] = {}
        self._given_up: asyncio.Future[TaskGivenUpError] = asyncio.get_running_loop().create_future()

    def keep(self, name: str, work: Work) -> Supervised:
        """Run a task that ends only when told to. It calls its argument each time that all is well."""
        kept = Supervised(name, self._pauses)
        kept.task = asyncio.create_task(self._run(kept, work), name=f"certdesk-{name}")
        self._kept[name] = kept
        return kept

    def repeat(self, name: str, job: Job, after: float = 0.0) -> Supervised:
        """Repeat a job, first in `after` seconds; it returns the seconds until the next time."""

        async def work(well: Well) -> None:
            pause = after if kept.trouble is None else 0.0
            while True:
                await asyncio.sleep(pause)
                pause = await job()
                well()

        kept = self.keep(name, work)
        return kept

    def trouble(self) -> dict[str, str]:
        """Return the tasks that are not running, each with the kind of error that ended it."""
        return {name: kept.trouble for name, kept in self._kept.items() if kept.trouble is not None}

    async def given_up(self) -> TaskGivenUpError:
        """Wait until a task is given up, and return the error that names it."""
        return await asyncio.shield(self._given_up)

    async def end(self) -> None:
        """End every task. Never raises."""
        for kept in self._kept.values():
            await kept.end()
            metrics.TASK_UP.labels(kept.name).set(0)
        self._kept.clear()

    async def _run(self, kept: Supervised, work: Work) -> None:
        while (error := await self._error_of(kept, work)) is not None:
            pause = kept.failed(error, ours=not self._is_worlds(error))
            if pause is None:
                if not self._given_up.done():
                    self._given_up.set_result(TaskGivenUpError(kept.name))
                return
            await asyncio.sleep(pause)

    async def _error_of(self, kept: Supervised, work: Work) -> BaseException | None:
        """Run a task until it ends; returns its error, None if it was told to end."""
        try:
            await work(kept.well)
        except asyncio.CancelledError as error:
            if _is_ending(kept):
                raise
            return error  # what it was waiting for was canceled, not the task itself
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  whatever it is, the task has to run
            if not _is_ending(kept):
                return error
            log.warning("task_failed_at_its_end", task=kept.name, **mishap(error))
            return None
        return None if _is_ending(kept) else EndedUnaskedError()


def _is_ending(kept: Supervised) -> bool:
    task = asyncio.current_task()
    return kept.ending or (task is not None and task.cancelling() > 0)
