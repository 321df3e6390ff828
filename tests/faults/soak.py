# ruff: noqa: T201  it prints what came of it
"""Run the simulator for long: `python -m tests.faults.soak [--seed N] [--minutes N] [--only PLAN]`.

Migrations that are killed first, then every site and fault, every passage of every site in turn, then at
random, with real processes that are killed among them. Prints each run that breaks something with its plan,
and at the end the table. Exit status 1 where anything broke, a pair of the table never happened, or there
were fewer faults than asked for.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Final

from tests.faults import migrating
from tests.faults.fates import ASTRAY, LOST
from tests.faults.killing import KILLED
from tests.faults.plan import Plan, Report
from tests.faults.plans import (
    at_one,
    at_random,
    at_some,
    find,
    grouped,
    guests,
    guests_at_random,
    in_turn,
    killed,
    table,
)
from tests.faults.sites import outside
from tests.faults.table import drawn, never, total
from tests.faults.workers import Workers, hush

EACH: Final = 12  # one run in so many is of real processes that are killed, one is judged from outside
CASES: Final = 20_000  # in a database that is migrated
ROUNDS: Final = 5  # of plans for what those before did not hit


def plans(seed: int, until: float) -> Iterator[Plan]:
    """Yield all in turn, then at random, until the time is up."""
    processes, strangers = map(killed, count(seed)), chain(guests(seed), map(guests_at_random, count(seed)))
    for number, plan in enumerate(chain(table(seed), in_turn(seed), map(at_random, count(seed)))):
        if time.monotonic() > until:
            return
        yield plan
        if number % EACH == 0:
            yield next(processes)
        if number % EACH == EACH // 2:
            yield next(strangers)


def migrations(kills: int) -> list[migrating.Trials]:
    """Kill so many migrations of each kind of database."""
    done = []
    with tempfile.TemporaryDirectory(prefix="certdesk-migrating-") as folder:
        for kind, filled in (
            ("SQLite", migrating.on_sqlite(Path(folder), CASES)),
            ("PostgreSQL", migrating.on_postgresql(CASES)),
        ):
            with filled as (copies, rows):
                done.append(migrating.killed(copies, rows, kills))
            print(f"{kind}: {done[-1]}", flush=True)
    return done


def soak(chosen: Iterable[Plan], workers: Workers) -> list[Report]:
    """Run plans, and say of each that broke something."""
    kept = []
    for report in workers.reports(chosen):
        kept.append(report)
        if report.broken:
            print(report, flush=True)
    return kept


def for_long(seed: int, until: float, workers: Workers) -> list[Report]:
    """Run plans until the time is up, and then what the table still lacks."""
    kept = soak(plans(seed, until), workers)
    for number in range(ROUNDS):
        kept += soak(lacking(seed + number, kept), workers)
    return kept


def lacking(seed: int, reports: list[Report], wanted: Sequence[tuple[str, str]] | None = None) -> list[Plan]:
    """Return plans for what the table, or the part of it that is wanted, still lacks."""
    missed, strange = never(total(report.counts for report in reports), wanted), outside()
    from_outside = [at_one(seed, pair) for pair in missed if pair in strange]
    return from_outside + [
        at_some(seed, few) for few in grouped(pair for pair in missed if pair not in strange)
    ]


def fate_of_words(reports: list[Report]) -> str:
    """Return how many messages of requesters had which fate, and how many words had none or a wrong one."""
    fates = sum((report.fates for report in reports), Counter[str]())
    found = [problem for report in reports for problem in report.broken]
    lost, astray = (sum(problem.startswith(kind) for problem in found) for kind in (LOST, ASTRAY))
    told = ", ".join(f"{count} {fate.replace('_', ' ')}" for fate, count in fates.most_common())
    return f"{fates.total()} messages: {told}; {lost} lost, {astray} astray"


def commit() -> str:
    """Return the commit that was soaked, marked where the tree differs from it."""
    described = ("git", "describe", "--always", "--dirty", "--abbrev=7")
    ran = subprocess.run(described, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return ran.stdout.strip() or "unknown"


def main() -> int:
    """Soak, and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--faults", type=int, default=10_000, help="how many there must be at least")
    asked.add_argument(
        "--migrations", type=int, default=40, help="how many to kill, on each kind of database"
    )
    asked.add_argument("--workers", type=int, default=3)
    asked.add_argument("--only", help="the name of one plan")
    given = asked.parse_args()
    hush()
    began = time.monotonic()
    if given.only is not None:
        with Workers(1) as workers:
            [report] = workers.reports([find(given.only)])
        print(report)
        return int(bool(report.broken))
    trials = migrations(given.migrations)
    with Workers(given.workers) as workers:
        kept = for_long(given.seed, began + given.minutes * 60, workers)
    counts = total(report.counts for report in kept)
    print(drawn(counts))
    broken, missing = [report for report in kept if report.broken], never(counts)
    kills = counts["process", KILLED] + sum(trial.kills for trial in trials)
    faults = sum(counts.values()) + sum(trial.kills for trial in trials)
    strangers = sum(report.plan.outside for report in kept)
    print(f"commit {commit()}, seed {given.seed}: {len(kept)} runs, {strangers} of them judged from outside,")
    print(f"{faults} faults, {kills} of them a real SIGKILL,")
    print(f"{len(broken)} broken, {len(missing)} pairs never hit {missing}, {time.monotonic() - began:.0f} s")
    print(fate_of_words(kept))
    harmed = broken or missing or faults < given.faults or any(trial.broken for trial in trials)
    return int(bool(harmed))


if __name__ == "__main__":
    sys.exit(main())
