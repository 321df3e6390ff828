"""Share work between two processes, so that a long list uses two cores."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

T = TypeVar("T")
R = TypeVar("R")

MIN_TASKS: Final = 2
BUFFER: Final = 1024 * 1024


def in_parallel(tasks: Sequence[T], do: Callable[[T], R]) -> Iterator[R]:
    """Yield the result of each task, in order; every second task is done by a fork of this process.

    The fork exits when it is done, or as soon as nobody reads its results. A task that it fails at is done
    again here, so that its error is raised as usual.
    """
    if len(tasks) < MIN_TASKS or not _has_cores():
        yield from map(do, tasks)
        return
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        _work(tasks[1::2], do, reading, writing)
    os.close(writing)
    is_alive = True
    try:
        with os.fdopen(reading, "rb", BUFFER) as theirs:
            for number, task in enumerate(tasks):
                if number % 2 and is_alive:
                    try:
                        yield pickle.load(theirs)  # noqa: S301  from our own copy
                        continue
                    except (EOFError, pickle.UnpicklingError):
                        is_alive = False
                yield do(task)
    finally:
        os.waitpid(pid, 0)


def _work(tasks: Sequence[T], do: Callable[[T], R], reading: int, writing: int) -> None:
    """Do the fork's tasks, write their results, and exit."""
    try:
        os.close(reading)
        with os.fdopen(writing, "wb", BUFFER) as ours:
            for task in tasks:
                pickle.dump(do(task), ours, pickle.HIGHEST_PROTOCOL)
                ours.flush()
    finally:
        os._exit(0)  # without running the cleanup of the process that was forked


def _has_cores() -> bool:
    if not hasattr(os, "fork"):
        return False
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores >= MIN_TASKS


class PositionedFile(io.RawIOBase):
    """An open file with a position of its own; forked processes would share the file's position."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._at = number, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Set the position, relative to the start, the current position or the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: os.fstat(self._number).st_size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read from the current position into a buffer; return the number of bytes."""
        read = os.preadv(self._number, [buffer], self._at)
        self._at += read
        return read


def with_own_position(file: IO[bytes]) -> IO[bytes]:
    """Return a file with its own position, which a process that forks can read."""
    return io.BufferedReader(PositionedFile(file.fileno()), BUFFER) if hasattr(os, "preadv") else file
