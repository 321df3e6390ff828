"""The modal in which somebody clicked or submitted, as it can be sent back to Slack."""

from __future__ import annotations

from typing import Final

from bot.slack.blocks.parts import Json
from bot.slack.inbound.fields import objects, part
from bot.slack.inbound.incoming import Payload

_UPDATABLE: Final = ("type", "title", "close", "submit", "private_metadata", "callback_id")


def open_modal(body: Payload) -> Json | None:
    """Return the modal as `views.update` takes it, None if the payload comes from no modal."""
    view = part(body, "view")
    if view.get("type") != "modal" or not isinstance(view.get("blocks"), list):
        return None
    return {name: view[name] for name in _UPDATABLE if view.get(name)} | {"blocks": objects(view, "blocks")}


def with_first_block(modal: Json, block: Json) -> Json:
    """Return a modal with a block on top, in place of the block of the same id if there is one."""
    rest = [each for each in modal["blocks"] if each.get("block_id") != block["block_id"]]
    return modal | {"blocks": [block, *rest]}
