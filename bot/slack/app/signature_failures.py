"""Why requests that look like Slack's are refused: a wrong secret, a wrong clock, or a stranger.

Any stranger can send them, so they never affect readiness. The operator is told once a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot import clock
from bot.safe_errors import mishap
from bot.slack.once_a_minute import MINUTE, OncePerMinute
from bot.store.refusals import Cause, Unbelieved

SAME_CLOCK: Final = 60.0  # seconds within which requests agree on how far a clock is off
FARTHEST_OFF: Final = timedelta(days=7).total_seconds()  # with a clock this far off, not even TLS works

Keep = Callable[[Unbelieved], Awaitable[None]]

log = structlog.get_logger("certdesk.http")


@dataclass
class _Seen:
    """What was refused since the operator was last told. `offs`: how far this machine's clock was ahead."""

    forged: int = 0
    offs: tuple[float, float] | None = None
    stale: int = 0

    @property
    def off(self) -> float | None:
        """Return how far the clock is off, None if the requests do not agree on it."""
        if self.offs is None or self.offs[1] - self.offs[0] > SAME_CLOCK:
            return None
        middle = sum(self.offs) / 2
        return middle if abs(middle) <= FARTHEST_OFF else None


class SignatureFailures:
    """Tell the operator in the log, and `keep` the cause for `certdesk doctor`."""

    def __init__(self, keep: Keep | None = None) -> None:
        self._keep = keep
        self._seen = _Seen()
        self._said = OncePerMinute()
        self._kept: Unbelieved | None = None
        self._believed_at: datetime | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def forged(self) -> None:
        """Note a wrong signature."""
        self._seen.forged += 1
        self._tell()

    def stale(self, ahead: float) -> None:
        """Note a timestamp that is not current: this machine's clock is so many seconds ahead of it."""
        low, high = self._seen.offs or (ahead, ahead)
        self._seen.offs = min(low, ahead), max(high, ahead)
        self._seen.stale += 1
        self._tell()

    def believed(self) -> None:
        """Note that a request was accepted: secret and clock are right."""
        self._believed_at = clock.now()
        if self._kept is not None:  # what was told before no longer holds
            self._remember(replace(self._kept, believed_at=self._believed_at))
            self._kept = None

    async def written(self) -> None:
        """Wait until what was told is stored."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    def _tell(self) -> None:
        number = self._said.due()
        if not number:
            return
        seen, self._seen = self._seen, _Seen()
        told = Unbelieved(*self._likely(seen), believed_at=self._believed_at)
        log.warning(
            "requests_not_believed",
            likely=words(told),
            wrong_signatures=seen.forged,
            wrong_timestamps=seen.stale,
        )
        self._kept = told
        self._remember(told)

    def _likely(self, seen: _Seen) -> tuple[Cause, datetime, int, int | None]:
        """Return the cause: while other requests are accepted, secret and clock are right."""
        now, number, off = clock.now(), seen.forged + seen.stale, seen.off
        if self._believed_at is not None and now - self._believed_at < timedelta(seconds=MINUTE):
            return Cause.STRANGER, now, number, None
        if seen.forged >= seen.stale:
            return Cause.SECRET, now, number, None
        if off is None:
            return Cause.STRANGER, now, number, None
        return Cause.CLOCK, now, number, round(off)

    def _remember(self, told: Unbelieved) -> None:
        if self._keep is not None:
            task = asyncio.create_task(self._write(self._keep, told))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _write(self, keep: Keep, told: Unbelieved) -> None:
        try:
            await keep(told)
        except Exception as error:  # noqa: BLE001  it is in the log already
            log.warning("refusals_not_kept", **mishap(error))


def words(told: Unbelieved) -> str:
    """Return what is probably wrong, and what to do."""
    match told.cause:
        case Cause.SECRET:
            return "SLACK_SIGNING_SECRET is not this app's; copy it from Basic Information in its settings"
        case Cause.CLOCK:
            off = told.seconds_off or 0
            where = "ahead of" if off > 0 else "behind"
            return f"this machine's clock is about {abs(off)} seconds {where} Slack's; set it, best by NTP"
        case Cause.STRANGER:
            return "somebody else sends them, or sends old requests again; nothing is to be done"
