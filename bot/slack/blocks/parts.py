"""Pieces of Block Kit as plain dicts, cut to Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

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
