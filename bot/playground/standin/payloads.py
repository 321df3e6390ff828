"""Build the payloads that Slack sends: messages, events, commands and interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .files import file_json
from .model import Channel, ChannelKind, Message, User, View
from .schema import copied
from .views import view_json
from .world import APP_ID, BOT_ID, TEAM, TEAM_DOMAIN

if TYPE_CHECKING:
    from .schema import Json
    from .world import World

CHANNEL_TYPES: Final = {
    ChannelKind.PUBLIC: "channel",
    ChannelKind.PRIVATE: "group",
    ChannelKind.IM: "im",
}
CHANNEL_NAMES: Final = {ChannelKind.PRIVATE: "privategroup", ChannelKind.IM: "directmessage"}


def message_json(world: World, message: Message, *, with_metadata: bool = False) -> Json:
    """Return a message as Slack's answers and payloads show it."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": world.users[message.user].team,
    }
    if message.by_app:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile(world)}
    if message.blocks:
        shown["blocks"] = copied(list(message.blocks))
    if message.files:
        shown |= {"subtype": "file_share", "files": files_json(world, message), "upload": False}
    if message.attachments:
        shown["attachments"] = copied(list(message.attachments))
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.metadata and with_metadata:
        shown["metadata"] = copied(message.metadata)
    if message.reactions:
        shown["reactions"] = reactions_json(message)
    return shown | _thread_fields(world, message)


def files_json(world: World, message: Message) -> list[Json]:
    """Return a message's files; a deleted file is a tombstone."""
    gone = [{"id": file, "mode": "tombstone"} for file in message.files if file not in world.files]
    return [file_json(world, world.files[file]) for file in message.files if file in world.files] + gone


def _thread_fields(world: World, message: Message) -> Json:
    if message.is_reply and message.broadcast:
        root = world.messages[message.channel].get(message.thread_ts or "")
        told = {"root": message_json(world, root)} if root else {}
        return {"subtype": "thread_broadcast", "thread_ts": message.thread_ts, **told}
    if message.is_reply:
        return {"thread_ts": message.thread_ts, "parent_user_id": _parent_user(world, message)}
    replies = world.thread(message.channel, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": max(reply.ts for reply in replies),
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def _parent_user(world: World, message: Message) -> str:
    parent = world.messages[message.channel].get(message.thread_ts or "")
    return parent.user if parent else world.bot


def reactions_json(message: Message) -> list[Json]:
    """Return a message's reactions, by name."""
    names = dict.fromkeys(name for name, _ in message.reactions)
    by_name = {name: [user for known, user in message.reactions if known == name] for name in names}
    return [{"name": name, "users": users, "count": len(users)} for name, users in by_name.items()]


def bot_profile(world: World) -> Json:
    """Return the bot's profile as it is in the bot's messages."""
    return {
        "id": BOT_ID,
        "deleted": False,
        "name": world.users[world.bot].real_name,
        "updated": 0,
        "app_id": APP_ID,
        "user_id": world.bot,
        "icons": {},
        "team_id": TEAM,
    }


def message_event(world: World, message: Message) -> Json:
    """Return the event of a new message."""
    channel = world.channels[message.channel]
    return message_json(world, message, with_metadata=True) | {
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": CHANNEL_TYPES[channel.kind],
    }


def mention_event(world: World, message: Message) -> Json:
    """Return the event of a message that mentions the app; unlike a message's, it has no `channel_type`."""
    event = message_event(world, message) | {"type": "app_mention"}
    return {name: value for name, value in event.items() if name not in ("channel_type", "subtype")}


def changed_event(world: World, message: Message, before: Message) -> Json:
    """Return the event of a changed message."""
    return _hidden(world, message.channel, "message_changed") | {
        "message": message_json(world, message),
        "previous_message": message_json(world, before),
    }


def deleted_event(world: World, before: Message) -> Json:
    """Return the event of a deleted message."""
    return _hidden(world, before.channel, "message_deleted") | {
        "deleted_ts": before.ts,
        "previous_message": message_json(world, before),
    }


def _hidden(world: World, channel: str, subtype: str) -> Json:
    now = world.next_ts()
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel,
        "ts": now,
        "event_ts": now,
        "channel_type": CHANNEL_TYPES[world.channels[channel].kind],
    }


def member_event(world: World, kind: str, user: User, channel: Channel, inviter: str | None) -> Json:
    """Return the event of a person who joined or left a channel."""
    event = {
        "type": kind,
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind is ChannelKind.PRIVATE else "C",
        "team": user.team,
        "event_ts": world.next_ts(),
    }
    return event | ({"inviter": inviter} if inviter else {})


def reaction_event(world: World, kind: str, user: str, message: Message, name: str) -> Json:
    """Return the event of a person who added or removed a reaction."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": world.next_ts(),
    }


def home_event(world: World, user: User, tab: str) -> Json:
    """Return the event of a person who opened the app's Home or Messages tab."""
    event = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": world.open_im(user.id).id,
        "tab": tab,
        "event_ts": world.next_ts(),
    }
    home = world.homes.get(user.id)
    return event | ({"view": view_json(home)} if home and tab == "home" else {})


def command_payload(  # noqa: PLR0913 - a command has that many parts
    world: World,
    user: User,
    channel: Channel,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Return the payload of a slash command."""
    return {
        "token": world.verification_token,
        "team_id": user.team,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interaction(world: World, kind: str, user: User) -> Json:
    """Return the part that the payloads of all interactions share."""
    return {
        "type": kind,
        "team": {"id": user.team, "domain": TEAM_DOMAIN if user.team == TEAM else "other"},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": APP_ID,
        "token": world.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut_payload(world: World, user: User, callback_id: str, message: Message | None) -> Json:
    """Return the payload of a shortcut, without trigger id and response URL."""
    body = interaction(world, "message_action" if message else "shortcut", user)
    del body["api_app_id"]  # shortcuts are the only interactions without it
    body |= {"callback_id": callback_id, "action_ts": world.next_ts()}
    if message is None:
        return body
    return body | {
        "channel": _channel_of(world, message),
        "message_ts": message.ts,
        "message": message_json(world, message),
    }


def _channel_of(world: World, message: Message) -> Json:
    channel = world.channels[message.channel]
    return {"id": channel.id, "name": CHANNEL_NAMES.get(channel.kind, channel.name)}


def on_message(world: World, message: Message) -> Json:
    """Return the part of an interaction that gives the message it happened on."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral,
    } | ({"thread_ts": message.thread_ts} if message.is_reply else {})
    part: Json = {
        "container": container,
        "channel": _channel_of(world, message),
        "state": {"values": copied(dict(message.values))},
    }
    return part if message.ephemeral else part | {"message": message_json(world, message)}


def on_view(view: View) -> Json:
    """Return the part of an interaction that gives the view it happened in."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_json(view)}
