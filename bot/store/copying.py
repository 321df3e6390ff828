"""Copy a desk into another database: every table, all or nothing, counted and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.store import migrate
from bot.store.engine import Engines, unhurried
from bot.store.schema import metadata

AT_ONCE: Final = 500  # rows in memory
VERSIONS: Final = "alembic_version"
WHOLE: Final = 1 << 256  # how many values SHA-256 has


class CopyError(Exception):
    """The desk could not be copied; `reason` says why. The target is left empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is the same in both databases: its number of rows, and a digest of their contents."""

    table: str
    rows: int
    digest: str


def copy(source: Engine, target: Engines) -> list[Copied]:
    """Copy every table into an empty database, and compare the two before the commit.

    Raises CopyError if the source is of another version, or the target is not empty or refuses the data.
    """
    with _said("the desk to copy cannot be opened"):
        if migrate.current(source) != migrate.newest():
            raise CopyError("the desk to copy is not of this version; run `certdesk db upgrade` on it first")
    with _said("the target cannot be opened"), target.reader.connect() as connection:
        _check_empty(connection)
    migrate.upgrade(target)
    with source.connect() as old, target.writer.begin() as new:
        _see_one_moment(old)
        unhurried(new)
        _keep_others_out(new)
        _check_empty(new)  # nobody wrote in between
        return [_copied(table, old, new) for table in metadata.sorted_tables]


def _check_empty(connection: Connection) -> None:
    there = {*inspect(connection).get_table_names()}
    strange = there - {*metadata.tables, VERSIONS}
    if strange:
        raise CopyError(f"the target holds what is not certdesk's ({', '.join(sorted(strange))})")
    for table in metadata.sorted_tables:
        if table.name in there and connection.execute(select(table).limit(1)).first() is not None:
            raise CopyError(f"the target holds a desk already: there are rows in {table.name}")


def _see_one_moment(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    else:
        connection.exec_driver_sql("BEGIN")


def _keep_others_out(connection: Connection) -> None:
    """Keep others from writing until this transaction ends; on SQLite nobody can."""
    if connection.dialect.name == "postgresql":
        named = ", ".join(_named(connection, table) for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"LOCK TABLE {named} IN SHARE ROW EXCLUSIVE MODE")


def _copied(table: Table, old: Connection, new: Connection) -> Copied:
    """Copy one table in key order, so that rows of the same table are there before others refer to them."""
    read = Sum()
    with _said(f"the target does not take what is in {table.name}"):
        for rows in _rows(table, old):
            read.add(rows)
            new.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001  its public face
        if table.autoincrement_column is not None:
            _go_on_after(_last_number(table, old), table, new)
    written = Sum()
    for rows in _rows(table, new):
        written.add(rows)
    if written != read:
        raise CopyError(f"{table.name} is not the same in both: {read.rows} rows became {written.rows}")
    return Copied(table.name, read.rows, read.digest)


def _rows(table: Table, connection: Connection) -> Iterator[Sequence[Row[Any]]]:
    ordered = select(table).order_by(*table.primary_key)
    return connection.execute(ordered, execution_options={"yield_per": AT_ONCE}).partitions()


@dataclass
class Sum:
    """A digest of rows that does not depend on their order: two engines do not sort text alike."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Sequence[Row[Any]]) -> None:
        """Add rows."""
        for row in rows:
            written = json.dumps([*row], default=repr).encode()
            self.total = (self.total + int.from_bytes(hashlib.sha256(written).digest())) % WHOLE
        self.rows += len(rows)

    @property
    def digest(self) -> str:
        """Return the digest, in hexadecimal digits."""
        return f"{self.total:064x}"


def _last_number(table: Table, connection: Connection) -> int:
    """Return the last number that a table has given out, even if its row is gone."""
    if connection.dialect.name == "postgresql":
        given = connection.scalar(
            text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:named, :key) AS regclass))"),
            _sequence(table, connection),
        )
    else:
        given = connection.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
    return max(given or 0, connection.scalar(select(func.max(table.autoincrement_column))) or 0)


def _go_on_after(last: int, table: Table, connection: Connection) -> None:
    if not last:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:named, :key), :last)"),
            _sequence(table, connection) | {"last": last},
        )
        return
    row = {"name": table.name, "last": last}
    connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), row)
    connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)


def _sequence(table: Table, connection: Connection) -> dict[str, Any]:
    key = table.autoincrement_column
    return {"named": _named(connection, table), "key": key.name if key is not None else None}


def _named(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)


@contextmanager
def _said(what: str) -> Iterator[None]:
    """Word an error of the database; its own text may quote what people typed."""
    try:
        yield
    except DBAPIError as error:
        raise CopyError(f"{what} ({type(error.orig).__name__})") from error
