"""Views and their inputs: fill in ids, compute hashes, and keep what was entered across updates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from .blockkit import VIEW_BYTES_LIMIT, elements_of, view_problems
from .encoding import compact
from .errors import Refusal
from .model import View
from .schema import copied
from .world import APP_ID, BOT_ID, TEAM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .schema import Json
    from .world import World

STACK_LIMIT: Final = 3
Values = dict[str, dict[str, "Json"]]

# element type -> (its field in the state, its field in the element that holds the initial value)
STATE_FIELDS: Final[dict[str, tuple[str, str]]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "file_input": ("files", "files"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}


def with_ids(world: World, blocks: list[Json]) -> list[Json]:
    """Return the blocks as Slack stores them, with an id on every block and element."""
    done = copied(blocks)
    for block in done:
        block.setdefault("block_id", world.ids.text(4)[:5])
        for element in elements_of(block):
            element.setdefault("action_id", world.ids.text(4)[:5])
    return done


def initial_state(element: Json) -> Json:
    """Return an element's entry in `state.values` before anybody has used it."""
    name, initial = STATE_FIELDS[element["type"]]
    empty: list[Any] | None = [] if name.endswith("s") else None
    return {"type": element["type"], name: element.get(initial, empty)}


def values_of(blocks: list[Json], kept: Mapping[str, Mapping[str, Json]]) -> Values:
    """Return the blocks' `state.values`; earlier entries stay where the ids are the same."""
    values: Values = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATE_FIELDS:
                continue
            old = kept.get(block["block_id"], {}).get(element["action_id"])
            same = old is not None and old["type"] == element["type"]
            entry = dict(old) if same and old is not None else initial_state(element)
            values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def checked(world: World, body: object, kind: str, own_id: str = "") -> Json:
    """Return a view's definition with ids filled in, or refuse it as Slack does."""
    if len(compact(body)) > VIEW_BYTES_LIMIT:
        raise Refusal("view_too_large")
    problems = view_problems(body)
    if problems or not isinstance(body, dict):
        raise Refusal.because("invalid_arguments", problems)
    if body["type"] != kind:
        raise Refusal.because(
            "invalid_arguments",
            [f"unsupported type: {body['type']} [json-pointer:/view/type]"],
        )
    external = body.get("external_id")
    if external and any(v.external_id == external and v.id != own_id for v in world.all_views()):
        raise Refusal("duplicate_external_id")
    return {**body, "blocks": with_ids(world, body["blocks"])}


def new_hash(world: World) -> str:
    """Return a new hash for a view."""
    return f"{int(world.clock())}.{world.ids.hex(4)}"


def opened(world: World, user: str, body: Json, below: View | None = None) -> View:
    """Return a new view of a person, on top of another view or by itself."""
    new = world.next_id("V0")
    return View(
        id=new,
        user=user,
        hash=new_hash(world),
        body=body,
        root_view_id=below.root_view_id if below else new,
        previous_view_id=below.id if below else None,
        values=values_of(body["blocks"], {}),
    )


def updated(world: World, view: View, body: Json) -> View:
    """Return the view with a new definition; entries under unchanged ids stay."""
    values = values_of(body["blocks"], view.values)
    return replace(view, hash=new_hash(world), body=body, values=values, errors={})


def view_json(view: View) -> Json:
    """Return the view as Slack's answers and payloads show it."""
    body = view.body
    shown = {
        "id": view.id,
        "team_id": TEAM,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": APP_ID,
        "external_id": view.external_id,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
    }
    return copied(shown)
