"""Reminders as values: what is to happen to a case, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias


class Reminder(StrEnum):
    """What is to happen when a reminder comes due."""

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


# Those that are reported in the thread of the case's card.
AlarmReminder: TypeAlias = Literal[
    Reminder.UNCLAIMED, Reminder.OWNER_IDLE, Reminder.CREDIT, Reminder.WINDOW_SOON, Reminder.WINDOW_LAST
]

# Those that a person is told about and may stop; the others only move or redraw a case.
FOR_REQUESTER: Final = frozenset({Reminder.WINDOW_SOON, Reminder.WINDOW_LAST, Reminder.CREDIT})
FOR_AGENTS: Final = frozenset({Reminder.UNCLAIMED, Reminder.OWNER_IDLE, Reminder.REQUESTER_IDLE})


@dataclass(frozen=True, slots=True)
class ScheduledReminder:
    """A reminder and when it is due, by the requester's clock."""

    reminder: Reminder
    at: datetime
