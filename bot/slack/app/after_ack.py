"""Work done after an acknowledgment, each piece in a task of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, Final

import structlog

from bot.safe_errors import mishap

DRAIN_SECONDS: Final = 5

log = structlog.get_logger("certdesk.slack")


class AfterAck:
    """Tasks that nobody waits for; a failure is logged, and nothing durable depends on them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Start some work."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Wait for all work to end, up to so many seconds, then cancel the rest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.cancel()
        if self._tasks:  # a modal that was not opened still has to be recorded
            await asyncio.wait(self._tasks, timeout=seconds)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("after_ack_failed", **mishap(error))
