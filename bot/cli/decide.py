"""`certdesk decide` and `certdesk read`: JSON Lines in, JSON Lines out."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import IO, Any, TypeAlias

import typer

import policy
from bot import clock
from bot.cli.failures import RefusalError
from bot.settings import Settings
from policy.decide_json import answer_line as decided

Answering: TypeAlias = Callable[[policy.Policy, int, str, date], dict[str, Any]]


def run(settings: Settings, file: Path | None, answer_line: Answering = decided) -> int:
    """Answer each line in order; returns 1 if any was an error, else 0."""
    core = policy.load(settings.policy_dirs)
    today = clock.now().astimezone().date()
    failed = False
    with _lines(file) as lines:
        for number, line in enumerate(_unmarked(lines), start=1):
            text = line.rstrip(b"\r\n").decode("utf-8", errors="surrogateescape")
            answer = answer_line(core, number, text, today)
            failed = failed or "error" in answer
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    return int(failed)


def _unmarked(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines without the byte order mark that some programs write."""
    for number, line in enumerate(lines):
        if number == 0 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise RefusalError("these lines are in UTF-16; save them as UTF-8.")
        yield line.removeprefix(codecs.BOM_UTF8) if number == 0 else line


def _lines(file: Path | None) -> IO[bytes] | nullcontext[IO[bytes]]:
    if file is None or str(file) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from error
