"""Block Kit's elements: their fields, their limits, and the blocks and surfaces that may contain them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .composition import (
    CONFIRM,
    DISPATCH,
    FILTER,
    ID_LIMIT,
    OPTION_GROUP,
    OPTIONS_LIMIT,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    plain,
)
from .schema import Arr, Bool, Int, Json, Obj, Place, Rule, Shape, Str, Surface, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTION_ID = Str(ID_LIMIT, min=1)
ANYWHERE = frozenset({"section", "actions", "input"})
PRESSED = frozenset({"section", "actions"})
TYPED = frozenset({"input"})
IN_MODALS = frozenset({Surface.MODAL})
PLACEHOLDER = plain(150)


def offered(element: Json) -> list[Any]:
    """Return every option of a menu, including those in groups."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _options_or_groups(element: Json, at: Place) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield at.problem("must define either `options` or `option_groups`")


def _initial_is_offered(element: Json, at: Place) -> Iterator[str]:
    choices = offered(element)
    if "initial_option" in element and element["initial_option"] not in choices:
        yield (at / "initial_option").problem("must be one of the given options")
    for index, chosen in enumerate(element.get("initial_options", ())):
        if chosen not in choices:
            yield (at / "initial_options" / index).problem("must be one of the given options")


def _lengths_agree(element: Json, at: Place) -> Iterator[str]:
    longest = element.get("max_length", 3000)
    if element.get("min_length", 0) > longest:
        yield (at / "min_length").problem("must be at most `max_length`")
    if len(element.get("initial_value", "")) > longest:
        yield (at / "initial_value").problem("must be at most `max_length` characters")


def _numbers_agree(element: Json, at: Place) -> Iterator[str]:
    values = {name: float(element[name]) for name in ("min_value", "max_value") if name in element}
    low, high = values.get("min_value"), values.get("max_value")
    if low is not None and high is not None and low > high:
        yield (at / "min_value").problem("must be at most `max_value`")
    initial = element.get("initial_value")
    if initial is None:
        return
    if (low is not None and float(initial) < low) or (high is not None and float(initial) > high):
        yield (at / "initial_value").problem("must lie between `min_value` and `max_value`")
    if not element["is_decimal_allowed"] and "." in initial:
        yield (at / "initial_value").problem("must be a whole number")


EITHER = Rule("has either `options` or `option_groups`", _options_or_groups)
OFFERED = Rule("`initial_option(s)` are among the options, equal in every field", _initial_is_offered)
LENGTHS = Rule("`min_length` ≤ `max_length`, `initial_value` fits into `max_length`", _lengths_agree)
NUMBERS = Rule("`initial_value` lies between `min_value` and `max_value`", _numbers_agree)


def _element(
    fields: dict[str, Shape] | None = None,
    required: dict[str, Shape] | None = None,
    rules: tuple[Rule, ...] = (),
    within: frozenset[str] = ANYWHERE,
    surfaces: frozenset[Surface] = frozenset(Surface),
) -> Obj:
    return Obj(
        required={"type": Str(), **(required or {})},
        optional={"action_id": ACTION_ID, **(fields or {})},
        rules=rules,
        within=within,
        surfaces=surfaces,
    )


def _menu(fields: dict[str, Shape], rules: tuple[Rule, ...] = ()) -> Obj:
    common: dict[str, Shape] = {"confirm": CONFIRM, "focus_on_load": Bool(), "placeholder": PLACEHOLDER}
    return _element({**common, **fields}, rules=rules)


def _input(
    fields: dict[str, Shape],
    required: dict[str, Shape] | None = None,
    rules: tuple[Rule, ...] = (),
    surfaces: frozenset[Surface] = IN_MODALS,
) -> Obj:
    common: dict[str, Shape] = {
        "placeholder": PLACEHOLDER,
        "focus_on_load": Bool(),
        "dispatch_action_config": DISPATCH,
    }
    return _element({**common, **fields}, required, rules, TYPED, surfaces)


