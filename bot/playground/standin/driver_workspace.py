"""The part of `StandIn` for the workspace: set it up, and see what people see and what the app did."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from .model import Call, Channel, Message, Token, TokenKind, User, View
from .posted import Posted, posted, posted_twice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .courier import Courier, Delivery
    from .hub import Hub
    from .organization import Guise
    from .people import People
    from .world import World

T = TypeVar("T")


class DriverWorkspace:
    """Sets up the workspace and looks at it. Accepts people and channels by id or by name."""

    world: World
    courier: Courier
    hub: Hub
    people: People

    # what the app did

    @property
    def calls(self) -> list[Call]:
        """Return every Web API call so far, except those that a fault prevented."""
        return self.hub.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Return every attempt to deliver so far."""
        return self.courier.deliveries

    @property
    def problems(self) -> list[str]:
        """Return the mistakes in the app's answers; a test may assert that there are none."""
        return self.world.problems

    @property
    def posted(self) -> list[Posted]:
        """Return every message that `chat.postMessage` posted, and whether the app knows that it was."""
        return posted(self.calls)

    def posted_twice(self, field: str | None = None) -> dict[str, Sequence[Posted]]:
        """Return the messages posted again although the app knew of an earlier one.

        Args:
            field: the key of the metadata's payload by which messages are the same; None for all of it.
        """
        return posted_twice(self.posted, field)

    # who and what is there

    def add_user(self, name: str, **about: Any) -> User:  # noqa: ANN401
        """Add a person, or a bot: `id`, `real_name`, `team`, `role`, `color`, `tz`, `tz_offset`, `is_bot`.

        If `tz` is empty, `users.info` does not give a time zone.
        """
        return self.world.add_user(name, **about)

    def add_channel(self, name: str, members: Iterable[str] = (), **about: Any) -> Channel:  # noqa: ANN401
        """Add a channel with members by id or name: `private`, `topic`, `shared`."""
        return self.world.add_channel(name, [self.user(member) for member in members], **about)

    def add_token(self, value: str, *, app: bool = False, scopes: Iterable[str] = ()) -> None:
        """Accept a further token."""
        kind = TokenKind.APP if app else TokenKind.BOT
        self.world.tokens[value] = Token(value, kind, frozenset(scopes))

    def revoke(self, token: str) -> None:
        """Revoke a token: calls with it end with `token_revoked`."""
        self.world.revoke(token)

    def user(self, ref: str) -> str:
        """Return a person's id."""
        return self.world.user(ref).id

    def channel(self, ref: str) -> str:
        """Return a channel's id."""
        return self.world.channel(ref).id

    def im(self, user: str) -> str:
        """Return the id of the DM between a person and the bot."""
        return self.world.open_im(self.user(user)).id

    def refuse_dm(self, user: str, code: str) -> None:
        """Make Slack refuse to open a DM with a person, as it may for people of other workspaces."""
        self.world.users[self.user(user)] = replace(self.world.users[self.user(user)], no_dm=code)

    def names(self, user: str, guise: Guise | None) -> None:
        """Set how payloads name a person of an organization; None for the normal way."""
        self.world.guises.pop(self.user(user), None)
        if guise is not None:
            self.world.guises[self.user(user)] = guise

    def install_everywhere(self) -> None:
        """Install the app for the whole organization, which `auth.test` then shows."""
        self.world.whole_organization = True

    def deactivate(self, user: str) -> None:
        """Deactivate a person's account: they leave every channel, without any event."""
        self.world.deactivate(self.user(user))

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.world.channel(channel).archived = True
        self.world.ring()

    # what people see

    def messages(self, channel: str, viewer: str | None = None) -> list[Message]:
        """Return a conversation's messages, oldest first; a viewer also sees their ephemeral ones."""
        seen_by = self.user(viewer) if viewer else None
        return list(self.world.visible(self.channel(channel), seen_by))

    def view(self, user: str) -> View | None:
        """Return the modal that a person sees in front, or None."""
        return self.world.top(self.user(user))

    def home(self, user: str) -> View | None:
        """Return a person's home tab of the app."""
        return self.world.homes.get(self.user(user))

    def notices(self, user: str) -> list[str]:
        """Return what Slack's client itself told a person, such as that a command failed."""
        return [text for _, text in self.world.notices.get(self.user(user), [])]

    async def until(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait until a predicate is true and return its value; it is checked after each change.

        Raises:
            TimeoutError: it did not become true within that many real seconds.
        """
        changed = self.world.subscribe()
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await changed.wait()
                    changed.clear()
                return found
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; {self._where_we_are()}") from None
        finally:
            self.world.unsubscribe(changed)

    def _where_we_are(self) -> str:
        calls = [f"{call.method}:{call.error or 'ok'}" for call in self.calls[-5:]]
        sent = [f"{d.name}:{d.error or 'acked'}" for d in self.deliveries[-5:]]
        return f"last calls {calls}, last deliveries {sent}, problems {self.problems}"

    async def connected(self, count: int = 1, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until the app has this many Socket Mode connections."""
        await self.until(lambda: self.courier.socket_mode.connections >= count, timeout)
