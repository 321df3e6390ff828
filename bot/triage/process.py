"""Start the process that answers a list, pass on its progress, and kill it if it exceeds its limits."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from bot.reading.order_list_failures import Failure
from bot.triage.request import Request, Summary, TriageError

Source: TypeAlias = Path | bytes | IO[bytes]
OnProgress: TypeAlias = Callable[[float, int], None]  # the share done, from 0 to 1, and the orders so far

STANDARD_OUTPUT: Final = 1
WORKER: Final = "bot.triage.worker"
MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
WALL_CLOCK_FACTOR: Final = 2  # it may take this many times its CPU limit by the clock
STOP_CHECK_SECONDS: Final = 0.2
GRACE_SECONDS: Final = 5  # for a process to exit after its last message


class StoppedError(Exception):
    """Nobody is waiting for the list any more."""


def triage_file(  # noqa: PLR0913  each is optional and has a name
    source: Source,
    request: Request,
    *,
    lines: IO[bytes] | None = None,
    annotated: IO[bytes] | None = None,
    on_progress: OnProgress | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Summary:
    """Answer a list of orders and return a summary.

    The line for each order goes to `lines`, and the list in its own format with the answers to `annotated`;
    both are files or pipes. The call blocks until the list is done and may run in any thread. It is ended by
    an exception of `on_progress`, or by `is_stopped`, which is called several times a second.

    Raises:
        TriageError: The list cannot be read, or exceeded the limits.
        StoppedError: `is_stopped` returned true.
        OSError: The file cannot be read.
    """
    with _opened(source) as file:
        told, tell = os.pipe()
        outputs = [each.fileno() for each in (annotated,) if each is not None]
        arguments = {
            "request": request.to_json(),
            "told_on": tell,
            "lines_on": STANDARD_OUTPUT if lines is not None else None,
            "annotated_on": outputs[0] if outputs else None,
        }
        try:
            process = subprocess.Popen(  # noqa: S603  ourselves
                [sys.executable, "-P", "-m", WORKER, json.dumps(arguments)],
                stdin=file,
                stdout=lines if lines is not None else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[tell, *outputs],
                env=_environment(),
            )
        except BaseException:
            os.close(told)
            raise
        finally:
            os.close(tell)
        try:
            return _followed(
                process, told, request.limits.seconds * WALL_CLOCK_FACTOR, on_progress, is_stopped
            )
        finally:
            os.close(told)
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    """Return the environment variables that the process needs; none of them holds a token."""
    wanted = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in wanted if name in os.environ}


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    """Open the source as a seekable file; if it has to be copied, the copy has no name on disk."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            if file.seekable():
                yield file
                return
            source = file.read()
    elif not isinstance(source, bytes) and source.seekable():
        yield source
        return
    with tempfile.TemporaryFile() as copy:
        if isinstance(source, bytes):
            copy.write(source)
        else:
            shutil.copyfileobj(source, copy)
        copy.seek(0)
        yield copy


def _followed(
    process: subprocess.Popen[bytes],
    told: int,
    seconds: float,
    on_progress: OnProgress | None,
    is_stopped: Callable[[], bool],
) -> Summary:
    for message in _messages(told, time.monotonic() + seconds, is_stopped):
        if message is None:
            raise TriageError(Failure.TOO_LONG)
        match message:
            case {"progress": share, "orders": orders}:
                if on_progress is not None:
                    on_progress(share, orders)
            case {"failed": failure, "detail": detail}:
                raise TriageError(Failure(failure), detail)
            case {"done": summary}:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE_SECONDS)
                return Summary.of_json(summary)
    raise _ended(process)


def _messages(told: int, until: float, is_stopped: Callable[[], bool]) -> Iterator[dict[str, Any] | None]:
    """Yield the process's messages until it ends; None if it takes too long."""
    kept = b""
    while True:
        if is_stopped():
            raise StoppedError
        left = until - time.monotonic()
        if left <= 0:
            yield None
            return
        if not select.select([told], [], [], min(left, STOP_CHECK_SECONDS))[0]:
            continue
        read = os.read(told, 64 * 1024)
        if not read or len(kept) > MAX_MESSAGE_BYTES:
            return
        *whole, kept = (kept + read).split(b"\n")
        yield from map(json.loads, whole)


def _ended(process: subprocess.Popen[bytes]) -> TriageError:
    """Return why a process ended without a result."""
    try:
        status = process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        return TriageError(Failure.BROKEN, "the process closed its messages and went on")
    if status == -signal.SIGXCPU:
        return TriageError(Failure.TOO_LONG)
    if status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGBUS):
        return TriageError(Failure.TOO_MUCH_MEMORY)
    return TriageError(Failure.BROKEN, f"the process ended with status {status}")
