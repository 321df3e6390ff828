"""The schema: built by migrations alone, once, whoever begins; a SQLite file with data is copied first."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text

from bot.conversation.case_record import TakenAs
from bot.conversation.effects import AddEntry
from bot.conversation.handoff import Move
from bot.conversation.thread_entries import Moved
from bot.store import MigrationError, migrate
from bot.store.case_record import CaseRecord
from bot.store.coding import EFFECT, SHELF
from bot.store.engine import Engines, connect, peek
from bot.store.migrate_apart import upgrade_apart
from bot.store.schema import metadata
from tests.postgres import fresh_database

# what a row of each table takes at any revision
ROW = {
    'people (installation, team, "user")': "'T1', 'T2', 'U3'",
    "cases (person_id, surface, stage, revision, state, opened_at, changed_at)": (
        "1, 'dm', 'asking', 1, '', 0, 0"
    ),
    "receipts (key, kind, event, case_id, received_at)": "'event:1', 'write', '{}', 1, 0",
    "messages": "1, 'card', 'C1', '1.1'",
    "outbox (case_id, conversation, effect, state, attempts, due_at, queued_at)": (
        "1, 'dm', '{}', 'queued', 0, 0, 0"
    ),
}
SAID = {
    "gives it to an agent": "reassign",
    "resolves it, with an outcome": "resolve",
    "gives it back to the bot": "give_back",
    "reopens it": Move.REOPEN,
    "says that the credit arrived": Move.CONFIRM,
    "writes, or gives details": Move.HEAR,
    "7 days without a word": Move.IDLE,
}
TABLES = [into.partition(" ")[0] for into in ROW]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "certdesk.db"


@pytest.fixture
def on_postgresql() -> Iterator[str]:
    with fresh_database(empty=True) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, file: Path) -> str:
    """Return the address of a database of each kind in turn that has no tables yet."""
    return f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("on_postgresql")


@pytest.fixture
def both(empty: str) -> Iterator[Engines]:
    """The engines of a database of each kind."""
    made = connect(empty)
    yield made
    made.close()


@contextmanager
def on_sqlite(file: Path) -> Iterator[Engines]:
    made = connect(f"sqlite:///{file}")
    yield made
    made.close()


def revisions() -> list[str]:
    scripts = ScriptDirectory(str(migrate.HERE / "migrations"))
    return [script.revision for script in reversed([*scripts.walk_revisions()])]


def upgrade_to(both: Engines, revision: str) -> None:
    """Bring a database to an older schema, as an older certdesk left it."""
    with both.writer.connect() as connection:
        migrate.run_migrations(connection, revision)
        connection.commit()


def filled(both: Engines, revision: str) -> None:
    """Bring a database to an older schema, with a row in each table."""
    upgrade_to(both, revision)
    with both.writer.begin() as connection:
        for table, values in ROW.items():
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({values})")  # noqa: S608  a constant


def counts(connection: Connection) -> list[int]:
    """Return how many rows each table has."""
    return [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in TABLES]  # noqa: S608


def rows(database: Engines | Path) -> list[int]:
    if isinstance(database, Path):
        with on_sqlite(database) as both:
            return rows(both)
    with database.reader.connect() as connection:
        return counts(connection)


# --- on every kind of database


def test_migrations_build_what_the_schema_says(both: Engines) -> None:
    assert migrate.upgrade(both)
    with both.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_second_time_there_is_nothing_to_do(both: Engines) -> None:
    assert migrate.upgrade(both)
    assert not migrate.upgrade(both)
    assert migrate.current(both.reader) == migrate.newest()


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_an_older_database_keeps_its_rows(both: Engines, revision: str) -> None:
    filled(both, revision)
    assert migrate.upgrade(both)
    assert rows(both) == [1] * len(TABLES)
    assert migrate.current(both.reader) == migrate.newest()


def test_a_case_that_an_agent_had_before_there_was_a_desk_is_theirs(both: Engines) -> None:
    filled(both, "0003")
    agent = {"installation": "T1", "team": "T2", "user": "U3"}
    handoff = {"asked_at": "2026-11-23T12:00:00Z", "claimed_by": agent, "claimed_at": "2026-11-23T12:05:00Z"}
    state = json.dumps({"handoff": handoff}, separators=(",", ":"))
    with both.writer.begin() as connection:
        connection.execute(text("UPDATE cases SET state = :state"), {"state": state})
    migrate.upgrade(both)
    with both.reader.connect() as connection:
        found = connection.execute(text("SELECT standing, owner_id FROM cases")).one()
    assert tuple(found) == ("claimed", 1)


def test_what_waited_in_one_line_for_the_agents_waits_in_one_for_each_case(both: Engines) -> None:
    filled(both, "0008")
    queued = (
        "INSERT INTO outbox (case_id, conversation, effect, state, attempts, due_at, queued_at, merge_key)"
        " VALUES (1, :line, '{}', :state, 0, 0, 7, :key)"
    )
    waiting = [
        ("agents", "queued", "card:card"),
        ("agents", "dead", None),
        ("agents", "queued", "entry:words-1"),
        ("agents", "sent", None),
        ("dm:T1:U1", "leased", None),
        ("dm:T1:U1", "queued", "update:question"),
    ]
    with both.writer.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))
        for line, state, key in waiting:
            connection.execute(text(queued), {"line": line, "state": state, "key": key})
    migrate.upgrade(both)
    with both.reader.connect() as connection:
        found = connection.execute(text("SELECT conversation, pace, wanted_at FROM outbox ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("agents:1001", "agents", 7),
        ("agents:1001", "agents", 7),
        ("agents:1001", None, 7),
        ("agents", None, 0),
        ("dm:T1:U1", "dm:T1:U1", 7),
        ("dm:T1:U1", None, 7),
    ]


def test_queued_entries_of_a_thread_name_their_move_by_its_id(both: Engines) -> None:
    """As the version before stored them, with the sentence that the docs say it by."""
    filled(both, "0009")
    person = {"installation": "T1", "team": "T1", "user": "U1"}
    entries = [{"kind": "moved", "move": said, "by": person} for said in SAID]
    entries.append({"kind": "heard", "by": person, "text": '"moved"'})
    stored = [json.dumps({"kind": "add_entry", "entry": entry}) for entry in entries]
    put = text(
        "INSERT INTO outbox (conversation, effect, state, attempts, due_at, queued_at)"
        " VALUES ('dm', :effect, 'queued', 0, 0, 0)"
    )
    with both.writer.begin() as connection:
        connection.execute(put, [{"effect": effect} for effect in stored])
    migrate.upgrade(both)
    with both.reader.connect() as connection:
        effects = connection.execute(text("SELECT effect FROM outbox ORDER BY id")).scalars().all()[1:]
    read = [EFFECT.load(effect) for effect in effects]
    told = [effect.entry for effect in read if isinstance(effect, AddEntry)]
    assert [entry.move for entry in told if isinstance(entry, Moved)] == [*SAID.values()]
    assert effects[-1] == stored[-1]


def test_who_was_an_agent_is_asked_about_before_they_are_one_again(both: Engines) -> None:
    filled(both, "0012")
    with both.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO agents VALUES ('T1', 'U3', 0), ('T1', 'UBOT', 0)")
    migrate.upgrade(both)
    with both.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM agents")).scalar_one() == 0
        found = connection.execute(text("SELECT kind, name, ask_at, failures FROM people")).one()
    assert tuple(found) == (None, None, 0, 0)


def test_edits_keep_their_moments(both: Engines) -> None:
    filled(both, "0019")
    added = (
        "INSERT INTO words (case_id, person_id, message, place, at, taken_as, edited_at)"
        " VALUES (1, 1, 'message:{}', 'message', 0, 'kept', {})"
    )
    with both.writer.begin() as connection:
        connection.exec_driver_sql(added.format(1, 1_800_000_000_123))
        connection.exec_driver_sql(added.format(2, "NULL"))
    migrate.upgrade(both)
    with both.reader.begin() as connection:
        edited, never = CaseRecord(connection).of(SHELF + 1)
    assert edited.edited_at == datetime.fromtimestamp(1_800_000_000.123, UTC)
    assert never.edited_at is None


def test_words_are_as_they_were_once_some_can_be_held(both: Engines) -> None:
    filled(both, "0021")
    added = (
        "INSERT INTO words (case_id, person_id, message, place, at, taken_as, text)"
        " VALUES (1, 1, 'message:{0}', 'message', {0}, '{1}', 'word {0}')"
    )
    stored = [TakenAs.KEPT, TakenAs.PASSED_ON, TakenAs.NOT_UNDERSTOOD]
    with both.writer.begin() as connection:
        for at, taken_as in enumerate(stored, 1):
            connection.exec_driver_sql(added.format(at, taken_as.value))
    migrate.upgrade(both)
    with both.writer.begin() as connection:
        kept = CaseRecord(connection).of(SHELF + 1)
        assert CaseRecord(connection).held_since(datetime.now(UTC)) is None
        connection.exec_driver_sql(added.format(4, TakenAs.HELD.value))
        assert CaseRecord(connection).held_since(datetime.now(UTC)) == 1
        [index] = [
            each for each in inspect(connection).get_indexes("words") if each["name"] == "ix_words_held"
        ]
    assert [(words.taken_as, words.text) for words in kept] == [
        (taken_as, f"word {at}") for at, taken_as in enumerate(stored, 1)
    ]
    assert index["column_names"] == ["at"]


def test_a_database_of_a_newer_certdesk_is_left_alone(both: Engines) -> None:
    migrate.upgrade(both)
    with both.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationError, match="9999"):
        migrate.upgrade(both)


# Three processes that begin in the same instant: they are forked when all is imported.
AT_ONCE = """
import multiprocessing, sys
from bot.store import Store

