"""Transactions, on SQLite and PostgreSQL: whole or not at all, readers beside writers, what numbers cases."""

from __future__ import annotations

import asyncio
import gc
import threading
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from bot.conversation.people import Person
from bot.store import Site, Store, Unit, VersionLostError
from bot.store.engine import connect
from bot.store.store import TRIES
from tests.store.conftest import NOON, ROSA, edited, open_case, taken

CASES = "SELECT count(*) FROM cases"
HELD_SECONDS = 5.0  # far more than anything here takes; a test that needs it has failed


class TroubleError(Exception):
    """What a test lets happen in a transaction."""


def asked(engine: Engine, query: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(query).scalar()


def on_sqlite(store: Store) -> bool:
    return store.engines.writer.dialect.name == "sqlite"


async def until_set(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, HELD_SECONDS)


class Held:
    """Work that opens a case, tells that it has, and does not go on before it may."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, unit: Unit) -> int:
        number = open_case(unit).number
        self.begun.set()
        assert self.may_end.wait(HELD_SECONDS)
        return number


# --- how the engines are set

SQLITE = {
    "PRAGMA journal_mode": "wal",
    "PRAGMA synchronous": 2,
    "PRAGMA foreign_keys": 1,
    "PRAGMA busy_timeout": 1000,
}
POSTGRESQL = {
    "SHOW synchronous_commit": "on",
    "SHOW lock_timeout": "1s",
    "SHOW statement_timeout": "2s",
    "SHOW idle_in_transaction_session_timeout": "10s",
    "SHOW application_name": "certdesk",
}


@pytest.mark.parametrize("which", ["writer", "reader"])
def test_every_connection_is_durable_checked_and_patient(store: Store, which: str) -> None:
    engine = getattr(store.engines, which)
    settings = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL
    assert {question: asked(engine, question) for question in settings} == settings


def test_what_an_address_says_of_postgresql_counts(postgresql: str) -> None:
    own = connect(f"{postgresql}&application_name=mine&options=-c%20lock_timeout%3D3s")
    assert asked(own.writer, "SHOW application_name") == "mine"
    assert asked(own.writer, "SHOW lock_timeout") == "3s"
    assert asked(own.writer, "SHOW statement_timeout") == "2s"
    own.close()


def test_on_postgresql_a_reader_sees_one_moment_and_cannot_write(postgresql: str) -> None:
    both = connect(postgresql)
    assert asked(both.reader, "SHOW transaction_isolation") == "repeatable read"
    assert asked(both.writer, "SHOW transaction_isolation") == "read committed"
    assert asked(both.writer, "SHOW transaction_read_only") == "off"
    with pytest.raises(InternalError, match="read-only"), both.reader.connect() as connection:
        connection.exec_driver_sql("DELETE FROM receipts")
    both.close()


def test_what_refers_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.engines.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO messages VALUES (77, 'card', 'C1', '1.1')")


# --- whole or not at all


async def test_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    def work(unit: Unit) -> None:
        open_case(unit)
        assert unit.receipts.add(taken(unit, "event:1"), NOON)
        raise TroubleError

    with pytest.raises(TroubleError):
        await store.write(work)
    for table in ("people", "cases", "receipts"):
        assert asked(store.engines.reader, f"SELECT count(*) FROM {table}") == 0  # noqa: S608  a constant
    # SQLite uses up no number by this, PostgreSQL does
    assert (await store.write(open_case)).number == (1001 if on_sqlite(store) else 1002)


async def test_a_canceled_caller_stops_waiting_and_the_transaction_commits(store: Store) -> None:
    held = Held()
    writing = asyncio.create_task(store.write(held))
    await until_set(held.begun)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert asked(store.engines.reader, CASES) == 0
    held.may_end.set()
    assert (await store.write(open_case)).number == 1002
    assert asked(store.engines.reader, CASES) == 2


async def test_what_goes_wrong_after_its_caller_is_gone_is_not_printed(store: Store) -> None:
    held, printed = Held(), []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: printed.append(context))

    def work(unit: Unit) -> None:
        held(unit)
        raise TroubleError

    writing = asyncio.create_task(store.write(work))
    await until_set(held.begun)
    writing.cancel()
    await asyncio.wait({writing})
    held.may_end.set()
    assert await store.write(lambda _: 1) == 1
    await asyncio.sleep(0.05)
    del writing
    gc.collect()
    assert printed == []


async def test_closing_waits_for_a_transaction_whose_caller_is_gone(database: str) -> None:
    store = Store(database)
    store.upgrade()
    held = Held()
    writing = asyncio.create_task(store.write(held))
    await until_set(held.begun)
    writing.cancel()
    await asyncio.wait({writing})
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    assert not closing.done()
    held.may_end.set()
    await closing
    again = Store(database)
    assert asked(again.engines.reader, CASES) == 1
    await again.close()


async def test_a_transaction_is_told_of_in_order_and_not_of_a_commit_that_was_none(database: str) -> None:
    passed: list[Site] = []
    store = Store(database, passed.append)
    store.upgrade()
    await store.write(open_case)
    assert passed == [Site.BEGUN, Site.WRITTEN, Site.COMMITTED]
    passed.clear()

    def fail(_: Unit) -> None:
        raise TroubleError

    with pytest.raises(TroubleError):
        await store.write(fail)
    assert passed == [Site.BEGUN]
    await store.close()


# --- several at once


async def test_readers_do_not_wait_for_a_writer_and_see_what_was_committed(store: Store) -> None:
    before = (await store.write(open_case)).number
    held = Held()
    writing = asyncio.create_task(store.write(held))
    await until_set(held.begun)
    async with asyncio.timeout(0.5):
        seen = await asyncio.gather(*(store.read(lambda unit: unit.cases.get(1002)) for _ in range(8)))
        assert seen == [None] * 8
        assert await store.read(lambda unit: unit.cases.get(before)) is not None
    held.may_end.set()
    number = await writing
    assert await store.read(lambda unit: unit.cases.get(number)) is not None


async def test_writers_go_one_after_the_other(store: Store) -> None:
    case = await store.write(open_case)

    def once_more(unit: Unit) -> int:
        loaded = unit.cases.get(case.number)
        assert loaded is not None
        after = edited(loaded, f"{loaded.interview.ticket or ''}+")
        unit.cases.save(after, "asking", NOON)
        return after.revision

    revisions = await asyncio.gather(*(store.write(once_more) for _ in range(20)))
    assert sorted(revisions) == list(range(2, 22))
    kept = await store.read(lambda unit: unit.cases.get(case.number))
    assert kept is not None
    assert kept.interview.ticket == "+" * 20


async def test_a_writer_of_another_process_is_waited_for_a_while(store: Store, database: str) -> None:
    other = Store(database)
    held = Held()
    first = asyncio.create_task(store.write(held))
    await until_set(held.begun)
    second = asyncio.create_task(other.write(open_case))
    assert not (await asyncio.wait({second}, timeout=0.1))[0]
    held.may_end.set()
    assert (await first, (await second).number) == (1001, 1002)
    await other.close()


async def test_a_writer_of_another_process_is_not_waited_for_for_ever(store: Store, database: str) -> None:
    other = Store(database)
    held = Held()
    first = asyncio.create_task(store.write(held))
    await until_set(held.begun)
    with pytest.raises(OperationalError, match=r"locked|lock timeout"):
        await other.write(open_case)
    held.may_end.set()
    await first
    assert (await other.write(open_case)).number == 1002
    await other.close()


async def test_who_saves_over_anothers_change_is_stopped_and_nothing_is_lost(store: Store) -> None:
    """Nobody comes between reading a case and writing it, so the other's write is played here."""
    case = await store.write(open_case)
    tries = []

    def late(unit: Unit) -> None:
        loaded = unit.cases.get(case.number)
        assert loaded is not None
        tries.append(loaded)
        unit._connection.exec_driver_sql("UPDATE cases SET version = version + 1")  # noqa: SLF001  the other one
        assert unit.receipts.add(taken(unit, "event:late"), NOON)
        unit.cases.save(edited(loaded, "mine"), "asking", NOON)

    with pytest.raises(VersionLostError):
        await store.write(late)
    assert len(tries) == TRIES
    assert await store.read(lambda unit: unit.cases.get(case.number)) == case
    assert await store.read(lambda unit: unit.receipts.get("event:late")) is None


async def test_who_comes_second_does_it_again_from_what_the_first_made(store: Store) -> None:
    case = await store.write(open_case)
    tries = []

    def work(unit: Unit) -> str:
        loaded = unit.cases.get(case.number)
        assert loaded is not None
        tries.append(loaded)
        if len(tries) == 1:
            raise VersionLostError(case.number)
        unit.cases.save(edited(loaded, "mine"), "asking", NOON)
        return "kept"

    assert await store.write(work) == "kept"
    assert len(tries) == 2


async def test_who_reads_a_case_again_does_not_save_over_anothers_change(store: Store) -> None:
    """A case that was read without being held, and is read again to be held: the other came in between."""
    case = await store.write(open_case)
    tries = []

    def late(unit: Unit) -> None:
        loaded = unit.cases.unfinished(unit.people.get_or_add(case.person), case.surface, NOON)
        assert loaded is not None
        tries.append(loaded)
        unit._connection.exec_driver_sql("UPDATE cases SET version = version + 1")  # noqa: SLF001  the other one
        unit.cases.get(case.number)
        unit.cases.save(edited(loaded, "mine"), "asking", NOON)

    with pytest.raises(VersionLostError):
        await store.write(late)
    assert len(tries) == TRIES
    assert await store.read(lambda unit: unit.cases.get(case.number)) == case


# --- numbers and receipts


async def test_numbers_begin_at_1001_and_none_is_given_twice(store: Store) -> None:
    cases = [await store.write(open_case) for _ in range(3)]
    assert [case.name for case in cases] == ["C-1001", "C-1002", "C-1003"]
    with store.engines.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cases WHERE id = 3")
    assert (await store.write(open_case)).name == "C-1004"


async def test_many_at_once_get_numbers_of_their_own(store: Store) -> None:
    people = [Person("T1", "T2", f"U{i}") for i in range(12)]
    cases = await asyncio.gather(*(store.write(partial(open_case, person=person)) for person in people))
    assert sorted(case.number for case in cases) == list(range(1001, 1013))


async def test_a_delivery_is_recorded_once_however_often_it_comes(store: Store) -> None:
    def take(unit: Unit) -> bool:
        return unit.receipts.add(taken(unit, "event:Ev1"), NOON)

    first = await asyncio.gather(*(store.write(take) for _ in range(10)))
    assert sorted(first) == [False] * 9 + [True]
    assert asked(store.engines.reader, "SELECT count(*) FROM receipts") == 1
    case = await store.write(open_case)

    def filed(unit: Unit, number: int) -> None:
        assert unit.cases.get(number) is not None
        unit.receipts.assign("event:Ev1", number, changed=True)

    await store.write(lambda unit: filed(unit, case.number))
    receipt = await store.read(lambda unit: unit.receipts.get("event:Ev1"))
    assert receipt is not None
    assert receipt.case == case.number
    assert await store.read(lambda unit: unit.receipts.get("event:Ev2")) is None


async def test_a_person_is_one_under_every_team_and_another_in_another_installation(store: Store) -> None:
    named = [ROSA, ROSA, Person("T1", "T9", "U1"), Person("T1", "E1", "U1")]
    same = {await store.write(lambda unit, who=who: unit.people.get_or_add(who).id) for who in named}
    assert len(same) == len({*named}) == 1
    assert await store.read(lambda unit: unit.people.get(Person("T9", "T1", "U1"))) is None
