"""`certdesk read` as another program calls it: JSON Lines in, JSON Lines out, an exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CERTDESK = [str(Path(sys.executable).with_name("certdesk")), "read"]
TEXT = (
    "Client changed his mind, Sectigo PositiveSSL for shop.example.com issued last Tuesday, "
    "order 1234567890, can I get a refund?"
)
LINE = json.dumps({"text": TEXT, "today": "2026-11-23"}).encode() + b"\n"
KEYS = ["facts", "details", "ambiguous", "intent", "found"]


def read(typed: bytes, *args: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run([*CERTDESK, *args], input=typed, capture_output=True, timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def test_a_text_is_answered_with_what_it_says_and_where() -> None:
    status, [answer], said = read(LINE)
    assert (status, said, list(answer)) == (0, "", KEYS)
    assert answer["facts"] == {
        "issued": True,
        "provider": "sectigo",
        "validation": "dv",
        "fulfilled_on": "2026-11-17",
    }
    assert answer["details"] == {"common_name": "shop.example.com"}
    assert (answer["ambiguous"], answer["intent"]) == ([], "refund")
    assert {"fact": "issued", "value": True, "text": "issued", "start": 66, "end": 72} in answer["found"]
    for each in answer["found"]:
        assert TEXT[each["start"] : each["end"]] == each["text"]


@pytest.mark.long
def test_bad_lines_are_errors_and_those_after_them_are_answered() -> None:
    bad = [
        b"{\n",
        b"\n",
        b"\xff\n",
        b'{"text": 3}\n',
        b'{"words": "x"}\n',
        b'{"today": "2026-11-23"}\n',
        b'{"text": "x", "today": "23.11."}\n',
        b'{"text": "x", "text": "y"}\n',
        b"[]\n",
    ]
    status, lines, _ = read(b"".join(bad) + LINE)
    assert status == 1
    assert [line["error"]["line"] for line in lines[:-1]] == list(range(1, len(bad) + 1))
    assert all("accepted" in line["error"]["message"] or "twice" in str(line) for line in lines[:-1])
    assert list(lines[-1]) == KEYS


@pytest.mark.long
def test_today_counts_where_the_line_gives_none_and_may_be_any_day() -> None:
    text = (
        json.dumps({"text": "issued yesterday", "today": "2024-03-01"}).encode()
        + b'\n{"text": "yesterday"}\n'
    )
    status, lines, _ = read(text)
    assert status == 0
    assert lines[0]["facts"] == {"issued": True, "fulfilled_on": "2024-02-29"}


@pytest.mark.long
def test_a_file_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(LINE.rstrip())
    assert read(b"", str(file))[1] == read(LINE, "-")[1]
    assert read(b"", str(tmp_path / "none.jsonl"))[0] == 2
