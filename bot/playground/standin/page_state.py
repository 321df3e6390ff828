"""What one person may see of the workspace, in the form in which the page gets it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from . import page_faults
from .model import Channel, ChannelKind, File, Message, User
from .payloads import reactions_json
from .world import TEAM, TEAM_NAME

if TYPE_CHECKING:
    from .faults import Faults
    from .hub import Hub
    from .schema import Json
    from .world import World


def state(hub: Hub, faults: Faults, user: User) -> Json:
    """Return everything that one person may see."""
    world = hub.world
    channels = [c for c in world.channels.values() if user.id in c.members]
    seen = {c.id: list(world.visible(c.id, user.id)) for c in channels}
    return {
        "type": "state",
        "me": person(user),
        "team": {"name": TEAM_NAME},
        "users": {other.id: _other(other) for other in world.users.values()},
        "channels": [_channel(world, channel) for channel in channels],
        "messages": {channel: _messages(world, messages) for channel, messages in seen.items()},
        "view": _view(world, user),
        "home": _home(world, user),
        "home_tab": hub.manifest.home,
        **_offered(hub, user),
        "notices": [{"id": key, "text": text} for key, text in world.notices.get(user.id, [])],
        "faults": page_faults.shown(faults),
        "now": world.clock(),
        "error": None,
    }


def _offered(hub: Hub, user: User) -> Json:
    if user.team != TEAM:
        return {"commands": [], "shortcuts": []}
    return {
        "commands": [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in hub.manifest.commands
        ],
        "shortcuts": [
            {"callback_id": s.callback_id, "name": s.name, "description": s.description}
            for s in hub.manifest.shortcuts
            if s.on_message
        ],
    }


def _channel(world: World, channel: Channel) -> Json:
    im = channel.kind is ChannelKind.IM
    return {
        "id": channel.id,
        "name": world.users[world.bot].real_name if im else channel.name,
        "kind": str(channel.kind),
        "topic": channel.topic,
        "with": world.bot if im else None,
    }


def _messages(world: World, messages: list[Message]) -> list[Json]:
    below = Counter(m.thread_ts for m in messages if m.is_reply and not m.ephemeral)
    return [
        {
            "ts": message.ts,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "edited": message.edited is not None,
            "ephemeral": message.ephemeral,
            "thread_ts": message.thread_ts if message.is_reply else None,
            "broadcast": message.broadcast and message.is_reply,
            "reply_count": below[message.ts],
            "files": [_file(world.files[file]) for file in message.files if file in world.files],
            "reactions": [{"name": r["name"], "users": r["users"]} for r in reactions_json(message)],
            "state": {"values": message.values},
        }
        for message in messages
    ]


def _file(file: File) -> Json:
    return {"id": file.id, "name": file.name, "mimetype": file.mimetype, "size": len(file.data)}


def _view(world: World, user: User) -> Json | None:
    view = world.top(user.id)
    if view is None:
        return None
    return {
        "id": view.id,
        "hash": view.hash,
        "title": view.body["title"],
        "submit": view.body.get("submit"),
        "close": view.body.get("close"),
        "blocks": view.blocks,
        "state": {"values": view.values},
        "errors": view.errors,
        "depth": len(world.stacks[user.id]),
    }


def _home(world: World, user: User) -> Json | None:
    home = world.homes.get(user.id)
    return {"view_id": home.id, "blocks": home.blocks, "state": {"values": home.values}} if home else None


def person(user: User) -> Json:
    """Return a person that one may act as."""
    return {"id": user.id, "name": user.real_name, "color": f"#{user.color}", "role": user.role}


def _other(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.real_name,
        "color": f"#{user.color}",
        "is_bot": user.is_bot,
        "external": user.team != TEAM,
        "deleted": user.deleted,
    }
