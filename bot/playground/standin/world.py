"""The workspace's state: every change is made here, gets its ids and times, and wakes whoever waits."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .errors import StandInError
from .ids import Ids
from .model import Channel, ChannelKind, File, Message, Token, TokenKind, User, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .ids import Seed
    from .organization import Guise

TEAM: Final = "T0PLAYGROUND"
OTHER_TEAM: Final = "T0OTHER"
TEAM_NAME: Final = "Playground"
TEAM_DOMAIN: Final = "playground"
APP_ID: Final = "A0STANDIN"
BOT_ID: Final = "B0STANDIN"
COLORS: Final = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "d58247", "5a4592")


class World:
    """People, channels, messages, views and tokens, all in memory."""

    def __init__(
        self, clock: Callable[[], float], scopes: Iterable[str], app_name: str, seed: Seed | None = None
    ) -> None:
        self.clock = clock
        self.seed = seed
        self.ids = Ids(seed)
        self.bot_token = Token(f"xoxb-standin-{self.ids.hex(12)}", TokenKind.BOT, frozenset(scopes))
        self.app_token = Token(
            f"xapp-standin-{self.ids.hex(12)}",
            TokenKind.APP,
            frozenset({"connections:write"}),
        )
        self.signing_secret = self.ids.hex(16)
        self.verification_token = self.ids.hex(12)
        self.tokens = {token.value: token for token in (self.bot_token, self.app_token)}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.files: dict[str, File] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.notices: dict[str, list[tuple[str, str]]] = {}
        self.problems: list[str] = []
        self.guises: dict[str, Guise] = {}
        self.whole_organization = False
        self.base = ""
        self._changed: set[asyncio.Event] = set()
        self._last_ts = 0
        self._count = 0
        self.bot = self.add_user(app_name, is_bot=True).id

    def ring(self) -> None:
        """Wake everybody who waits for a change."""
        for event in self._changed:
            event.set()

    def subscribe(self) -> asyncio.Event:
        """Return an event that is set by each change; return it with `unsubscribe`."""
        event = asyncio.Event()
        self._changed.add(event)
        return event

    def unsubscribe(self, event: asyncio.Event) -> None:
        """Stop setting an event."""
        self._changed.discard(event)

    def next_id(self, prefix: str) -> str:
        """Return a new id that has not been used before."""
        self._count += 1
        return f"{prefix}{self._count:07d}"

    def next_ts(self) -> str:
        """Return a message timestamp later than all earlier ones, even if the clock stands still."""
        self._last_ts = max(int(self.clock() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _id_from(self, prefix: str, name: str, taken: Iterable[str]) -> str:
        wanted = prefix + re.sub(r"[^A-Z0-9]", "", name.upper())
        return wanted if wanted not in taken and len(wanted) > len(prefix) else self.next_id(prefix)

    def add_user(  # noqa: PLR0913 - a person has that many sides
        self,
        name: str,
        *,
        id: str = "",  # noqa: A002 - Slack's word
        real_name: str = "",
        team: str = TEAM,
        role: str = "",
        color: str = "",
        is_bot: bool = False,
        tz: str = "Etc/UTC",
        tz_offset: int = 0,
    ) -> User:
        """Add a person, and the DM that they have with the bot."""
        user = User(
            id=id or self._id_from("U0", name, self.users),
            name=name,
            real_name=real_name or (name if is_bot else name.capitalize()),
            team=team,
            role=role,
            color=color or COLORS[len(self.users) % len(COLORS)],
            is_bot=is_bot,
            tz=tz,
            tz_offset=tz_offset,
        )
        self.users[user.id] = user
        self.ring()
        return user

    def deactivate(self, user: str) -> None:
        """Deactivate a person's account: they leave every channel, and no event says so."""
        self.users[user] = replace(self.users[user], deleted=True)
        for channel in self.channels.values():
            if channel.partner != user:
                channel.members.discard(user)
        self.ring()

    def open_im(self, user: str) -> Channel:
        """Return the DM between a person and the bot, creating it if necessary."""
        for channel in self.channels.values():
            if channel.partner == user:
                return channel
        im = self._id_from("D0", self.users[user].name, self.channels)
        return self._add(
            Channel(im, "directmessage", ChannelKind.IM, {user, self.bot}, int(self.clock()), partner=user),
        )

    def add_channel(
        self,
        name: str,
        members: Iterable[str],
        *,
        private: bool = False,
        topic: str = "",
        shared: bool = False,
    ) -> Channel:
        """Add a channel with its members."""
        name = name.removeprefix("#")
        kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
        new = self._id_from("C0", name, self.channels)
        return self._add(
            Channel(new, name, kind, set(members), int(self.clock()), topic=topic, shared=shared),
        )

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        self.ring()
        return channel

    def user(self, ref: str) -> User:
        """Return the person with an id or a name. Raises StandInError if there is none."""
        if ref in self.users:
            return self.users[ref]
        for user in self.users.values():
            if ref.removeprefix("@").lower() in {user.name.lower(), user.real_name.lower()}:
                return user
        raise StandInError(f"there is no user {ref!r} here")

    def channel(self, ref: str) -> Channel:
        """Return the conversation with an id or a name. Raises StandInError if there is none."""
        if ref in self.channels:
            return self.channels[ref]
        for channel in self.channels.values():
            if channel.kind is not ChannelKind.IM and channel.name == ref.removeprefix("#"):
                return channel
        raise StandInError(f"there is no channel {ref!r} here")

    def is_shared(self, channel: Channel) -> bool:
        """Tell whether people of several workspaces are in the conversation."""
        return channel.shared or any(
            self.users[member].team != TEAM for member in channel.members if member in self.users
        )

    def put(self, message: Message) -> Message:
        """Store a message, new or changed."""
        self.messages[message.channel][message.ts] = message
        self.ring()
        return message

    def remove(self, channel: str, ts: str) -> Message:
        """Remove a message and return it."""
        message = self.messages[channel].pop(ts)
        self.ring()
        return message

    def store(self, file: File) -> File:
        """Store a file, new or changed."""
        self.files[file.id] = file
        self.ring()
        return file

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return the replies to a message that everybody can see, oldest first."""
        below = (m for m in self.messages[channel].values() if m.is_reply and m.thread_ts == ts)
        return [message for message in below if not message.ephemeral]

    def visible(self, channel: str, viewer: str | None) -> Iterator[Message]:
        """Yield the messages of a conversation that one person sees, oldest first.

        As in Slack, an ephemeral reply is visible only in a thread that has other replies.
        """
        for message in sorted(self.messages[channel].values(), key=lambda m: m.ts):
            if message.viewer is None or (message.viewer == viewer and self._has_place(message)):
                yield message

    def _has_place(self, message: Message) -> bool:
        return not message.is_reply or bool(self.thread(message.channel, message.thread_ts or ""))

    def top(self, user: str) -> View | None:
        """Return the modal that a person sees in front, or None."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find_view(self, view_id: str) -> View | None:
        """Return an open modal or a home tab by its id."""
        return next((view for view in self.all_views() if view.id == view_id), None)

    def all_views(self) -> Iterator[View]:
        """Yield every open modal and home tab."""
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    def replace_view(self, view: View) -> None:
        """Replace the view of the same id with a changed one; a closed view stays closed."""
        for stack in self.stacks.values():
            for index, old in enumerate(stack):
                if old.id == view.id:
                    stack[index] = view
        if view.user in self.homes and self.homes[view.user].id == view.id:
            self.homes[view.user] = view
        self.ring()

    def set_stack(self, user: str, stack: list[View]) -> None:
        """Set which modals a person has open, the lowest first."""
        self.stacks[user] = stack
        self.ring()

    def notice(self, user: str, text: str) -> None:
        """Show a person a notice of Slack's client, such as that the app did not respond."""
        self.notices.setdefault(user, []).append((self.next_id("N"), text))
        self.ring()

    def revoke(self, token: str) -> None:
        """Revoke a token."""
        self.tokens[token] = replace(self.tokens[token], revoked=True)

    def restore(self, token: str) -> None:
        """Accept a revoked token again."""
        self.tokens[token] = replace(self.tokens[token], revoked=False)
