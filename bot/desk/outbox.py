"""Send what the desk queued: leased, in order within a conversation, again after a passing failure.

Only committed rows are read, and a lease that ends without a word is taken up by whoever comes next. So what
a dead process held is sent by another, and what two processes see is sent by one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Final, TypeVar

import structlog

from bot import metrics
from bot.clock import SteadyClock
from bot.conversation.effects import Effect
from bot.conversation.people import Person
from bot.conversation.posted import Posted
from bot.desk.pace import Pace
from bot.desk.queueing import order_for
from bot.desk.undelivered import LATE, tell_arrived
from bot.safe_errors import mishap
from bot.store import AWAY, DEAD, FILES, LISTS, SENT, UNREADABLE, Clocks, Ended, Queued, Store, Unit

T = TypeVar("T")

AT_ONCE: Final = 64  # under way
MOST_AT_ONCE: Final = {FILES: 1, LISTS: 2}  # in a process: each takes memory and a processor
AT_A_TIME: Final = 16  # in one transaction, for which deliveries wait
LEASE: Final = timedelta(seconds=90)  # longer than all the calls that one effect can take, timeouts and all
SURELY_DONE: Final = timedelta(seconds=3)  # in which Slack does what it was sent; a look before finds nothing
FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(minutes=5)
SWEEP_SECONDS: Final = 5.0
BUSY_SECONDS: Final = 1.0  # the same while something is being sent, whose end is an occasion to look as well
AWAY_SECONDS: Final = 0.5  # between two tries of a database that is away

log = structlog.get_logger("certdesk.outbox")


@dataclass(frozen=True, slots=True)
class Sent:
    """An effect is out. `slot` and `posted` where a later effect may want to update the message.

    `dm` is the person's DM channel where it had to be opened for this, `then` what follows from it.
    """

    slot: str | None = None
    posted: Posted | None = None
    dm: tuple[Person, str] | None = None
    then: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A passing failure: try again, not before `after` seconds where that is known.

    `method` is what Slack paced, so that nothing else calls it meanwhile. `unsure`: it may have been done.
    `patience`: after so long of nothing else it is given up.
    """

    reason: str
    after: float | None = None
    method: str | None = None
    unsure: bool = False
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A failure that no repetition mends."""

    reason: str


Sending = Sent | TryAgain | GiveUp
Send = Callable[[Queued, Effect], Awaitable[Sending]]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an effect, and when; `pause` is until it is tried again, where it is."""

    queued: Queued
    sending: Sending
    at: datetime
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Manners:
    """How fast to go: seconds between messages into one channel, once `burst` have gone at once.

    `random` is the chance in the pauses, `methods` names what an effect may call, `ready` tells whether
    anything can be sent at all.
    """

    pace: float = 0.0
    burst: int = 1
    random: Random = field(default_factory=Random)
    methods: Callable[[Effect], frozenset[str]] = lambda _: frozenset()
    ready: Callable[[], bool] = lambda: True


