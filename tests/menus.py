"""What can be done with a message or view, be it a button or an item of a menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.standin import Message, View

Json = dict[str, Any]


def elements_of(where: Message | View) -> Iterator[Json]:
    for block in where.blocks:
        yield from block["elements"] if block["type"] == "actions" else ()


def items(where: Message | View) -> Iterator[tuple[str, Json, Json]]:
    """Yield the action, menu and option of each item of a menu of actions, and of the one that changes."""
    for element in elements_of(where):
        for option in element.get("options", ()):
            argument = option["value"].split(".", 2)[-1]
            if element["action_id"].startswith("more"):
                yield argument.partition("=")[0], element, option
            elif element["action_id"] == "change" and argument == "start_over":
                yield argument, element, option


def doable(where: Message | View) -> set[str]:
    """Return what can be done, by the action's name."""
    plain = {e["action_id"].partition(":")[0] for e in elements_of(where)} - {"more"}
    return plain | {action for action, _, _ in items(where)}


def pressed(where: Message | View, action: str, label: object = None) -> Mapping[str, Any]:
    """Return how to press what stands in a menu, empty where it does not stand in one."""
    for name, menu, option in items(where):
        if name == action and label in (None, option["text"]["text"]):
            return {"action_id": menu["action_id"], "option": option["value"]}
    return {}
