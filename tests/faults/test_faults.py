"""Nothing is lost and nothing done twice: the simulator's short form. The long one is `make soak`."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from itertools import islice

import pytest

from tests.faults.plans import in_turn
from tests.faults.simulator import Plan, run
from tests.faults.soak import hush
from tests.faults.table import table, total

SEED = 3
AT_ONCE = 9
RUNS = 6


@pytest.fixture(autouse=True)
def _quiet(logging_as_usual: None) -> Iterator[None]:
    del logging_as_usual  # it goes first
    hush()
    yield
    gc.collect()  # what the dead leave behind complains here, not in another test


@pytest.mark.filterwarnings("ignore")  # the dead close nothing behind them
@pytest.mark.parametrize("http", [False, True], ids=["socket mode", "http"])
def test_without_harm_everything_holds(*, http: bool) -> None:
    report = asyncio.run(run(Plan(SEED, http=http)))
    assert report.broken == [], str(report)


@pytest.mark.filterwarnings("ignore")
def test_faults_at_many_sites_harm_nothing() -> None:
    """Several pairs of site and fault in a run, so that they also meet; the long form has the whole table."""
    reports = [asyncio.run(run(plan)) for plan in islice(in_turn(SEED, 1, AT_ONCE), RUNS)]
    counts = total(report.counts for report in reports)
    print(table(counts))  # noqa: T201  shown where it fails
    broken = [str(report) for report in reports if report.broken]
    assert not broken, "\n".join(broken)
    assert counts.total() >= RUNS * AT_ONCE / 2
