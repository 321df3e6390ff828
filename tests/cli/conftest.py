"""The command line as the console script runs it, but in this process: arguments, environment, streams."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import structlog

from bot.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left: its exit status and what it wrote."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def certdesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command with these variables and no other of certdesk's or Slack's."""

    def run(*arguments: str, typed: str | bytes = "", **variables: str) -> Done:
        for name in [*os.environ]:
            if name.startswith(("SLACK_", "CERTDESK_")):
                monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["certdesk", *arguments])
        octets = typed.encode() if isinstance(typed, str) else typed
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets)))
        monkeypatch.setenv("COLUMNS", "200")
        capsys.readouterr()
        if isinstance(sys.stderr, io.TextIOWrapper):  # and not what `serve` puts in its place
            sys.stderr.reconfigure(errors="backslashreplace")  # as a process has it
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return Done(int(ended.value.code or 0), written.out, written.err)

    logging = structlog.get_config()
    yield run
    structlog.configure(**logging)  # `serve` had set it up for streams that are closed now
