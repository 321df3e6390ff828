"""Admission: who is let in while more comes than can be done."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from structlog.testing import capture_logs

from bot import metrics
from bot.slack.app.admission import FEW, Admission, Caller


class Ticks:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class Queue:
    """Deliveries that come at a rate and are done at another, first in first out."""

    def __init__(self) -> None:
        self.ticks = Ticks()
        self.admission = Admission(self.ticks)
        self.under_way: list[tuple[float, contextlib.ExitStack]] = []
        self.waits: list[float] = []
        self.refused = 0

    def come(self, caller: Caller = Caller.PERSON) -> bool:
        if not self.admission.lets_in(caller):
            self.refused += 1
            return False
        stack = contextlib.ExitStack()
        stack.enter_context(self.admission.under_way())
        self.under_way.append((self.ticks.at, stack))
        return True

    def end(self, place: int = 0) -> None:
        began, stack = self.under_way.pop(place)
        self.waits.append(self.ticks.at - began)
        stack.close()

    def run(self, seconds: float, offered: int, done: int) -> None:
        """Let time pass in milliseconds, with so many a second that come and can be done."""
        for ms in range(1, round(seconds * 1000) + 1):
            self.ticks.at += 0.001
            for _ in range(offered * ms // 1000 - offered * (ms - 1) // 1000):
                self.come()
            for _ in range(done * ms // 1000 - done * (ms - 1) // 1000):
                if self.under_way:
                    self.end()


@pytest.mark.parametrize("offered", [300, 500, 1000, 2000])
def test_what_is_let_in_is_answered_in_time_and_nothing_idles(offered: int) -> None:
    queue = Queue()
    queue.run(12, offered, done=200)
    assert max(queue.waits) < 2.5
    assert len(queue.waits) >= 0.95 * 12 * 200


def test_below_what_can_be_done_nobody_is_refused() -> None:
    queue = Queue()
    queue.run(12, offered=190, done=200)
    assert queue.refused == 0


def test_a_second_after_the_load_everybody_is_let_in() -> None:
    queue = Queue()
    queue.run(10, offered=1000, done=200)
    queue.run(1.5, offered=0, done=200)
    queue.refused = 0
    queue.run(5, offered=190, done=200)
    assert queue.refused == 0


def test_events_give_way_to_people() -> None:
    queue = Queue()
    for _ in range(150):
        queue.come()
    queue.run(0.2, offered=0, done=200)
    assert queue.come(Caller.PERSON)
    assert not queue.come(Caller.EVENT)


def test_where_one_waits_long_the_others_are_let_in() -> None:
    """A row that is locked, or a flood that stands in its sender's own line."""
    queue = Queue()
    for _ in range(50):
        queue.come()
    for _ in range(400):  # others come and go in 10 ms
        queue.ticks.at += 0.01
        assert queue.come()
        queue.end(-1)
    assert queue.come(Caller.EVENT)


def test_where_nothing_ends_only_a_few_are_let_in() -> None:
    queue = Queue()
    for _ in range(FEW - 1):
        queue.come()
    queue.ticks.at += 10
    assert queue.come()
    assert not queue.come()


def counted() -> float:
    return metrics.REGISTRY.get_sample_value("certdesk_requests_refused_total", {"reason": "busy"}) or 0


def test_it_is_counted_and_told_once_a_minute() -> None:
    queue = Queue()
    before = counted()
    with capture_logs() as logs:
        queue.run(61, offered=100, done=10)
    assert counted() - before == queue.refused
    told = [entry for entry in logs if entry["event"] == "overloaded"]
    assert len(told) == 2
    assert told[0]["under_way"] > FEW


def test_metrics_say_how_long_the_queue_is() -> None:
    queue = Queue()
    for _ in range(20):
        queue.come()
    queue.ticks.at += 0.8
    value = metrics.REGISTRY.get_sample_value
    assert value("certdesk_deliveries_under_way") == 20
    assert value("certdesk_queue_wait_seconds") == pytest.approx(0.8)
    assert value("certdesk_saturation") == pytest.approx(0.8)


def test_what_raises_has_ended_too() -> None:
    queue = Queue()
    with contextlib.suppress(asyncio.CancelledError), queue.admission.under_way():
        raise asyncio.CancelledError
    assert queue.admission.wait() == 0
