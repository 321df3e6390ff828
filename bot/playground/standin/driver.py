"""The stand-in in Python's hand: starts it, and does in tests what people do in Slack."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from . import inputs
from .courier import Courier, Delivery
from .errors import StandInError
from .hub import SUBSCRIPTIONS, Hub
from .methods import ALL_BOT_SCOPES
from .model import Call, Channel, Command, Message, Token, TokenKind, User, View
from .people import People
from .server import Server
from .transport import Kind, Retry
from .world import OTHER_TEAM, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from .schema import Json
    from .seam import Fault, Outcome

T = TypeVar("T")


class StandIn:
    """A running stand-in for Slack: people and channels may be given by id or by name everywhere.

    The default workspace has Rosa (who asks), Ada and Ben (who answer), Eve (of another workspace), the
    shared channel `ssl-support` with all of them and the bot, and the private `ssl-agents` without Rosa
    and Eve. `world`, `hub` and `courier` are the parts beneath, for what the driver has no word for.
    """

    def __init__(  # noqa: PLR0913 - all of them have defaults
        self,
        *,
        clock: Callable[[], float] = time.time,
        commands: Iterable[Command | str] = (),
        bot_scopes: Iterable[str] = ALL_BOT_SCOPES,
        subscriptions: Iterable[str] = SUBSCRIPTIONS,
        app_name: str = "helpdesk",
        time_scale: float = 1.0,
        page_dir: Path | None = None,
        fixture: bool = True,
    ) -> None:
        """Prepare a stand-in.

        Args:
            clock: returns the epoch seconds that timestamps and expiries go by.
            commands: the slash commands of the app's manifest; without any, every command is delivered.
            bot_scopes: what the bot token may do.
            subscriptions: the events the app gets, such as `message.im`.
            app_name: the bot's name.
            time_scale: what the three seconds for an acknowledgment and the pauses between retries of
                events are multiplied by, in real time.
            page_dir: a folder with `index.html`, served at `/`.
            fixture: whether to fill the default workspace.
        """
        self.world = World(clock, bot_scopes, app_name)
        self.courier = Courier(self.world, time_scale)
        offered = tuple(Command(item) if isinstance(item, str) else item for item in commands)
        self.hub = Hub(self.world, self.courier, offered, frozenset(subscriptions))
        self.people = People(self.hub)
        self._server = Server(self.hub, self.people, page_dir)
        self._host, self.port = "", 0
        if fixture:
            self._fill()

    @classmethod
    @asynccontextmanager
    async def serving(
        cls,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        **options: Any,  # noqa: ANN401
    ) -> AsyncIterator[StandIn]:
        """Serve on loopback until the block ends; `options` are those of `StandIn`."""
        standin = cls(**options)
        await standin.start(host, port)
        try:
            yield standin
        finally:
            await standin.stop()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on a loopback address; port 0 takes a free one."""
        self.port = await self._server.start(host, port)
        self._host = host

    async def stop(self) -> None:
        """Stop delivering, close every connection and stop listening."""
        await self.courier.close()
        await self._server.stop()

    def _fill(self) -> None:
        rosa = self.add_user("rosa", role="requester", color="9f69e7", tz="Europe/Madrid", tz_offset=3600)
        ada = self.add_user("ada", role="agent", color="2b8a3e")
        ben = self.add_user("ben", role="agent", color="c2571a", tz="America/Toronto", tz_offset=-18000)
        eve = self.add_user("eve", role="requester", color="3c6ea5", team=OTHER_TEAM)
        everybody = [rosa.id, ada.id, ben.id, eve.id, self.bot_user]
        self.add_channel("ssl-support", everybody, topic="Questions about SSL certificates", shared=True)
        agents = [ada.id, ben.id, self.bot_user]
        self.add_channel("ssl-agents", agents, private=True, topic="For those who answer")
        for user in (rosa, ada, ben, eve):
            self.world.open_im(user.id)

    # where it is and what it accepts

    @property
    def url(self) -> str:
        """Return the address of the server, without a slash at its end."""
        return f"http://{self._host}:{self.port}"

    @property
    def api_url(self) -> str:
        """Return the Web API's base URL, with a slash at its end as the SDK wants it."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """Return the bot token, made anew for each stand-in."""
        return self.world.bot_token.value

    @property
    def app_token(self) -> str:
        """Return the app-level token."""
        return self.world.app_token.value

    @property
    def signing_secret(self) -> str:
        """Return the secret that HTTP deliveries are signed with."""
        return self.world.signing_secret

    @property
    def bot_user(self) -> str:
        """Return the bot's user id."""
        return self.world.bot

    @property
    def request_url(self) -> str | None:
        """Return where deliveries are posted; None: they go over Socket Mode."""
        return self.courier.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.courier.request_url = url

    @property
    def faults(self) -> list[Fault]:
        """Return the list of what stands around every call and delivery; the first is outermost."""
        return self.courier.faults

    @property
    def calls(self) -> list[Call]:
        """Return every Web API call so far."""
        return self.hub.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Return every attempt to deliver so far."""
        return self.courier.deliveries

    @property
    def problems(self) -> list[str]:
        """Return what the app answered wrongly; a test may ask that it be empty."""
        return self.world.problems

    # the workspace

    def add_user(self, name: str, **about: Any) -> User:  # noqa: ANN401
        """Add a person: `real_name`, `team`, `role`, `color`, `tz`, `tz_offset`."""
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
        """Return the modal that a person has before them."""
        return self.world.top(self.user(user))

    def home(self, user: str) -> View | None:
        """Return a person's home tab of the app."""
        return self.world.homes.get(self.user(user))

    def notices(self, user: str) -> list[str]:
        """Return what Slack itself told a person, such as that a command failed."""
        return [text for _, text in self.world.notices.get(self.user(user), [])]

    async def until(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait until a predicate is true and return what it returned; it is asked after each change.

        Raises:
            TimeoutError: it did not become true in that many real seconds.
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
        """Wait until the app has so many Socket Mode connections."""
        await self.until(lambda: self.courier.socket_mode.connections >= count, timeout)

    # what people do

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

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Delivery | None:
        """Change an own message."""
        return await self.people.edit(self.user(user), self.channel(channel), ts, text)

    async def delete(self, user: str, channel: str, ts: str) -> Delivery | None:
        """Delete an own message."""
        return await self.people.delete(self.user(user), self.channel(channel), ts)

    async def unfurl(self, channel: str, ts: str) -> Delivery | None:
        """Add a link preview to a message: its `message_changed` changes no text."""
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
            action_id: the element; a button's label does as well.
            value: tells buttons of one action id apart, or is what is entered into another element.
            option: the option chosen, by value or label; a list for several.
            date: the date chosen, as YYYY-MM-DD.
            block_id: tells elements of one action id apart.
            stale: act on `where` as given, as on a screen that has not caught up, not on its present state.

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
        if isinstance(where, View):
            return self._open(user, where)
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
        """Leave a modal; the app hears of it only if it asked to."""
        who = self.user(user)
        return await self.people.close(who, self._open(who, view))

    async def open_home(self, user: str) -> Delivery | None:
        """Open the app's home tab."""
        return await self.people.open_home(self.user(user), "home")

    async def open_messages(self, user: str) -> Delivery | None:
        """Open the app's messages tab."""
        return await self.people.open_home(self.user(user), "messages")

    async def shortcut(self, user: str, callback_id: str, message: Message | None = None) -> Delivery:
        """Run a global shortcut, or a message's."""
        return await self.people.shortcut(self.user(user), callback_id, message)

    async def join(self, user: str, channel: str, inviter: str | None = None) -> Delivery | None:
        """Let somebody join a channel."""
        by = self.user(inviter) if inviter else None
        return await self.people.join(self.user(user), self.world.channel(channel), by)

    async def leave(self, user: str, channel: str) -> Delivery | None:
        """Let somebody leave a channel."""
        return await self.people.leave(self.user(user), self.world.channel(channel))

    # what networks do

    async def redeliver(self, delivery: Delivery, retry_num: int = 1) -> Delivery:
        """Deliver the very same payload again, as Slack does when it believes the first lost."""
        retry = Retry(retry_num, "http_timeout") if delivery.kind is Kind.EVENT else None
        return await self.courier.send(delivery.kind, delivery.payload, retry)

    async def deliver_raw(self, body: bytes, headers: dict[str, str] | None = None) -> Outcome:
        """Post bytes to the request URL with exactly these headers; None: with a right signature."""
        if self.request_url is None:
            raise StandInError("there is no request URL to post to")
        sent = self.sign(body) if headers is None else headers
        return await self.courier.http.post(self.request_url, body, sent, 3.0)

    def sign(self, body: bytes) -> dict[str, str]:
        """Return the headers that sign a body now."""
        return self.courier.http.signed(body)

    async def verify_url(self) -> Delivery:
        """Send the `url_verification` by which Slack tries a request URL."""
        challenge: Json = {
            "type": "url_verification",
            "token": self.world.verification_token,
            "challenge": "stand-in-challenge",
        }
        delivery = await self.courier.send(Kind.EVENT, challenge)
        if delivery.response in ("stand-in-challenge", {"challenge": "stand-in-challenge"}):
            return delivery
        raise StandInError(f"the request URL did not answer the challenge: {delivery}")

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app's Socket Mode connections to go, and close them."""
        await self.courier.socket_mode.disconnect(reason)
