# ruff: noqa: T201  it prints what came of it
"""Run the simulator for long: `python -m tests.faults.soak [--seed N] [--runs N] [--minutes N] [--only N]`.

Prints each run that breaks something with its seed, and at the end the table. Exit status 1 where anything
broke or a pair of the table never happened.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Iterator
from itertools import chain, count

from bot import logs
from tests.faults.plans import at_every_transaction, at_random, in_turn
from tests.faults.simulator import Plan, Report, run
from tests.faults.table import never, table, total


def hush() -> None:
    """Keep what the dead leave behind out of the output."""
    logs.configure("CRITICAL", readable=True)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)


def plans(seed: int) -> Iterator[Plan]:
    """Yield all in turn, then at random for ever."""
    return chain(in_turn(seed, 3, 1), at_every_transaction(seed, 3), map(at_random, count(seed)))


def soak(chosen: Iterator[Plan], runs: int, minutes: float) -> list[Report]:
    """Run plans until there were so many, or the time is up."""
    until, reports = time.monotonic() + minutes * 60, []
    for plan in chosen:
        if len(reports) >= runs or time.monotonic() > until:
            break
        reports.append(asyncio.run(run(plan)))
        if reports[-1].broken:
            print(reports[-1], flush=True)
    return reports


def main() -> int:
    """Soak, and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--runs", type=int, default=20_000)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--only", type=int, help="the random plan of one seed")
    asked.add_argument("--random", action="store_true", help="nothing in turn, all at random")
    given = asked.parse_args()
    hush()
    chosen = map(at_random, count(given.seed)) if given.random else plans(given.seed)
    if given.only is not None:
        chosen = iter([at_random(given.only)])
    began = time.monotonic()
    reports = soak(chosen, given.runs, given.minutes)
    counts = total(report.counts for report in reports)
    broken = [report for report in reports if report.broken]
    print(table(counts))
    missing = never(counts) if given.only is None else []
    print(f"seed {given.seed}: {len(reports)} runs, {counts.total()} faults, {len(broken)} broken,")
    print(f"{len(missing)} pairs never hit {missing}, {time.monotonic() - began:.0f} s")
    return int(bool(broken or missing))


if __name__ == "__main__":
    sys.exit(main())
