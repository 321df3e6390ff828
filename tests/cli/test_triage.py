"""`certdesk triage` as a person and as another program call it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done, Run
from tests.triage.lists import GERMAN, OPEN_DAYS, TITLES, workbook

CERTDESK = str(Path(sys.executable).with_name("certdesk"))
HOLDS = ("--fact", "program=opensrs", "--fact", "requester=reseller", "--today", "2026-11-23")


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    return path


def triage(*arguments: str | Path, typed: bytes = b"", **environment: str) -> Done:
    """Run the command as a process: what answers the list writes to the command's own output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CERTDESK_")}
    done = subprocess.run(
        [CERTDESK, "triage", *map(str, arguments)],
        input=typed,
        capture_output=True,
        timeout=120,
        check=False,
        env={**kept, "COLUMNS": "200", **environment},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def lines(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_line_of_json_for_each_order(orders: Path) -> None:
    done = triage(orders, *HOLDS, "--json")
    assert done.status == 0
    found = lines(done)
    assert [line["line"] for line in found] == [5, 6, 7]
    assert {(*line,) for line in found} == {("line", "facts", "details", "decision", "ask", "unreadable")}
    assert found[0]["facts"] == {
        "program": "opensrs",
        "requester": "reseller",
        "issued": True,
        "provider": "sectigo",
        "validation": "dv",
        "fulfilled_on": "2026-11-03",
    }
    assert found[1]["details"] == {"common_name": "xn--mller-kva.example.de"}
    assert found[1]["decision"]["caveats"] == ["boundary"]
    assert done.err == ""


@pytest.mark.long
def test_without_a_terminal_there_is_a_line_with_tabs_for_each_order(orders: Path) -> None:
    done = triage("-", *HOLDS, typed=orders.read_bytes())
    first = done.out.splitlines()[0].split("\t")
    assert first[:6] == ["5", "laden.example.de", "support ticket", "yes", "2026-12-03", "10"]


@pytest.mark.long
def test_the_list_comes_back_with_its_answers(orders: Path, tmp_path: Path) -> None:
    out = tmp_path / "answered.csv"
    out.write_text("something old")
    assert triage(orders, *HOLDS, "--out", out).status == 0
    assert ";support ticket;yes;2026-12-03;10;" in out.read_text()
    book = tmp_path / "orders.xlsx"
    book.write_bytes(workbook(TITLES, [("B4:B6", "PositiveSSL")]))
    assert triage(book, *HOLDS, "--out", out).status == 0
    assert out.read_bytes().startswith(b"PK\x03\x04")
    assert {path.name for path in tmp_path.iterdir()} == {"orders.csv", "orders.xlsx", "answered.csv"}


@pytest.mark.long
def test_the_order_of_day_and_month_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(OPEN_DAYS)
    asked = [line["ask"] for line in lines(triage(path, *HOLDS, "--json"))]
    assert [ask["fact"] if ask else None for ask in asked] == [
        "fulfilled_on",
        "fulfilled_on",
        None,
        None,
        None,
    ]
    said = lines(triage(path, *HOLDS, "--json", "--dates", "day-first"))
    assert [line["facts"]["fulfilled_on"] for line in said][:2] == ["2026-04-03", "2026-06-05"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nothing of the kind", "no header was found"),
        (b"PK\x03\x04", "the workbook is damaged"),
        (b"-----BEGIN PRIVATE KEY-----\n", "it is a private key"),
    ],
)
def test_what_is_no_list_is_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path, out = tmp_path / "orders.csv", tmp_path / "out.csv"
    path.write_bytes(content)
    done = triage(path, *HOLDS, "--json", "--out", out)
    assert (done.status, done.out) == (1, "")
    assert words in done.err
    assert "Traceback" not in done.err
    assert [each.name for each in tmp_path.iterdir()] == ["orders.csv"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone.csv"], "No such file"),
        (["."], "Is a directory"),
        (["orders.csv", "--fact", "program"], "--fact takes program="),
        (["orders.csv", "--fact", "program=opensrs", "--fact", "program=trustico"], "each fact once"),
        (["orders.csv", "--fact", "progam=opensrs"], "there is no such fact"),
        (["orders.csv", "--fact", "program=opensr"], 'did you mean "opensrs"?'),
        (["orders.csv", "--fact", "fulfilled_on=2026-11-31"], "fulfilled_on cannot be"),
        (["orders.csv", "--today", "tomorrow"], "--today"),
        (["orders.csv", "--dates", "backwards"], "--dates"),
        (["orders.csv", "--out", "none/out.csv"], "cannot be written"),
    ],
)
def test_what_is_not_right_is_a_sentence(
    certdesk: Run, orders: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(orders.parent)
    done = certdesk("triage", *arguments)
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.long
def test_in_a_terminal_there_is_a_table(orders: Path) -> None:
    reading, writing = pty.openpty()
    with subprocess.Popen(
        [CERTDESK, "triage", str(orders), *HOLDS],
        stdout=writing,
        stderr=writing,
        env={**os.environ, "COLUMNS": "160", "TERM": "xterm"},
    ) as process:
        os.close(writing)
        seen = b""
        while True:
            try:
                read = os.read(reading, 65536)
            except OSError:  # the other end has gone
                break
            if not read:
                break
            seen += read
    os.close(reading)
    assert process.returncode == 0
    text = seen.decode()
    for words in ("Days left", "laden.example.de", "self service portal", "3 orders"):
        assert words in text


@pytest.mark.long
def test_what_is_no_file_is_written_to_and_not_replaced(orders: Path, tmp_path: Path) -> None:
    """A pipe, as it may stand behind `--out /dev/stdout`, or a device."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        done = triage(orders, *HOLDS, "--out", pipe)
        answered, _ = reader.communicate(timeout=60)
    assert done.status == 0
    assert b"eligible" in answered.lower() or b"yes" in answered.lower()
    assert pipe.is_fifo()
