"""Attempts to send an effect: how long to wait after a failure, and when to give up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot.clock import SteadyClock
from bot.conversation.effects import Effect
from bot.desk.pace import MOST_AT_ONCE, Pace, SendOptions
from bot.desk.send_results import GiveUp, Send, SendResult, TryAgain
from bot.safe_errors import mishap
from bot.store import AWAY, UNREADABLE, Queued, Store, Unit

T = TypeVar("T")

SURELY_DONE: Final = timedelta(seconds=3)  # Slack may take this long; looking any earlier finds nothing
FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(minutes=5)
AWAY_SECONDS: Final = 0.5  # between two attempts at a database that is away

log = structlog.get_logger("certdesk.outbox")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt to send an effect; `pause` is the wait before the next one, if any."""

    queued: Queued
    result: SendResult
    at: datetime
    pause: timedelta


class Attempts:
    """Send effects one at a time, and call no method while Slack limits its rate."""

    def __init__(
        self, store: Store, send: Send, clock: SteadyClock, options: SendOptions, pace: Pace
    ) -> None:
        self._store = store
        self._send = send
        self._clock = clock
        self._options = options
        self._pace = pace
        self._paused: dict[str, float] = {}  # until when, in ticks, by method

    async def make(self, queued: Queued) -> Attempt | None:
        """Try to send an effect; None if it was given back untried, since Slack limits a method it needs."""
        if queued.effect is not None and (rest := self._rest_of_pause(queued.effect)):
            held_at = self._clock()
            await self._written(lambda unit: unit.leases.give_back(queued, held_at, rest))
            return None
        try:
            came = await self._try(queued)
        except asyncio.CancelledError:
            at = self._clock()
            await self._store.write(
                lambda unit: unit.leases.try_again(queued, at, SURELY_DONE, "stopped", unsure=True)
            )
            raise
        at = self._clock()
        if isinstance(came, TryAgain) and came.patience is not None:
            came = await self._patient(queued, came, came.patience, at)
        if (
            isinstance(came, TryAgain)
            and came.method
            and came.after
            and not self._went_too_fast(queued, came.after)
        ):
            self._paused[came.method] = self._clock.ticks() + came.after
        pause = self._pause(queued.attempts, came.after if isinstance(came, TryAgain) else None)
        return Attempt(queued, came, at, pause)

    async def _patient(self, queued: Queued, came: TryAgain, patience: timedelta, at: datetime) -> SendResult:
        """Retry what Slack refuses, until it has been refused for too long."""
        since = await self._written(lambda unit: unit.delays.refused(queued.id, at))
        return GiveUp(came.reason) if at - since >= patience else came

    async def _written(self, work: Callable[[Unit], T]) -> T:
        """Write, and retry while the database is away: what came of an effect is known only here."""
        while True:
            with contextlib.suppress(*AWAY):
                return await self._store.write(work)
            await asyncio.sleep(AWAY_SECONDS)

    def _went_too_fast(self, queued: Queued, seconds: float) -> bool:
        """Tell whether Slack refused a message because of those just before it; then its channel pauses."""
        return (
            queued.pace is not None
            and queued.pace not in MOST_AT_ONCE
            and self._pace.slow_down(queued.pace, seconds)
        )

    def _rest_of_pause(self, effect: Effect) -> timedelta | None:
        """Return how much longer Slack limits a method that an effect needs, None if it does not."""
        ends = [end for method in self._options.methods(effect) if (end := self._paused.get(method))]
        rest = max(ends, default=0.0) - self._clock.ticks()
        return timedelta(seconds=rest) if rest > 0 else None

    async def _try(self, queued: Queued) -> SendResult:
        """Send an effect; one that cannot be read or drawn is given up, so that nothing waits behind it."""
        if queued.effect is None:
            return GiveUp(UNREADABLE)
        try:
            return await self._send(queued, queued.effect)
        except AWAY:
            return TryAgain("the database is away", unsure=queued.unsure)  # it was asked before Slack was
        except Exception as error:  # noqa: BLE001  a fault of certdesk's own, which no repetition mends
            seen = {"outbox": queued.id, "case": queued.case}
            log.error("effect_failed", **seen, **mishap(error))  # noqa: TRY400  its text may quote what was typed
            return GiveUp(type(error).__name__)

    def _pause(self, attempts: int, after: float | None) -> timedelta:
        """Return how long to wait: doubled each time, with some chance, and never less than Slack asks."""
        doubled = min(FIRST_RETRY * (1 << min(attempts, 20)), LAST_RETRY)
        jittered = doubled * (0.5 + self._options.random.random() / 2)
        return max(jittered, timedelta(seconds=after or 0))
