"""Send what the desk queued: leased, in order within a conversation, retried after a passing failure.

Only committed rows are read, and a lease that runs out is taken over by the next process. So what a dead
process held is sent by another, and what two processes see is sent by one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Final

import structlog

from bot.clock import SteadyClock
from bot.desk.pace import MOST_AT_ONCE, Pace, SendOptions
from bot.desk.send_attempts import AWAY_SECONDS, Attempt, Attempts, Send, count, tell_operator, write_down
from bot.safe_errors import mishap
from bot.store import AWAY, Clocks, Ended, Queued, Store, Unit

AT_ONCE: Final = 64  # under way
AT_A_TIME: Final = 16  # in one transaction, which deliveries wait for
LEASE: Final = timedelta(seconds=90)  # longer than all the calls for one effect, timeouts included
SWEEP_SECONDS: Final = 5.0
BUSY_SECONDS: Final = 1.0  # while something is being sent; its end triggers a look too

log = structlog.get_logger("certdesk.outbox")


class Outbox:
    """Lease queued effects, hand them to `send`, and write down what came of each."""

    def __init__(
        self, store: Store, send: Send, clock: SteadyClock, options: SendOptions | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._options = options or SendOptions()
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._heavy: Counter[str] = Counter()  # under way, of the kinds that take much memory and CPU
        self._came: list[Attempt] = []  # known only here until they are written down
        self._closing = False
        self._away = False
        self._leasing = asyncio.Lock()
        self._pace = Pace(self._options.pace, self._options.burst, monotonic)
        self._attempts = Attempts(store, send, clock, self._options, self._pace)

    def wake(self) -> None:
        """Say that there may be something to send."""
        self._wake.set()

    def close(self) -> None:
        """Let `run` end once everything that is due has been sent."""
        self._closing = True
        self._wake.set()

    async def stop(self) -> None:
        """Cancel what is being sent and give it back; the next process checks whether it arrived."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running))
        with contextlib.suppress(*AWAY):
            async with self._leasing:
                await self._write_down(self._came)

    async def run(self, well: Callable[[], None] = lambda: None) -> None:
        """Send until closed: new effects at once, and what another process left behind at the next sweep.

        `well` is called after each look at the queue that did not fail. A database that is away is waited
        for; any other failure is raised, and this may be run again.
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
                # not `wait_for`: before Python 3.12 it forgets a cancellation if it is woken too
                async with asyncio.timeout(idle):
                    await self._wake.wait()

    async def set_aside(self) -> None:
        """End effects that can never be due, and tell the operator."""
        at = self._clock()
        for gone in await self._store.write(lambda unit: unit.leases.set_aside(at)):
            tell_operator(gone)

    async def drain(self) -> bool:
        """Send what is due now; returns whether there was anything."""
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
        """Start what is due; returns whether there was anything, or may be now that something has ended."""
        async with self._leasing:
            under_way = bool(self._running or self._came)
            return await self._lease_some() or under_way or bool(self._running)

    async def _start_some(self) -> bool:
        async with self._leasing:
            return await self._lease_some()

    async def _lease_some(self) -> bool:
        """Write down what came of attempts, lease what is due and start sending it, in one transaction.

        Returns whether there may be more.
        """
        room = min(AT_ONCE - len(self._running), AT_A_TIME) if self._options.ready() else 0
        if room <= 0 and (self._options.ready() or not self._came):
            return False
        clocks, full, came = self._clocks(), self._pace.full(), self._came[:AT_A_TIME]
        no_more = (*full, *(pace for pace in MOST_AT_ONCE if self._room(pace) <= 0))

        def lease(unit: Unit) -> tuple[list[bool], tuple[list[Queued], list[Ended]]]:
            return [], unit.leases.take(clocks, LEASE, room, self._room, no_more)

        def work(unit: Unit) -> tuple[list[bool], tuple[list[Queued], list[Ended]]]:
            return write_down(unit, came), unit.leases.take(clocks, LEASE, room, self._room, no_more)

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
        for queued in leased:  # first, because a leased effect that is not sent waits until its lease ends
            if queued.pace in MOST_AT_ONCE:
                self._heavy[queued.pace] += 1
            elif queued.pace is not None:
                self._pace.count(queued.pace)
            task = asyncio.create_task(self._one(queued), name=f"certdesk-effect-{queued.id}")
            self._running.add(task)
            task.add_done_callback(self._done)
        self._note_all(came, written)
        for gone in ended:
            tell_operator(gone)
        return bool(ended) or len(leased) == AT_A_TIME or bool(self._came) or self._pace.full() != full

    def _room(self, pace: str) -> int:
        """Return how many more effects of a pace may be leased now."""
        most = MOST_AT_ONCE.get(pace)
        return self._pace.room(pace) if most is None else most - self._heavy[pace]

    def _clocks(self) -> Clocks:
        lately, today = self._clock.span(2 * LEASE), self._clock.span()
        return Clocks(self._clock(), lately.earliest, lately.latest, today.earliest, self._clock.is_sure)

    async def _write_down(self, came: list[Attempt]) -> None:
        """Write down what came of attempts one by one, so that one that fails does not hold up the others."""
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

    async def _alone(self, one: Attempt) -> list[bool]:
        return await self._store.write(lambda unit: write_down(unit, [one]))

    def _note_all(self, came: list[Attempt], written: list[bool]) -> None:
        for one in came:
            self._came.remove(one)
        for one, held in zip(came, written, strict=True):
            count(one, held=held)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("outbox_failed", **mishap(error))

    async def _idle_seconds(self) -> float:
        """Return how long to sleep if nobody wakes us."""
        if self._away:
            return AWAY_SECONDS
        if not self._options.ready():
            return SWEEP_SECONDS
        waits = [BUSY_SECONDS if self._running else SWEEP_SECONDS]
        if (wait := self._pace.wait()) is not None:
            waits.append(wait)
        if self._running:  # too many end, one every few milliseconds, to ask the database each time
            return max(min(waits), 0.005)
        with contextlib.suppress(Exception):
            due = await self._store.read(lambda unit: unit.leases.next_due())
            if due is not None:
                waits.append(max((due - self._clock()).total_seconds(), 0.05))
        return max(min(waits), 0.005)

    async def _one(self, queued: Queued) -> None:
        try:
            attempt = await self._attempts.make(queued)
            if attempt is not None:
                self._came.append(attempt)
        finally:
            if queued.pace in MOST_AT_ONCE:
                self._heavy[queued.pace] -= 1
