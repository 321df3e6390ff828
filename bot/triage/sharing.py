"""Share work between two processes, so that a long list takes both of two cores."""

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

FEWEST: Final = 2
BUFFER: Final = 1024 * 1024


def in_turn(tasks: Sequence[T], do: Callable[[T], R]) -> Iterator[R]:
    """Yield what is made of each task, in their order; every second one is made by a copy of this process.

    The copy ends with its work, or as soon as nobody reads what it made. What it failed at is done here, so
    that an error is raised as it would be without it.
    """
    if len(tasks) < FEWEST or not _has_cores():
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
    """Do what falls to the copy, write it, and end."""
    try:
        os.close(reading)
        with os.fdopen(writing, "wb", BUFFER) as ours:
            for task in tasks:
                pickle.dump(do(task), ours, pickle.HIGHEST_PROTOCOL)
                ours.flush()
    finally:
        os._exit(0)  # nothing else that this process began is the copy's to end


def _has_cores() -> bool:
    if not hasattr(os, "fork"):
        return False
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores >= FEWEST


class OwnPlace(io.RawIOBase):
    """An open file that is read from a place of its own: copies of a process share the file's."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._at = number, 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the beginning, the present one, or the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: os.fstat(self._number).st_size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read what there is from here on."""
        read = os.preadv(self._number, [buffer], self._at)
        self._at += read
        return read


def with_own_place(file: IO[bytes]) -> IO[bytes]:
    """Return a file as it is to be read by a process that is copied."""
    return io.BufferedReader(OwnPlace(file.fileno()), BUFFER) if hasattr(os, "preadv") else file
