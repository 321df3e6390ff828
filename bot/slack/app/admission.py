"""Admission: refuse what cannot be answered in Slack's three seconds before any work is done on it.

A new delivery waits for everything under way, at the pace at which work ends while there is much of it. The
number alone says little, because one person's locked row or flood waits in a line of its own: there is a
queue only if even the quickest had to wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from time import monotonic
from typing import Final

import structlog

from bot import metrics

FEW: Final = 8  # under way: this many are always let in, or nobody would notice that the load has ended
LATELY: Final = 8  # the latest results, of which the quickest counts
QUICK: Final = 0.05  # seconds: what is answered this soon met no queue
SILENT: Final = 0.5  # seconds without a result after which earlier ones say nothing
WEIGHT: Final = 0.05  # of the latest pause in the mean pause between two results
PAUSE: Final = 0.005  # seconds, until there is a mean
TOLD_SECONDS: Final = 60.0

log = structlog.get_logger("certdesk.admission")


class Caller(Enum):
    """Who waits, and for how many seconds of queue before their deliveries are refused.

    A person waits three seconds and then sees an error; Slack repeats an event by itself.
    """

    PERSON = 1.0
    EVENT = 0.4


class Admission:
    """What is under way, and whether more can be done in time."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._began: dict[object, float] = {}  # in order of arrival
        self._lately: deque[float] = deque(maxlen=LATELY)  # how long the latest took
        self._pause = PAUSE  # between two results, while more than a few are under way
        self._ended_at = ticks()
        self._refused = 0
        self._told_at = float("-inf")
        metrics.QUEUE_WAIT.set_function(self.wait)
        metrics.UNDER_WAY.set_function(lambda: len(self._began))
        metrics.SATURATION.set_function(self.saturation)

    def wait(self) -> float:
        """Return how many seconds a new delivery will have to wait, as far as that is known."""
        if not self._began:
            return 0.0
        now = self._ticks()
        silent = min(now - self._ended_at, now - next(iter(self._began.values())))
        if silent > SILENT:
            return silent
        quickest = min(self._lately, default=0.0)
        return len(self._began) * self._pause if quickest > QUICK else quickest

    def saturation(self) -> float:
        """Return the wait as a share of what a person may wait: from 1 on people are refused."""
        return self.wait() / Caller.PERSON.value

    def is_full(self, caller: Caller) -> bool:
        """Tell whether nothing more can be done in time."""
        return len(self._began) >= FEW and self.wait() >= caller.value

    def lets_in(self, caller: Caller) -> bool:
        """Tell whether something more can be done in time; a refusal is counted, and logged once a minute."""
        if not self.is_full(caller):
            return True
        self._refused += 1
        metrics.REFUSED.labels("busy").inc()
        now = self._ticks()
        if now - self._told_at >= TOLD_SECONDS:
            log.warning("overloaded", refused=self._refused, under_way=len(self._began))
            self._told_at, self._refused = now, 0
        return False

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Count something as under way until it ends."""
        key = object()
        self._began[key] = self._ticks()
        try:
            yield
        finally:
            self._ended(self._began.pop(key))

    def _ended(self, began: float) -> None:
        now = self._ticks()
        self._lately.append(now - began)
        if len(self._began) >= FEW:
            self._pause += WEIGHT * (now - self._ended_at - self._pause)
        self._ended_at = now
