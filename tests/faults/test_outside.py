"""A real `certdesk serve`, harmed and judged from outside: its log, disk, clock, life, people and answers."""

from __future__ import annotations

import sys
from typing import Final

import pytest

from tests.faults.plans import guests
from tests.faults.sites import outside
from tests.faults.table import never, total
from tests.faults.workers import Workers

SEED: Final = 3
AT_ONCE: Final = 3  # they wait more than they work


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="what makes a clock jump and a disk full is Linux's")
def test_whatever_happens_to_a_process_no_word_is_lost_and_none_said_twice() -> None:
    with Workers(AT_ONCE) as workers:
        reports = list(workers.reports(guests(SEED)))
    broken = "\n".join(str(report) for report in reports if report.broken)
    assert not broken, broken
    assert never(total(report.counts for report in reports), outside()) == []
