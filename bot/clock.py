"""The clock, read in one place; everything else is given the moment.

The machine's clock can be wrong and be corrected. So the desk uses a steady one: it follows the machine's
clock while that runs evenly, and believes a jump only after it has lasted longer than a wrong minute would.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

import structlog

from bot import metrics

STEP: Final = 1.0  # seconds: less is an adjustment, not a jump
BELIEVED_AFTER: Final = timedelta(seconds=90)
SURE_AFTER: Final = timedelta(seconds=30)  # after a start: people wait for reminders that came due meanwhile
REMEMBERED: Final = timedelta(days=1)  # how long a former clock is remembered

log = structlog.get_logger("certdesk.clock")


def now() -> datetime:
    """Return the moment, in UTC and in whole milliseconds, as receipts store it."""
    return _whole(datetime.now(UTC))


def ticks() -> float:
    """Return seconds that go on evenly, whatever is done to the machine's clock; also while it sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest and the latest moment that it may be, by the clocks that were trusted lately."""

    earliest: datetime
    latest: datetime


class SteadyClock:
    """The moment, by a clock that does not jump: the machine's (`wall`), checked against even `ticks`."""

    def __init__(self, wall: Callable[[], datetime], ticks: Callable[[], float] = ticks) -> None:
        self._wall = wall
        self.ticks = ticks
        self._lock = Lock()
        self._began = ticks()
        self._offset = wall().timestamp() - self._began  # between our moment and the ticks
        self._jump: tuple[float, float] | None = None  # the wall's offset now, and since when in ticks
        self._left: list[tuple[float, float]] = []  # former offsets, and until when they held

    def __call__(self) -> datetime:
        """Return the moment, in UTC."""
        return self._read()[0]

    @property
    def is_sure(self) -> bool:
        """Tell whether this clock has run for so long that a day may be taken as passed.

        Just after a start a wrong clock cannot be told from a long stop.
        """
        return self.ticks() - self._began >= SURE_AFTER.total_seconds()

    def span(self, within: timedelta = REMEMBERED) -> Span:
        """Return what the clocks that were trusted lately show: ours, the machine's, and a former one."""
        at, tick = self._read()
        with self._lock:
            since = tick - within.total_seconds()
            offsets = [offset for offset, until in self._left if until >= since]
            offsets += [self._jump[0]] if self._jump else []
        moments = [at, *(_moment(tick + offset) for offset in offsets)]
        return Span(min(moments), max(moments))

    def _read(self) -> tuple[datetime, float]:
        """Return the moment, and the ticks at which it was read."""
        with self._lock:
            wall, tick = self._wall(), self.ticks()
            offset = wall.timestamp() - tick
            event, size = self._follow(offset, tick)
            moment = wall if self._jump is None else _moment(tick + self._offset)
        if event is not None:
            _tell(event, size)
        return moment, tick

    def _follow(self, offset: float, tick: float) -> tuple[str | None, float]:
        """Note where the machine's clock is; returns what to report about it."""
        size = offset - self._offset
        if abs(size) <= STEP:
            event, size = ("clock_corrected", self._jump[0] - self._offset) if self._jump else (None, 0.0)
            self._offset, self._jump = offset, None
            return event, size
        if self._jump is None or abs(offset - self._jump[0]) > STEP:
            self._jump = (offset, tick)
            return "clock_jumped", size
        if tick - self._jump[1] < BELIEVED_AFTER.total_seconds():
            return None, 0.0
        forgotten = tick - REMEMBERED.total_seconds()
        self._left = [left for left in self._left if left[1] >= forgotten] + [(self._offset, tick)]
        self._offset, self._jump = offset, None
        return "clock_followed", size


def _tell(event: str, size: float) -> None:
    """Tell the operator what the machine's clock does: by how many seconds, forward or back."""
    if event == "clock_jumped":
        metrics.CLOCK_JUMPS.labels("forward" if size > 0 else "back").inc()
    log.warning(event, seconds=round(size, 3))


def _moment(at: float) -> datetime:
    return _whole(datetime.fromtimestamp(at, UTC))


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
