"""The part of `StandIn` that lets tests act as people in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import inputs
from .driver_workspace import DriverWorkspace
from .errors import StandInError
from .model import File, Message, View

if TYPE_CHECKING:
    from .courier import Delivery


class DriverPeople(DriverWorkspace):
    """What people do; each method waits for the app's acknowledgment, if there is to be one."""

    async def slash(
        self,
        user: str,
        channel: str,
        command: str,
        text: str = "",
        *,
        thread_ts: str | None = None,
    ) -> Delivery:
        """Send a slash command and wait for its acknowledgment."""
        return await self.people.slash(self.user(user), self.channel(channel), command, text, thread_ts)

    async def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> str:
        """Post a message and return its timestamp, once the app has acknowledged the event."""
        return await self.people.say(self.user(user), self.channel(channel), text, thread_ts)

    def store(self, user: str, name: str, data: bytes, **about: Any) -> File:  # noqa: ANN401
        """Store a file that is not shared yet; `about` has `mimetype`, `mode` and further keys of it."""
        return self.people.store(self.user(user), name, data, **about)

    async def upload(
        self,
        user: str,
        channel: str,
        *files: tuple[str, bytes] | File,
        text: str = "",
        thread_ts: str | None = None,
    ) -> str:
        """Post files, given by name and content, with or without text; return the message's timestamp."""
        stored = [file if isinstance(file, File) else self.store(user, *file) for file in files]
        return await self.people.say(self.user(user), self.channel(channel), text, thread_ts, stored)

    def shared(self, channel: str, thread_ts: str | None = None) -> list[File]:
        """Return the files shared in a conversation, or in one of its threads, oldest first."""
        messages = self.world.visible(self.channel(channel), None)
        ids = [file for m in messages if thread_ts in (None, m.thread_ts) for file in m.files]
        return [self.world.files[file] for file in ids if file in self.world.files]

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Delivery | None:
        """Edit one of the person's own messages."""
        return await self.people.edit(self.user(user), self.channel(channel), ts, text)

    async def delete(self, user: str, channel: str, ts: str) -> Delivery | None:
        """Delete one of the person's own messages."""
        return await self.people.delete(self.user(user), self.channel(channel), ts)

    async def unfurl(self, channel: str, ts: str) -> Delivery | None:
        """Add a link preview to a message; the `message_changed` event leaves its text as it was."""
        preview = {"id": 1, "from_url": "https://example.com/", "title": "Example", "fallback": "Example"}
        return await self.people.unfurl(self.channel(channel), ts, preview)

    async def click(  # noqa: PLR0913 - a word for each kind of element
        self,
        user: str,
        where: Message | View,
        action_id: str,
        *,
        value: object = None,
        option: object = None,
        date: str | None = None,
        block_id: str | None = None,
        stale: bool = False,
    ) -> Delivery:
        """Use an element of a message or view, named by its action id or a button's label.

        Args:
            user: who does it.
            where: the message or view that has the element.
            action_id: the element; a button may also be named by its label.
            value: which of several buttons with one action id; for other elements, what is entered.
            option: the option chosen, by value or label; a list for several.
            date: the date chosen, as YYYY-MM-DD.
            block_id: which of several elements with one action id.
            stale: act on `where` as given, as on an outdated screen, rather than on its current state.

        Raises:
            StandInError: there is no such element now, or no such option, or the view or message is gone.
        """
        who = self.user(user)
        shown = self._seen(who, where)
        shown = where if stale else shown
        block, element = inputs.find(shown.blocks, action_id, value=value, block_id=block_id)
        entered = next((item for item in (option, date, value) if item is not None), None)
        raw = None if element["type"] == "button" else entered
        return await self.people.act(who, shown, block, element, raw)

    def _seen(self, user: str, where: Message | View) -> Message | View:
        return self._open(user, where) if isinstance(where, View) else self._message(user, where)

    def _message(self, user: str, where: Message) -> Message:
        now = self.world.messages[where.channel].get(where.ts)
        if now is None or user not in self.world.channels[where.channel].members:
            raise StandInError(f"{user} sees no message {where.ts} in {where.channel}")
        if now.viewer not in (None, user):
            raise StandInError(f"only {now.viewer} sees the message {where.ts}")
        return now

    def _open(self, user: str, view: View | None) -> View:
        wanted = view or self.world.top(user) or self.world.homes.get(user)
        found = self.world.find_view(wanted.id) if wanted else None
        if found is None or found.user != user:
            raise StandInError(f"{user} has no such view open")
        return found

    def fill(self, view: View, ref: str, value: object) -> View:
        """Enter a value into an input of an open view, by block id or action id; None empties it.

        An option is given by its value or label, several by a list, a date as YYYY-MM-DD.
        """
        now = self._open(view.user, view)
        block, element = inputs.find_input(now.blocks, ref)
        self.people.enter(now, block["block_id"], element, value)
        return self._open(view.user, view)

    async def submit(self, user: str, view: View | None = None) -> Delivery:
        """Submit a modal (the one in front when none is given).

        Raises:
            StandInError: it is closed, has no submit button, or a required input is empty.
        """
        who = self.user(user)
        return await self.people.submit(who, self._open(who, view))

    async def close(self, user: str, view: View | None = None) -> Delivery | None:
        """Close a modal; the app is told only if it set `notify_on_close`."""
        who = self.user(user)
        return await self.people.close(who, self._open(who, view))

    async def open_home(self, user: str) -> Delivery | None:
        """Open the app's home tab."""
        return await self.people.open_home(self.user(user), "home")

    async def open_messages(self, user: str) -> Delivery | None:
        """Open the app's messages tab."""
        return await self.people.open_home(self.user(user), "messages")

    async def shortcut(self, user: str, callback_id: str, message: Message | None = None) -> Delivery:
        """Run a global shortcut, or one on a message.

        Raises:
            StandInError: the app has no such shortcut, or the person does not see the message.
        """
        who = self.user(user)
        return await self.people.shortcut(who, callback_id, self._message(who, message) if message else None)

    async def react(self, user: str, message: Message, name: str) -> Delivery | None:
        """Give a message a reaction, by the emoji's name, such as `eyes`."""
        who = self.user(user)
        return await self.people.react(who, self._message(who, message), name)

    async def unreact(self, user: str, message: Message, name: str) -> Delivery | None:
        """Remove the person's own reaction."""
        who = self.user(user)
        return await self.people.unreact(who, self._message(who, message), name)

    async def join(self, user: str, channel: str, inviter: str | None = None) -> Delivery | None:
        """Let somebody join a channel."""
        by = self.user(inviter) if inviter else None
        return await self.people.join(self.user(user), self.world.channel(channel), by)

    async def leave(self, user: str, channel: str) -> Delivery | None:
        """Let somebody leave a channel."""
        return await self.people.leave(self.user(user), self.world.channel(channel))
