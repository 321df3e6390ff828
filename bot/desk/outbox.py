"""Send what the desk queued: in order within a conversation, again after a passing failure.

Only committed rows are read, so a process that dies leaves its effects to whoever starts next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import structlog

from bot import metrics
from bot.conversation.effects import Effect
from bot.conversation.people import Person
from bot.mishap import mishap
from bot.store import Posted, Queued, Store, Unit

BATCH: Final = 50
FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(minutes=5)
SWEEP_SECONDS: Final = 5.0

log = structlog.get_logger("certdesk.outbox")


@dataclass(frozen=True, slots=True)
class Sent:
    """An effect is out. `slot` and `posted` where a later effect may want to update the message.

    `dm` is the person's DM channel where it had to be opened for this.
    """

    slot: str | None = None
    posted: Posted | None = None
    dm: tuple[Person, str] | None = None


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A passing failure: try again, not before `after` seconds where that is known."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A failure that no repetition mends."""

    reason: str


Sending = Sent | TryAgain | GiveUp
Send = Callable[[Queued, Effect], Awaitable[Sending]]


class Outbox:
    """Hand queued effects to `send`, and write down what came of each."""

    def __init__(self, store: Store, send: Send, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._send = send
        self._clock = clock
        self._wake = asyncio.Event()
        self._sending = asyncio.Lock()
        self._closing = False

    def wake(self) -> None:
        """Say that there may be something to send."""
        self._wake.set()

    def close(self) -> None:
        """Let `run` end, once what is due has been sent."""
        self._closing = True
        self._wake.set()

    async def run(self) -> None:
        """Send until closed."""
        while True:
            self._wake.clear()
            try:
                busy = await self.drain()
            except Exception as error:  # noqa: BLE001  the loop outlives a database that is away for a while
                log.error("outbox_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
                busy = False
            if not busy and self._closing:
                return
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), SWEEP_SECONDS)

    async def drain(self) -> bool:
        """Send what is due now. Returns whether there was anything. Two at once would send twice."""
        async with self._sending:
            at = self._clock()
            due = await self._store.read(lambda unit: unit.waiting(at, BATCH))
            lines = groupby(
                sorted(due, key=lambda queued: queued.conversation), lambda queued: queued.conversation
            )
            await asyncio.gather(*[self._line([*line]) for _, line in lines])
            return bool(due)

    async def _line(self, line: list[Queued]) -> None:
        """Send what goes to one place, in order, up to the first that must wait."""
        for queued in sorted(line, key=lambda each: each.id):
            if not await self._one(queued):
                return

    async def _one(self, queued: Queued) -> bool:
        came = await self._try(queued)
        at = self._clock()
        await self._store.write(lambda unit: _write_down(unit, queued, came, at))
        kind = queued.effect.kind if queued.effect is not None else "unreadable"
        metrics.EFFECTS.labels(kind, type(came).__name__.lower()).inc()
        match came:
            case Sent():
                return True
            case TryAgain(reason):
                log.warning("effect_delayed", outbox=queued.id, case=queued.case, reason=reason)
                return False
            case GiveUp(reason):
                log.error("effect_dead", outbox=queued.id, case=queued.case, reason=reason)
                return True

    async def _try(self, queued: Queued) -> Sending:
        """Send; what cannot even be read or drawn is given up, so that nothing waits behind it for ever."""
        if queued.effect is None:
            return GiveUp("unreadable")
        try:
            return await self._send(queued, queued.effect)
        except Exception as error:  # noqa: BLE001  a fault of certdesk's own, which no repetition mends
            seen = {"outbox": queued.id, "case": queued.case}
            log.error("effect_failed", **seen, **mishap(error))  # noqa: TRY400  its text may quote what was typed
            return GiveUp(type(error).__name__)


def _write_down(unit: Unit, queued: Queued, came: Sending, at: datetime) -> None:
    match came:
        case Sent(slot, posted, dm):
            unit.sent(queued, at)
            if slot and posted and queued.case is not None:
                unit.place(queued.case, slot, posted)
            if dm is not None:
                unit.set_person(unit.person(dm[0]).id, dm_channel=dm[1])
        case TryAgain(reason, after):
            unit.again(queued, at + _pause(queued.attempts, after), reason)
        case GiveUp(reason):
            unit.bury(queued, at, reason)


def _pause(attempts: int, after: float | None) -> timedelta:
    doubled = min(FIRST_RETRY * (1 << min(attempts, 20)), LAST_RETRY)
    return max(doubled, timedelta(seconds=after or 0))
