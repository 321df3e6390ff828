"""A log line that cannot be written costs a log line: nothing raises, nothing stops, and it is counted."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
import structlog

from bot import logs, metrics
from bot.log_output import LogOutput
from bot.playground.standin import Fault, StandIn
from tests.conftest import migrated, settings_for
from tests.test_serve import CERTDESK, Served, counted, free_port, ready, said


def lost() -> float:
    return metrics.REGISTRY.get_sample_value("certdesk_log_lines_lost_total") or 0


# --- a real `certdesk serve`


@contextmanager
def full_disk() -> Iterator[IO[bytes] | int]:
    with Path("/dev/full").open("wb") as full:
        yield full


@contextmanager
def reader_gone() -> Iterator[IO[bytes] | int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@contextmanager
def reader_stalled() -> Iterator[IO[bytes] | int]:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    while True:
        try:
            os.write(writing, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writing, True)
    yield writing
    os.close(writing)
    os.close(reading)


OUTPUTS: dict[str, Callable[[], Any]] = {
    "on a full disk": full_disk,
    "a pipe whose reader has gone": reader_gone,
    "a pipe that nobody reads": reader_stalled,
}


@pytest.fixture
async def now() -> AsyncIterator[StandIn]:
    """Serve a stand-in that goes by the machine's clock, as the process does."""
    async with StandIn.serving(commands=["/certdesk"], app_name="certdesk") as standin:
        yield standin


async def served_with(slack: StandIn, folder: Path, command: list[str], **streams: Any) -> Served:  # noqa: ANN401
    port, port_of_metrics = free_port(), free_port()
    values = dict(settings_for(slack, folder).values)
    migrated(values["CERTDESK_DATABASE_URL"])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CERTDESK_"))}
    options = ("--port", str(port), "--metrics-port", str(port_of_metrics))
    process = await asyncio.create_subprocess_exec(
        *command, str(CERTDESK), "serve", *options, env=kept | values, **streams
    )
    return Served(process, port, port_of_metrics, Path(os.devnull))


async def it_goes_on(slack: StandIn, served: Served, lost: int) -> None:
    """Let Slack fail once, so that something is logged, and see that all is done as ever."""
    try:
        await ready(served)
        slack.inject("chat.postMessage", Fault.SERVER_ERROR)
        await slack.say("rosa", slack.im("rosa"), "hi")
        await slack.until(lambda: len(said(slack)) == 2, timeout=15)
        await slack.say("rosa", slack.im("rosa"), "opensrs")
        await slack.until(lambda: len(said(slack)) == 3, timeout=15)
        assert (await served.get("/readyz"))[0] == 200
        figures = await counted(served, 'certdesk_task_up{task="outbox"} 1.0')
        assert 'certdesk_task_failures_total{task="outbox"}' not in figures
        lines = next(
            line for line in figures.splitlines() if line.startswith("certdesk_log_lines_lost_total")
        )
        assert float(lines.split()[-1]) >= lost
        assert await served.stop(signal.SIGTERM) < 8
        assert served.process.returncode == 0
    finally:
        if served.process.returncode is None:
            await served.stop(signal.SIGKILL)


@pytest.mark.long
@pytest.mark.parametrize("output", OUTPUTS)
async def test_it_serves_where_standard_error_takes_nothing(
    now: StandIn, tmp_path: Path, output: str
) -> None:
    with OUTPUTS[output]() as stream:
        served = await served_with(now, tmp_path, [], stdout=stream, stderr=stream)
        await it_goes_on(now, served, lost=2)  # what was said at start, and of the effect that was delayed


@pytest.mark.long
async def test_it_serves_with_its_standard_streams_closed(now: StandIn, tmp_path: Path) -> None:
    closing = ["/bin/sh", "-c", 'exec "$@" >&- 2>&-', "sh"]
    await it_goes_on(now, await served_with(now, tmp_path, closing), lost=0)


# --- what is logged


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Raising(io.StringIO):
    """A stream that takes nothing."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def write(self, _text: str) -> int:
        raise self.error


def around() -> list[object]:
    ring: list[object] = []
    ring.append(ring)
    return ring


VALUES: dict[str, object] = {
    "a value that cannot be shown": Unshowable(),
    "a value that holds itself": around(),
    "half a surrogate pair": "\ud800",
    "keys of several kinds": {1: "a", "b": 2, (3,): Unshowable()},
}


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("what", VALUES)
def test_whatever_is_logged_does_not_raise(
    what: str, capsys: pytest.CaptureFixture[str], *, readable: bool
) -> None:
    logs.configure("INFO", readable=readable)
    structlog.get_logger("certdesk.test").info("seen", value=VALUES[what])
    assert "seen" in capsys.readouterr().err  # the event's name at least


STREAMS: dict[str, IO[str] | None] = {
    "none": None,
    "full": Raising(OSError(28, "No space left on device")),
    "closed": io.StringIO(),
    "not UTF-8": io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict"),
}


@pytest.mark.parametrize("which", STREAMS)
def test_neither_certdesk_nor_a_library_raises(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = STREAMS[which]
    if which == "closed":
        assert stream is not None
        stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    kept, root.handlers = root.handlers, []
    try:
        logs.configure("INFO", readable=False)
        before = lost()
        structlog.get_logger("certdesk.test").info("Grüße", value=1)
        structlog.get_logger("certdesk.test").info("Grüße", value=2)
        logging.getLogger("uvicorn.error").error("Grüße")
        logging.getLogger("uvicorn.error").error("Grüße %d", "no number")
    finally:
        root.handlers = kept
    assert lost() - before == (4 if which != "not UTF-8" else 2)  # JSON escapes what a library does not


def test_lines_are_whole_again_after_one_that_was_torn() -> None:
    """A pipe with room for half a line, which is read after that."""
    script = (
        "import fcntl, os, sys\n"
        "from bot.log_output import LogOutput\n"
        "output = LogOutput(sys.stderr)\n"
        "room = fcntl.fcntl(2, fcntl.F_GETPIPE_SZ)\n"
        "output.write('a' * (room + 100) + '\\n')\n"
        "sys.stdout.write('torn'); sys.stdout.flush(); sys.stdin.readline()\n"
        "output.write('whole\\n')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(4) == b"torn"
        first = os.read(process.stderr.fileno(), 1 << 20)
        process.stdin.write(b"\n")
        process.stdin.flush()
        assert (first + process.stderr.read()).splitlines()[1:] == [b"whole"]
    assert process.returncode == 0


def test_a_terminal_is_still_known_as_one() -> None:
    controlling, terminal = os.openpty()
    with os.fdopen(terminal, "w") as stream:
        assert LogOutput(stream).isatty()
        assert not LogOutput(io.StringIO()).isatty()
        assert not LogOutput(None).isatty()
    os.close(controlling)
