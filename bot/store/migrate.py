"""Bring the database to the newest schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

HERE = Path(__file__).parent
ADVISORY_LOCK = 0x6365727464  # "certd": one process migrates, the others wait


class MigrationError(Exception):
    """The database could not be brought to the newest schema; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def newest() -> str:
    """Return the newest schema's revision."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise MigrationError("certdesk was installed without its migrations")
    return head


def current(engine: Engine) -> str | None:
    """Return the schema's revision that a database has, None where it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> bool:
    """Migrate to the newest schema. Returns whether there was anything to do.

    A SQLite file that holds data is copied first, beside itself; foreign keys are off while tables are
    rebuilt (Alembic's batch mode would delete the rows of other tables with them on) and checked after.
    """
    before = current(engine)
    if before == newest():
        return False
    if engine.dialect.name == "sqlite":
        _upgrade_sqlite(engine, before)
    else:
        _upgrade_shared(engine)
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _run(config: Config) -> None:
    command.upgrade(config, "head")


def _upgrade_sqlite(engine: Engine, before: str | None) -> None:
    database = engine.url.database
    if before is not None and database:
        _copy(Path(database), before)
    # an engine of its own: a pragma on foreign keys counts only outside a transaction
    own = create_engine(engine.url, poolclass=NullPool, connect_args={"isolation_level": None})
    with own.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("PRAGMA busy_timeout=10000")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config = _config()
        config.attributes["connection"] = connection
        _run(config)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            connection.exec_driver_sql("ROLLBACK")
            raise MigrationError(f"the migration would leave {len(broken)} rows without what they refer to")
        connection.exec_driver_sql("COMMIT")
    own.dispose()


def _copy(database: Path, revision: str) -> None:
    target = database.with_name(f"{database.name}.before-{revision}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _upgrade_shared(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        _run(config)
