"""Real processes die by SIGKILL: `serve` while people act, `db upgrade` while it migrates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import migrating
from tests.faults.killing import KILLED
from tests.faults.plan import Harm, Plan
from tests.faults.sites import DIED_AFTER
from tests.faults.workers import Workers

AT_CALLS = (Harm("call:chat.postMessage", DIED_AFTER, 2), Harm("delivery:block_actions", DIED_AFTER, 2))


def test_a_process_that_is_killed_again_and_again_loses_nothing() -> None:
    plan = Plan("killed", AT_CALLS, process=True, kills=1, asking=2)
    with Workers(1) as workers:
        [report] = workers.reports([plan])
    assert report.broken == [], str(report)
    assert report.counts["process", KILLED] == 3
    assert report.lives >= 3


def test_a_migration_that_is_killed_leaves_all_or_nothing(tmp_path: Path) -> None:
    with migrating.on_sqlite(tmp_path, 2_000) as (copies, rows):
        trials = migrating.killed(copies, rows, 3)
    assert trials.broken == []
    assert trials.half_way > 0


@pytest.mark.long
@pytest.mark.usefixtures("postgresql")
def test_a_migration_of_postgresql_that_is_killed_leaves_all_or_nothing() -> None:
    with migrating.on_postgresql(2_000) as (copies, rows):
        trials = migrating.killed(copies, rows, 2)
    assert trials.broken == []
    assert trials.half_way > 0
