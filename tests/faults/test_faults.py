"""Nothing is lost and nothing done twice: the simulator's short form. The long one is `make soak`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

import pytest

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
from tests.faults.sites import inside, places
from tests.faults.soak import ROUNDS, lacking
from tests.faults.table import drawn, never, total
from tests.faults.workers import Workers

SEED: Final = 3
AT_ONCE: Final = 4  # half of a run is waiting


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(AT_ONCE) as made:
        yield made


UNHARMED: Final = (
    Plan("no harm"),
    Plan("no harm, HTTP", http=True, days=False),
    Plan("no harm, two bots", bots=2, days=False),
)


@pytest.fixture(scope="module")
def reports(workers: Workers) -> list[Report]:
    """What came of the runs without harm and of the table, all at once and the longest first."""
    plans = sorted((*UNHARMED, *table(SEED)), key=lambda plan: not plan.days)
    return list(workers.reports(plans))


def broken(reports: list[Report]) -> str:
    return "\n".join(str(report) for report in reports if report.broken)


def test_without_harm_everything_holds(reports: list[Report]) -> None:
    unharmed = [report for report in reports if report.plan in UNHARMED]
    assert not broken(unharmed), broken(unharmed)
    assert sorted(report.lives for report in unharmed) == [1, 1, 2]


def test_every_fault_at_every_site_harms_nothing(
    workers: Workers, reports: list[Report], capsys: pytest.CaptureFixture[str]
) -> None:
    reports = [report for report in reports if report.plan not in UNHARMED]
    for number in range(ROUNDS):
        reports += workers.reports(lacking(SEED + number, reports, inside()))
    counts = total(report.counts for report in reports)
    with capsys.disabled():
        print(f"\nseed {SEED}, {len(reports)} runs, {counts.total()} faults\n{drawn(counts)}")  # noqa: T201
    assert not broken(reports), broken(reports)
    assert never(counts, inside()) == []
    assert unknown(reports) == set()


def unknown(reports: list[Report]) -> set[str]:
    """Return where the bot passed that is not in the table: who adds a call or a write adds it there."""
    passed = {site for report in reports for site in report.passed}
    known = places().keys()
    return {site for site in passed if site not in known and not site.startswith("database:Simulator.")}


@pytest.mark.long
@pytest.mark.usefixtures("postgresql")
def test_on_postgresql_with_two_bots_at_once(workers: Workers) -> None:
    plans = (replace(plan, postgresql=True, bots=2) for plan in islice(table(SEED + 1), 3))
    reports = list(workers.reports(plans))
    assert not broken(reports), broken(reports)
    assert total(report.counts for report in reports).total() > 40


def test_a_plan_is_found_by_its_name() -> None:
    plans = [*islice(table(SEED), 3), *islice(in_turn(SEED), 3), at_random(SEED), killed(SEED)]
    plans.append(at_one(SEED, ("database:handle/begun", "failed")))
    plans += [at_some(SEED, few) for few in grouped(inside()[:7])]
    plans += [*guests(SEED), guests_at_random(SEED), at_one(SEED, ("outside:disk", "full"))]
    assert [find(plan.name) for plan in plans] == plans
