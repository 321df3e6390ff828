"""Migrate the database to the newest schema.

Alembic is imported only where there is something to migrate: with what it brings along it takes seven
megabytes, and every command that opens the database asks here for its revision.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from bot.store.engine import Engines, unhurried
from bot.store.private_files import make_file

HERE = Path(__file__).parent
VERSION_TABLE: Final = "alembic_version"
ADVISORY_LOCK = 0x6365727464  # "certd": one process migrates while the others wait
WAIT_MS = 60_000  # migrating a big database takes time


class MigrationError(Exception):
    """The database could not be migrated; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@cache
def _revisions() -> tuple[str, ...]:
    """Return every revision, the oldest first: a migration's file is named after its own."""
    files = (HERE / "migrations" / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def newest() -> str:
    """Return the newest revision of the schema."""
    if not _revisions():
        raise MigrationError("certdesk was installed without its migrations")
    return _revisions()[-1]


def known() -> set[str]:
    """Return every revision that this version of certdesk can migrate from."""
    return {*_revisions()}


def current(engine: Engine) -> str | None:
    """Return the revision of a database's schema, None if it is empty."""
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  a constant
    return found.scalars().one_or_none()


def upgrade(engines: Engines) -> bool:
    """Migrate to the newest schema. Returns whether there was anything to do.

    A SQLite file that holds data is copied first, beside itself. Foreign keys are off while tables are
    rebuilt (with them on, Alembic's batch mode would delete rows of other tables) and checked afterwards.
    Several processes take turns. Raises MigrationError.
    """
    before = current(engines.reader)
    if before == newest():
        return False
    _check_known(before)
    if engines.writer.dialect.name == "sqlite":
        _upgrade_sqlite(engines.writer)
    else:
        _upgrade_shared(engines.writer)
    return True


def _check_known(revision: str | None) -> None:
    if revision is not None and revision not in known():
        raise MigrationError(f"it is at revision {revision}, which this version of certdesk does not know")


def run_migrations(connection: Connection, to: str = "head") -> None:
    """Run the migrations up to a revision in a connection's transaction."""
    from alembic import command  # noqa: PLC0415  see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _upgrade_sqlite(engine: Engine) -> None:
    # an engine of its own, because the pragma for foreign keys only works outside a transaction
    own = create_engine(engine.url, poolclass=NullPool, connect_args={"isolation_level": None})
    with own.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={WAIT_MS}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        before = _revision(connection)
        if before == newest():
            return  # another process was faster
        if before is not None and engine.url.database:
            _copy(Path(engine.url.database), before)
        run_migrations(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            connection.exec_driver_sql("ROLLBACK")
            raise MigrationError(f"the migration would leave {len(broken)} rows without what they refer to")
        connection.exec_driver_sql("COMMIT")


def _copy(database: Path, revision: str) -> None:
    """Copy the database as it was; the write lock is held, so nobody changes it meanwhile."""
    target = database.with_name(f"{database.name}.before-{revision}")
    make_file(target)
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        raise MigrationError(f"it could not be copied to {target} first ({error})") from error


def _upgrade_shared(engine: Engine) -> None:
    with engine.begin() as connection:
        unhurried(connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        # another process may have been faster, or of a newer version
        _check_known(_revision(connection))
        run_migrations(connection)
