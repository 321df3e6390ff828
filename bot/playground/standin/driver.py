"""`StandIn`: start the stand-in, and drive it from tests or the playground."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from .courier import Courier
from .driver_network import DriverNetwork
from .driver_people import DriverPeople
from .faults import Faults
from .hub import SUBSCRIPTIONS, Hub
from .methods import ALL_BOT_SCOPES
from .model import Command, Manifest, Shortcut, Try
from .people import People
from .server import Server
from .world import OTHER_TEAM, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from .ids import Seed


class StandIn(DriverPeople, DriverNetwork):
    """A running stand-in for Slack. All its methods accept people and channels by id or by name.

    The default workspace has Rosa (who asks), Ada and Ben (who answer), Eve (of another workspace), the
    shared channel `ssl-support` with all of them and the bot, and the private `ssl-agents` without Rosa
    and Eve. `world`, `hub` and `courier` are the underlying parts, for what the driver has no method for.
    """

    def __init__(  # noqa: PLR0913 - all of them have defaults
        self,
        *,
        clock: Callable[[], float] = time.time,
        commands: Iterable[Command | str] = (),
        shortcuts: Iterable[Shortcut | str] = (),
        bot_scopes: Iterable[str] = ALL_BOT_SCOPES,
        subscriptions: Iterable[str] = SUBSCRIPTIONS,
        home: bool = True,
        app_name: str = "helpdesk",
        time_scale: float = 1.0,
        page_dir: Path | None = None,
        tries: Iterable[Try] = (),
        fixture: bool = True,
        seed: Seed | None = None,
    ) -> None:
        """Prepare a stand-in.

        Args:
            clock: returns the epoch seconds used for timestamps and expiry.
            commands: the slash commands of the app's manifest; if empty, any command is delivered.
            shortcuts: its shortcuts (a string: one on messages, by callback id); if empty, any is delivered.
            bot_scopes: the scopes of the bot token.
            subscriptions: the events the app gets, such as `message.im`, if its scopes allow them.
            home: whether the app has a Home tab.
            app_name: the bot's name.
            time_scale: a factor for the three seconds to acknowledge and the pauses between retries of
                events, which are in real time.
            page_dir: a folder with `index.html`, served at `/`.
            tries: what the page offers to try with one click.
            fixture: whether to create the default workspace.
            seed: repeats ids, tokens, secrets and the random choices of faults. Without one, ids come from
                the system's randomness, and `faults.seed` is the seed that repeats the choices.
        """
        self.world = World(clock, bot_scopes, app_name, seed)
        self.courier = Courier(self.world, time_scale)
        manifest = Manifest(
            commands=tuple(Command(item) if isinstance(item, str) else item for item in commands),
            shortcuts=tuple(Shortcut(item, item) if isinstance(item, str) else item for item in shortcuts),
            subscriptions=frozenset(subscriptions),
            home=home,
            tries=tuple(tries),
        )
        self.hub = Hub(self.world, self.courier, manifest)
        self.people = People(self.hub)
        self.faults = Faults(self.hub, time_scale, seed)
        self._server = Server(self.hub, self.people, self.faults, page_dir)
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
        self.faults.clear()
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

    # addresses and credentials

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
        """Return the bot token; each stand-in has its own."""
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
