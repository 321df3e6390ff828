"""The trail, on SQLite and PostgreSQL: rows are added, and the database itself refuses everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.conversation.agent_moves import Claim
from bot.store.history import Record
from tests.conftest import NOON
from tests.filled import ADA, ROSA, Filled, filled


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Filled]:
    async with filled(database) as desk:
        yield desk


async def trail(desk: Filled, number: int) -> list[Record]:
    return await desk.store.read(lambda unit: [*unit.history.of(number)])


def run(desk: Filled, statement: str) -> None:
    with desk.store.engines.writer.begin() as connection:
        connection.execute(text(statement))


async def test_it_says_who_did_what_and_when(desk: Filled) -> None:
    number = await desk.hands_over()
    await desk.deals(ADA, number, Claim())
    found = await trail(desk, number)
    assert [(each.what, each.standing, each.user) for each in found][-3:] == [
        ("provided", "new", ROSA.user),
        ("asked_for_person", "waiting", ROSA.user),
        ("claim", "claimed", ADA.user),
    ]
    assert found[0].what == "opened"
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert found[0].at > NOON


FORBIDDEN = {
    "another moment": "UPDATE history SET at = 0 WHERE id = 1",
    "another deed": "UPDATE history SET what = 'nothing'",
    "another standing": "UPDATE history SET standing = 'closed' WHERE id = 2",
    "another person": "UPDATE history SET person_id = 2 WHERE id = 1",
    "the same person": "UPDATE history SET person_id = person_id WHERE id = 1",
    "another number": "UPDATE history SET id = 99 WHERE id = 1",
    "another case": "UPDATE history SET case_id = 2 WHERE id = 1",
    "no person, and another deed": "UPDATE history SET person_id = NULL, what = 'x' WHERE id = 1",
    "a row less": "DELETE FROM history WHERE id = 1",
    "no rows": "DELETE FROM history",
}
ONLY_ON = {
    "sqlite": {
        "another row": "INSERT OR REPLACE INTO history (id, case_id, what, standing, at)"
        " VALUES (1, 1, 'x', 'new', 0)",
        "a row in the place of another": "UPDATE OR REPLACE history SET id = 1 WHERE id = 2",
    },
    "postgresql": {"emptied": "TRUNCATE history", "emptied with its cases": "TRUNCATE cases CASCADE"},
}


async def test_the_database_refuses_to_change_it(desk: Filled) -> None:
    number = await desk.hands_over()
    await desk.asks()
    before = await trail(desk, number)
    for what, statement in (FORBIDDEN | ONLY_ON[desk.store.engines.writer.dialect.name]).items():
        with pytest.raises(DBAPIError) as refused:
            run(desk, statement)
        assert "the history is only added to" in str(refused.value), what
        assert await trail(desk, number) == before, what


async def test_a_row_may_lose_its_person_and_goes_with_its_case(desk: Filled) -> None:
    first, second = await desk.asks(), await desk.asks()
    run(desk, "UPDATE history SET person_id = NULL WHERE id = 1")
    assert [each.user for each in await trail(desk, first)] == [None, *[ROSA.user] * 5]
    for others in (
        "UPDATE receipts SET case_id = NULL",
        "DELETE FROM reminders",
        "DELETE FROM words",
        "DELETE FROM outbox",
    ):
        run(desk, others)
    run(desk, "DELETE FROM cases WHERE id = 1")
    assert await trail(desk, first) == []
    assert len(await trail(desk, second)) == 6
