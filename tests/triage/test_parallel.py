"""A long list is shared by two processes, and is answered as by one."""

from __future__ import annotations

import json
import os
import tempfile

import psutil
import pytest

from bot.reading.order_list_csv import BLOCK
from bot.triage import triage_file
from bot.triage.parallel import in_parallel, with_own_position
from tests.triage.test_process import ROW, request

# of newer Pythons, where the tests themselves run beside other threads; what answers a list has one
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


def test_what_two_processes_make_comes_in_order() -> None:
    made = [*in_parallel(range(9), lambda task: (task * task, os.getpid()))]
    assert [square for square, _ in made] == [task * task for task in range(9)]
    assert made[0][1] == os.getpid()
    assert len({pid for _, pid in made}) == min(2, len(os.sched_getaffinity(0)))


def test_what_the_copy_fails_at_is_done_here() -> None:
    here = os.getpid()

    def do(task: int) -> int:
        if task == 3 and os.getpid() != here:
            os._exit(1)
        return task

    assert [*in_parallel(range(8), do)] == [*range(8)]


def test_an_error_is_raised_as_without_a_copy() -> None:
    def do(task: int) -> int:
        if task == 3:
            raise MemoryError
        return task

    with pytest.raises(MemoryError):
        [*in_parallel(range(8), do)]


def test_the_copy_ends_when_nobody_reads_it_any_more() -> None:
    before = psutil.Process().children()
    made = in_parallel(range(50), lambda _task: bytes(BLOCK))
    next(made)
    made.close()  # type: ignore[attr-defined]  # it is a generator
    assert psutil.Process().children() == before


def test_each_process_reads_the_file_from_its_own_place() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"".join(bytes([number]) * 100 for number in range(200)))
        file.flush()
        own = with_own_position(file)

        def do(number: int) -> set[int]:
            own.seek(number * 100)
            return set(own.read(100))

        assert [*in_parallel(range(200), do)] == [{number} for number in range(200)]


@pytest.mark.long
def test_a_shared_list_is_answered_line_for_line() -> None:
    """With blank lines, totals and titles across the edges of its blocks."""
    rows, number = ["sep=,", "Orders", "", "Domain,Product,Status,Issued on"], 0
    at: dict[int, str] = {}
    while sum(map(len, rows[::100])) * 100 < 3 * BLOCK:
        for _ in range(1_000):
            number += 1
            rows.append(ROW.format(number, number % 23 + 1).rstrip())
            at[len(rows)] = f"shop{number}.example.com"
        rows += ["", "Total,1000,,", "Domain,Product,Status,Issued on"]
    with tempfile.TemporaryFile() as lines, tempfile.TemporaryFile() as annotated:
        content = "\n".join(rows).encode()
        summary = triage_file(content, request(), lines=lines, annotated=annotated)
        lines.seek(0)
        annotated.seek(0)
        answered = {each["line"]: each["details"]["common_name"] for each in map(json.loads, lines)}
        written = annotated.read().decode().splitlines()
    assert answered == at
    assert [*answered] == sorted(answered)
    assert summary.orders == len(at)
    assert [line.split(",")[0] for line in written] == [row.split(",")[0] for row in rows if row]
