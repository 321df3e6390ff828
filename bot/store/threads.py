"""Threads that transactions run in, called from the event loop.

The standard library's executor hands each result through two futures and four locks, which costs as much as
three statements on SQLite.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
_Task: TypeAlias = tuple[Callable[[], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]


class Threads:
    """Some threads that take tasks in order. They are started with the first task."""

    def __init__(self, number: int, name: str) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=f"{name}_{at}", daemon=True) for at in range(number)]
        self._started = self._closed = False

    def run(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Run a task; the future belongs to the running loop. Once begun, a task goes on to its end.

        Raises RuntimeError after `close`: nobody would take the task.
        """
        if self._closed:
            raise RuntimeError("these threads have ended")
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._tasks.put((work, future, loop))
        return future

    def close(self) -> None:
        """Wait for the tasks, and end the threads."""
        self._closed = True
        if self._started:
            for _ in self._threads:
                self._tasks.put(None)
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            _do(*task)
            del task  # what it holds is not kept until the next one comes


def _do(work: Callable[[], Any], future: asyncio.Future[Any], loop: asyncio.AbstractEventLoop) -> None:
    try:
        done = work()
    except BaseException as error:  # noqa: BLE001  its caller is told, as by a call
        _tell(loop, _failed, future, error)
    else:
        _tell(loop, _ended, future, done)


def _tell(loop: asyncio.AbstractEventLoop, how: Callable[..., None], *about: object) -> None:
    try:
        loop.call_soon_threadsafe(how, *about)
    except RuntimeError:  # the loop was closed meanwhile: nobody is left to be told
        if not loop.is_closed():
            raise


def _ended(future: asyncio.Future[Any], done: object) -> None:
    if not future.done():
        future.set_result(done)


def _failed(future: asyncio.Future[Any], error: BaseException) -> None:
    if isinstance(error, StopIteration):  # which no future takes
        error = RuntimeError("a task raised StopIteration")
    if not future.done():
        future.set_exception(error)