_CHOICES: dict[str, Shape] = {
    "options": Arr(PLAIN_OPTION, 1, OPTIONS_LIMIT),
    "option_groups": Arr(OPTION_GROUP, 1, OPTIONS_LIMIT),
}
_SEVERAL: dict[str, Shape] = {"max_selected_items": Int(1)}
_URLS: dict[str, Shape] = {"response_url_enabled": Bool()}
_TALKS: dict[str, Shape] = {"default_to_current_conversation": Bool(), "filter": FILTER}

ELEMENTS: dict[str, Obj] = {
    "button": _element(
        {
            "url": Str(3000, form="URL"),
            "value": Str(2000),
            "style": Str(choices=("primary", "danger")),
            "confirm": CONFIRM,
            "accessibility_label": Str(75),
        },
        {"text": plain(75)},
        within=PRESSED,
    ),
    "checkboxes": _element(
        {"initial_options": Arr(RICH_OPTION, 1, 10), "confirm": CONFIRM, "focus_on_load": Bool()},
        {"options": Arr(RICH_OPTION, 1, 10)},
        (OFFERED,),
    ),
    "radio_buttons": _element(
        {"initial_option": RICH_OPTION, "confirm": CONFIRM, "focus_on_load": Bool()},
        {"options": Arr(RICH_OPTION, 1, 10)},
        (OFFERED,),
    ),
    "overflow": _element({"confirm": CONFIRM}, {"options": Arr(OVERFLOW_OPTION, 1, 5)}, within=PRESSED),
    "datepicker": _menu({"initial_date": Str(form="YYYY-MM-DD")}),
    "timepicker": _menu({"initial_time": Str(form="HH:mm"), "timezone": Str()}),
    "datetimepicker": _element(
        {"initial_date_time": Int(0), "confirm": CONFIRM, "focus_on_load": Bool()},
        within=frozenset({"actions", "input"}),
        surfaces=frozenset({Surface.MODAL, Surface.MESSAGE}),
    ),
    "static_select": _menu({**_CHOICES, "initial_option": PLAIN_OPTION}, (EITHER, OFFERED)),
    "multi_static_select": _menu(
        {**_CHOICES, **_SEVERAL, "initial_options": Arr(PLAIN_OPTION, 1, OPTIONS_LIMIT)},
        (EITHER, OFFERED),
    ),
    "users_select": _menu({"initial_user": Str(min=1)}),
    "multi_users_select": _menu({"initial_users": Arr(Str(min=1)), **_SEVERAL}),
    "conversations_select": _menu({"initial_conversation": Str(min=1), **_TALKS, **_URLS}),
    "multi_conversations_select": _menu({"initial_conversations": Arr(Str(min=1)), **_TALKS, **_SEVERAL}),
    "channels_select": _menu({"initial_channel": Str(min=1), **_URLS}),
    "multi_channels_select": _menu({"initial_channels": Arr(Str(min=1)), **_SEVERAL}),
    "plain_text_input": _input(
        {
            "initial_value": Str(3000),
            "multiline": Bool(),
            "min_length": Int(0, 3000),
            "max_length": Int(1, 3000),
        },
        rules=(LENGTHS,),
        surfaces=frozenset(Surface),
    ),
    "email_text_input": _input({"initial_value": Str(form="email")}),
    "url_text_input": _input({"initial_value": Str(form="http(s) URL")}),
    "file_input": _element(
        {"filetypes": Arr(Str(min=1), 1), "max_files": Int(1, 10)},
        within=TYPED,
        surfaces=frozenset({Surface.MODAL}),
    ),
    "number_input": _input(
        {
            "initial_value": Str(form="number"),
            "min_value": Str(form="number"),
            "max_value": Str(form="number"),
        },
        {"is_decimal_allowed": Bool()},
        (NUMBERS,),
    ),
    "image": Obj(
        required={"type": Str(), "alt_text": Str(2000, min=1)},
        optional={"image_url": Str(3000, form="http(s) URL"), "slack_file": SLACK_FILE},
        within=frozenset({"section", "context"}),
    ),
}

ELEMENT = Tagged("element", ELEMENTS)
