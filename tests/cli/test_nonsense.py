"""Every command with nonsense: a sentence, a fitting exit status, never a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.main import app
from tests.cli.conftest import Run

CERTDESK = str(Path(sys.executable).with_name("certdesk"))
DECIDED = b'{"facts": {"program": "trustico", "account": "retail"}, "today": "2026-11-23"}\n'

HUGE = "1" + "0" * 30
NUMBERS = ["0", "-1", "70000", str(2**31), str(2**63), HUGE, "9" * 5_000, "1.5", "nan", "0x10", "٣", "", "x"]
DAYS = ["0001-01-01", "9999-12-31", "10000-01-01", "0000-00-00", "2026-02-30", "-1", "today", "", HUGE]
AGES = ["0d", "1d", "99999d", "100000d", f"{HUGE}d", "-1d", "d", "", "1w"]
TEXTS = ["", " ", "x" * 10_000, "\n", "../..", "%s{0}", "\N{PILE OF POO}", "\udcff", "T:U", "T1:\udcff", ":"]
FILES = ["", ".", "/", "/no/such/file", "/dev/null", "x" * 5_000, "\udcff"]
ADDRESSES = [*TEXTS, "sqlite:////", "sqlite:////dev/null/x", "sqlite:///:memory:", "mysql://x", "http://[::1"]
NONSENSE = {
    "number": NUMBERS,
    "port": NUMBERS[1:],
    "metrics_port": NUMBERS[1:],
    "limit": NUMBERS,
    "since": DAYS,
    "until": DAYS,
    "older_than": AGES,
    "file": FILES,
    "out": FILES,
    "to": ADDRESSES,
}


def commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    """Yield each command of a group of Typer's, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name), command


def calls() -> Iterator[tuple[str, ...]]:
    """Yield each command with nonsense for each of its parameters, the others left out."""
    for path, command in commands(typer.main.get_command(app)):
        yield (*path, "--no-such-option")
        yield (*path, "one", "two", "three")
        for parameter in command.params:
            values = NONSENSE.get(parameter.name or "", TEXTS)
            if parameter.param_type_name == "argument":
                yield from ((*path, value) for value in values)
            elif not parameter.is_flag:
                yield from ((*path, parameter.opts[0], value) for value in values)


# They would listen, or wait for ever: of these what is not refused at once is tried in test_serve.py.
LISTENING = {"serve", "playground"}
CALLS = [call for call in calls() if call[0] not in LISTENING or "port" in call[1]]


