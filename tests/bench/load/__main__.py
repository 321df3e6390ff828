"""Measure what a load does to `certdesk serve`: `python -m tests.bench.load [--quick] [SECTION …]`.

`overload [--before CERTDESK]` offers one process more and more, beside another installation's `certdesk`
where one is named, and writes the picture of docs/load.md.

Sections: `rates` (one process at 50, 200 and 500 interactions/s, on both databases, beside an app that only
acknowledges), `ack` (the CPU of a durable step up to its acknowledgment), `pace`, `many` (one, two and four
processes). Each run has its own database, bot and fake Slack; the rounds take turns. What is printed is
docs/load.md's tables.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

import psutil

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests import postgres
from tests.bench.load import serving
from tests.bench.load.people import Kind
from tests.bench.load.picture import PICTURE, Point, drawn
from tests.bench.load.serving import CERTDESK, Measured
from tests.bench.load.tables import (
    acks,
    busy,
    cell,
    failed,
    good,
    good_again,
    in_line,
    in_time,
    late,
    megabytes,
    per_act,
    percentile,
    shown,
    table,
)
from tests.bench.load.traffic import Plan

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
RATES = (50, 200, 500)
PACELESS = (sys.executable, "-m", "tests.bench.load.paceless")
MESSAGES = (Kind.MESSAGE, Kind.CHOICE)


@dataclass(frozen=True)
class Size:
    """How long and how often."""

    rounds: int
    warm: float
    seconds: float


WHOLE = Size(rounds=3, warm=5, seconds=8)
QUICK = Size(rounds=1, warm=3, seconds=5)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, dict[str, psutil.Process]]]:
    """Yield the address of a fresh database, and the process that keeps it, if there is one."""
    if kind == SQLITE:
        yield f"sqlite:///{folder / 'certdesk.db'}", {}
        return
    server = postgres.server()
    for setting in ("fsync", "full_page_writes"):  # the tests do without, a desk does not
        server.run(f"ALTER SYSTEM RESET {setting}")
    server.run("SELECT pg_reload_conf()")
    with postgres.fresh_database() as address:
        keeper = int((server.data / "postmaster.pid").read_text().split()[0])
        yield address, {"database": psutil.Process(keeper)}


@dataclass(frozen=True)
class Run:
    """What to run, at a rate: certdesk on a database, or `bare` on what certdesk was sent before."""

    name: str
    rate: float
    kind: str = SQLITE
    number: int = 1
    steps: bool = False
    bare: bool = False
    launcher: tuple[str, ...] = (str(CERTDESK),)
    after: float = 0


async def run(what: Run, size: Size, seed: int, record: Path) -> Measured:
    """Run once."""
    with tempfile.TemporaryDirectory(prefix="certdesk-load-") as name:
        folder = Path(name)
        if what.bare:
            async with serving.bare(folder) as apps:
                plan = Plan([apps[0].url], what.rate, size.seconds, 1, seed, replay=str(record))
                return await serving.send(plan, apps, {})
        async with _joined(what, folder) as (apps, others, joined):
            plan = Plan(
                [app.url for app in apps],
                what.rate,
                size.seconds,
                size.warm,
                seed,
                joined.url,
                str(joined.authority),
                what.steps,
                str(record),
                after=what.after,
            )
            return await serving.send(plan, apps, others)


@asynccontextmanager
async def _joined(
    what: Run, folder: Path
) -> AsyncIterator[tuple[list[serving.App], dict[str, psutil.Process], serving.Slack]]:
    with database(what.kind, folder) as (address, keeper):
        async with (
            serving.slack(folder) as joined,
            serving.desks(joined, address, folder, what.number, what.launcher) as apps,
        ):
            yield apps, {"slack": joined.process, **keeper}, joined


async def rounds(runs: list[Run], size: Size) -> dict[Run, list[Measured]]:
    """Run everything in turn, and again."""
    found: dict[Run, list[Measured]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="certdesk-load-") as folder:
        for number in range(size.rounds):
            for what in runs:
                record = Path(folder) / f"{what.rate:g}-{what.steps}.json"
                sys.stderr.write(f"{what.name}, round {number + 1} of {size.rounds}\n")
                found[what].append(await run(what, size, number + 1, record))
    return found


HEAD = ("", "ack p50 ms", "ack p99 ms", "in line p99 ms", "window p50 ms", "message p50 ms", "message p99 ms")
COSTS = (
    "CPU ms each",
    "times bare",
    "bot %",
    "database %",
    "Slack %",
    "generator %",
    "late p99 ms",
    "MB",
    "failed",
)


def row(name: str, runs: list[Measured], beside: list[Measured]) -> list[str]:
    """Return what there is to say of a run."""
    windows = [kind for kind in Kind if kind not in (*MESSAGES, Kind.SUBMISSION)]
    ratio = cell(runs, per_act, 9).split()[0], cell(beside, per_act, 9).split()[0]
    return [
        name,
        cell(runs, lambda one: percentile(acks(one), 0.5)),
        cell(runs, lambda one: percentile(acks(one), 0.99)),
        cell(runs, lambda one: percentile(in_line(one), 0.99)),
        cell(runs, lambda one: percentile(shown(one, windows), 0.5)),
        cell(runs, lambda one: percentile(shown(one, MESSAGES), 0.5)),
        cell(runs, lambda one: percentile(shown(one, MESSAGES), 0.99)),
        cell(runs, per_act, 2),
        f"{float(ratio[0]) / float(ratio[1]):.1f}",
        *(
            cell(runs, lambda one, who=who: busy(one, who), 0)
            for who in ("bot", "database", "slack", "generator")
        ),
        cell(runs, lambda one: percentile(late(one), 0.99)),
        cell(runs, lambda one: one.megabytes, 0),
        cell(runs, failed, 0),
    ]


async def show(title: str, runs: list[Run], size: Size) -> None:
    """Run, and print a table of it; beside each rate stands the bare app at that rate."""
    found = await rounds(runs, size)
    bare = {what.rate: measured for what, measured in found.items() if what.bare}
    rows = [row(what.name, found[what], bare[what.rate]) for what in runs]
    table(title, (*HEAD, *COSTS), rows)


def one_process(rates: tuple[int, ...]) -> list[Run]:
    return [
        one
        for rate in rates
        for one in (
            *(Run(f"{kind}, {rate}/s", rate, kind) for kind in (SQLITE, POSTGRESQL)),
            Run(f"only acknowledges, {rate}/s", rate, bare=True),
        )
    ]


def up_to_the_ack(rate: int) -> list[Run]:
    runs = [Run(f"{kind}, {rate}/s", rate, kind, steps=True) for kind in (SQLITE, POSTGRESQL)]
    return [*runs, Run(f"only acknowledges, {rate}/s", rate, steps=True, bare=True)]


def with_pace_and_without(rate: int) -> list[Run]:
    return [
        Run(f"one message a second, {rate}/s", rate),
        Run(f"no pace, {rate}/s", rate, launcher=PACELESS),
        Run(f"only acknowledges, {rate}/s", rate, bare=True),
    ]


def many(rate: int, numbers: tuple[int, ...]) -> list[Run]:
    runs = [Run(f"processes: {number}, {rate}/s", rate, POSTGRESQL, number) for number in numbers]
    return [*runs, Run(f"only acknowledges, {rate}/s", rate, bare=True)]


OFFERED: Final = (50, 100, 150, 200, 300, 400, 500)
AFTER_SECONDS: Final = 4.0  # of few acts, to see how soon it is good again


async def overload(size: Size, before: str) -> None:
    """Offer more than can be done; print what was answered in time, and draw it."""
    launchers = {"before": before, "after": str(CERTDESK)} if before else {"after": str(CERTDESK)}
    runs = [
        Run(name, rate, launcher=(path,), after=AFTER_SECONDS)
        for rate in OFFERED
        for name, path in launchers.items()
    ]
    found = await rounds(runs, replace(size, rounds=min(size.rounds, 2)))
    cells = {
        what: (
            cell(found[what], good, 0),
            cell(found[what], in_time),
            cell(found[what], good_again),
            cell(found[what], megabytes, 0),
        )
        for what in runs
    }
    head = ("", "answered in time, a second", "ack p99 ms of those", "good again after s", "MB")
    rows = [[f"{what.rate}/s, {what.name}", *cells[what]] for what in runs]
    table("More than can be done (SQLite, one process)", head, rows)
    lines = {
        name: [
            Point(rate, median(map(good, ran)), median(map(in_time, ran)))
            for rate in OFFERED
            if (ran := found[next(one for one in runs if one.name == name and one.rate == rate)])
        ]
        for name in launchers
    }
    PICTURE.write_text(drawn(lines))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", help="ack, rates, pace, many; all by default, --quick: two")
    parser.add_argument("--quick", action="store_true", help="a round of each, and fewer rates")
    parser.add_argument("--before", default="", help="another installation's certdesk, for `overload`")
    asked = parser.parse_args()
    size, rates = (QUICK, (50, 200)) if asked.quick else (WHOLE, RATES)
    python = f"Python {sys.version.split()[0]}"
    sys.stdout.write(f"{os.cpu_count()} cores, {python}, {size.rounds} rounds of {size.seconds:g} s each\n")
    numbers = (1, 2) if asked.quick else (1, 2, 4)
    sections = {
        "ack": ("The CPU of a durable step up to its acknowledgment", up_to_the_ack(100)),
        "rates": ("One process", one_process(rates)),
        "pace": (
            "One message a second in a conversation, or as fast as it goes (SQLite)",
            with_pace_and_without(100),
        ),
        "many": ("Processes on one PostgreSQL", many(200, numbers)),
    }
    if asked.sections == ["overload"]:
        await overload(size, asked.before)
        return
    for section in asked.sections or ([*sections][:2] if asked.quick else sections):
        await show(*sections[section], size)


if __name__ == "__main__":
    asyncio.run(main())
