"""The methods of `conversations.*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import Refusal
from .method import BOOLEAN, CHANNEL, CURSOR, SCOPE_AREA, STRING, Arg, Ask, Method, page_of
from .model import Channel, ChannelKind, Message
from .payloads import message_json
from .world import TEAM

if TYPE_CHECKING:
    from .schema import Json

_WINDOW = {"oldest": STRING, "latest": STRING, "inclusive": BOOLEAN, "include_all_metadata": BOOLEAN}
_TYPES = {"public_channel": ChannelKind.PUBLIC, "private_channel": ChannelKind.PRIVATE, "im": ChannelKind.IM}


def channel_json(ask: Ask, channel: Channel) -> Json:
    """Return a conversation as Slack's answers show it."""
    world = ask.hub.world
    if channel.kind is ChannelKind.IM:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_archived": False,
            "is_org_shared": False,
            "user": channel.partner,
            "is_user_deleted": False,
            "is_open": True,
        }
    private = channel.kind is ChannelKind.PRIVATE
    shared = world.is_shared(channel)
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": channel.archived,
        "is_general": False,
        "is_member": world.bot in channel.members,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "created": channel.created,
        "context_team_id": TEAM,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _open(ask: Ask) -> Json:
    world = ask.hub.world
    if ask.text("channel"):
        return {"channel": {"id": ask.channel().id}}
    users = [user for user in ask.text("users").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if any(user not in world.users for user in users):
        raise Refusal("user_not_found")
    if len(users) > 1:
        raise Refusal("method_not_supported_for_channel_type")
    user = world.users[users[0]]
    if user.is_bot:
        raise Refusal("cannot_dm_bot")
    if user.deleted:
        raise Refusal("user_disabled")
    if user.no_dm:
        raise Refusal(user.no_dm)
    channel = world.open_im(user.id)
    return {"channel": channel_json(ask, channel) if ask.flag("return_im") else {"id": channel.id}}


def _info(ask: Ask) -> Json:
    channel = ask.channel("read")
    shown = channel_json(ask, channel)
    return {
        "channel": shown | ({"num_members": len(channel.members)} if ask.flag("include_num_members") else {})
    }


def _members(ask: Ask) -> Json:
    members, cursor = page_of(ask, sorted(ask.channel("read").members), default=100, most=1000)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def _list(ask: Ask) -> Json:
    wanted = [name for name in ask.text("types").split(",") if name] or ["public_channel"]
    if any(name not in _TYPES for name in wanted):
        raise Refusal("invalid_types")
    kinds = [_TYPES[name] for name in wanted]
    for kind in kinds:
        ask.needs(f"{SCOPE_AREA[kind]}:read")
    world = ask.hub.world
    found = [
        channel
        for channel in world.channels.values()
        if channel.kind in kinds
        and (channel.kind is ChannelKind.PUBLIC or world.bot in channel.members)
        and not (channel.archived and ask.flag("exclude_archived"))
    ]
    channels, cursor = page_of(ask, found, default=100, most=1000)
    return {
        "channels": [channel_json(ask, channel) for channel in channels],
        "response_metadata": {"next_cursor": cursor},
    }


def _readable(ask: Ask) -> Channel:
    channel = ask.channel("history")
    if ask.hub.world.bot not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _in_window(ask: Ask, messages: list[Message]) -> list[Message]:
    bounds = [_time(ask, "oldest", 0.0), _time(ask, "latest", float("inf"))]
    inclusive = ask.flag("inclusive")

    def inside(message: Message) -> bool:
        ts = float(message.ts)
        return bounds[0] <= ts <= bounds[1] if inclusive else bounds[0] < ts < bounds[1]

    return [message for message in messages if not message.ephemeral and inside(message)]


def _time(ask: Ask, name: str, default: float) -> float:
    try:
        return float(ask.text(name) or default)
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def _page(ask: Ask, messages: list[Message], default: int) -> Json:
    page, cursor = page_of(ask, messages, default=default, most=999)
    metadata = ask.flag("include_all_metadata")
    answer: Json = {
        "messages": [message_json(ask.hub.world, message, with_metadata=metadata) for message in page],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _history(ask: Ask) -> Json:
    channel = _readable(ask)
    newest_first = sorted(ask.hub.world.messages[channel.id].values(), key=lambda m: m.ts, reverse=True)
    shown = [m for m in _in_window(ask, newest_first) if not m.is_reply or m.broadcast]
    return _page(ask, shown, 100) | {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


def _replies(ask: Ask) -> Json:
    channel = _readable(ask)
    world = ask.hub.world
    asked = world.messages[channel.id].get(ask.text("ts"))
    if asked is None or asked.ephemeral:
        raise Refusal("thread_not_found")
    root = world.messages[channel.id].get(asked.thread_ts or asked.ts, asked)
    replies = sorted(world.thread(channel.id, root.ts), key=lambda m: m.ts)
    return _page(ask, [root, *_in_window(ask, replies)], 200)


METHODS = (
    Method(
        "conversations.open",
        _open,
        {"users": STRING, "channel": STRING, "return_im": BOOLEAN, "prevent_creation": BOOLEAN},
        ("im:write",),
    ),
    Method(
        "conversations.info",
        _info,
        {"channel": CHANNEL, "include_num_members": BOOLEAN, "include_locale": BOOLEAN},
    ),
    Method("conversations.members", _members, {"channel": CHANNEL, **CURSOR}),
    Method(
        "conversations.list",
        _list,
        {"types": STRING, "exclude_archived": BOOLEAN, **CURSOR},
    ),
    Method("conversations.history", _history, {"channel": CHANNEL, **_WINDOW, **CURSOR}),
    Method(
        "conversations.replies",
        _replies,
        {"channel": CHANNEL, "ts": Arg(required=True, missing="thread_not_found"), **_WINDOW, **CURSOR},
    ),
)
