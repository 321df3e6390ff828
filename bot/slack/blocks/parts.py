"""Pieces of Block Kit as plain dicts, cut to Slack's limits: texts, buttons, menus, whole messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder, ScheduledReminder
from bot.render import to_blocks, to_fallback
from bot.render.contexts_lines import Reminders, Reminding, StopReminding
from bot.render.document import Mention
from bot.render.environment import Context
from bot.render.texts import Texts
from bot.render.word_lists import REMINDERS
from bot.slack.blocks.ids import Action, Ref

Json: TypeAlias = dict[str, Any]
Style: TypeAlias = Literal["primary", "danger"] | None

# https://docs.slack.dev/reference/block-kit
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
OPTION_TEXT: Final = 75
HEADER_TEXT: Final = 150
SECTION_TEXT: Final = 3000
CONTEXT_TEXT: Final = 2000
LABEL_TEXT: Final = 2000
PREFORMATTED: Final = 3000
VIEW_TITLE: Final = 24
ERROR_TEXT: Final = 2000


def cut(text: str, limit: int) -> str:
    """Return a text within a limit, ending in an ellipsis if something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(text: str, limit: int) -> Json:
    """Return a plain text object; emoji codes stay as they were typed."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def header(text: str) -> Json:
    """Return a header block."""
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def note(text: str) -> Json:
    """Return a small gray line."""
    return {"type": "context", "elements": [plain(text, CONTEXT_TEXT)]}


def preformatted(text: str) -> Json:
    """Return a block of text for copying."""
    shown = {"type": "text", "text": cut(text, PREFORMATTED)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [shown]}]}


def button(action: Action | str, text: str, ref: Ref, *, unique: str = "", style: Style = None) -> Json:
    """Return a button. `unique` distinguishes it from others of the same action in its block."""
    made: Json = {
        "type": "button",
        "action_id": f"{action}:{unique}" if unique else str(action),
        "text": plain(text, BUTTON_TEXT),
        "value": str(ref),
    }
    if style is not None:
        made["style"] = style
    return made


def option(text: str, value: str) -> Json:
    """Return one option of a select or of radio buttons."""
    return {"text": plain(text, OPTION_TEXT), "value": value}


def actions(elements: Sequence[Json]) -> list[Json]:
    """Return a row of elements, or nothing if there are none."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def choice_element(options: Sequence[Json], chosen: Json | None, *, radio: bool) -> Json:
    """Return radio buttons or a select, with the chosen option already set."""
    element: Json = {
        "type": "radio_buttons" if radio else "static_select",
        "action_id": Action.INPUT.value,
        "options": list(options),
    }
    if chosen is not None:
        element["initial_option"] = chosen
    return element


def field(block_id: str, label: str, element: Json, hint: str = "") -> Json:
    """Return an input block."""
    made: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_TEXT),
        "element": element,
    }
    if hint:
        made["hint"] = plain(hint, LABEL_TEXT)
    return made


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and the same as escaped text for notifications."""

    blocks: list[Json]
    text: str


def said(texts: Texts, context: Context, row: list[Json] | None = None) -> Message:
    """Return one text as a message, with buttons under it."""
    document = texts.say(context)
    return Message([*to_blocks(document), *actions(row or [])], to_fallback(document))


def mention(person: Person | None) -> Mention:
    """Return a person to be shown by name."""
    return Mention("user", person.user if person else "")


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
