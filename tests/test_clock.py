"""The steady clock: a jump of the machine counts once it has lasted 90 seconds, and is told at once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import clock as machine
from bot import metrics
from bot.clock import BELIEVED_AFTER, SteadyClock
from tests.conftest import NOON, Clock

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JUMPS = [HOUR, -HOUR, DAY, -DAY, timedelta(seconds=2), -timedelta(seconds=2), timedelta(days=400)]


def steady_by(clock: Clock) -> SteadyClock:
    return SteadyClock(clock, clock.ticks)


def jumps(direction: str) -> float:
    return metrics.REGISTRY.get_sample_value("certdesk_clock_jumps_total", {"direction": direction}) or 0


@pytest.mark.parametrize("size", JUMPS, ids=str)
def test_a_jump_that_is_set_right_within_a_minute_is_not_seen_by_anybody(
    clock: Clock, size: timedelta
) -> None:
    steady = steady_by(clock)
    clock.jump(seconds=size.total_seconds())
    assert steady() == NOON
    clock.forward(minutes=1)
    assert steady() == NOON + MINUTE
    clock.jump(seconds=-size.total_seconds())
    clock.forward(minutes=1)
    assert steady() == NOON + 2 * MINUTE
    assert steady.span().earliest == steady.span().latest == steady()


@pytest.mark.parametrize("size", JUMPS, ids=str)
def test_a_jump_that_lasts_is_followed_and_the_clock_before_it_is_remembered_for_a_day(
    clock: Clock, size: timedelta
) -> None:
    steady = steady_by(clock)
    clock.jump(seconds=size.total_seconds())
    assert steady() == NOON
    clock.forward(seconds=BELIEVED_AFTER.total_seconds() - 1)
    assert steady() == clock() - size
    clock.forward(seconds=1)
    assert steady() == clock()
    both = sorted([clock(), clock() - size])
    assert [steady.span().earliest, steady.span().latest] == both
    clock.forward(minutes=10)
    assert [steady.span(MINUTE).earliest, steady.span(MINUTE).latest] == [clock(), clock()]
    assert steady.span().earliest == clock() - max(size, timedelta())
    clock.forward(days=1)
    assert steady.span().earliest == clock()


def test_what_may_be_the_moment_while_the_clock_is_away(clock: Clock) -> None:
    steady = steady_by(clock)
    clock.jump(hours=-1)
    assert (steady.span().earliest, steady.span().latest) == (NOON - HOUR, NOON)
    clock.jump(hours=2)
    assert (steady.span().earliest, steady.span().latest) == (NOON, NOON + HOUR)


def test_a_clock_that_is_kept_right_is_followed_at_once(clock: Clock) -> None:
    steady = steady_by(clock)
    with capture_logs() as logs:
        for number in range(1, 50):
            clock.jump(seconds=0.9)
            assert steady() == NOON + number * timedelta(seconds=0.9)
    assert logs == []


def test_a_second_jump_begins_its_minutes_anew(clock: Clock) -> None:
    steady = steady_by(clock)
    clock.jump(hours=1)
    steady()
    clock.forward(minutes=1)
    clock.jump(hours=1)
    assert steady() == NOON + MINUTE
    clock.forward(minutes=1)
    assert steady() == NOON + 2 * MINUTE
    clock.forward(minutes=1)
    assert steady() == NOON + 3 * MINUTE + 2 * HOUR


def test_a_jump_is_told_with_its_size_and_counted_once(clock: Clock) -> None:
    steady = steady_by(clock)
    before = jumps("forward"), jumps("back")
    with capture_logs() as logs:
        clock.jump(days=1)
        for _ in range(5):
            steady()
            clock.forward(seconds=10)
        clock.jump(days=-1)
        steady()
        clock.jump(hours=-1)
        steady()
        clock.forward(minutes=3)
        steady()
    told = [(entry["event"], entry["seconds"]) for entry in logs]
    assert told == [
        ("clock_jumped", 86_400),
        ("clock_corrected", 86_400),
        ("clock_jumped", -3_600),
        ("clock_followed", -3_600),
    ]
    assert (jumps("forward"), jumps("back")) == (before[0] + 1, before[1] + 1)


def test_it_is_sure_of_itself_after_half_a_minute(clock: Clock) -> None:
    steady = steady_by(clock)
    clock.jump(days=1)
    clock.forward(seconds=29)
    assert not steady.is_sure
    clock.forward(seconds=1)
    assert steady.is_sure


def test_by_the_machines_own_clock_it_shows_that_one() -> None:
    steady = SteadyClock(machine.now)
    time.sleep(0.02)
    shown = steady()
    assert timedelta() <= machine.now() - shown < timedelta(seconds=1)
    assert shown.microsecond % 1000 == 0
