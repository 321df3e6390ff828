"""Where log lines go: a stream that loses a line rather than raise, or wait for who does not read it.

A full disk, a pipe whose reader has gone or has stopped reading, a closed stream, a text that cannot be
encoded: each costs the line, which is counted in `certdesk_log_lines_lost`.
"""

from __future__ import annotations

import io
import os
import select
import sys
from typing import Final, TextIO, cast

from bot import metrics

PIECE: Final = 4096  # what a pipe that can be written to takes without waiting (PIPE_BUF, pipe(7))
STANDARD_OUTPUT: Final = 1
STANDARD_ERROR: Final = 2
PATIENCE: Final = 0.05  # seconds for a reader that is behind; none for one that stays so


class LogOutput(io.TextIOBase):
    """Write to a stream, None where there is none; never raises and hardly waits."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._descriptor = _descriptor_of(stream)
        self._behind = False
        self._torn = False  # the last line stands there in part

    def write(self, text: str) -> int:
        """Write a text, or count its lines as lost."""
        try:
            if self._descriptor is not None:
                self._put(text.encode(self.encoding, self.errors))
            elif self._stream is not None:
                self._stream.write(text.encode(self.encoding, self.errors).decode())
                self._stream.flush()
            else:
                _lose(text)
        except (OSError, ValueError):  # a UnicodeError and a closed stream are ValueErrors
            _lose(text)
        return len(text)

    def _put(self, data: bytes) -> None:
        """Write bytes. Raises OSError where they cannot be written at once."""
        descriptor = self._descriptor
        if descriptor is None:
            return
        rest = memoryview(b"\n" + data if self._torn else data)
        while rest:
            if not select.select([], [descriptor], [], 0 if self._behind else PATIENCE)[1]:
                self._behind = True
                raise BlockingIOError
            written = os.write(descriptor, rest[:PIECE])
            self._behind = False
            rest = rest[written:]
            self._torn = bool(rest)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""

    def writable(self) -> bool:
        """Say that this takes text."""
        return True

    def isatty(self) -> bool:
        """Tell whether a person reads along."""
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:
            return False

    def fileno(self) -> int:
        """Return the descriptor. Raises OSError where there is none."""
        if self._descriptor is None:
            raise io.UnsupportedOperation("fileno")
        return self._descriptor


def protect_standard_streams() -> None:
    """Let nothing that is printed raise, whoever prints it."""
    sys.stdout = cast("TextIO", LogOutput(sys.stdout))
    sys.stderr = cast("TextIO", LogOutput(sys.stderr))


def _descriptor_of(stream: TextIO | None) -> int | None:
    """Return the number of a standard stream, None for any other, whose number may become another file's."""
    try:
        number = stream.fileno() if stream is not None else None
    except (OSError, ValueError):
        return None
    return number if number in {STANDARD_OUTPUT, STANDARD_ERROR} else None


def _lose(text: str) -> None:
    metrics.LOG_LINES_LOST.inc(max(1, text.count("\n")))
