"""Turn messages and views into plain text, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .encoding import unescape
from .model import Message, View
from .views import STATE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .schema import Json


def text_of(shown: Message | View) -> str:
    """Return what a person reads, one line a block: buttons as `[Label]`, choices as `( ) Label`.

    A view begins with its title and ends with its `[Close]` and `[Submit]` buttons; under an input stands
    its error as `! text`. A message without blocks is its `text`.
    """
    if isinstance(shown, Message):
        return "\n".join(_blocks(shown.blocks, shown.values, {})) or unescape(shown.text)
    buttons = [f"[{shown.body[name]['text']}]" for name in ("close", "submit") if name in shown.body]
    lines = [shown.title, *_blocks(shown.blocks, shown.values, shown.errors), " ".join(buttons)]
    return "\n".join(line for line in lines if line)


def _blocks(
    blocks: Iterable[Json],
    values: Mapping[str, Mapping[str, Json]],
    errors: Mapping[str, str],
) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        block_id = block.get("block_id", "")
        lines += _block(block, values.get(block_id, {}))
        lines += [f"! {errors[block_id]}"] if block_id in errors else []
    return [line for line in lines if line]


def _block(block: Json, values: Mapping[str, Json]) -> list[str]:
    match block["type"]:
        case "divider":
            return ["---"]
        case "header":
            return [_text(block["text"])]
        case "section":
            parts = [_text(block["text"])] if "text" in block else []
            parts += [_text(field) for field in block.get("fields", [])]
            return [*parts, *_element(block["accessory"], values)] if "accessory" in block else parts
        case "context":
            return [" ".join(_text(part) for part in block["elements"])]
        case "actions":
            return [" ".join(" ".join(_element(part, values)) for part in block["elements"])]
        case "input":
            hint = [_text(block["hint"])] if "hint" in block else []
            return [_text(block["label"]), *_element(block["element"], values), *hint]
        case "rich_text":
            return [line for part in block["elements"] for line in _part(part)]
        case "image":
            return [f"<image: {block['alt_text']}>"]
        case "markdown":
            return [str(block["text"])]
        case "table":
            return [" | ".join(_cell(cell) for cell in row) for row in block["rows"]]
    return []


def _text(value: Json) -> str:
    if value["type"] == "image":
        return f"<image: {value['alt_text']}>"
    text = str(value["text"])
    return unescape(text) if value["type"] == "mrkdwn" else text


def _cell(cell: Json) -> str:
    if cell["type"] == "raw_text":
        return str(cell["text"])
    return " ".join(line for part in cell["elements"] for line in _part(part))


def _part(part: Json) -> list[str]:
    if part["type"] == "rich_text_list":
        first = 1 + part.get("offset", 0)
        marks = [
            "• " if part["style"] == "bullet" else f"{first + n}. " for n in range(len(part["elements"]))
        ]
        indent = "  " * part.get("indent", 0)
        return [indent + mark + _line(line) for mark, line in zip(marks, part["elements"], strict=True)]
    text = _line(part)
    return [f"> {line}" for line in text.split("\n")] if part["type"] == "rich_text_quote" else [text]


def _line(section: Json) -> str:
    return "".join(_piece(piece) for piece in section["elements"])


def _piece(piece: Json) -> str:
    match piece["type"]:
        case "text":
            return str(piece["text"])
        case "link":
            return str(piece.get("text") or piece["url"])
        case "emoji":
            return f":{piece['name']}:"
        case "user" | "channel" | "usergroup" as kind:
            return f"<{kind}:{piece[f'{kind}_id']}>"
        case "broadcast":
            return f"<{piece['range']}>"
        case "date":
            return str(piece.get("fallback") or piece["timestamp"])
    return str(piece.get("value", ""))


def _element(element: Json, values: Mapping[str, Json]) -> list[str]:
    kind = element["type"]
    if kind == "button":
        return [f"[{element['text']['text']}]"]
    if kind == "image":
        return [f"<image: {element['alt_text']}>"]
    chosen: Any = None
    if kind in STATE_FIELDS:
        chosen = values.get(element.get("action_id", ""), {}).get(STATE_FIELDS[kind][0])
    if kind in {"radio_buttons", "checkboxes"}:
        ticked = chosen if isinstance(chosen, list) else [chosen]
        return [f"({'x' if o in ticked else ' '}) {_text(o['text'])}" for o in element["options"]]
    if kind == "overflow":
        return ["[… " + " / ".join(o["text"]["text"] for o in element["options"]) + "]"]
    return [f"{{{_chosen(chosen)}}}"]


def _chosen(value: object) -> str:
    if isinstance(value, dict):
        return _text(value["text"])
    if isinstance(value, list):
        return ", ".join(_chosen(item) for item in value)
    return "" if value is None else str(value)
