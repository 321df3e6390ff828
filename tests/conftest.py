"""What the tests share: a clock to move, a bot that is really running, and a stand-in for Slack."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from sqlalchemy import make_url

import policy
from bot import logs
from bot.playground.standin import StandIn
from bot.render.environment import Renderer
from bot.render.texts import Texts
from bot.settings import Settings
from bot.store import DEAD, Unit, engine, migrate
from bot.store.private_files import make_file
from bot.wiring import Bot, in_socket_mode, running
from tests.postgres import fresh_database

# How long an example takes says how busy the machine is. All else stays as Hypothesis has it, here or on CI.
hypothesis.register_profile(
    "certdesk", hypothesis(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis.load_profile("certdesk")

# Temporary files lie in memory where there is room: an fsync costs nothing there, and what a disk does when
# the power fails no test here can show.
MEMORY: Final = Path("/dev/shm")  # noqa: S108  each test makes a folder of its own in it
ROOM: Final = 2 * 1024**3

if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # asked anew

SLOW: Final = ("tests/browser/", "tests/test_attacks.py", "tests/test_log_output.py", "tests/test_serve.py")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


# What costs a test tenths of a second: a desk with a stand-in, a database, a process, a page, texts checked.
DEAR: Final = frozenset(
    {
        *("slack", "now", "stage", "chromium"),
        *("database", "postgresql", "on_postgresql"),
        *("certdesk", "shell", "checks", "own"),
    }
)
# Elsewhere a folder of a test's own holds a database.
NO_DATABASE: Final = tuple(
    f"tests/{room}/" for room in ("conversation", "policy", "reading", "render", "templates", "triage")
)
# So many tests of a file, with one row of each, show what it is about. They stand first in it.
SHOWN: Final = 3
shown: Final = pytest.StashKey[int]()


def is_dear(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return not DEAR.isdisjoint(fixtures) or (
        "tmp_path" in fixtures and not item.nodeid.startswith(NO_DATABASE)
    )


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave to `make thorough` what is dear and comes after a table's first row or a file's first tests."""
    file, rows = item.getparent(pytest.Module), getattr(item, "callspec", None)
    if file is None or item.get_closest_marker("long") or not is_dear(item):
        return
    number = file.stash.get(shown, 0)
    if number == SHOWN or (rows and any(rows.indices.values())):
        item.add_marker("long")
    else:
        file.stash[shown] = number + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for garbage, and never look again through what was imported and collected."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits long, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


@dataclass
class Clock:
    """The moment, as the test wants it; the bot and the stand-in go by the same."""

    at: datetime = NOON
    wrong: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.at

    def epoch(self) -> float:
        return self.at.timestamp()

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)

    def jump(self, **by: float) -> None:
        """Set the clock to another moment, though no time has passed."""
        self.at += timedelta(**by)
        self.wrong += timedelta(**by)

    def ticks(self) -> float:
        return (self() - self.wrong).timestamp()


@cache
def _migrated() -> bytes:
    """Return a SQLite file as the migrations leave it."""
    with tempfile.TemporaryDirectory(prefix="certdesk-") as folder:
        file = Path(folder, "certdesk.db")
        engines = engine.connect(f"sqlite:///{file}")
        migrate.upgrade(engines)
        engines.close()
        return file.read_bytes()


def migrated(address: str) -> str:
    """Put a migrated, empty file where a SQLite address has none yet, and return the address."""
    url = make_url(address)
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.exists():
        make_file(file)
        file.write_bytes(_migrated())
    return address


@cache
def shipped() -> policy.Policy:
    """Return the policy that is shipped: loaded once, for all bots of this process."""
    return policy.load()


@cache
def compiled() -> Texts:
    """Return the shipped templates, each compiled once for all bots of this process."""
    return Texts(Renderer(), shipped())


