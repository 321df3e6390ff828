"""`certdesk db upgrade` on a filled database, killed with SIGKILL in the middle: no row is lost or changed.

Each trial takes a fresh copy, waits until the migration has begun, kills the process a while later, looks
whether all of it was done or nothing, migrates again and compares every row.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, inspect, make_url, text

from bot.store import engine, migrate

CERTDESK: Final = Path(sys.executable).with_name("certdesk")
OLDEST: Final = "0001"
LOOK: Final = 0.001  # seconds
WAIT: Final = 60
COLUMNS: Final = {
    "people": ("id", "installation", "team", "user"),
    "cases": ("id", "person_id", "surface", "stage", "revision", "state", "opened_at", "changed_at"),
    "receipts": ("key", "kind", "event", "case_id", "received_at"),
    "outbox": ("case_id", "conversation", "effect", "state", "attempts", "due_at", "queued_at"),
    "messages": ("case_id", "slot", "channel", "ts"),
}
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Trials:
    """What came of the kills: how many there were while nothing was done yet, and what broke."""

    kills: int = 0
    half_way: int = 0
    rows: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = f"{self.kills} kills in mid-migration of {self.rows} rows, {self.half_way} before its commit"
        return "\n  ".join((said, *(self.broken or ["no row lost or changed"])))


def fill(address: str, cases: int) -> None:
    """Bring an empty database to the oldest schema, and put so many cases with all that is theirs into it."""
    made = create_engine(address)
    with made.begin() as connection:
        migrate.run_migrations(connection, OLDEST)
        _insert(connection, cases)
    made.dispose()


def _insert(connection: Connection, cases: int) -> None:
    numbers = range(1, cases + 1)
    rows: Rows = {
        "people": [(n, "T1", f"T{n % 7}", f"U{n}") for n in numbers],
        "cases": [(n, n, "dm", "asking", n, f'{{"{n}": "{"é" * (n % 90)}"}}', n, n) for n in numbers],
        "receipts": [(f"event:{n}:{k}", "write", f'{{"n": {n}}}', n, n) for n in numbers for k in range(3)],
        "outbox": [(n, f"dm:{n}", f'{{"k": {k}}}', "queued", 0, n, n) for n in numbers for k in range(2)],
        "messages": [(n, "card", "C1", f"{n}.1") for n in numbers],
    }
    for table, columns in COLUMNS.items():
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(f":{name}" for name in columns)
        added = text(f"INSERT INTO {table} ({names}) VALUES ({values})")  # noqa: S608  names of our tables
        connection.execute(added, [dict(zip(columns, row, strict=True)) for row in rows[table]])


def rows_of(address: str, like: Rows | None = None) -> Rows:
    """Return every row of every table, by their old columns where `like` says which: its first rows do."""
    made = create_engine(address)
    with made.connect() as connection:
        tables = [*like] if like else sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        found = {name: _rows(connection, name, like[name][0] if like else None) for name in tables}
    made.dispose()
    return found


def _rows(connection: Connection, table: str, columns: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
    """Return the names of the columns, then the rows in order."""
    names = columns or tuple(column["name"] for column in inspect(connection).get_columns(table))
    chosen = ", ".join(f'"{name}"' for name in names)
    found = connection.execute(text(f'SELECT {chosen} FROM "{table}"'))  # noqa: S608  names of our tables
    return [names, *sorted(map(tuple, found), key=repr)]


def revision(address: str) -> str | None:
    """Return the schema's revision."""
    made = create_engine(address)
    try:
        return migrate.current(made)
    finally:
        made.dispose()


def upgrade(address: str) -> None:
    """Migrate, in this process."""
    engines = engine.connect(address)
    try:
        migrate.upgrade(engines)
    finally:
        engines.close()


def _begin(address: str) -> subprocess.Popen[bytes]:
    values = {"CERTDESK_DATABASE_URL": address}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [str(CERTDESK), "db", "upgrade"], env=os.environ | values, stdout=quiet, stderr=quiet
    )


