"""Moving a desk to another kind of database: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from bot.conversation.effects import News, Tell
from bot.conversation.people import Person, Posted
from bot.playground.standin import StandIn
from bot.store import CARD, SENT, Order, Unit, copying, migrate
from bot.store.copying import AT_ONCE, CopyError
from bot.store.engine import Engines, connect, peek
from bot.store.schema import cases, metadata, outbox, receipts
from tests.conftest import Clock, World, settings_for
from tests.postgres import fresh_database
from tests.slack.conftest import AGENTS, Acts
from tests.store.conftest import NOON, ROSA, edited, open_case, taken

ELSEWHERE = Person("T1", "T9", "U1")


@pytest.fixture
def on_postgresql() -> Iterator[str]:
    with fresh_database(empty=True) as address:
        yield address


@pytest.fixture(params=["sqlite to postgresql", "postgresql to sqlite", "sqlite to sqlite"])
def ways(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Return two addresses; nothing is there yet."""

    def address(kind: str, name: str) -> str:
        file = f"sqlite:///{tmp_path / name}.db"
        return str(request.getfixturevalue("on_postgresql")) if kind == "postgresql" else file

    first, second = request.param.split(" to ")
    return address(first, "old"), address(second, "new")


def filled(address: str, more: Callable[[Unit], object] = lambda _: None) -> None:
    """Make a desk that has a past: cases, one of them gone, what was sent, and what waits."""
    both = connect(address)
    migrate.upgrade(both)
    with both.writer.begin() as connection:
        unit = Unit(connection)
        for person, said in ((ROSA, 'grün, 緑, \U0001f7e2 and "quotes"\n'), (ELSEWHERE, "x")):
            case = open_case(unit, person)
            unit.cases.save(edited(case, said), "answered", NOON)
            unit.places.note(case.number, CARD, Posted("C1", f"{case.number}.1"))
        gone = open_case(unit).number
        connection.execute(delete(cases).where(cases.c.id == gone - 1000))
        row = {"kind": "write", "event": "{}", "received_at": 0}
        connection.execute(insert(receipts), [row | {"key": f"event:{n}"} for n in range(2 * AT_ONCE + 1)])
        unit.receipts.add(taken(unit, "event:last"), NOON)
        unit.receipts.assign("event:last", case.number, changed=True)
        for _ in range(2):
            unit.outbox.queue(Order("a", Tell(ROSA, News.HELP, 0), case.number), NOON)
        connection.execute(update(outbox).where(outbox.c.id == 1).values(state=SENT))
        more(unit)
    both.close()


def contents(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: [*map(tuple, connection.execute(select(table).order_by(*table.primary_key)))]
            for table in metadata.sorted_tables
        }


def copied(source: str, target: str) -> list[copying.Copied]:
    old, new = peek(source), connect(target)
    assert old is not None
    try:
        return copying.copy(old, new)
    finally:
        old.dispose()
        new.close()


def nothing_in(both: Engines) -> bool:
    return migrate.current(both.reader) is None or not any(contents(both.reader).values())


def test_every_row_is_there_after_and_the_numbers_go_on(ways: tuple[str, str]) -> None:
    source, target = ways
    filled(source)
    before = connect(source)
    copies = copied(source, target)
    after = connect(target)
    assert {name: sorted(rows) for name, rows in contents(after.reader).items()} == {
        name: sorted(rows) for name, rows in contents(before.reader).items()
    }
    assert {each.table: each.rows for each in copies} == {
        name: len(rows) for name, rows in contents(before.reader).items()
    }
    held = [each for each in copies if each.rows]
    assert len({each.digest for each in held}) == len(held) >= 5
    with after.writer.begin() as connection:
        unit = Unit(connection)
        assert open_case(unit).number == 1004  # 1003 is gone, and is nobody else's
        assert unit.outbox.queue(Order("a", Tell(ROSA, News.HELP, 0)), NOON) == 3
    before.close()
    after.close()


def test_a_desk_without_a_past_is_copied_too(ways: tuple[str, str]) -> None:
    both = connect(ways[0])
    migrate.upgrade(both)
    both.close()
    assert [each.rows for each in copied(*ways)] == [0] * len(metadata.sorted_tables)
    after = connect(ways[1])
    with after.writer.begin() as connection:
        assert open_case(Unit(connection)).number == 1001
    after.close()


