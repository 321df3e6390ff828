"""A bot that can die: from one instant to the next, with no cleanup that talks to Slack or writes."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from itertools import cycle
from typing import Any, Final

from sqlalchemy.exc import OperationalError

from bot.playground.standin import Fault, StandIn
from bot.settings import Settings
from bot.slack.app import bolt
from bot.slack.app.http import Endpoint, server, web_app
from bot.store import Site
from bot.wiring import Bot, in_socket_mode, running
from tests.conftest import Clock, compiled, shipped
from tests.faults.sites import DIED, FAILED

# What a database says that cannot write: in each life one after the other.
FAILURES: Final = ("database or disk is full", "disk I/O error", "the database is away")
HOLD: Final = 0.05  # seconds that a transaction is held up
PATIENCE: Final = 0.5  # seconds; less than the simulated Slack's, as in life


class DiedError(BaseException):
    """The process is dead at this instant. No handler in the bot may take it for an error of its own."""


LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


def keep_tasks(
    loop: asyncio.AbstractEventLoop,
    work: Coroutine[Any, Any, Any],
    **options: Any,  # noqa: ANN401  asyncio's own
) -> asyncio.Task[Any]:
    """Make a task, and note in whose life it was begun (a loop's task factory)."""
    task = asyncio.Task(work, loop=loop, **options)
    if life := LIFE.get():
        life.tasks.add(task)
        task.add_done_callback(life.tasks.discard)
    return task


class Life:
    """One process's life: the bot runs until `die`. `harm` says what goes wrong at a place in a write."""

    def __init__(
        self,
        slack: StandIn,
        settings: Settings,
        clock: Clock,
        *,
        http: bool,
        harm: Callable[[Site], str | None],
    ) -> None:
        self.slack, self.settings, self.clock, self.http, self._harm = slack, settings, clock, http, harm
        self.bot: Bot | None = None
        self.dead = False
        self.up, self.over = asyncio.Event(), asyncio.Event()
        self.tasks: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.get_running_loop()
        self._failures = cycle(FAILURES)

    @property
    def well(self) -> bool:
        """Tell whether the bot is up and lives."""
        return self.up.is_set() and not self.dead

    @property
    def busy(self) -> bool:
        """Tell whether it is doing something: while it starts, it may be sending already."""
        if self.dead:
            return False
        bot = self.bot
        if bot is None or not self.up.is_set():
            return True
        sending, storing = bot.outbox._running or bot.outbox._came, bot.desk.store._running  # noqa: SLF001
        return bool(bot.listeners.after_ack._tasks or sending or storing)  # noqa: SLF001

    async def live(self) -> None:
        """Live until death; returns when everything of it is gone."""
        living = asyncio.create_task(self._live())
        try:
            await asyncio.wait({living})
            if not living.cancelled():
                living.exception()  # it could not start: whoever watches over it starts it again
        finally:
            living.cancel()
            self.dead = True
            self.over.set()
            await self._gone()

    async def _live(self) -> None:
        LIFE.set(self)
        async with AsyncExitStack() as stack:
            bot = running(
                self.settings,
                self.clock,
                ticks=self.clock.ticks,
                secret=self._secret,
                pace=0.0,
                passing=self._passing,
                core=shipped(),
                texts=compiled(),
            )
            self.bot = await stack.enter_async_context(bot)
            self.bot.desk.patience = PATIENCE
            await stack.enter_async_context(self._ingress(self.bot))
            self.up.set()
            await self.over.wait()

    @property
    def _secret(self) -> str:
        return self.settings.signing_secret if self.http else ""

    def die(self) -> None:
        """End it now: no transaction begins or commits, no call goes out, connections break."""
        if self.over.is_set():
            return
        self.dead = True
        self.over.set()
        for task in self.tasks:
            if task.get_name() != "life-server":
                task.cancel()
        if self.bot is not None and self.bot.client.session is not None:
            self._loop.create_task(self.bot.client.session.close())
        self._break_connections()

    def _break_connections(self) -> None:
        sockets = self.slack.courier.socket_mode
        for connection in sockets.open:
            self._loop.create_task(sockets.disturb(connection, Fault.DROPPED, 0))

    async def _gone(self) -> None:
        """Wait until nothing of it runs; what it was connecting meanwhile breaks too."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                while self.tasks:
                    await asyncio.sleep(0.01)
        self._break_connections()

    def _passing(self, site: Site) -> None:
        """Be told of a place in a write, in the writer's thread."""
        if self.dead:
            raise DiedError
        fault = self._harm(site)
        if fault == DIED:
            self.dead = True
            self._loop.call_soon_threadsafe(self.die)
            raise DiedError
        if fault == FAILED:
            raise OperationalError("harm", {}, sqlite3.OperationalError(next(self._failures)))
        if fault is not None:
            time.sleep(HOLD)

    def _ingress(self, bot: Bot) -> contextlib.AbstractAsyncContextManager[object]:
        return self._over_http(bot) if self.http else in_socket_mode(bot, self.settings)

    @asynccontextmanager
    async def _over_http(self, bot: Bot) -> AsyncIterator[None]:
        async def well() -> dict[str, str]:
            return {}

        serving = server(web_app(well, Endpoint(bolt.http_handler(bot.app), bot.too_large)), "127.0.0.1", 0)
        task = asyncio.create_task(serving.serve(), name="life-server")
        while not serving.started:
            if task.done():
                await task  # it died while it was starting
            await asyncio.sleep(0.005)
        port = serving.servers[0].sockets[0].getsockname()[1]
        self.slack.request_url = f"http://127.0.0.1:{port}{bolt.EVENTS_PATH}"
        try:
            yield
        finally:
            serving.should_exit = serving.force_exit = True
            await task
