"""The rows of reminders: each waits for its moment, is done once, and is deleted if no longer wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.conversation.reminder_kinds import Reminder, ScheduledReminder
from bot.store.coding import SHELF, millis, moment
from bot.store.schema import reminders
from bot.store.statements import Prepared

WAITING: Final = "waiting"
DONE: Final = "done"
_KNOWN: Final = [reminder.value for reminder in Reminder]

_OF_CASE: Final = Prepared(select(reminders).where(reminders.c.case_id == bindparam("case")))
_ADD: Final = Prepared(insert(reminders).inline())


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that has come due."""

    id: int
    case: int
    reminder: Reminder
    at: datetime

    @property
    def key(self) -> str:
        """Return the key of its receipt, the same whichever process does it."""
        return f"reminder:{self.case}:{self.reminder}:{millis(self.at)}"


class Reminders:
    """The reminders within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, case: int, scheduled: Iterable[ScheduledReminder], at: datetime) -> None:
        """Keep just these reminders of a case. An overdue one stays if it was waiting, but is never added."""
        wanted = {(each.reminder.value, millis(each.at)) for each in scheduled}
        rows = _OF_CASE.all(self._connection, {"case": case - SHELF})
        known = {(row["reminder"], row["due_at"]) for row in rows}
        gone = [
            row["id"]
            for row in rows
            if row["state"] == WAITING and (row["reminder"], row["due_at"]) not in wanted
        ]
        if gone:
            self._connection.execute(delete(reminders).where(reminders.c.id.in_(gone)))
        fresh = [
            {"case_id": case - SHELF, "reminder": reminder, "due_at": due, "state": WAITING}
            for reminder, due in sorted(wanted - known)
            if due > millis(at)
        ]
        for row in fresh:
            _ADD.count(self._connection, row)

    def due(self, at: datetime, most: int, but_not: Collection[int] = ()) -> list[Due]:
        """Return reminders that have come due, the earliest first; each process gets others.

        A reminder that another version of certdesk wrote, and this one cannot read, is left alone.
        """
        waiting = (reminders.c.state == WAITING) & (reminders.c.due_at <= millis(at))
        waiting &= reminders.c.reminder.in_(_KNOWN)
        if but_not:
            waiting &= reminders.c.id.not_in(but_not)
        chosen = select(reminders).where(waiting).order_by(reminders.c.due_at, reminders.c.id).limit(most)
        rows = self._connection.execute(chosen.with_for_update(skip_locked=True)).mappings()
        return [
            Due(row["id"], row["case_id"] + SHELF, Reminder(row["reminder"]), moment(row["due_at"]))
            for row in rows
        ]

    def done(self, key: int) -> None:
        """Note that a reminder has been done."""
        self._connection.execute(update(reminders).where(reminders.c.id == key).values(state=DONE))

    def next_due(self) -> datetime | None:
        """Return when the next one is due, None if none is waiting."""
        first = select(func.min(reminders.c.due_at)).where(reminders.c.state == WAITING)
        due = self._connection.execute(first).scalar()
        return None if due is None else moment(due)
