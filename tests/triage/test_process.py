"""The process that answers a list: what it gets, what it says, and how it ends when it takes too much."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil
import pytest
import xlsxwriter

from bot.triage import Failure, Limits, Request, TriageError, Written, triage_file
from tests.triage.lists import GERMAN, RESELLER, TITLES, TODAY, workbook

ROW = "shop{0}.example.com,PositiveSSL,completed,2026-11-{1:02d}\n"


def request(written: Written = Written.JSON, limits: Limits | None = None) -> Request:
    return Request(dict(RESELLER), TODAY.isoformat(), None, written, limits=limits or Limits())


def many(rows: int) -> bytes:
    lines = (ROW.format(number, number % 23 + 1) for number in range(rows))
    return b"Domain,Product,Status,Issued on\n" + "".join(lines).encode()


@pytest.fixture
def lines() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        yield file


@pytest.mark.long
def test_a_list_is_answered_from_a_path_octets_or_a_stream(tmp_path: Path, lines: IO[bytes]) -> None:
    content = GERMAN.encode("cp1252")
    (tmp_path / "list.csv").write_bytes(content)
    with (tmp_path / "list.csv").open("rb") as opened:
        summaries = [
            triage_file(source, request(), lines=lines) for source in (tmp_path / "list.csv", content, opened)
        ]
    assert len({summary.orders for summary in summaries}) == 1
    lines.seek(0)
    answers = [json.loads(line) for line in lines]
    assert [answer["line"] for answer in answers] == [5, 6, 7] * 3


@pytest.mark.long
def test_a_pipe_is_read_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(
        [sys.executable, "-c", f"open({str(tmp_path / 'pipe')!r}, 'wb').write({many(3)!r})"]
    ):
        assert triage_file(tmp_path / "pipe", request()).orders == 3


@pytest.mark.long
def test_the_summary_counts_what_closes_and_what_stays_open() -> None:
    summary = triage_file(workbook(TITLES, [("B4:B6", "PositiveSSL")]), request(Written.NOTHING))
    assert (summary.orders, summary.refundable, summary.closing, summary.unreadable) == (4, 2, 1, 1)
    assert summary.verdicts == {"eligible": 2, "expired": 1}
    assert (summary.is_workbook, summary.undecided_days, summary.open) == (True, False, {})
    assert [(each.line, each.order, each.days_left) for each in summary.listed] == [
        (4, "a.example.com", 10),
        (5, "b.example.com", 0),
        (6, "c.example.com", None),
        (7, "d.example.com", None),
    ]


@pytest.mark.long
def test_of_many_orders_those_with_the_least_time_are_listed() -> None:
    summary = triage_file(many(2_000), request(Written.NOTHING))
    left = [each.days_left for each in summary.listed]
    assert (summary.orders, len(left)) == (2_000, 200)
    assert left == sorted(left, key=lambda days: -1 if days is None else days)
    assert left[0] == 8


@pytest.mark.long
def test_it_says_how_far_it_is_and_can_be_stopped() -> None:
    said: list[tuple[float, int]] = []
    triage_file(many(30_000), request(), on_progress=lambda share, orders: said.append((share, orders)))
    assert said == sorted(said)
    assert 0 < said[0][0] <= said[-1][0] <= 1

    class StoppedError(Exception):
        pass

    def stop(_share: float, _orders: int) -> None:
        raise StoppedError

    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(StoppedError):
        triage_file(many(30_000), request(), on_progress=stop)
    assert {child.pid for child in psutil.Process().children()} == before


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"nothing of the kind", Failure.NO_HEADER),
        (b"", Failure.EMPTY),
        (b"%PDF-1.4\n", Failure.NO_TABLE),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), Failure.LOCKED),
        (b"PK\x03\x04", Failure.DAMAGED),
        (b"-----BEGIN PRIVATE KEY-----\n", Failure.PRIVATE_KEY),
    ],
)
def test_what_is_no_list_has_a_reason(content: bytes, failure: Failure) -> None:
    with pytest.raises(TriageError) as refused:
        triage_file(content, request())
    assert (refused.value.failure, refused.value.detail) == (failure, "")


@pytest.mark.long
def test_what_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(TriageError) as ended:
        triage_file(many(400_000), request(limits=Limits(seconds=1)))
    assert ended.value.failure is Failure.TOO_LONG
    assert time.monotonic() - began < 20


@pytest.mark.long
def test_what_takes_too_much_memory_is_ended() -> None:
    corner = io.BytesIO()
    book = xlsxwriter.Workbook(corner, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Domain", "Product"])
    sheet.write(1_048_575, 16_383, "in the last cell that there is")
    book.close()
    for content in (corner.getvalue(), b"Domain,Product\n" + b"x" * 200_000_000):
        with pytest.raises(TriageError) as ended:
            triage_file(content, request(limits=Limits(megabytes=160)))
        assert ended.value.failure is Failure.TOO_MUCH_MEMORY


@pytest.mark.long
def test_it_gets_no_token_and_says_nothing_of_the_list_when_it_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    seen: list[str] = []

    def look(_share: float, _orders: int) -> None:
        with suppress(psutil.Error):  # it may have ended
            seen.extend(" ".join(child.environ()) for child in psutil.Process().children())

    triage_file(many(30_000), request(), on_progress=look)
    assert seen
    assert not any("SLACK" in names for names in seen)
    with pytest.raises(TriageError) as broken:
        triage_file(many(1), Request({"program": "no such program"}, TODAY.isoformat()))
    assert broken.value.failure is Failure.BROKEN
    assert "shop0" not in broken.value.detail
    assert "ValueError" in broken.value.detail


@pytest.mark.long
def test_serving_never_loads_what_reads_lists() -> None:
    reads = {
        "polars",
        "python_calamine",
        "xlsxwriter",
        "bot.reading.order_lists",
        "bot.reading.order_list_csv",
    }
    code = f"import sys, bot.triage, bot.cli.serve, bot.wiring; print(sorted({reads} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.long
def test_nothing_reads_lines_that_nobody_wants() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nowhere, pytest.raises(TriageError):
        triage_file(io.BytesIO(many(50_000)).getvalue(), request(), lines=nowhere)
