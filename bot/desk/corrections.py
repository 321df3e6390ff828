"""Correct cases that a wrong clock changed, or that an older version gave to a bot."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from bot.conversation.agent_moves import taken_from_bot
from bot.conversation.derive import Rules, Snapshot
from bot.conversation.effects import ShowCard
from bot.conversation.people import case_name
from bot.conversation.reminders import set_right
from bot.conversation.step import nothing_happens
from bot.desk.audit import TAKEN_FROM_BOT
from bot.desk.local_time import now_for
from bot.desk.queueing import order_for
from bot.desk.rate_limit import SKEW
from bot.desk.transaction import file_case
from bot.store import Store, Unit

log = structlog.get_logger("certdesk.desk")


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections of all cases that need one, each case in a transaction of its own."""

    store: Store
    rules: Rules
    clock: Callable[[], datetime]
    wake: Callable[[], None]

    async def set_right(self) -> int:
        """Correct cases that were changed while the clock was ahead, and their reminders; returns how many.

        Otherwise what is to come an hour later would come an hour after that wrong moment.
        """
        number = 0
        while await self.store.write(self._set_right):
            number += 1
        if number:
            log.warning("cases_set_right", cases=number)
        return number

    async def take_from_bots(self, installation: str, bots: Collection[str]) -> None:
        """Let the cases wait again that a bot owns: an older version gave them to whatever was chosen."""
        held = await self.store.read(lambda unit: unit.held_by_bots(installation, bots))
        for number in held:
            await self.store.write(partial(self._take_from_bot, number))
        if held:
            log.warning("cases_taken_from_bots", cases=[case_name(number) for number in held])
            self.wake()

    def _set_right(self, unit: Unit) -> bool:
        at = self.clock()
        case = unit.changed_after(at + SKEW)
        if case is None:
            return False
        now, right = now_for(unit.person(case.person), at), set_right(case, at)
        file_case(unit, nothing_happens(Snapshot.of(self.rules, right, now)), now)
        return True

    def _take_from_bot(self, number: int, unit: Unit) -> None:
        case, at = unit.case(number), self.clock()
        if case is None:
            return
        now = now_for(unit.person(case.person), at)
        waiting = taken_from_bot(case, now.at)
        if waiting == case:
            return
        after = Snapshot.of(self.rules, waiting, now)
        file_case(unit, nothing_happens(after), now)
        unit.history.add(number, TAKEN_FROM_BOT, waiting.standing, None, at)
        unit.outbox.queue(order_for(ShowCard(after.card), number), at)
