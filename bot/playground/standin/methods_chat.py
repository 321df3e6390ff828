"""The methods of `chat.*` and `reactions.*`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from .blockkit import MESSAGE_TEXT_LIMIT, message_problems, visible_length
from .encoding import compact, is_emoji_name
from .errors import Refusal
from .method import BOOLEAN, CHANNEL, STRING, Arg, Ask, Method, Type
from .model import Channel, Message
from .payloads import message_json, reactions_json
from .views import values_of, with_ids

if TYPE_CHECKING:
    from .schema import Json
    from .world import World

TEXT_LIMIT: Final = 40_000
UPDATE_TEXT_LIMIT: Final = 4_000
METADATA_LIMIT: Final = 8_000

_BLOCKS = Arg(Type.JSON, malformed="invalid_blocks_format")
_METADATA = Arg(Type.JSON, malformed="invalid_metadata_format")
_CONTENT = {"text": STRING, "blocks": _BLOCKS, "parse": STRING, "link_names": BOOLEAN}
_LOOKS = {"username": STRING, "icon_emoji": STRING, "icon_url": STRING}
_UNFURL = {"unfurl_links": BOOLEAN, "unfurl_media": BOOLEAN, "mrkdwn": BOOLEAN}


def read_blocks(world: World, blocks: object) -> list[Json]:
    """Return a message's blocks with ids filled in, or refuse them as Slack does."""
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    problems = message_problems(blocks)
    if problems:
        raise Refusal.because("invalid_blocks", problems)
    if visible_length(blocks) > MESSAGE_TEXT_LIMIT:
        raise Refusal("msg_blocks_too_long")
    return with_ids(world, blocks)


def _content(ask: Ask, limit: int) -> tuple[str, list[Json] | None]:
    text = ask.text("text")
    blocks = read_blocks(ask.hub.world, ask.args["blocks"]) if "blocks" in ask.args else None
    if len(text) > limit:
        raise Refusal("msg_too_long")
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    if any(name in ask.args for name in _LOOKS):
        ask.needs("chat:write.customize")
    return text, blocks


def _metadata(ask: Ask) -> Json | None:
    value = ask.args.get("metadata")
    if not value:
        return None
    if not isinstance(value, dict) or set(value) - {"event_type", "event_payload", "entities"}:
        raise Refusal("invalid_metadata_format")
    kind, payload = value.get("event_type"), value.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise Refusal("invalid_metadata_format")
    if len(compact(value)) > METADATA_LIMIT:
        raise Refusal("metadata_too_large")
    return value


def _destination(ask: Ask) -> Channel:
    world = ask.hub.world
    if ask.text("channel") in world.users:
        user = ask.user("channel")
        if user.is_bot:
            raise Refusal("cannot_dm_bot")
        return world.open_im(user.id)
    channel = ask.channel()
    if channel.archived:
        raise Refusal("is_archived")
    if world.bot not in channel.members and "chat:write.public" not in ask.token.scopes:
        raise Refusal("not_in_channel")
    return channel


