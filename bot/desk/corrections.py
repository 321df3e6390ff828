"""Correct cases that a wrong clock changed, or whose owner is no longer an agent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from bot.conversation.derive import Rules, Snapshot
from bot.conversation.events import OwnerLeft
from bot.conversation.people import case_name
from bot.conversation.reminders import without_future
from bot.conversation.step import nothing_happens, step
from bot.desk.queueing import order_for
from bot.desk.rate_limit import SKEW
from bot.desk.transaction import file_case, now_for
from bot.store import Store, Unit
from bot.store.history import trail_name

log = structlog.get_logger("certdesk.desk")


@dataclass(frozen=True, slots=True)
class Corrections:
    """Correct all cases that need it, each in a transaction of its own."""

    store: Store
    rules: Rules
    clock: Callable[[], datetime]
    wake: Callable[[], None]

    async def correct_future_cases(self) -> int:
        """Correct cases that were changed while the clock was ahead, and their reminders; returns how many.

        Otherwise a reminder set for an hour later would come an hour after that wrong moment.
        """
        number = 0
        while await self.store.write(self._correct_next):
            number += 1
        if number:
            log.warning("cases_set_right", cases=number)
        return number

    async def free_cases_of_former_agents(self, installation: str) -> None:
        """Return to the queue the cases whose owner is no agent: who left, was deactivated, or is a bot."""
        held = await self.store.read(lambda unit: unit.cases.owned_by_non_agents(installation))
        taken = [number for number in held if await self.store.write(partial(self._owner_left, number))]
        if taken:
            log.warning("owners_left", cases=[case_name(number) for number in taken])
            self.wake()

    def _correct_next(self, unit: Unit) -> bool:
        at = self.clock()
        case = unit.cases.changed_after(at + SKEW)
        if case is None:
            return False
        now, right = now_for(unit.people.get_or_add(case.person), at), without_future(case, at)
        file_case(unit, nothing_happens(Snapshot.of(self.rules, right, now)), now)
        return True

    def _owner_left(self, number: int, unit: Unit) -> bool:
        """Return a case to the queue unless its owner is an agent after all; returns whether it was."""
        case, at, event = unit.cases.get(number), self.clock(), OwnerLeft()
        owner = case.handoff.claimed_by if case is not None and case.handoff is not None else None
        if case is None or owner is None or unit.agents.has(owner.installation, owner.user):
            return False
        now = now_for(unit.people.get_or_add(case.person), at)
        after = step(self.rules, case, event, now)
        if after.case == case:
            return False
        file_case(unit, after, now)
        unit.history.add(number, trail_name(event), after.case.standing, None, at)
        for effect in after.effects:
            unit.outbox.queue(order_for(effect, number), at)
        return True
