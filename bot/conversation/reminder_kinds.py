"""A reminder as a value: what is to happen to a case, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias


class Reminder(StrEnum):
    """What is to happen when the time has come."""

    WINDOW_SOON = "window_soon"
    WINDOW_LAST = "window_last"
    CREDIT = "credit"
    UNCLAIMED = "unclaimed"
    OWNER_IDLE = "owner_idle"
    REQUESTER_IDLE = "requester_idle"
    IDLE_CLOSE = "idle_close"
    FORGET = "forget"
    NEW_DAY = "new_day"
    MENTIONED = "mentioned"


# Those of which the thread of the case's card tells.
AlarmReminder: TypeAlias = Literal[
    Reminder.UNCLAIMED, Reminder.OWNER_IDLE, Reminder.CREDIT, Reminder.WINDOW_SOON, Reminder.WINDOW_LAST
]

# Those that a person is told of and may stop; the rest only moves or redraws a case.
FOR_REQUESTER: Final = frozenset({Reminder.WINDOW_SOON, Reminder.WINDOW_LAST, Reminder.CREDIT})
FOR_AGENTS: Final = frozenset({Reminder.UNCLAIMED, Reminder.OWNER_IDLE, Reminder.REQUESTER_IDLE})


@dataclass(frozen=True, slots=True)
class ScheduledReminder:
    """A reminder and when it is due, by the requester's clock."""

    reminder: Reminder
    at: datetime