def _named(call: tuple[str, ...]) -> tuple[str, ...]:
    return call[:2] if call[0] in {"cases", "db", "outbox", "policy"} else call[:1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.mark.parametrize("command", sorted({_named(call) for call in CALLS}), ids=" ".join)
def test_nonsense_is_a_sentence(certdesk: Run, folder: Path, command: tuple[str, ...]) -> None:
    settings = {
        "CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "0123456789abcdef",
        "SLACK_API_URL": "http://127.0.0.1:9/",
    }
    assert certdesk("db", "upgrade", **settings).status == 0
    here = Path.cwd()
    os.chdir(folder)
    try:
        for call in (each for each in CALLS if _named(each) == command):
            done = certdesk(*call, **settings)
            assert done.status in {0, 1, 2}, call
            assert "Traceback" not in done.err + done.out, call
            assert done.status == 0 or done.err or done.out, call
            assert done.err.count("\n") <= 40, (call, done.err)  # a very long word is folded
    finally:
        os.chdir(here)


ROW = {  # what the found list names, and their kind -> exit status, and what is said
    ("outbox", "retry", "99999999999999999999"): (
        1,
        "there is no dead or expired effect 99999999999999999999",
    ),
    ("outbox", "drop", "99999999999999999999"): (1, "there is no effect 99999999999999999999"),
    ("outbox", "retry", str(2**63 - 1)): (1, "there is no dead or expired effect"),
    ("outbox", "retry", "0"): (1, "there is no dead or expired effect 0"),
    ("cases", "export", "--until", "9999-12-31"): (0, "case,"),
    ("cases", "export", "--since", "9999-12-31"): (0, "case,"),
    ("cases", "export", "--since", "0001-01-01", "--until", "0001-01-01"): (0, "case,"),
    ("cases", "export", "--until", "10000-01-01"): (2, "--until takes a day as 2026-11-23"),
    ("cases", "export", "--out", "."): (2, "--out takes a file"),
    ("purge", "--older-than", "99999d"): (0, "purged: 0 cases"),
    ("serve", "--port", "70000"): (2, "Invalid value for '--port'"),
    ("serve", "--metrics-port", "-1"): (2, "Invalid value for '--metrics-port'"),
    ("playground", "--port", "70000"): (2, "Invalid value for '--port'"),
    ("playground", "--port", "-1"): (2, "Invalid value for '--port'"),
    ("decide", "/"): (2, "Is a directory"),
}


@pytest.mark.parametrize("call", ROW, ids=" ".join)
def test_what_is_said(certdesk: Run, folder: Path, call: tuple[str, ...]) -> None:
    settings = {"CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'desk.db'}"}
    assert certdesk("db", "upgrade", **settings).status == 0
    status, words = ROW[call]
    done = certdesk(*call, **settings)
    assert done.status == status
    assert words in " ".join((done.out + done.err).replace("│", "").split())


def test_a_playground_on_a_port_in_use_names_it_and_the_option(certdesk: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        done = certdesk("playground", "--no-browser", "--port", port)
    assert done.status == 2
    assert f"port {port} (Address already in use); choose another with --port" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "status", "answers"),
    [
        (b"\xef\xbb\xbf" + DECIDED, 0, ["decision"]),
        (b"\xef\xbb\xbf" + DECIDED + b"\xef\xbb\xbf" + DECIDED, 1, ["decision", "error"]),
        (b"\xef\xbb\xbf", 1, ["error"]),
        (b"\0" + DECIDED + DECIDED, 1, ["error", "decision"]),
        (DECIDED.replace(b"\n", b"\r\n") * 2, 0, ["decision", "decision"]),
        (b"\xef\xbb\xbf\r\n" + DECIDED, 1, ["error", "decision"]),
    ],
)
def test_what_programs_put_before_the_first_line(
    certdesk: Run, typed: bytes, status: int, answers: list[str]
) -> None:
    done = certdesk("decide", typed=typed)
    assert (done.status, done.err) == (status, "")
    assert [line[2:].partition('"')[0] for line in done.out.splitlines()] == answers


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_another_encoding_is_a_sentence(certdesk: Run, encoding: str) -> None:
    typed = DECIDED.decode().encode(encoding)
    if not encoding.endswith("6"):
        typed = "\ufeff".encode(encoding) + typed
    done = certdesk("decide", typed=typed)
    assert (done.status, done.out) == (2, "")
    assert done.err == "certdesk: these lines are in UTF-16; save them as UTF-8.\n"


def test_a_file_that_may_not_be_read_is_a_sentence(certdesk: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(DECIDED)
    file.chmod(0)
    done = certdesk("decide", str(file))
    assert done.status == (0 if os.geteuid() == 0 else 2)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "shell",
    [
        f"yes '{DECIDED.decode().strip()}' | head -3000 | '{CERTDESK}' decide | head -1 >/dev/null",
        f"'{CERTDESK}' decide <&-",
        f"'{CERTDESK}' ask <&-",
        f"'{CERTDESK}' decide >&-",
        f"'{CERTDESK}' manifest >&- 2>&-",
        f"'{CERTDESK}' manifest >/dev/full",
        f"'{CERTDESK}' decide >/dev/full",
        f"'{CERTDESK}' decide nothing 2>/dev/full",
        f"'{CERTDESK}' --help | true",
    ],
)
def test_streams_that_are_closed_or_full_cost_no_traceback(shell: str) -> None:
    command = ["bash", "-c", shell]
    done = subprocess.run(command, input=DECIDED, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.stderr.count(b"\n") <= 1
