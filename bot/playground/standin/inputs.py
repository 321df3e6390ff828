"""What a person can enter into Block Kit's elements, and what Slack's client checks before it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .blockkit import elements_of
from .elements import offered
from .errors import StandInError
from .schema import FORMS
from .views import STATE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .model import View
    from .schema import Json

REQUIRED: Final = "Please complete this required field."
_FORM_OF: Final = {
    "selected_date": "YYYY-MM-DD",
    "selected_time": "HH:mm",
}
_TYPED_FORM: Final = {
    "email_text_input": "email",
    "url_text_input": "http(s) URL",
    "number_input": "number",
}


def all_elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each element that a person can use, with its block."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def _label(element: Json) -> str:
    return str(element.get("text", {}).get("text", ""))


def find(
    blocks: Sequence[Json],
    ref: str,
    *,
    value: object = None,
    block_id: str | None = None,
) -> tuple[Json, Json]:
    """Return the one element with an action id or label, and its block.

    Args:
        blocks: what the person sees.
        ref: an `action_id`, or a button's label.
        value: which of several buttons with one `action_id`.
        block_id: which of several elements with one `action_id`.

    Raises:
        StandInError: there is no such element, or more than one.
    """
    everything = [pair for pair in all_elements(blocks) if block_id in (None, pair[0]["block_id"])]
    found = [pair for pair in everything if pair[1]["action_id"] == ref]
    found = found or [pair for pair in everything if _label(pair[1]) == ref]
    if value is not None:
        found = [(b, e) for b, e in found if e["type"] != "button" or e.get("value") == value]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{e['action_id']!r} [{_label(e) or e['type']}]" for _, e in everything) or "nothing"
    raise StandInError(f"{len(found)} elements answer to {ref!r} (value {value!r}); there is: {there}")


def find_input(blocks: Sequence[Json], ref: str) -> tuple[Json, Json]:
    """Return the one input with a block id or action id.

    Raises:
        StandInError: there is no such input, or more than one.
    """
    inputs = [(b, e) for b, e in all_elements(blocks) if e["type"] in STATE_FIELDS]
    found = [(b, e) for b, e in inputs if b["block_id"] == ref or e["action_id"] == ref]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{b['block_id']!r}/{e['action_id']!r}" for b, e in inputs) or "nothing"
    raise StandInError(f"{len(found)} inputs answer to {ref!r}; there is: {there}")


def choose(element: Json, wanted: object) -> Json:
    """Return the menu's option with a value or label.

    Raises:
        StandInError: the menu does not offer it.
    """
    for option in offered(element):
        if wanted in (option, option.get("value"), option["text"]["text"]):
            return dict(option)
    there = [option.get("value") for option in offered(element)]
    raise StandInError(f"{element['action_id']!r} offers no {wanted!r}; it offers {there}")


def entry(element: Json, value: object) -> Json:
    """Return an element's entry in `state.values` after a person enters a value; None empties it.

    Raises:
        StandInError: the element does not take such a value.
    """
    name = STATE_FIELDS[element["type"]][0]
    return {"type": element["type"], name: _entered(element, name, value)}


def _entered(element: Json, name: str, value: object) -> object:
    if name.endswith("s"):
        values = [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]
        return [choose(element, item) for item in values] if name == "selected_options" else values
    if value is None or value == "":
        return None
    if name == "selected_option":
        return choose(element, value)
    if name in _FORM_OF and not FORMS[_FORM_OF[name]](str(value)):
        raise StandInError(f"{element['action_id']!r} takes {_FORM_OF[name]}, not {value!r}")
    return value if isinstance(value, int) and name == "selected_date_time" else str(value)


def raw_of(element: Json, given: Mapping[str, Any]) -> object:
    """Return what a person entered, from an entry or action that the page sends."""
    name = STATE_FIELDS[element["type"]][0]
    value = given.get(name)
    if name == "selected_option" and isinstance(value, dict):
        return value.get("value")
    if name == "files" and isinstance(value, list):
        return [item.get("id") for item in value if isinstance(item, dict)]
    if name == "selected_options" and isinstance(value, list):
        return [item.get("value") for item in value if isinstance(item, dict)]
    return value


def unfinished(view: View) -> dict[str, str]:
    """Return the client's message under each input that is missing or invalid, by block id."""
    said: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = view.values[block["block_id"]][element["action_id"]][STATE_FIELDS[element["type"]][0]]
        text = _complaint(element, value, optional=block.get("optional", False))
        if text:
            said[block["block_id"]] = text
    return said


def _complaint(element: Json, value: object, *, optional: bool) -> str:
    if value is None or value in ("", []):
        return "" if optional else REQUIRED
    if not isinstance(value, str):
        return ""
    form = _TYPED_FORM.get(element["type"])
    if form and not FORMS[form](value):
        return f"Please enter a valid {form}."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return _number_complaint(element, value) if form == "number" else ""


def _number_complaint(element: Json, value: str) -> str:
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return "" if element["is_decimal_allowed"] or "." not in value else "Please enter a whole number."
