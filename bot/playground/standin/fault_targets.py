"""Find the message or modal that a call or delivery refers to, and delete it: the fault `target_gone`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Message, View
from .seam import Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .hub import Hub
    from .seam import Passage
    from .world import World


def target_of(world: World, passage: Passage) -> Message | View | None:
    """Return what something refers to: the thread's parent, else the message, else the modal; or None."""
    about = passage.content
    match passage.way:
        case Way.CALL:
            return _message(world, about.get("channel"), about) or _modal(world, about.get("view_id"))
        case Way.DELIVERY:
            return _delivered(world, about)
        case Way.RESPONSE_URL:
            return None


def _delivered(world: World, body: Mapping[str, Any]) -> Message | View | None:
    event = body.get("event")
    if isinstance(event, dict):
        item = event.get("item") or event
        return _message(world, item.get("channel"), event.get("message") or item)
    channel, view = body.get("channel") or {}, body.get("view") or {}
    if not isinstance(channel, dict):
        return None
    where = body.get("container") or body
    return _message(world, channel.get("id"), where) or _modal(world, view.get("id"))


def _message(world: World, channel: object, about: Mapping[str, Any]) -> Message | None:
    known = world.messages.get(str(channel), {})
    for name in ("thread_ts", "message_ts", "timestamp", "ts"):
        if found := known.get(str(about.get(name))):
            return found
    return None


def _modal(world: World, view_id: object) -> View | None:
    views = [view for stack in world.stacks.values() for view in stack]
    return next((view for view in views if view.id == view_id), None)


def take_away(hub: Hub, target: Message | View | None) -> None:
    """Delete a message or close a modal without telling the app."""
    match target:
        case Message():
            hub.world.remove(target.channel, target.ts)
            hub.courier.later(hub.tell_deleted(target))
        case View():
            stack = hub.world.stacks[target.user]
            hub.world.set_stack(target.user, [view for view in stack if view.id != target.id])
        case None:
            return
