"""Statements that are compiled once give the rows and the errors that SQLAlchemy gives, on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store import Store
from bot.store.database_errors import AWAY, is_undone
from bot.store.schema import people, receipts
from bot.store.statements import Prepared, insert_if_new, one_of

ROSA: Final = {"installation": "T1", "team": "T1", "user": "U1"}
RECEIPT: Final = {"key": "message:1", "kind": "write", "event": "{}", "person_id": None, "received_at": 1}
ADD: Final = Prepared(insert(people))
OF: Final = select(people).where(people.c.user == bindparam("user"), one_of(people.c.team, ("T1", "T2")))


@pytest.fixture
async def connection(database: str) -> AsyncIterator[Connection]:
    store = Store(database)
    store.upgrade()
    with store.engines.writer.begin() as begun:
        yield begun
    await store.close()


def test_what_it_returns(connection: Connection) -> None:
    first = ADD.key(connection, ROSA)
    assert ADD.key(connection, ROSA | {"user": "U2", "team": "T3"}) == first + 1
    told = Prepared(OF).first(connection, {"user": "U1"})
    assert told == dict(connection.execute(OF, {"user": "U1"}).mappings().one())
    assert told is not None
    assert told["id"] == first
    assert Prepared(OF).all(connection, {"user": "U1"}) == [told]
    assert Prepared(OF).scalar(connection, {"user": "U1"}) == first
    for nobody in ("U2", "U3"):
        assert Prepared(OF).first(connection, {"user": nobody}) is None
        assert Prepared(OF).all(connection, {"user": nobody}) == []
        assert Prepared(OF).scalar(connection, {"user": nobody}) is None


def test_an_update_sets_the_columns_that_are_named(connection: Connection) -> None:
    of, rename = ADD.key(connection, ROSA), Prepared(update(people).where(people.c.id == bindparam("of")))
    assert rename.count(connection, {"of": of, "zone": "Europe/Madrid"}) == 1
    assert rename.count(connection, {"of": of, "zone_offset": 3600, "dm_channel": None}) == 1
    assert rename.count(connection, {"of": of + 1, "zone": "UTC"}) == 0
    row = Prepared(OF).first(connection, {"user": "U1"}) or {}
    assert (row["zone"], row["zone_offset"]) == ("Europe/Madrid", 3600)


def test_one_for_each_engine(connection: Connection) -> None:
    add = Prepared(insert_if_new(receipts))
    assert [add.count(connection, RECEIPT) for _ in range(2)] == [1, 0]


def test_what_somebody_typed_is_a_value(connection: Connection) -> None:
    typed = "'; DROP -- %s %(x)s :x ? \N{PILE OF POO}"
    ADD.key(connection, ROSA | {"user": typed})
    assert (Prepared(OF).first(connection, {"user": typed}) or {})["user"] == typed


def test_an_error_is_one_of_sqlalchemys_without_what_was_typed(connection: Connection) -> None:
    with pytest.raises(IntegrityError) as failed, connection.begin_nested():
        ADD.key(connection, ROSA | {"user": "typed", "team": None})
    assert failed.value.hide_parameters
    assert failed.value.orig is not None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_connection_that_breaks_takes_its_transaction_with_it(database: str) -> None:
    store = Store(database)
    store.upgrade()
    with pytest.raises(DBAPIError) as failed:
        break_off(store)
    assert is_undone(failed.value)
    assert isinstance(failed.value, AWAY)
    with store.engines.writer.begin() as again:
        assert Prepared(OF).first(again, {"user": "U1"}) is None
    await store.close()


def break_off(store: Store) -> None:
    with store.engines.writer.begin() as broken, store.engines.reader.connect() as other:
        pid = broken.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        Prepared(OF).first(broken, {"user": "U1"})
