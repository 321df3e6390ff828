"""Block Kit's blocks and views, and Slack's checks of a whole message or view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .composition import ID_LIMIT, SLACK_FILE, plain, rich
from .elements import ELEMENT, ELEMENTS
from .richtext import PART
from .schema import Arr, Bool, Json, Obj, Place, Rule, Shape, Str, Surface, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE_BLOCKS_LIMIT = 50
VIEW_BLOCKS_LIMIT = 100
MESSAGE_TEXT_LIMIT = 13_000
VIEW_BYTES_LIMIT = 250_000
IN_MESSAGES = frozenset({Surface.MESSAGE})


def _text_or_fields(block: Json, at: Place) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield at.problem("must define either `text` or `fields`")


def _url_or_file(block: Json, at: Place) -> Iterator[str]:
    if ("image_url" in block) == ("slack_file" in block):
        yield at.problem("must define either `image_url` or `slack_file`")


def _action_ids_differ(block: Json, at: Place) -> Iterator[str]:
    seen: set[str] = set()
    for index, element in enumerate(block["elements"]):
        name = element.get("action_id")
        if name in seen:
            yield (at / "elements" / index / "action_id").problem(f"`action_id` already exists: {name}")
        seen |= {name} if name else set()


SAYS_SOMETHING = Rule("has `text` or `fields`", _text_or_fields)
ONE_SOURCE = Rule("has either `image_url` or `slack_file`", _url_or_file)
DISTINCT = Rule("no two `action_id` in the block are the same", _action_ids_differ)
CONTEXT_ELEMENT = Tagged("image or text", {**rich(3000).kinds, "image": ELEMENTS["image"]})
CELL = Tagged(
    "table cell",
    {
        "raw_text": Obj(required={"type": Str(), "text": Str(min=1)}),
        "rich_text": Obj(required={"type": Str(), "elements": Arr(PART, 1)}),
    },
)


def _block(
    required: dict[str, Shape],
    optional: dict[str, Shape] | None = None,
    rules: tuple[Rule, ...] = (),
    surfaces: frozenset[Surface] = frozenset(Surface),
) -> Obj:
    return Obj(
        required={"type": Str(), **required},
        optional={"block_id": Str(ID_LIMIT, min=1), **(optional or {})},
        rules=rules,
        surfaces=surfaces,
    )


BLOCKS: dict[str, Obj] = {
    "section": _block(
        {},
        {"text": rich(3000), "fields": Arr(rich(2000), 1, 10), "accessory": ELEMENT, "expand": Bool()},
        (SAYS_SOMETHING,),
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "context": _block({"elements": Arr(CONTEXT_ELEMENT, 1, 10)}),
    "actions": _block({"elements": Arr(ELEMENT, 1, 25)}, rules=(DISTINCT,)),
    "input": _block(
        {"label": plain(2000), "element": ELEMENT},
        {"dispatch_action": Bool(), "hint": plain(2000), "optional": Bool()},
    ),
    "image": _block(
        {"alt_text": Str(2000, min=1)},
        {"image_url": Str(3000, form="http(s) URL"), "slack_file": SLACK_FILE, "title": plain(2000)},
        (ONE_SOURCE,),
    ),
    "rich_text": _block({"elements": Arr(PART, 1)}),
    "markdown": _block({"text": Str(12_000, min=1)}, surfaces=IN_MESSAGES),
    "table": _block(
        {"rows": Arr(Arr(CELL, 1, 20), 1, 100)},
        {
            "column_settings": Arr(
                Obj(
                    optional={
                        "align": Str(choices=("left", "center", "right")),
                        "is_wrapped": Bool(),
                    },
                ),
                0,
                20,
            ),
        },
        surfaces=IN_MESSAGES,
    ),
}

BLOCK = Tagged("block", BLOCKS, is_block=True)


def _block_ids_differ(blocks: list[Json], at: Place) -> Iterator[str]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name in seen:
            yield (at / index / "block_id").problem(f"`block_id` already exists: {name}")
        seen |= {name} if name else set()


def elements_of(block: Json) -> list[Json]:
    """Return the elements of a block that a person can use."""
    found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    if block["type"] not in {"section", "actions", "input"}:
        return []
    return [item for item in found if item and item["type"] != "image"]


def _distinct_blocks(view: Json, at: Place) -> Iterator[str]:
    yield from _block_ids_differ(view["blocks"], at / "blocks")


def _one_focus(view: Json, at: Place) -> Iterator[str]:
    focused = [e for b in view["blocks"] for e in elements_of(b) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield at.problem("only one element may have `focus_on_load`")


def _submit_for_inputs(view: Json, at: Place) -> Iterator[str]:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield at.problem("must define `submit` to use an `input` block in modals")


ONE_FOCUS = Rule("at most one element has `focus_on_load`", _one_focus)
BLOCK_IDS = Rule("no two `block_id` in the view are the same", _distinct_blocks)
SUBMIT = Rule("with an `input` block, `submit` is required", _submit_for_inputs)

_COMMON: dict[str, Shape] = {
    "private_metadata": Str(3000),
    "callback_id": Str(ID_LIMIT),
    "external_id": Str(ID_LIMIT),
}
VIEWS: dict[str, Obj] = {
    "modal": Obj(
        required={"type": Str(), "title": plain(24), "blocks": Arr(BLOCK, 0, VIEW_BLOCKS_LIMIT)},
        optional={
            **_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": Bool(),
            "notify_on_close": Bool(),
        },
        rules=(BLOCK_IDS, SUBMIT, ONE_FOCUS),
    ),
    "home": Obj(
        required={"type": Str(), "blocks": Arr(BLOCK, 0, VIEW_BLOCKS_LIMIT)},
        optional=_COMMON,
        rules=(BLOCK_IDS, ONE_FOCUS),
    ),
}
VIEW = Tagged("view", VIEWS)
MESSAGE = Arr(BLOCK, 0, MESSAGE_BLOCKS_LIMIT)


def message_problems(blocks: object) -> list[str]:
    """Return the problems that Slack would find in a message's blocks; empty if it accepts them."""
    at = Place("/blocks", Surface.MESSAGE)
    found = list(MESSAGE.check(blocks, at))
    if found or not isinstance(blocks, list):
        return found
    found = list(_block_ids_differ(blocks, at))
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.append(at.problem("only_one_table_allowed"))
    return found


def view_problems(view: object, pointer: str = "/view") -> list[str]:
    """Return the problems that Slack would find in a view; empty if it accepts it."""
    home = isinstance(view, dict) and view.get("type") == "home"
    return list(VIEW.check(view, Place(pointer, Surface.HOME if home else Surface.MODAL)))


def visible_length(value: object) -> int:
    """Return the number of characters of text that the blocks show."""
    if isinstance(value, list):
        return sum(visible_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(visible_length(item) for item in value.values())