class Outbox:
    """Lease queued effects, hand them to `send`, and write down what came of each."""

    def __init__(self, store: Store, send: Send, clock: SteadyClock, manners: Manners | None = None) -> None:
        self._store = store
        self._send = send
        self._clock = clock
        self._manners = manners or Manners()
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._heavy: Counter[str] = Counter()  # under way of what takes memory and a processor
        self._came: list[Came] = []  # known here alone, until it is written down
        self._closing = False
        self._away = False
        self._leasing = asyncio.Lock()
        self._pace = Pace(self._manners.pace, self._manners.burst, monotonic)
        self._paused: dict[str, float] = {}  # until when, in ticks, by method

    def wake(self) -> None:
        """Say that there may be something to send."""
        self._wake.set()

    def close(self) -> None:
        """Let `run` end, once what is due has been sent."""
        self._closing = True
        self._wake.set()

    async def stop(self) -> None:
        """Give back what is being sent just now; whoever comes next looks whether it arrived."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running))
        with contextlib.suppress(*AWAY):
            async with self._leasing:
                await self._write_down(self._came)

    async def run(self, well: Callable[[], None] = lambda: None) -> None:
        """Send until closed; fresh effects at once, and what somebody left behind at the next sweep.

        `well` is called after each look at the queue that did not fail. A database that is away is waited
        for, any other failure is raised; after it this may be run again.
        """
        while True:
            self._wake.clear()
            again = await self._start_some()
            well()
            if again:
                continue
            if self._closing and not (
                self._running or self._came or self._pace.full() or self._wake.is_set()
            ):
                return
            idle = await self._idle_seconds()
            with contextlib.suppress(TimeoutError):
                # not `wait_for`: before Python 3.12 it forgets that it was canceled where it was also woken
                async with asyncio.timeout(idle):
                    await self._wake.wait()

    async def set_aside(self) -> None:
        """Set effects aside that can never be due, and tell the operator."""
        at = self._clock()
        for gone in await self._store.write(lambda unit: unit.outbox.set_aside(at)):
            _tell(gone)

    async def drain(self) -> bool:
        """Send what is due now. Returns whether there was anything."""
        anything = False
        while await self._busy() or self._running or self._came or self._pace.full():
            anything = True
            if self._running:
                await asyncio.wait(set(self._running), return_when=asyncio.FIRST_COMPLETED)
            elif self._away:
                await asyncio.sleep(AWAY_SECONDS)
            elif (wait := self._pace.wait()) is not None:
                await asyncio.sleep(wait)
        return anything

    async def _busy(self) -> bool:
        """Begin what is due. Returns whether there was any, or there may be now that something has ended."""
        async with self._leasing:
            under_way = bool(self._running or self._came)
            return await self._lease_some() or under_way or bool(self._running)

    async def _start_some(self) -> bool:
        async with self._leasing:
            return await self._lease_some()

    async def _lease_some(self) -> bool:
        """Write down what came of effects, lease what is due and begin to send it, in one transaction.

        Returns whether there may be more.
        """
        room = min(AT_ONCE - len(self._running), AT_A_TIME) if self._manners.ready() else 0
        if room <= 0 and (self._manners.ready() or not self._came):
            return False
        clocks, full, came = self._clocks(), self._pace.full(), self._came[:AT_A_TIME]
        no_more = (*full, *(pace for pace in MOST_AT_ONCE if self._room(pace) <= 0))

        def lease(unit: Unit) -> tuple[list[bool], tuple[list[Queued], list[Ended]]]:
            return [], unit.outbox.lease(clocks, LEASE, room, self._room, no_more)

        def work(unit: Unit) -> tuple[list[bool], tuple[list[Queued], list[Ended]]]:
            return _write_down_all(unit, came), unit.outbox.lease(clocks, LEASE, room, self._room, no_more)

        try:
            written, (leased, ended) = await self._store.write(work if came else lease)
        except AWAY as error:
            if not self._away:
                log.error("outbox_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
            self._away = True
            return False
        except Exception as error:
            if not came:
                raise
            log.error("outbox_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
            with contextlib.suppress(*AWAY):
                await self._write_down(came)
            return len(self._came) < AT_A_TIME or self._came[0] is not came[0]
        self._away = False
        for queued in leased:  # first of all: what is leased and not sent waits until its lease ends
            if queued.pace in MOST_AT_ONCE:
                self._heavy[queued.pace] += 1
            elif queued.pace is not None:
                self._pace.count(queued.pace)
            task = asyncio.create_task(self._one(queued), name=f"certdesk-effect-{queued.id}")
            self._running.add(task)
            task.add_done_callback(self._done)
        self._note_all(came, written)
        for gone in ended:
            _tell(gone)
        return bool(ended) or len(leased) == AT_A_TIME or bool(self._came) or self._pace.full() != full

    def _room(self, pace: str) -> int:
        """Return how many effects may be leased now that wait for a pace."""
        most = MOST_AT_ONCE.get(pace)
        return self._pace.room(pace) if most is None else most - self._heavy[pace]

    def _clocks(self) -> Clocks:
        lately, today = self._clock.span(2 * LEASE), self._clock.span()
        return Clocks(self._clock(), lately.earliest, lately.latest, today.earliest, self._clock.is_sure)

    async def _write_down(self, came: list[Came]) -> None:
        """Write down what came of effects, each for itself: one that cannot be must not hold up others."""
        for one in [*came]:
            try:
                written = await self._alone(one)
            except AWAY:
                raise
            except Exception as error:  # noqa: BLE001  its lease lapses, and it is tried again
                log.error("outbox_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
                self._came.remove(one)
            else:
                self._note_all([one], written)

    async def _alone(self, one: Came) -> list[bool]:
        return await self._store.write(lambda unit: _write_down_all(unit, [one]))

    def _note_all(self, came: list[Came], written: list[bool]) -> None:
        for one in came:
            self._came.remove(one)
        for one, held in zip(came, written, strict=True):
            _note(one.queued, one.sending, held=held)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("outbox_failed", **mishap(error))

    async def _idle_seconds(self) -> float:
        """Return how long there is nothing to do, unless somebody wakes us."""
        if self._away:
            return AWAY_SECONDS
        if not self._manners.ready():
            return SWEEP_SECONDS
        waits = [BUSY_SECONDS if self._running else SWEEP_SECONDS]
        if (wait := self._pace.wait()) is not None:
            waits.append(wait)
        if self._running:  # not to be asked at the end of each: there is one every few milliseconds
            return max(min(waits), 0.005)
        with contextlib.suppress(Exception):
            due = await self._store.read(lambda unit: unit.outbox.next_due())
            if due is not None:
                waits.append(max((due - self._clock()).total_seconds(), 0.05))
        return max(min(waits), 0.005)

    async def _one(self, queued: Queued) -> None:
        try:
            await self._tried(queued)
        finally:
            if queued.pace in MOST_AT_ONCE:
                self._heavy[queued.pace] -= 1

    async def _tried(self, queued: Queued) -> None:
        if queued.effect is not None and (rest := self._rest_of_pause(queued.effect)):
            held_at = self._clock()
            await self._written(lambda unit: unit.outbox.give_back(queued, held_at, rest))
            return
        try:
            came = await self._try(queued)
        except asyncio.CancelledError:
            at = self._clock()
            await self._store.write(
                lambda unit: unit.outbox.again(queued, at, SURELY_DONE, "stopped", unsure=True)
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
        self._came.append(Came(queued, came, at, pause))

    async def _patient(self, queued: Queued, came: TryAgain, patience: timedelta, at: datetime) -> Sending:
        """Try what Slack refuses again, until it has been refused for too long."""
        since = await self._written(lambda unit: unit.delays.refused(queued.id, at))
        return GiveUp(came.reason) if at - since >= patience else came

    async def _written(self, work: Callable[[Unit], T]) -> T:
        """Write, and again as long as the database is away: what came of an effect is known here alone."""
        while True:
            with contextlib.suppress(*AWAY):
                return await self._store.write(work)
            await asyncio.sleep(AWAY_SECONDS)

    def _went_too_fast(self, queued: Queued, seconds: float) -> bool:
        """Tell whether Slack refused a message because of those just before it; then its channel rests."""
        return (
            queued.pace is not None
            and queued.pace not in MOST_AT_ONCE
            and self._pace.slow_down(queued.pace, seconds)
        )

    def _rest_of_pause(self, effect: Effect) -> timedelta | None:
        """Return for how long Slack still paces a method that an effect needs, None where it does not."""
        ends = [end for method in self._manners.methods(effect) if (end := self._paused.get(method))]
        rest = max(ends, default=0.0) - self._clock.ticks()
        return timedelta(seconds=rest) if rest > 0 else None

    async def _try(self, queued: Queued) -> Sending:
        """Send; what cannot even be read or drawn is given up, so that nothing waits behind it for ever."""
        if queued.effect is None:
            return GiveUp(UNREADABLE)
        try:
            return await self._send(queued, queued.effect)
        except AWAY:
            return TryAgain("the database is away", unsure=queued.unsure)  # it is asked before Slack is
        except Exception as error:  # noqa: BLE001  a fault of certdesk's own, which no repetition mends
            seen = {"outbox": queued.id, "case": queued.case}
            log.error("effect_failed", **seen, **mishap(error))  # noqa: TRY400  its text may quote what was typed
            return GiveUp(type(error).__name__)

    def _pause(self, attempts: int, after: float | None) -> timedelta:
        """Return how long to wait: doubled each time, with chance in it, and never less than Slack asks."""
        doubled = min(FIRST_RETRY * (1 << min(attempts, 20)), LAST_RETRY)
        jittered = doubled * (0.5 + self._manners.random.random() / 2)
        return max(jittered, timedelta(seconds=after or 0))


def _write_down_all(unit: Unit, came: list[Came]) -> list[bool]:
    return [_write_down(unit, one) for one in came]


def _write_down(unit: Unit, came: Came) -> bool:
    """Write what came of an effect, if the lease is still held; returns whether it was."""
    queued, at = came.queued, came.at
    match came.sending:
        case Sent(slot, posted, dm, then):
            if not unit.outbox.close(queued, SENT, at):
                return False
            for effect in then:
                unit.outbox.queue(order_for(effect, queued.case), at)
            if slot and posted and queued.case is not None:
                unit.places.note(queued.case, slot, posted)
            if dm is not None:
                unit.set_person(unit.person(dm[0]).id, dm_channel=dm[1])
            if queued.effect is not None and queued.case is not None and at - queued.queued_at >= LATE:
                tell_arrived(unit, queued.id, queued.effect, queued.case, at)
            return True
        case TryAgain(reason, unsure=unsure):
            return unit.outbox.again(queued, at, came.pause, reason, unsure=unsure)
        case GiveUp(reason):
            return unit.outbox.close(queued, DEAD, at, reason)


def _note(queued: Queued, came: Sending, *, held: bool) -> None:
    kind = queued.effect.kind if queued.effect is not None else "unreadable"
    metrics.EFFECTS.labels(kind, type(came).__name__.lower()).inc()
    about: Mapping[str, object] = {"outbox": queued.id, "case": queued.case, "kind": kind}
    if not held:
        log.warning("lease_lost", **about)
    match came:
        case Sent():
            pass
        case TryAgain(reason):
            log.warning("effect_delayed", reason=reason, **about)
        case GiveUp(reason):
            log.error("effect_dead", reason=reason, **about)


def _tell(gone: Ended) -> None:
    """Tell the operator of an effect that was not sent: redrawn, too late to be of use, or damaged."""
    metrics.EFFECTS.labels("any", gone.state).inc()
    about: Mapping[str, object] = {"outbox": gone.id, "case": gone.case}
    match gone.state, gone.queued_at:
        case "expired", datetime() as queued_at:
            log.error("effect_expired", queued_at=queued_at.isoformat(), **about)
        case "dead", _:
            log.error("effect_dead", reason=UNREADABLE, **about)
