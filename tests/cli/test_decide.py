"""`certdesk decide` as another program calls it: JSON Lines in, JSON Lines out, an exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CERTDESK = [str(Path(sys.executable).with_name("certdesk")), "decide"]
ASKED = b'{"facts": {"program": "opensrs", "requester": "reseller"}}\n'
BROKEN = b"{\n"
DECIDED = b'{"facts": {"program": "trustico", "account": "retail"}, "today": "2026-11-23"}\n'


def decide(typed: bytes, *args: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run([*CERTDESK, *args], input=typed, capture_output=True, timeout=30, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


@pytest.mark.long
def test_each_line_is_answered_in_order() -> None:
    status, lines, said = decide(ASKED + DECIDED)
    assert (status, said) == (0, "")
    assert lines[0]["ask"]["fact"] == "issued"
    assert lines[0]["ask"]["choices"] == [True, False, "unknown"]
    assert lines[1]["decision"]["refund"]["verdict"] == "unstated"


@pytest.mark.long
def test_a_bad_line_is_an_error_and_those_after_it_are_answered() -> None:
    status, lines, _ = decide(ASKED + BROKEN + b"\n" + b"\xff\n" + b'{"facts": "\\ud800"}\n' + DECIDED)
    assert status == 1
    assert [next(iter(line)) for line in lines] == ["ask", "error", "error", "error", "error", "decision"]
    assert [line["error"]["line"] for line in lines if "error" in line] == [2, 3, 4, 5]


@pytest.mark.long
def test_a_file_is_read_too_and_a_dash_is_the_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(DECIDED.rstrip())
    assert decide(b"", str(file))[1] == decide(DECIDED, "-")[1]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    status, lines, said = decide(b"", str(tmp_path / "none.jsonl"))
    assert (status, lines) == (2, [])
    assert "No such file" in said
    assert "Traceback" not in said


@pytest.mark.long
def test_nothing_in_is_nothing_out() -> None:
    assert decide(b"") == (0, [], "")