def upgrade(begin):
    begin.wait()
    store = Store(sys.argv[1])
    store.upgrade()
    store.engines.close()

fork = multiprocessing.get_context("fork")
begin = fork.Barrier(3)
running = [fork.Process(target=upgrade, args=(begin,)) for _ in range(3)]
for process in running:
    process.start()
for process in running:
    process.join()
print([process.exitcode for process in running])
"""


@pytest.mark.long
@pytest.mark.parametrize("before", [None, revisions()[-2]], ids=["new", "the version before"])
def test_several_processes_at_once_migrate_once(empty: str, both: Engines, before: str | None) -> None:
    if before is not None:
        filled(both, before)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", AT_ONCE, empty],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stderr, ran.stdout, ran.returncode) == ("", "[0, 0, 0]\n", 0)
    assert rows(both) == [0 if before is None else 1] * len(TABLES)
    looking = peek(empty)
    assert looking is not None
    assert migrate.current(looking) == migrate.newest()
    looking.dispose()


def test_the_files_are_named_after_their_revisions(both: Engines) -> None:
    assert migrate.newest() == revisions()[-1]
    assert migrate.known() == {*revisions()}
    assert migrate.current(both.reader) is None


@pytest.mark.parametrize("before", [None, "0001"])
def test_a_process_of_its_own_migrates(empty: str, both: Engines, before: str | None) -> None:
    if before is not None:
        filled(both, before)
    upgrade_apart(empty)
    assert migrate.current(both.reader) == migrate.newest()
    assert not migrate.upgrade(both)
    assert rows(both) == [int(before is not None)] * len(TABLES)


def test_what_a_process_of_its_own_cannot_migrate_is_left_to_who_says_why(empty: str, both: Engines) -> None:
    assert migrate.upgrade(both)
    with both.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    upgrade_apart(empty)
    assert migrate.current(both.reader) == "9999"
    upgrade_apart("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_who_migrates_on_postgresql_waits_for_who_does_already(on_postgresql: str) -> None:
    first, second = connect(on_postgresql), connect(on_postgresql)
    with first.writer.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(migrate.ADVISORY_LOCK)))
        waiting = threading.Thread(target=migrate.upgrade, args=(second,))
        waiting.start()
        waiting.join(1.2)  # longer than any other lock is waited for
        assert waiting.is_alive()
        assert migrate.current(first.reader) is None
    waiting.join(10)
    assert migrate.current(first.reader) == migrate.newest()
    first.close()
    second.close()


# --- on SQLite


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_an_older_file_is_copied_first(file: Path, revision: str) -> None:
    with on_sqlite(file) as both:
        filled(both, revision)
        assert migrate.upgrade(both)
    for database in (file, file.with_name(f"certdesk.db.before-{revision}")):
        assert rows(database) == [1] * len(TABLES)
    with closing(sqlite3.connect(file)) as now:
        assert now.execute("PRAGMA foreign_key_check").fetchall() == []
        assert now.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_new_file_is_not_copied(file: Path) -> None:
    with on_sqlite(file) as both:
        migrate.upgrade(both)
    assert [each.name for each in file.parent.iterdir()] == ["certdesk.db"]


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_what_would_be_left_without_what_it_refers_to_stops_the_migration(file: Path, revision: str) -> None:
    with on_sqlite(file) as both:
        filled(both, revision)
        with closing(sqlite3.connect(file)) as old:
            old.execute("DELETE FROM cases")
            old.commit()
        with pytest.raises(MigrationError, match="without what they refer to"):
            migrate.upgrade(both)
        assert migrate.current(both.reader) == revision
    assert rows(file) == [1, 0, 1, 1, 1]


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_without_room_for_the_copy_nothing_is_migrated(file: Path, revision: str) -> None:
    with on_sqlite(file) as both:
        upgrade_to(both, revision)
        file.with_name(f"certdesk.db.before-{revision}").mkdir()
        with pytest.raises(MigrationError, match="could not be copied"):
            migrate.upgrade(both)
        assert migrate.current(both.reader) == revision


def test_the_queue_is_filed_from_what_the_cases_hold(file: Path) -> None:
    with on_sqlite(file) as both:
        filled(both, "0004")
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
    with on_sqlite(file) as both:
        migrate.upgrade(both)
    noon = 1_795_435_200_000
    with closing(sqlite3.connect(file)) as now:
        filed = now.execute("SELECT standing, calm, since FROM cases ORDER BY id").fetchall()
    assert filed == [("new", 1, None), ("waiting", 1, noon), ("claimed", 0, noon + 500)]


def test_a_folder_that_cannot_be_made_is_named_with_its_variable() -> None:
    with pytest.raises(OSError, match=r"/dev/null cannot be made .*CERTDESK_DATABASE_URL"):
        connect("sqlite:////dev/null/certdesk.db")


def test_looking_makes_nothing_and_changes_nothing(file: Path) -> None:
    assert peek(f"sqlite:///{file}") is None
    assert not file.parent.exists()
    with on_sqlite(file) as both:
        migrate.upgrade(both)
    before = {each.name: each.read_bytes() for each in file.parent.iterdir()}
    looking = peek(f"sqlite:///{file}")
    assert looking is not None
    assert migrate.current(looking) == migrate.newest()
    looking.dispose()
    assert {each.name: each.read_bytes() for each in file.parent.iterdir()} == before