def _post(ask: Ask) -> Json:
    channel = _destination(ask)
    text, blocks = _content(ask, TEXT_LIMIT)
    metadata = _metadata(ask)
    message = Message(
        channel=channel.id,
        ts=ask.hub.world.next_ts(),
        user=ask.hub.world.bot,
        text=text,
        blocks=tuple(blocks or ()),
        thread_ts=ask.args.get("thread_ts"),
        metadata=metadata,
        by_app=True,
        broadcast=ask.flag("reply_broadcast"),
        values=values_of(blocks or [], {}),
    )
    ask.hub.world.put(message)
    ask.hub.courier.later(ask.hub.tell_posted(message))
    shown = message_json(ask.hub.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _own_message(ask: Ask, refusal: str) -> Message:
    channel = ask.channel()
    found = ask.hub.world.messages[channel.id].get(ask.text("ts"))
    if found is None or found.ephemeral:
        raise Refusal("message_not_found")
    if not found.by_app:
        raise Refusal(refusal)
    return found


def _update(ask: Ask) -> Json:
    before = _own_message(ask, "cant_update_message")
    if ask.hub.world.channels[before.channel].archived:
        raise Refusal("is_inactive")
    text, blocks = _content(ask, UPDATE_TEXT_LIMIT)
    kept = list(before.blocks) if blocks is None else blocks
    changes: dict[str, Any] = {"metadata": _metadata(ask)} if "metadata" in ask.args else {}
    message = replace(
        before,
        text=text,
        blocks=tuple(kept),
        edited=ask.hub.world.next_ts(),
        broadcast=before.broadcast or ask.flag("reply_broadcast"),
        values=values_of(kept, before.values),
        **changes,
    )
    ask.hub.world.put(message)
    ask.hub.courier.later(ask.hub.tell_changed(message, before))
    shown = message_json(ask.hub.world, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": shown}


def _delete(ask: Ask) -> Json:
    before = _own_message(ask, "cant_delete_message")
    ask.hub.world.remove(before.channel, before.ts)
    ask.hub.courier.later(ask.hub.tell_deleted(before))
    return {"channel": before.channel, "ts": before.ts}


def _ephemeral(ask: Ask) -> Json:
    channel = _destination(ask)
    user = ask.hub.world.users.get(ask.text("user"))
    if user is None or user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = _content(ask, TEXT_LIMIT)
    message = Message(
        channel=channel.id,
        ts=ask.hub.world.next_ts(),
        user=ask.hub.world.bot,
        text=text,
        blocks=tuple(blocks or ()),
        thread_ts=ask.args.get("thread_ts"),
        viewer=user.id,
        by_app=True,
        values=values_of(blocks or [], {}),
    )
    ask.hub.world.put(message)
    return {"message_ts": message.ts}


def _reacted(ask: Ask) -> Message:
    channel = ask.channel()
    found = ask.hub.world.messages[channel.id].get(ask.text("timestamp"))
    if found is None or found.ephemeral:
        raise Refusal("message_not_found")
    return found


def _react(ask: Ask) -> Json:
    message = _reacted(ask)
    name, bot = ask.text("name").strip(":"), ask.hub.world.bot
    if not is_emoji_name(name):
        raise Refusal("invalid_name")
    if (name, bot) in message.reactions:
        raise Refusal("already_reacted")
    ask.hub.world.put(replace(message, reactions=(*message.reactions, (name, bot))))
    ask.hub.courier.later(ask.hub.tell_reacted("reaction_added", bot, message, name))
    return {}


def _reactions(ask: Ask) -> Json:
    message = _reacted(ask)
    shown = message_json(ask.hub.world, message) | {"reactions": reactions_json(message)}
    return {"type": "message", "channel": message.channel, "message": shown}


_POSTED = {"channel": CHANNEL, "thread_ts": STRING, **_CONTENT, **_LOOKS}
_TS = {"channel": CHANNEL, "ts": Arg(required=True, missing="message_not_found")}
_AT = {"channel": CHANNEL, "timestamp": Arg(required=True, missing="no_item_specified")}

METHODS = (
    Method(
        "chat.postMessage",
        _post,
        {**_POSTED, **_UNFURL, "metadata": _METADATA, "reply_broadcast": BOOLEAN},
        ("chat:write",),
    ),
    Method(
        "chat.update",
        _update,
        {**_TS, **_CONTENT, "metadata": _METADATA, "reply_broadcast": BOOLEAN},
        ("chat:write",),
    ),
    Method("chat.delete", _delete, _TS, ("chat:write",)),
    Method(
        "chat.postEphemeral",
        _ephemeral,
        {**_POSTED, "user": Arg(required=True, missing="user_not_in_channel")},
        ("chat:write",),
    ),
    Method(
        "reactions.add",
        _react,
        {**_AT, "name": Arg(required=True, missing="invalid_name")},
        ("reactions:write",),
    ),
    Method("reactions.get", _reactions, {**_AT, "full": BOOLEAN}, ("reactions:read",)),
)