@dataclass
class World:
    """A stand-in, and a bot that can be stopped and started on the same database.

    A test that leaves a dead effect behind fails, unless it says that it `expects_dead` ones.
    """

    slack: StandIn
    clock: Clock
    settings: Settings
    secret: str = ""
    pace: float = 0.0
    burst: int = 1
    bot: Bot | None = None
    expects_dead: bool = False
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> Bot:
        """Start the bot, joined by Socket Mode, or by HTTP where there is a signing secret."""
        self._stack = AsyncExitStack()
        migrated(self.settings.database_url)
        self.bot = await self._stack.enter_async_context(
            running(
                self.settings,
                self.clock,
                ticks=self.clock.ticks,
                secret=self.secret,
                pace=self.pace,
                burst=self.burst,
                core=None if self.settings.policy_dirs else shipped(),
                texts=None if self.settings.policy_dirs or self.settings.templates_dirs else compiled(),
            )
        )
        if self.secret:
            await self._stack.enter_async_context(_over_http(self.slack, self.bot))
        else:
            await self._stack.enter_async_context(in_socket_mode(self.bot, self.settings))
            await self.slack.connected()
        return self.bot

    async def stop(self) -> None:
        await self._stack.aclose()
        self.bot = None
        assert self.expects_dead or self.dead() == []

    def dead(self) -> list[str]:
        """Return what could never be sent, and why."""
        looking = engine.peek(self.settings.database_url)
        assert looking is not None
        try:
            with looking.connect() as connection:
                # asked in plain words first: to build the other statement takes longer than most tests
                if not connection.exec_driver_sql(f"SELECT 1 FROM outbox WHERE state = '{DEAD}'").first():  # noqa: S608
                    return []
                letters = Unit(connection).dead_letters.find([DEAD], 100)
        finally:
            looking.dispose()
        return [f"{letter.kind}: {letter.error}" for letter in letters]

    async def remind(self) -> None:
        """Do what has come due, and send what comes of it."""
        assert self.bot is not None
        await self.bot.desk.come_due()
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is left to send and nothing runs after an acknowledgment."""
        assert self.bot is not None
        await self.bot.listeners.after_ack.drain()
        while await self.bot.outbox.drain():
            pass


@asynccontextmanager
async def _over_http(slack: StandIn, bot: Bot) -> AsyncIterator[None]:
    import asyncio

    from bot.slack.app import bolt
    from bot.slack.app.http import Endpoint, server, web_app

    async def well() -> dict[str, str]:
        return {}

    serving = server(web_app(well, Endpoint(bolt.http_handler(bot.app), bot.too_large)), "127.0.0.1", 0)
    task = asyncio.create_task(serving.serve())
    while not serving.started:
        await asyncio.sleep(0.005)
    port = serving.servers[0].sockets[0].getsockname()[1]
    slack.request_url = f"http://127.0.0.1:{port}{bolt.EVENTS_PATH}"
    try:
        yield
    finally:
        serving.should_exit = True
        await task


@pytest.fixture(autouse=True)
def logging_as_usual() -> None:
    """Undo what a test before this one made of logging."""
    logs.configure("INFO", readable=True)


@pytest.fixture(scope="session")
def core() -> policy.Policy:
    return shipped()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings_for(slack: StandIn, folder: Path, **more: str) -> Settings:
    """Return the settings with which a bot joins a stand-in."""
    values = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "CERTDESK_AGENTS_CHANNEL": slack.channel("ssl-agents"),
        "CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'certdesk.db'}",
    }
    return Settings({name: value for name, value in (values | more).items() if value})


@pytest.fixture
def postgresql() -> Iterator[str]:
    """Yield the address of a fresh database on a real PostgreSQL, migrated and empty."""
    with fresh_database() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database of each kind in turn; on SQLite it is not migrated yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'certdesk.db'}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[StandIn]:
    async with StandIn.serving(clock=clock.epoch, commands=["/certdesk"], app_name="certdesk") as standin:
        yield standin


Worlds = Callable[..., World]


@pytest.fixture
async def world(slack: StandIn, clock: Clock, tmp_path: Path) -> AsyncIterator[World]:
    """The bot joined to the stand-in by Socket Mode."""
    made = World(slack, clock, settings_for(slack, tmp_path))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http_world(slack: StandIn, clock: Clock, tmp_path: Path) -> AsyncIterator[World]:
    """The bot called by the stand-in over signed HTTP."""
    made = World(slack, clock, settings_for(slack, tmp_path), secret=slack.signing_secret)
    await made.start()
    yield made
    await made.stop()
