"""The reminders of a case, shown in advance so that each can be stopped."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation.reminder_kinds import Reminder, ScheduledReminder
from bot.render.contexts_lines import Reminders, Reminding, StopReminding
from bot.render.texts import Texts
from bot.render.word_lists import REMINDERS
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import Json, option


def reminders_line(texts: Texts, reminders: tuple[ScheduledReminder, ...]) -> str:
    """Return the reminders to come in one line."""
    words = texts.words(REMINDERS)
    told = tuple(Reminding(each.at.date(), words[each.reminder]) for each in reminders)
    return texts.line_of(Reminders(told))


def stops(texts: Texts, reminders: tuple[ScheduledReminder, ...]) -> Iterator[tuple[Reminder, str]]:
    """Yield each reminder with the words for stopping it."""
    words = texts.words(REMINDERS)
    for each in reminders:
        yield each.reminder, texts.line_of(StopReminding(words[each.reminder]))


def stop_menu(texts: Texts, action: Action, ref: Ref, reminders: tuple[ScheduledReminder, ...]) -> list[Json]:
    """Return a menu that stops each reminder, if there are any."""
    options = [
        option(words, str(Ref(ref.case, ref.revision, reminder)))
        for reminder, words in stops(texts, reminders)
    ]
    return [{"type": "overflow", "action_id": action.value, "options": options}] if options else []