def test_a_target_that_holds_a_desk_is_left_as_it_is(ways: tuple[str, str]) -> None:
    for address in ways:
        filled(address)
    both = connect(ways[1])
    before = contents(both.reader)
    with pytest.raises(CopyError, match="holds a desk already"):
        copied(*ways)
    assert contents(both.reader) == before
    both.close()


def test_a_desk_is_not_copied_onto_itself(ways: tuple[str, str]) -> None:
    filled(ways[0])
    with pytest.raises(CopyError, match="holds a desk already"):
        copied(ways[0], ways[0])


def test_a_target_that_holds_anything_else_is_left_as_it_is(ways: tuple[str, str]) -> None:
    filled(ways[0])
    both = connect(ways[1])
    with both.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(CopyError, match="invoices"):
        copied(*ways)
    assert migrate.current(both.reader) is None
    both.close()


def test_a_desk_of_another_version_is_not_copied(ways: tuple[str, str]) -> None:
    filled(ways[0])
    both = connect(ways[0])
    with both.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    both.close()
    with pytest.raises(CopyError, match="certdesk db upgrade"):
        copied(*ways)
    after = connect(ways[1])
    assert migrate.current(after.reader) is None
    after.close()


# what SQLite keeps and PostgreSQL does not -> the table that is named
REFUSED = {
    "too long": ("UPDATE people SET \"user\" = 'U' || hex(zeroblob(20)) WHERE id = 1", "people"),
    "a zero": ("UPDATE receipts SET event = 'x' || char(0) WHERE key = 'event:last'", "receipts"),
}


@pytest.mark.long
@pytest.mark.parametrize("what", REFUSED)
def test_what_the_target_does_not_take_leaves_nothing_there(
    tmp_path: Path, on_postgresql: str, what: str
) -> None:
    statement, table = REFUSED[what]
    source = f"sqlite:///{tmp_path / 'old.db'}"
    filled(source, lambda unit: unit._connection.exec_driver_sql(statement))  # noqa: SLF001  no desk writes it
    with pytest.raises(CopyError, match=f"does not take what is in {table}") as refused:
        copied(source, on_postgresql)
    assert "event:" not in str(refused.value)
    both = connect(on_postgresql)
    assert nothing_in(both)
    both.close()
    filled_again = f"sqlite:///{tmp_path / 'other.db'}"
    filled(filled_again)
    assert copied(filled_again, on_postgresql)


def test_what_is_not_the_same_after_is_not_kept(tmp_path: Path, postgresql: str) -> None:
    """A trigger of the operator's own changes what is written."""
    source = f"sqlite:///{tmp_path / 'old.db'}"
    filled(source)
    both = connect(postgresql)
    with both.writer.begin() as connection:
        body = "BEGIN NEW.zone = ''UTC''; RETURN NEW; END"
        for statement in (
            f"CREATE FUNCTION change() RETURNS trigger AS '{body}' LANGUAGE plpgsql",
            "CREATE TRIGGER change BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION change()",
        ):
            connection.exec_driver_sql(statement)
    with pytest.raises(CopyError, match="people is not the same in both"):
        copied(source, postgresql)
    assert nothing_in(both)
    both.close()


@pytest.mark.long
async def test_a_desk_goes_on_where_it_was_moved_to(
    slack: StandIn, clock: Clock, tmp_path: Path, on_postgresql: str
) -> None:
    settings = settings_for(slack, tmp_path)
    old = World(slack, clock, settings)
    await old.start()
    acts = Acts(old)
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await acts.write("hi", "ben")
    await old.stop()
    copied(settings.database_url, on_postgresql)
    new = World(slack, clock, settings_for(slack, tmp_path, CERTDESK_DATABASE_URL=on_postgresql))
    await new.start()
    acts = Acts(new)
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    assert slack.user("ada") in str(acts.last().blocks)
    assert "reseller" in (await acts.write("opensrs", "ben")).casefold()
    await new.stop()
