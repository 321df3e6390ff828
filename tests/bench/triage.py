"""Answer a list of a million orders from the command line, beside a bare read of the same file by polars.

`python tests/bench/triage.py [ROWS]`: what each takes by the clock and in CPU, and the most memory that any
of its processes had. The orders are as a panel lists them, by the day of the order, over ten years.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

ROWS = 1_000_000
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


def measured(command: Sequence[str], out: str = os.devnull) -> tuple[float, float, int]:
    """Return seconds by the clock, seconds of CPU and megabytes of memory of a command and what it starts."""
    files = [(os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], [*command], os.environ, file_actions=files)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path, answered = Path(folder, "orders.csv"), Path(folder, "answered.csv")
        write_list(path, rows)
        triage = [str(CERTDESK), "triage", str(path), "--today", str(TODAY)]
        triage += ["--fact", "program=opensrs", "--fact", "requester=reseller"]
        runs = {
            "polars.read_csv, nothing else": [sys.executable, "-c", POLARS, str(path)],
            "Python's csv, nothing else": [sys.executable, "-c", CSV, str(path)],
            "certdesk triage --json": [*triage, "--json"],
            "certdesk triage --json --out": [*triage, "--json", "--out", str(answered)],
        }
        sys.stdout.write(f"{rows:,} orders, {path.stat().st_size / 1e6:.0f} MB of CSV\n")
        sys.stdout.write(f"{'':34}{'seconds':>9}{'of CPU':>9}{'MB':>7}\n")
        for name, command in runs.items():
            clock, cpu, memory = measured(command)
            sys.stdout.write(f"{name:34}{clock:9.1f}{cpu:9.1f}{memory:7d}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
