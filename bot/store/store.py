"""The database, called from the event loop: transactions run in threads, all or nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from enum import StrEnum
from random import random
from time import monotonic, sleep
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError

from bot.store import coding, engine, migrate, purge
from bot.store.database_errors import AWAY, FileGoneError, UndoneError, is_about_others, is_undone
from bot.store.threads import Threads
from bot.store.unit import Unit

T = TypeVar("T")


class Site(StrEnum):
    """A point in a writing transaction."""

    BEGUN = "begun"
    WRITTEN = "written"
    COMMITTED = "committed"


TRIES = 5  # no more people than this act on one case at the same instant
PAUSE_SECONDS: Final = 0.01
RED_SECONDS: Final = 3.0  # a full disk refuses some writes and takes others, perhaps the probe's


class RefusedError(Exception):
    """The database has just refused to write; it may recover."""


class Store:
    """The desk's database. `write` and `read` run a function of a `Unit` in one transaction.

    `passing` is told when a writing transaction begins, is about to commit, and has committed: a test can die
    there to see what a crash at that instant does.
    """

    def __init__(self, address: str, passing: Callable[[Site], None] = lambda _: None) -> None:
        self._passing = passing
        self.engines = engine.connect(address)
        writers = 1 if self.engines.writer.dialect.name == "sqlite" else engine.WRITERS
        self._writers = Threads(writers, "certdesk-write")
        self._readers = Threads(engine.READERS, "certdesk-read")
        self._running: set[asyncio.Future[Any]] = set()
        self._red_until = 0.0

    def upgrade(self) -> bool:
        """Migrate to the newest schema; returns whether there was anything to do. Blocks."""
        return migrate.upgrade(self.engines)

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in a writing transaction; it is committed when this returns, rolled back if it raises.

        If somebody else was faster, or the connection broke before the commit, it is run again from what is
        there now. A caller that is canceled stops waiting, but the transaction runs to its end.
        """
        return await self._run(self._writers, lambda: self._until_kept(work))

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in a reading transaction."""
        return await self._run(self._readers, lambda: self._in_reader(work))

    async def check(self) -> None:
        """Read and write as deliveries do, without changing anything. Raises what the database raises.

        Raises RefusedError for some seconds after the database refused to write.
        """
        if monotonic() < self._red_until:
            raise RefusedError
        await self.read(lambda unit: unit.leases.next_due())
        await self._run(self._writers, self._touch)

    async def empty_log(self) -> None:
        """Write SQLite's log into its file and empty it, and remember nothing: what was overwritten is gone.

        If somebody is reading for long, the log is emptied the next time.
        """
        coding.forget()
        if self.engines.writer.dialect.name == "sqlite":
            await self._run(self._writers, lambda: purge.empty_log(self.engines))

    async def close(self) -> None:
        """Wait for running transactions, then close every connection."""
        if self._running:
            await asyncio.wait(self._running)
        self._writers.close()
        self._readers.close()
        self.engines.close()

    def _until_kept(self, work: Callable[[Unit], T]) -> T:
        try:
            return self._repeated(work)
        except AWAY as error:
            if not is_about_others(error):
                self._red_until = monotonic() + RED_SECONDS
            raise

    def _repeated(self, work: Callable[[Unit], T]) -> T:
        for failed in range(1, TRIES):
            with contextlib.suppress(UndoneError):
                return self._in_transaction(work)
            sleep(failed * PAUSE_SECONDS * random())  # noqa: S311  so that two do not meet again
        try:
            return self._in_transaction(work)
        except UndoneError as undone:
            raise undone.__cause__ or undone from None

    def _in_transaction(self, work: Callable[[Unit], T]) -> T:
        if not self.engines.is_there():
            raise FileGoneError
        with self.engines.writer.begin() as connection:
            self._passing(Site.BEGUN)
            done = self._undone_or_done(work, Unit(connection))
            self._passing(Site.WRITTEN)
        self._passing(Site.COMMITTED)
        return done

    def _undone_or_done(self, work: Callable[[Unit], T], unit: Unit) -> T:
        try:
            return work(unit)
        except DBAPIError as error:
            if is_undone(error):
                raise UndoneError from error
            raise

    def _touch(self) -> None:
        with self.engines.writer.begin() as connection:
            engine.touch(connection)

    def _in_reader(self, work: Callable[[Unit], T]) -> T:
        with self.engines.reader.begin() as connection:
            return work(Unit(connection, reading=True))

    async def _run(self, pool: Threads, work: Callable[[], T]) -> T:
        running = pool.run(work)
        self._running.add(running)
        running.add_done_callback(self._ended)
        return await asyncio.shield(running)

    def _ended(self, running: asyncio.Future[Any]) -> None:
        self._running.discard(running)
        if not running.cancelled():
            running.exception()  # if its caller is gone nobody else asks, and asyncio would print it
