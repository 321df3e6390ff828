"""Attempts to send an effect: what can come of one, when to try again, and what is written down of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot import metrics
from bot.clock import SteadyClock
from bot.conversation.effects import Effect
from bot.conversation.people import Person, Posted
from bot.desk.pace import MOST_AT_ONCE, Pace, SendOptions
from bot.desk.queueing import order_for
from bot.desk.undelivered import LATE, tell_arrived
from bot.safe_errors import mishap
from bot.store import AWAY, DEAD, SENT, UNREADABLE, Ended, Queued, Store, Unit

T = TypeVar("T")

SURELY_DONE: Final = timedelta(seconds=3)  # Slack may take this long; looking any earlier finds nothing
FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(minutes=5)
AWAY_SECONDS: Final = 0.5  # between two attempts at a database that is away

log = structlog.get_logger("certdesk.outbox")


@dataclass(frozen=True, slots=True)
class Sent:
    """An effect was sent. `slot` and `posted` say where, if a later effect may update the message.

    `dm` is the person's DM channel if it had to be opened for this, `then` are the effects that follow.
    """

    slot: str | None = None
    posted: Posted | None = None
    dm: tuple[Person, str] | None = None
    then: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A passing failure: try again, after `after` seconds if that is known.

    `method` is the one that Slack rate-limited, so that nothing else calls it meanwhile. `unsure`: it may
    have been done. `patience` is how long to retry before giving up.
    """

    reason: str
    after: float | None = None
    method: str | None = None
    unsure: bool = False
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A failure that no retry mends."""

    reason: str


SendResult = Sent | TryAgain | GiveUp
Send = Callable[[Queued, Effect], Awaitable[SendResult]]


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


def write_down(unit: Unit, attempts: Iterable[Attempt]) -> list[bool]:
    """Write down what came of each attempt whose lease is still held; returns of each whether it was."""
    return [_write_down(unit, attempt) for attempt in attempts]


def _write_down(unit: Unit, attempt: Attempt) -> bool:
    queued, at = attempt.queued, attempt.at
    match attempt.result:
        case Sent(slot, posted, dm, then):
            if not unit.leases.close(queued, SENT, at):
                return False
            for effect in then:
                unit.outbox.queue(order_for(effect, queued.case), at)
            if slot and posted and queued.case is not None:
                unit.places.note(queued.case, slot, posted)
            if dm is not None:
                unit.people.update(unit.people.get_or_add(dm[0]).id, dm_channel=dm[1])
            if queued.effect is not None and queued.case is not None and at - queued.queued_at >= LATE:
                tell_arrived(unit, queued.id, queued.effect, queued.case, at)
            return True
        case TryAgain(reason, unsure=unsure):
            return unit.leases.try_again(queued, at, attempt.pause, reason, unsure=unsure)
        case GiveUp(reason):
            return unit.leases.close(queued, DEAD, at, reason)


def count(attempt: Attempt, *, held: bool) -> None:
    """Count an attempt and log a failed one; `held`: its lease was still held when it was written down."""
    queued = attempt.queued
    kind = queued.effect.kind if queued.effect is not None else "unreadable"
    metrics.EFFECTS.labels(kind, type(attempt.result).__name__.lower()).inc()
    about: Mapping[str, object] = {"outbox": queued.id, "case": queued.case, "kind": kind}
    if not held:
        log.warning("lease_lost", **about)
    match attempt.result:
        case Sent():
            pass
        case TryAgain(reason):
            log.warning("effect_delayed", reason=reason, **about)
        case GiveUp(reason):
            log.error("effect_dead", reason=reason, **about)


def tell_operator(gone: Ended) -> None:
    """Tell the operator about an effect that was not sent: merged, too late to be of use, or damaged."""
    metrics.EFFECTS.labels("any", gone.state).inc()
    about: Mapping[str, object] = {"outbox": gone.id, "case": gone.case}
    match gone.state, gone.queued_at:
        case "expired", datetime() as queued_at:
            log.error("effect_expired", queued_at=queued_at.isoformat(), **about)
        case "dead", _:
            log.error("effect_dead", reason=UNREADABLE, **about)
