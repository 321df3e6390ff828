"""Answer a list of a million orders from the command line, beside a bare read of the same file by polars.

`make bench-triage`, or `python tests/bench/triage.py --rounds 5 --rows 1000000`: of several rounds, each of
which does everything once, the median and the spread of what each takes by the clock and in CPU, and the most
memory that any of its processes had. The orders are as a panel lists them, by the day of the order, over ten
years. A workbook holds as many of them as a sheet can that is answered well: a tenth.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]

ROWS = 1_000_000
ROUNDS = 3
MOST_SECONDS, MOST_MEGABYTES = 20, 1024
FIRST = date(2016, 11, 23)
TODAY = date(2026, 11, 23)
CERTDESK = Path(sys.executable).with_name("certdesk")
PRODUCTS = (
    "Sectigo PositiveSSL",
    "PositiveSSL Wildcard",
    "EssentialSSL",
    "InstantSSL",
    "GeoTrust QuickSSL Premium",
    "True BusinessID with EV",
    "Thawte SSL123",
    "Secure Site Pro",
    "Trustwave Premium SSL",
    "Trustwave Premium EV SSL",
    "RapidSSL",
)
HEADER = "Order,Supplier order ID,Domain,Product,Status,Ordered,Issued on,Term,Customer,Tech email,Amount\n"
CSV = "import csv, sys\nfor row in csv.reader(open(sys.argv[1], newline='')): pass"
POLARS = "import sys, polars; polars.read_csv(sys.argv[1], infer_schema=False)"


def write_list(path: Path, rows: int) -> None:
    """Write a list of so many orders; three of a hundred are not issued, five of a thousand spoiled."""
    chance = random.Random(11)  # noqa: S311  not secrecy
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(rows):
            ordered = FIRST + timedelta(days=number * (TODAY - FIRST).days // rows)
            issued = min(ordered + timedelta(days=chance.randrange(5)), TODAY)
            is_issued = chance.random() > 0.03
            day = f"{issued:%d/%m/%Y}" if chance.random() > 0.005 else "31/02/2026"
            file.write(
                f"{4_000_000 + number},{10_000_000 + number * 7},shop{number}.example.com,"
                f"{chance.choice(PRODUCTS)},{'Completed' if is_issued else 'Pending'},{ordered:%d/%m/%Y},"
                f'{day if is_issued else ""},{chance.choice("123")} year,"Company {number % 977}, Ltd",'
                f"tech{number % 5000}@example.com,{chance.randrange(9, 400)}.00\n"
            )


def write_workbook(source: Path, path: Path, rows: int) -> None:
    """Write the first rows of a list as a workbook."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    with source.open(encoding="utf-8", newline="") as file:
        for number, cells in zip(range(rows + 1), csv.reader(file), strict=False):
            sheet.write_row(number, 0, cells)
    book.close()


class Taken(NamedTuple):
    """What one command took, with all that it started."""

    seconds: float
    cpu: float
    megabytes: int


def measured(command: Sequence[str]) -> Taken:
    """Run a command and return what it took."""
    files = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0o600)]
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], [*command], os.environ, file_actions=files)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    return Taken(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def commands(folder: Path, rows: int) -> dict[str, list[str]]:
    """Make the lists, and return what is run on them."""
    path, book = folder / "orders.csv", folder / "orders.xlsx"
    write_list(path, rows)
    write_workbook(path, book, rows // 10)
    sys.stdout.write(f"{rows:,} orders, {path.stat().st_size / 1e6:.0f} MB of CSV\n")
    holds = ["--today", str(TODAY), "--fact", "program=opensrs", "--fact", "requester=reseller", "--json"]
    return {
        "polars.read_csv, nothing else": [sys.executable, "-c", POLARS, str(path)],
        "Python's csv, nothing else": [sys.executable, "-c", CSV, str(path)],
        "certdesk triage --json": [str(CERTDESK), "triage", str(path), *holds],
        "the same with --out": [str(CERTDESK), "triage", str(path), *holds, "--out", str(folder / "out.csv")],
        f"{rows // 10:,} orders as XLSX": [str(CERTDESK), "triage", str(book), *holds],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    taken: defaultdict[str, list[Taken]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        every = commands(Path(folder), chosen.rows)
        for _ in range(chosen.rounds):
            for name, command in every.items():
                taken[name].append(measured(command))
    sys.stdout.write(f"{chosen.rounds} rounds, median (least to most)\n\n")
    sys.stdout.write("| | seconds | of CPU | MB |\n| --- | --- | --- | --- |\n")
    for name, runs in taken.items():
        clock, cpu = (
            f"{statistics.median(each):.1f} ({min(each):.1f} to {max(each):.1f})"
            for each in ([run.seconds for run in runs], [run.cpu for run in runs])
        )
        sys.stdout.write(f"| {name} | {clock} | {cpu} | {max(run.megabytes for run in runs)} |\n")
    asked = taken["certdesk triage --json"]
    met = statistics.median(run.seconds for run in asked) <= MOST_SECONDS
    met = met and max(run.megabytes for run in asked) <= MOST_MEGABYTES
    words = f"a million orders in {MOST_SECONDS} s and {MOST_MEGABYTES} MB"
    sys.stdout.write(f"\n{words}: {'met' if met else 'missed'}\n" if chosen.rows == ROWS else "")


if __name__ == "__main__":
    main()
