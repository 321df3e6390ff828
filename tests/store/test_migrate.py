"""The schema: built by migrations alone, once, whoever begins, and copied first where there is data."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store import MigrationError, migrate
from bot.store.engine import Engines, connect, peek
from bot.store.schema import metadata


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "certdesk.db"


def engines(file: Path) -> Engines:
    return connect(f"sqlite:///{file}")


def revisions() -> list[str]:
    config = migrate._config()  # noqa: SLF001  the migrations' folder, as they are run
    return [script.revision for script in reversed([*ScriptDirectory.from_config(config).walk_revisions()])]


def upgrade_to(file: Path, revision: str) -> None:
    """Bring a database to an older schema, as an older certdesk left it."""
    both = engines(file)
    with both.writer.connect() as connection:
        config = migrate._config()  # noqa: SLF001  the migrations' folder, as they are run
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    both.close()


def test_migrations_build_what_the_schema_says(file: Path) -> None:
    both = engines(file)
    assert migrate.upgrade(both)
    with both.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    both.close()


def test_a_second_time_there_is_nothing_to_do(file: Path) -> None:
    both = engines(file)
    assert migrate.upgrade(both)
    assert not migrate.upgrade(both)
    assert migrate.current(both.reader) == migrate.newest()
    both.close()
    assert [each.name for each in file.parent.iterdir()] == ["certdesk.db"]


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_an_older_database_is_copied_first_and_keeps_its_rows(file: Path, revision: str) -> None:
    upgrade_to(file, revision)
    with closing(sqlite3.connect(file)) as old:
        old.execute("INSERT INTO people (installation, team, user) VALUES ('T1', 'T2', 'U3')")
        old.execute(
            "INSERT INTO cases (person_id, surface, stage, revision, state, opened_at, changed_at)"
            " VALUES (1, 'dm', 'asking', 1, '', 0, 0)"
        )
        old.execute("INSERT INTO receipts VALUES ('event:1', 'write', '{}', 1, 0)")
        old.execute("INSERT INTO messages VALUES (1, 'card', 'C1', '1.1')")
        old.execute(
            "INSERT INTO outbox (case_id, conversation, effect, state, attempts, due_at, queued_at)"
            " VALUES (1, 'dm', '{}', 'queued', 0, 0, 0)"
        )
        old.commit()
    both = engines(file)
    assert migrate.upgrade(both)
    both.close()
    for database in (file, file.with_name(f"certdesk.db.before-{revision}")):
        with closing(sqlite3.connect(database)) as now:
            for table in ("people", "cases", "receipts", "messages", "outbox"):
                assert now.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)  # noqa: S608


def test_a_database_of_a_newer_certdesk_is_left_alone(file: Path) -> None:
    both = engines(file)
    migrate.upgrade(both)
    with both.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError, match="9999"):
        migrate.upgrade(both)
    both.close()


def test_several_processes_at_once_migrate_once(file: Path) -> None:
    script = "import sys; from bot.store import Store; s = Store(sys.argv[1]); s.upgrade()"
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, f"sqlite:///{file}"],
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert [process.communicate(timeout=30)[1] for process in running] == [""] * 3
    assert [process.returncode for process in running] == [0] * 3


def test_looking_makes_nothing_and_changes_nothing(file: Path) -> None:
    assert peek(f"sqlite:///{file}") is None
    assert not file.parent.exists()
    both = engines(file)
    migrate.upgrade(both)
    both.close()
    before = {each.name: each.read_bytes() for each in file.parent.iterdir()}
    looking = peek(f"sqlite:///{file}")
    assert looking is not None
    assert migrate.current(looking) == migrate.newest()
    looking.dispose()
    assert {each.name: each.read_bytes() for each in file.parent.iterdir()} == before
