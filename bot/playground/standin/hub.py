"""`Hub`: the parts of the stand-in together, and which events the app is told about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .files import Uploads
from .model import ChannelKind, Message
from .payloads import (
    changed_event,
    deleted_event,
    member_event,
    mention_event,
    message_event,
    reaction_event,
)
from .triggers import ResponseUrls, Triggers

if TYPE_CHECKING:
    from .courier import Courier, Delivery
    from .model import Call, Channel, Manifest, User
    from .schema import Json
    from .world import World

SUBSCRIPTIONS = frozenset(
    {
        "message.im",
        "app_home_opened",
        "app_mention",
        "member_joined_channel",
        "member_left_channel",
        "reaction_added",
        "reaction_removed",
        "app_uninstalled",
        "tokens_revoked",
    }
)
_SUFFIX = {ChannelKind.PUBLIC: "channels", ChannelKind.PRIVATE: "groups", ChannelKind.IM: "im"}


class Hub:
    """The world, the courier, the trigger ids and response URLs, and the record of calls."""

    def __init__(self, world: World, courier: Courier, manifest: Manifest) -> None:
        self.world = world
        self.courier = courier
        self.manifest = manifest
        self.triggers = Triggers(world)
        self.response_urls = ResponseUrls(world)
        self.uploads = Uploads(world)
        self.calls: list[Call] = []
        self._unheard: dict[int, int] = {}

    def log(self, call: Call) -> None:
        """Add a call to the record."""
        self._unheard[id(call.response)] = len(self.calls)
        self.calls.append(call)
        self.world.ring()

    def hear(self, answer: object) -> None:
        """Note that the app was sent this answer, which is recognized by identity."""
        index = self._unheard.pop(id(answer), None)
        if index is not None:
            self.calls[index] = replace(self.calls[index], heard=True)

    def hears(self, channel: Channel) -> bool:
        """Tell whether the app gets the messages of a conversation."""
        area = _SUFFIX[channel.kind]
        heard = self._subscribed(f"message.{area}", f"{area}:history")
        return heard and self.world.bot in channel.members

    def _subscribed(self, event: str, scope: str) -> bool:
        return event in self.manifest.subscriptions and scope in self.world.bot_token.scopes

    async def _tell(self, event: Json, channel: Channel) -> Delivery:
        return await self.courier.event(event, shared=self.world.is_shared(channel))

    async def tell_posted(self, message: Message) -> Delivery | None:
        """Tell the app about a new message, if it is subscribed."""
        channel = self.world.channels[message.channel]
        if message.ephemeral or not self.hears(channel):
            return None
        return await self._tell(message_event(self.world, message), channel)

    async def tell_mentioned(self, message: Message, before: Message | None = None) -> Delivery | None:
        """Tell the app that a message mentions it, if it is subscribed and the message did not `before`.

        Slack sends no such event for direct messages to the app.
        """
        channel, mark = self.world.channels[message.channel], f"<@{self.world.bot}"
        new = mark in message.text and (before is None or mark not in before.text)
        heard = self._subscribed("app_mention", "app_mentions:read") and self.world.bot in channel.members
        if message.ephemeral or not (new and heard) or channel.kind is ChannelKind.IM:
            return None
        return await self._tell(mention_event(self.world, message), channel)

    async def tell_changed(self, message: Message, before: Message) -> Delivery | None:
        """Tell the app about a changed message, if it is subscribed."""
        channel = self.world.channels[message.channel]
        if message.ephemeral or not self.hears(channel):
            return None
        return await self._tell(changed_event(self.world, message, before), channel)

    async def tell_deleted(self, before: Message) -> Delivery | None:
        """Tell the app about a deleted message, if it is subscribed."""
        channel = self.world.channels[before.channel]
        if before.ephemeral or not self.hears(channel):
            return None
        return await self._tell(deleted_event(self.world, before), channel)

    async def tell_moved(
        self, kind: str, user: User, channel: Channel, inviter: str | None
    ) -> Delivery | None:
        """Tell the app that somebody joined or left."""
        heard = self._subscribed(kind, f"{_SUFFIX[channel.kind]}:read")
        if not heard or self.world.bot not in channel.members | {user.id}:
            return None
        return await self._tell(member_event(self.world, kind, user, channel, inviter), channel)

    async def tell_reacted(self, kind: str, user: str, message: Message, name: str) -> Delivery | None:
        """Tell the app that somebody added or removed a reaction."""
        channel = self.world.channels[message.channel]
        if not self._subscribed(kind, "reactions:read") or self.world.bot not in channel.members:
            return None
        return await self._tell(reaction_event(self.world, kind, user, message, name), channel)

    async def tell_revoked(self) -> Delivery | None:
        """Tell the app that its token was revoked, if it is subscribed."""
        if "tokens_revoked" not in self.manifest.subscriptions:
            return None
        return await self.courier.event({"type": "tokens_revoked", "tokens": {"bot": [self.world.bot]}})

    async def tell_uninstalled(self) -> Delivery | None:
        """Tell the app that it was uninstalled, if it is subscribed."""
        if "app_uninstalled" not in self.manifest.subscriptions:
            return None
        return await self.courier.event({"type": "app_uninstalled"})

    async def tell_rate_limited(self) -> Delivery:
        """Tell the app that it was sent too many events in a minute; this needs no subscription."""
        return await self.courier.rate_limited()
