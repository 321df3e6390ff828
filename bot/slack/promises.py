"""The reminders of a case, so that nobody is surprised by one and each can be stopped."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.conversation.promise import Promise, Reminder
from bot.render.filters import weekday_day
from bot.slack.ids import Action, Ref
from bot.slack.parts import Json, option

REMINDERS: Final = {
    Reminder.WINDOW_SOON: "the window closes in 3 days",
    Reminder.WINDOW_LAST: "the window closes in 1 day",
    Reminder.CREDIT: "did the credit arrive?",
    Reminder.UNCLAIMED: "nobody has claimed it",
    Reminder.OWNER_IDLE: "nothing has happened for a day",
    Reminder.REQUESTER_IDLE: "the requester has not answered",
}


def promised(promises: tuple[Promise, ...]) -> str:
    """Return the reminders to come in a line."""
    return "Reminders: " + "; ".join(
        f"{_day(each.at.date())} {REMINDERS[each.reminder]}" for each in promises
    )


def _day(day: date) -> str:
    return f"{weekday_day(day).rsplit(' ', 1)[0]},"


def hush_menu(action: Action, ref: Ref, promises: tuple[Promise, ...]) -> list[Json]:
    """Return a menu that stops each reminder, where there are any."""
    options = [
        option(f"Stop: {REMINDERS[each.reminder]}", str(Ref(ref.case, ref.revision, each.reminder)))
        for each in promises
    ]
    return [{"type": "overflow", "action_id": action.value, "options": options}] if options else []
