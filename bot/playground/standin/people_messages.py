"""What people do with messages: post, edit and delete them, upload files, react."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .encoding import escape, is_emoji_name
from .errors import StandInError
from .files import mimetype_of
from .model import File, Message

if TYPE_CHECKING:
    from .courier import Delivery
    from .schema import Json
from .people_base import PeopleBase


class MessageActions(PeopleBase):
    """What people do with messages and files."""

    def store(self, user: str, name: str, data: bytes, **about: Any) -> File:  # noqa: ANN401
        """Store a file that is not shared in any conversation yet."""
        kind, mode = about.pop("mimetype", mimetype_of(name)), about.pop("mode", "hosted")
        made = int(self._world.clock())
        return self._world.store(
            File(self._world.next_id("F0"), name, user, made, data, kind, mode, more=about)
        )

    async def say(
        self, user: str, channel: str, text: str, thread_ts: str | None, files: Sequence[File] = ()
    ) -> str:
        """Post a message and return its timestamp, once the app has acknowledged it or failed to."""
        who, where = self._member(user, channel)
        if where.archived:
            raise StandInError(f"{channel} is archived")
        message = Message(
            channel=where.id,
            ts=self._world.next_ts(),
            user=who.id,
            text=self._typed(text),
            blocks=tuple(self._typed_blocks(text)),
            thread_ts=self._root(where.id, thread_ts),
            files=tuple(file.id for file in files),
        )
        for file in files:
            self._world.store(replace(file, shares=(*file.shares, (where.id, message.ts))))
        self._world.put(message)
        await self._hub.tell_posted(message)
        await self._hub.tell_mentioned(message)
        return message.ts

    def _root(self, channel: str, thread_ts: str | None) -> str | None:
        """Return the parent of the thread to post in: a reply to a reply goes into the same thread."""
        at = self._world.messages[channel].get(thread_ts or "")
        return at.thread_ts if at is not None and at.is_reply else thread_ts

    def _typed(self, text: str) -> str:
        """Return typed text in Slack's markup: an at sign and the app's name become a mention."""
        return f"<@{self._world.bot}>".join(map(escape, self._around_name(text)))

    def _typed_blocks(self, text: str) -> list[Json]:
        """Return the rich text block that Slack's client makes of typed text."""
        elements: list[Json] = []
        for number, part in enumerate(self._around_name(text)):
            elements += [{"type": "user", "user_id": self._world.bot}] if number else []
            elements += [{"type": "text", "text": part}] if part else []
        section = {"type": "rich_text_section", "elements": elements}
        return [{"type": "rich_text", "block_id": "typed", "elements": [section]}] if elements else []

    def _around_name(self, text: str) -> list[str]:
        """Split the text at the places that mention the app."""
        name = re.escape(self._world.users[self._world.bot].name)
        return re.split(rf"(?<![\w.@])@{name}(?![\w-])", text)

    def _own(self, user: str, channel: str, ts: str) -> Message:
        found = self._world.messages[self._world.channel(channel).id].get(ts)
        if found is None or found.user != user:
            raise StandInError(f"{user} has no message {ts} in {channel}")
        return found

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Delivery | None:
        """Edit one of the person's own messages."""
        before = self._own(user, channel, ts)
        message = replace(
            before,
            edited=self._world.next_ts(),
            text=self._typed(text),
            blocks=tuple(self._typed_blocks(text)),
        )
        self._world.put(message)
        told = await self._hub.tell_changed(message, before)
        return await self._hub.tell_mentioned(message, before) or told

    async def unfurl(self, channel: str, ts: str, preview: Json) -> Delivery | None:
        """Let Slack add a link preview to a message, which arrives as `message_changed`."""
        before = self._world.messages[channel][ts]
        message = self._world.put(replace(before, attachments=(*before.attachments, preview)))
        return await self._hub.tell_changed(message, before)

    async def delete(self, user: str, channel: str, ts: str) -> Delivery | None:
        """Delete one of the person's own messages, and its files."""
        before = self._own(user, channel, ts)
        self._world.remove(before.channel, ts)
        told = await self._hub.tell_deleted(before)
        for file in before.files:
            self._world.files.pop(file, None)
        return told

    async def react(self, user: str, message: Message, name: str) -> Delivery | None:
        """Give a message a reaction."""
        self._reactable(message, name)
        if (name, user) in message.reactions:
            raise StandInError(f"{user} has given {name!r} already")
        self._world.put(replace(message, reactions=(*message.reactions, (name, user))))
        return await self._hub.tell_reacted("reaction_added", user, message, name)

    async def unreact(self, user: str, message: Message, name: str) -> Delivery | None:
        """Remove the person's reaction."""
        self._reactable(message, name)
        if (name, user) not in message.reactions:
            raise StandInError(f"{user} has not given {name!r}")
        left = tuple(reaction for reaction in message.reactions if reaction != (name, user))
        self._world.put(replace(message, reactions=left))
        return await self._hub.tell_reacted("reaction_removed", user, message, name)

    def _reactable(self, message: Message, name: str) -> None:
        if not is_emoji_name(name):
            raise StandInError(f"no emoji is called {name!r}")
        if message.ephemeral or self._world.channels[message.channel].archived:
            raise StandInError("there are no reactions to ephemeral messages, nor in archived channels")
