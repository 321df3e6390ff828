"""A database in which one person was stored under two teams is migrated: one row, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.conversation.agent_moves import Claim, Reply
from bot.conversation.agent_words import Outward
from bot.conversation.events import Opened
from bot.conversation.interview import Answer, Remembered
from bot.conversation.people import Person
from bot.desk.deliveries import Act, Ask, Handle, Look, Write
from bot.desk.results import Noted, Seen, Told
from bot.store import Unit, migrate
from bot.store.engine import Engines, connect
from bot.store.erasure import erase, known
from bot.store.records import Who
from bot.store.schema import metadata
from policy.decision import Detail
from policy.facts import Fact
from tests.conftest import NOON
from tests.filled import ADA, BEN, ROSA, Filled, filled, make_agents
from tests.postgres import fresh_database
from tests.store.test_migrate import upgrade_to

# Until the migration these were people of their own; a stored text has their user id in this form.
ROSA_TOO = Person("T1", "T9", "U-ROSA+")
ADA_TOO = Person("T1", "T5", "U-ADA+")
BEFORE = "0007"


@pytest.fixture
def on_postgresql() -> Iterator[str]:
    with fresh_database(empty=True) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engines]:
    """The engines of a database of each kind, as the version before left it, empty."""
    file = f"sqlite:///{tmp_path / 'old.db'}"
    engines = connect(file if request.param == "sqlite" else request.getfixturevalue("on_postgresql"))
    upgrade_to(engines, BEFORE)
    yield engines
    engines.close()


@dataclass
class Stored:
    """What was done before, by case number."""

    asked: int
    asked_too: int
    held: int
    held_too: int


async def past(tmp_path: Path) -> tuple[dict[Table, list[dict[str, Any]]], Stored]:
    """Return the rows of a desk with a past, in which two people are there twice."""
    async with filled(f"sqlite:///{tmp_path / 'past.db'}") as desk:
        await make_agents(desk.desk, "T1", [ADA.user, BEN.user, ADA_TOO.user])
        stored = Stored(
            asked=await desk.asks(ROSA),
            held=await desk.hands_over(ROSA),
            asked_too=await desk.asks(ROSA_TOO),
            held_too=await desk.hands_over(ROSA_TOO),
        )
        await desk.deals(ADA, stored.held, Claim())
        await desk.deals(ADA_TOO, stored.held_too, Claim(), Reply(Outward("Hello Rosa.")))
        await desk.does(ROSA_TOO, Write("Thank you, and one thing more."))
        await desk.store.write(_learned)
        with desk.store.engines.reader.connect() as connection:
            rows = {table: _rows(connection, table) for table in metadata.sorted_tables}
    return rows, stored


def _learned(unit: Unit) -> None:
    """Know something of each of the two rows of a person; the second is the one that was used last."""
    first, second = unit.people.get_or_add(ROSA), unit.people.get_or_add(ROSA_TOO)
    unit.people.update(first.id, zone="Europe/Madrid", zone_offset=3600, dm_channel="D-ROSA")
    unit.people.remember(first, _remembered(("program", "trustico"), username="rosa-shop"))
    unit.people.update(second.id, zone="Europe/Lisbon", zone_offset=0)
    unit.people.remember(second, _remembered(("program", "opensrs"), ("requester", "reseller")))


def _remembered(*answers: tuple[str, str], username: str = "") -> Remembered:
    return Remembered(
        tuple(Answer(Fact(fact), token) for fact, token in answers),
        ((Detail("reseller_username"), username),) if username else (),
    )


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(table.select()).mappings()]


def fill(old: Engines, past: dict[Table, list[dict[str, Any]]]) -> None:
    """Write the rows into an older database, with one user id for each person, as Slack has it."""
    with old.writer.begin() as connection:
        tables = {table: rows for table, rows in past.items() if inspect(connection).has_table(table.name)}
        for table, rows in tables.items():
            there = {column["name"] for column in inspect(connection).get_columns(table.name)}
            written = [_as_before(row, there) for row in rows]
            if table.name == "agents":
                written = [*{row["user"]: row for row in written}.values()]
            if written:
                columns = ", ".join(f'"{name}"' for name in written[0])
                values = ", ".join(f":{name}" for name in written[0])
                into = f"INSERT INTO {table.name} ({columns}) VALUES ({values})"  # noqa: S608  constants
                connection.execute(text(into), written)
            if connection.dialect.name == "postgresql" and "id" in there:
                following = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1000)"
                connection.exec_driver_sql(following)


def _as_before(row: dict[str, Any], there: set[str]) -> dict[str, Any]:
    """Return a row with the columns that there were, and with lines of messages named as they were."""
    kept = {name: value for name, value in row.items() if name in there}
    if str(kept.get("conversation")).startswith("dm:"):
        kind, installation, user = kept["conversation"].split(":")
        team = "T9" if '"team":"T9"' in kept["effect"] else "T2"
        kept["conversation"] = f"{kind}:{installation}:{team}:{user}"
    if kept.get("remembered"):
        known = json.loads(kept["remembered"])
        answers = {each["fact"]: each["token"] for each in known["answers"]}
        kept["remembered"] = json.dumps(answers | dict(known["details"]))
    return {name: value.replace("+", "") if isinstance(value, str) else value for name, value in kept.items()}


@pytest.fixture
async def stored(old: Engines, tmp_path: Path) -> Stored:
    """A database that was migrated from one in which two people are there twice."""
    rows, stored = await past(tmp_path)
    fill(old, rows)
    with old.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar_one() == 4
    assert migrate.upgrade(old)
    return stored


@pytest.fixture
async def desk(old: Engines, stored: Stored) -> AsyncIterator[Filled]:
    assert stored
    async with filled(old.writer.url.render_as_string(hide_password=False), NOON) as desk:
        desk.clock.forward(hours=1)
        yield desk


def one(desk: Filled, query: str) -> object:
    with desk.store.engines.reader.connect() as connection:
        return connection.execute(text(query)).scalar_one()


async def test_one_row_is_left_with_what_is_newest_in_each(desk: Filled) -> None:
    assert one(desk, "SELECT count(*) FROM people") == 2
    rosa = await desk.store.read(lambda unit: unit.people.get(ROSA))
    assert rosa is not None
    assert (rosa.zone, rosa.zone_offset, rosa.dm_channel, rosa.person.team) == (
        *("Europe/Lisbon", 0),
        *("D-ROSA", "T9"),
    )
    both = _remembered(("program", "opensrs"), ("requester", "reseller"), username="rosa-shop")
    assert rosa.remembered == both


@pytest.mark.parametrize("team", ["T1", "T2", "T9"])
async def test_all_cases_are_theirs_from_every_team(desk: Filled, stored: Stored, team: str) -> None:
    listed = await desk.does(replace(ROSA, team=team), Look(Ask.CASES))
    assert isinstance(listed, Told)
    numbers = {stored.asked, stored.asked_too, stored.held, stored.held_too}
    assert {each.case for each in listed.cases} == numbers
    for number in numbers:
        assert isinstance(await desk.does(replace(ROSA, team=team), Act(number, Opened())), Seen)


@pytest.mark.parametrize("team", ["T1", "T5", "T7"])
async def test_an_agent_has_what_they_claimed_under_every_team(
    desk: Filled, stored: Stored, team: str
) -> None:
    agent = replace(ADA, team=team)
    for number in (stored.held, stored.held_too):
        assert await desk.does(agent, Handle(number, Reply(Outward("Hello again.")))) == Noted(number)
    assert one(desk, "SELECT count(DISTINCT owner_id) FROM cases WHERE owner_id IS NOT NULL") == 1
    assert one(desk, "SELECT count(*) FROM history WHERE what = 'reply'") == 1 + 2


async def test_the_trail_names_them_and_is_closed_again(desk: Filled, stored: Stored) -> None:
    trail = await desk.store.read(lambda unit: [*unit.history.of(stored.held_too)])
    assert {(each.team, each.user) for each in trail} == {("T9", "U-ROSA"), ("T5", "U-ADA")}
    for statement in (
        "UPDATE history SET at = 0 WHERE id = 1",
        "UPDATE history SET person_id = person_id WHERE id = 1",
        "DELETE FROM history",
    ):
        with pytest.raises(DBAPIError), desk.store.engines.writer.begin() as connection:
            connection.execute(text(statement))


async def test_what_waits_for_one_person_waits_in_one_line(desk: Filled) -> None:
    with desk.store.engines.reader.connect() as connection:
        lines = connection.execute(text("SELECT DISTINCT conversation FROM outbox")).scalars().all()
    assert {line for line in lines if line.startswith("dm:")} == {"dm:T1:U-ROSA"}
    await desk.sends()
    assert one(desk, "SELECT count(*) FROM outbox WHERE state IN ('queued', 'leased')") == 0
    assert desk.sent != []


async def test_nothing_of_them_is_left_when_they_are_erased(desk: Filled) -> None:
    await desk.sends()
    with desk.store.engines.reader.connect() as connection:
        whom = known(connection, Who("T2", "U-ROSA"))
    assert whom is not None
    assert erase(desk.store.engines, whom, desk.clock()).cases == 4
    with desk.store.engines.reader.connect() as connection:
        left = [str(row) for table in metadata.sorted_tables for row in connection.execute(table.select())]
    assert [row for row in left if "U-ROSA" in row] == []


@pytest.mark.parametrize("old", ["sqlite"], indirect=True)  # where the table is made anew
async def test_a_number_that_was_given_once_is_not_given_again(old: Engines) -> None:
    with old.writer.begin() as connection:
        row = "INSERT INTO people (id, installation, team, \"user\") VALUES (40, 'T1', 'T1', 'U1')"
        connection.execute(text(row))
        connection.execute(text("DELETE FROM people"))
    migrate.upgrade(old)
    with old.writer.begin() as connection:
        assert Unit(connection).people.get_or_add(ROSA).id == 41
