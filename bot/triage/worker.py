"""The process that answers a list: it reads standard input, writes its outputs, and reports progress."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
import traceback
from contextlib import ExitStack
from dataclasses import asdict
from typing import IO, Any, Final

from bot.reading.order_list_csv import (
    DamagedWorkbookError,
    EmptyListError,
    LockedWorkbookError,
    NoHeaderError,
    NoTableError,
    TooLargeError,
)
from bot.reading.order_list_failures import Failure
from bot.reading.order_lists import PrivateKeyError
from bot.triage.answering import Triage
from bot.triage.parallel import with_own_position
from bot.triage.request import Request

REPORT_SECONDS: Final = 0.1
BUFFER: Final = 1024 * 1024
FAILURES: Final[dict[type[BaseException], Failure]] = {
    EmptyListError: Failure.EMPTY,
    NoTableError: Failure.NO_TABLE,
    NoHeaderError: Failure.NO_HEADER,
    DamagedWorkbookError: Failure.DAMAGED,
    LockedWorkbookError: Failure.LOCKED,
    TooLargeError: Failure.TOO_LARGE,
    PrivateKeyError: Failure.PRIVATE_KEY,
    MemoryError: Failure.TOO_MUCH_MEMORY,
}


def main(arguments: dict[str, Any]) -> None:
    """Answer the list on standard input; report progress and failure as JSON, and print nothing else."""
    request = Request.of_json(arguments["request"])
    limit(request.limits.seconds, request.limits.megabytes)
    gc.disable()  # the process lives for one list and makes no reference cycles
    with os.fdopen(arguments["told_on"], "w", encoding="utf-8") as told:
        say = _Reporter(told)
        try:
            with ExitStack() as outputs:
                lines, annotated = (
                    outputs.enter_context(os.fdopen(number, "wb", BUFFER)) if number is not None else None
                    for number in (arguments["lines_on"], arguments["annotated_on"])
                )
                source = with_own_position(sys.stdin.buffer)
                summary = Triage(request, say.progress).run(source, lines, annotated)
            say({"done": asdict(summary)})
        except BrokenPipeError:  # nobody is reading
            pass
        except BaseException as error:  # noqa: BLE001  also what a library in Rust raises when it panics
            failure = next(
                (each for kind, each in FAILURES.items() if isinstance(error, kind)), Failure.BROKEN
            )
            # without the error's message, which may contain text of the list
            frames = "".join(traceback.format_tb(error.__traceback__)) if failure is Failure.BROKEN else ""
            say({"failed": failure, "detail": f"{frames}{type(error).__name__}" if frames else ""})
    os._exit(0)  # without flushing an output that nobody reads


def limit(seconds: int, megabytes: int) -> None:
    """Limit this process's CPU time and memory; beyond that the system kills it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process ends it
    try:
        import resource  # noqa: PLC0415  there is none on Windows
    except ImportError:
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Reporter:
    """Reports progress, not too often, and the result."""

    def __init__(self, told: IO[str]) -> None:
        self._told = told
        self._last = 0.0

    def __call__(self, message: dict[str, Any]) -> None:
        self._told.write(json.dumps(message) + "\n")
        self._told.flush()

    def progress(self, share: float, orders: int) -> None:
        if (now := time.monotonic()) - self._last >= REPORT_SECONDS:
            self._last = now
            self({"progress": round(share, 4), "orders": orders})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