def _wait(until: Callable[[], bool]) -> float:
    """Wait until something is so; returns when it was."""
    late = time.monotonic() + WAIT
    while not until():
        if time.monotonic() > late:
            raise TimeoutError("the migration does not begin")
        time.sleep(LOOK)
    return time.monotonic()


def killed(databases: Callable[[], Any], before: Rows, kills: int) -> Trials:
    """Kill the migration of as many fresh copies, at moments from its begin to its end.

    `databases()` is a context manager that yields a copy's address, and what tells whether it has begun.
    """
    trials = Trials(rows=sum(len(rows) - 1 for rows in before.values()))
    with databases() as (address, begun):
        process = _begin(address)
        began = _wait(begun)
        process.wait()
        whole = time.monotonic() - began
        after = rows_of(address, before)
        trials.broken += _lost(before, after)
    for number in range(kills):
        with databases() as (address, begun):
            process = _begin(address)
            _wait(begun)
            time.sleep(whole * number / kills)
            process.kill()
            process.wait()
            trials.kills += 1
            trials.half_way += revision(address) == OLDEST
            trials.broken += _checked(address, before, after, f"kill {number + 1} of {kills}")
    return trials


def _lost(before: Rows, after: Rows) -> Iterator[str]:
    """Yield what a migration that nobody disturbed has lost: a row; what it rewrites is for other tests."""
    for name, rows in before.items():
        key = rows[0].index("key" if name == "receipts" else "id" if "id" in rows[0] else "case_id")
        if sorted(row[key] for row in rows[1:]) != sorted(row[key] for row in after[name][1:]):
            yield f"undisturbed: rows of {name} are lost"


def _checked(address: str, before: Rows, after: Rows, when: str) -> Iterator[str]:
    """Yield how a migration that was killed, and begun again, differs from one that nobody disturbed."""
    if revision(address) not in {OLDEST, migrate.newest()}:
        yield f"{when}: it is half done, at {revision(address)}"
    if rows_of(address, before) != (before if revision(address) == OLDEST else after):
        yield f"{when}: rows differ before it is migrated again"
    upgrade(address)
    if revision(address) != migrate.newest():
        yield f"{when}: it cannot be migrated again"
    again = rows_of(address, before)
    yield from (f"{when}: rows of {name} differ" for name, rows in after.items() if again[name] != rows)


@contextmanager
def on_sqlite(folder: Path, cases: int) -> Iterator[tuple[Callable[[], Any], Rows]]:
    """Yield how to copy a filled SQLite database, and its rows."""
    filled = folder / "filled.db"
    fill(f"sqlite:///{filled}", cases)

    @contextmanager
    def copies() -> Iterator[tuple[str, Callable[[], bool]]]:
        copy = folder / "copy" / "certdesk.db"
        copy.parent.mkdir()
        shutil.copy(filled, copy)
        yield f"sqlite:///{copy}", copy.with_name(f"certdesk.db.before-{OLDEST}").exists
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        shutil.rmtree(copy.parent)

    yield copies, rows_of(f"sqlite:///{filled}")


@contextmanager
def on_postgresql(cases: int) -> Iterator[tuple[Callable[[], Any], Rows]]:
    """Yield how to copy a filled PostgreSQL database, and its rows."""
    from tests.postgres import fresh_database, server

    running = server()
    with fresh_database(empty=True) as filled:
        fill(filled, cases)
        template, copied = make_url(filled).database, "certdesk_copy"

        @contextmanager
        def copies() -> Iterator[tuple[str, Callable[[], bool]]]:
            running.run(f"CREATE DATABASE {copied} TEMPLATE {template} STRATEGY file_copy")
            here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            held = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND {here}"  # noqa: S608  our own words
            try:
                yield running.address(copied), lambda: bool(running.run(held, copied))
            finally:
                running.run(f"DROP DATABASE {copied} WITH (FORCE)")

        yield copies, rows_of(filled)
