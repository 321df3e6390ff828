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

TABLES = ("people", "cases", "receipts", "messages", "outbox")


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
    fill(file)
    both = engines(file)
    assert migrate.upgrade(both)
    both.close()
    for database in (file, file.with_name(f"certdesk.db.before-{revision}")):
        assert rows(database) == [1] * len(TABLES)
    with closing(sqlite3.connect(file)) as now:
        assert now.execute("PRAGMA foreign_key_check").fetchall() == []
        assert now.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_what_would_be_left_without_what_it_refers_to_stops_the_migration(file: Path, revision: str) -> None:
    upgrade_to(file, revision)
    fill(file)
    with closing(sqlite3.connect(file)) as old:
        old.execute("DELETE FROM cases")
        old.commit()
    both = engines(file)
    with pytest.raises(MigrationError, match="without what they refer to"):
        migrate.upgrade(both)
    assert migrate.current(both.reader) == revision
    both.close()
    assert rows(file) == [1, 0, 1, 1, 1]


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_without_room_for_the_copy_nothing_is_migrated(file: Path, revision: str) -> None:
    upgrade_to(file, revision)
    file.with_name(f"certdesk.db.before-{revision}").mkdir()
    both = engines(file)
    with pytest.raises(MigrationError, match="could not be copied"):
        migrate.upgrade(both)
    assert migrate.current(both.reader) == revision
    both.close()


def test_the_queue_is_filed_from_what_the_cases_hold(file: Path) -> None:
    upgrade_to(file, "0004")
    fill(file)
    began = '"asked_at": "2026-11-23T12:00:00Z", "since": "2026-11-23T14:00:00.5+02:00"'
    with closing(sqlite3.connect(file)) as old:
        for standing, handoff in (
            ("waiting", '{"asked_at": "2026-11-23T12:00:00Z"}'),
            ("claimed", f'{{{began}, "urgent": true}}'),
        ):
            old.execute(
                "INSERT INTO cases (person_id, surface, stage, revision, opened_at, changed_at, state,"
                " standing) VALUES (1, 'dm', 'answered', 1, 0, 0, ?, ?)",
                (f'{{"handoff": {handoff}}}', standing),
            )
        old.commit()
    both = engines(file)
    migrate.upgrade(both)
    both.close()
    noon = 1_795_435_200_000
    with closing(sqlite3.connect(file)) as now:
        filed = now.execute("SELECT standing, calm, since FROM cases ORDER BY id").fetchall()
    assert filed == [("new", 1, None), ("waiting", 1, noon), ("claimed", 0, noon + 500)]


def fill(file: Path) -> None:
    """Put a row into each table of a database at any revision."""
    with closing(sqlite3.connect(file)) as old:
        old.execute("INSERT INTO people (installation, team, user) VALUES ('T1', 'T2', 'U3')")
        old.execute(
            "INSERT INTO cases (person_id, surface, stage, revision, state, opened_at, changed_at)"
            " VALUES (1, 'dm', 'asking', 1, '', 0, 0)"
        )
        old.execute(
            "INSERT INTO receipts (key, kind, event, case_id, received_at)"
            " VALUES ('event:1', 'write', '{}', 1, 0)"
        )
        old.execute("INSERT INTO messages VALUES (1, 'card', 'C1', '1.1')")
        old.execute(
            "INSERT INTO outbox (case_id, conversation, effect, state, attempts, due_at, queued_at)"
            " VALUES (1, 'dm', '{}', 'queued', 0, 0, 0)"
        )
        old.commit()


def rows(file: Path) -> list[int]:
    """Return how many rows each table has."""
    with closing(sqlite3.connect(file)) as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]  # noqa: S608


def test_a_database_of_a_newer_certdesk_is_left_alone(file: Path) -> None:
    both = engines(file)
    migrate.upgrade(both)
    with both.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError, match="9999"):
        migrate.upgrade(both)
    both.close()


@pytest.mark.parametrize("before", [None, *revisions()[:-1]], ids=str)
def test_several_processes_at_once_migrate_once(file: Path, before: str | None) -> None:
    if before is not None:
        upgrade_to(file, before)
        fill(file)
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
    assert rows(file) == [0 if before is None else 1] * len(TABLES)
    looking = peek(f"sqlite:///{file}")
    assert looking is not None
    assert migrate.current(looking) == migrate.newest()
    looking.dispose()


def test_a_folder_that_cannot_be_made_is_named_with_its_variable() -> None:
    with pytest.raises(OSError, match=r"/dev/null cannot be made .*CERTDESK_DATABASE_URL"):
        connect("sqlite:////dev/null/certdesk.db")


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
