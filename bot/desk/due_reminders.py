"""Do the reminders that have come due, each once, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final

import structlog

from bot.conversation.case import Case
from bot.conversation.derive import Rules
from bot.conversation.events import CameDue
from bot.conversation.people import case_name
from bot.conversation.step import step
from bot.desk.deliveries import Due
from bot.desk.queueing import order_for
from bot.desk.recorded_deliveries import record
from bot.desk.transaction import file_case, now_for, schedule_reminders
from bot.safe_errors import mishap
from bot.store import AWAY, Store, Taken, Unit
from bot.store import reminders as waiting
from bot.store.history import trail_name

FAILING_SECONDS: Final = 300.0  # before retrying one that failed through our own fault

log = structlog.get_logger("certdesk.desk")


@dataclass(slots=True)
class DueReminders:
    """The reminders of all cases. `wake` starts the sending of what they say."""

    store: Store
    rules: Rules
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    _failing: dict[int, float] = field(default_factory=dict)  # when to try each again

    async def do_all(self) -> int:
        """Do every reminder that has come due; returns how many.

        One that fails through a fault of our own is logged and skipped for some minutes, so that it delays no
        other.
        """
        number = 0
        while (done := await self._remind_next()) is not None:
            number += done
        if number:
            self.wake()
        return number

    async def _remind_next(self) -> bool | None:
        """Do the reminder that is due first; returns whether it was done, None if none is due."""
        self._failing = {key: until for key, until in self._failing.items() if until > monotonic()}
        begun: list[waiting.Due] = []
        try:
            return await self.store.write(lambda unit: self._remind(unit, begun)) or None
        except AWAY:
            raise
        except Exception as error:
            if not begun:
                raise
            due = begun[-1]
            seen = {"case": case_name(due.case), "reminder": due.reminder.value}
            log.error("reminder_failed", **seen, **mishap(error))  # noqa: TRY400  its text may quote what was typed
            self._failing[due.id] = monotonic() + FAILING_SECONDS
            return False

    def _remind(self, unit: Unit, begun: list[waiting.Due]) -> bool:
        """Do the reminder that is due first, and add it to `begun`; returns whether there was one."""
        at = self.clock()
        for due in unit.reminders.due(at, 1, self._failing):
            begun.append(due)
            unit.reminders.done(due.id)
            case = unit.cases.get(due.case)
            if case is not None:
                self._came_due(unit, case, due, at)
            return True
        return False

    def _came_due(self, unit: Unit, case: Case, due: waiting.Due, at: datetime) -> None:
        """Do a reminder once: it has a receipt, as a delivery has."""
        event, now = CameDue(due.reminder), now_for(unit.people.get_or_add(case.person), at)
        intent = Due(case.number, due.reminder)
        if not unit.receipts.add(Taken(due.key, intent.kind, record(intent), None), at):
            return
        after = step(self.rules, case, event, now)
        if after.case != case:
            file_case(unit, after, now)
        else:
            schedule_reminders(unit, after, now)
        unit.receipts.assign(due.key, case.number, changed=after.case != case)
        unit.history.add(case.number, trail_name(event), after.case.standing, None, at)
        for effect in after.effects:
            unit.outbox.queue(order_for(effect, case.number), at)
