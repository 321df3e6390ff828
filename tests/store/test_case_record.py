"""The record of a case in the database: in order, followed by edits, out with its case and its person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.conversation.case_record import TakenAs
from bot.conversation.people import Person
from bot.desk.deliveries import Delivery, Intent, Rewrite, Withdraw, Write
from bot.store.engine import Engines
from bot.store.erasure import erase, known
from bot.store.purge import purge
from bot.store.records import Wanted, Who, every
from bot.store.schema import cases, words
from tests.filled import OMAR, ROSA, Filled, filled

LATER = datetime(2028, 4, 1, tzinfo=UTC)
SECRETS = ("Our customer", "no idea which", "shop.example.com")


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Filled]:
    async with filled(database) as desk:
        yield desk


async def sent(desk: Filled, intent: Intent, key: str, person: Person = ROSA) -> None:
    desk.clock.forward(seconds=1)
    await desk.desk.receive(Delivery(key, person, intent))


async def writes(desk: Filled, person: Person = ROSA) -> None:
    """Write three messages about one case."""
    for number, text in enumerate(SECRETS):
        await sent(desk, Write(text), f"message:{person.user}:{number}", person)


def engines(desk: Filled) -> Engines:
    return desk.store.engines


def texts(desk: Filled) -> list[str | None]:
    with engines(desk).reader.connect() as connection:
        return [*connection.execute(select(words.c.text).order_by(words.c.id)).scalars()]


async def test_words_are_there_once_in_order_with_their_moment(desk: Filled) -> None:
    await writes(desk)
    await writes(desk)  # Slack says it again
    found = await desk.store.read(lambda unit: unit.record.of(1001))
    assert [words.text for words in found] == [*SECRETS]
    assert [words.taken_as for words in found] == [TakenAs.KEPT, TakenAs.NOT_UNDERSTOOD, TakenAs.ANSWER]
    moments = [words.at for words in found]
    assert moments == sorted(set(moments))


EDITS = [
    ([("a", "1.000100"), ("b", "2.000100")], "b"),
    ([("b", "2.000100"), ("a", "1.000100")], "b"),
    ([("a", "1.000100"), (None, "2.000100")], None),
    ([(None, "2.000100"), ("a", "1.000100")], None),
    ([("a", "1.000100"), ("b", "1.000101")], "b"),  # within one millisecond
    ([("b", "1.000101"), ("a", "1.000100")], "b"),
]


@pytest.mark.parametrize(("edits", "left"), EDITS)
async def test_edits_count_in_the_order_of_their_moments(
    desk: Filled, edits: list[tuple[str | None, str]], left: str | None
) -> None:
    await sent(desk, Write("first"), "message:1")
    for text, second in edits:
        await sent(desk, Rewrite("message:1", text, f"180000000{second}"), f"event:{second}")
    assert texts(desk) == [left]


async def test_an_edit_that_overtakes_its_message_is_the_message(desk: Filled) -> None:
    await sent(desk, Rewrite("message:1", "Please cancel it", "1800000001.000100"), "event:1")
    await sent(desk, Write("Plaese cancel it"), "message:1")
    assert texts(desk) == ["Please cancel it"]


async def test_what_was_deleted_is_gone_and_stays_so(desk: Filled) -> None:
    await writes(desk)
    await sent(desk, Withdraw("message:U-ROSA:1"), "event:1")
    await sent(desk, Rewrite("message:U-ROSA:1", "again", "1800000001.000100"), "event:2")
    assert texts(desk) == [SECRETS[0], None, SECRETS[2]]
    [gone] = [w for w in await desk.store.read(lambda unit: unit.record.of(1001)) if w.deleted_at]
    assert gone.deleted_at is not None
    assert gone.deleted_at - gone.at < timedelta(minutes=1)


async def test_nobody_changes_the_words_of_somebody_else(desk: Filled) -> None:
    await writes(desk)
    await sent(desk, Rewrite("message:U-ROSA:0", "mine", "1800000001.000100"), "event:1", OMAR)
    await sent(desk, Withdraw("message:U-ROSA:1"), "event:2", OMAR)
    assert texts(desk)[:3] == [*SECRETS]


async def test_words_go_with_their_case(desk: Filled) -> None:
    await writes(desk)
    await writes(desk, OMAR)
    assert purge(engines(desk), cases.c.id == 1, LATER) == 1
    assert texts(desk) == [*SECRETS]


async def test_words_go_with_their_person(desk: Filled) -> None:
    await writes(desk)
    await writes(desk, OMAR)
    with engines(desk).reader.connect() as connection:
        whom = known(connection, Who(None, ROSA.user))
    assert whom is not None
    await desk.sends()
    erase(engines(desk), whom, LATER)
    assert texts(desk) == [*SECRETS]


async def test_what_was_opened_and_left_is_no_case(desk: Filled) -> None:
    await sent(desk, Write("hello"), "message:1")
    await sent(desk, Write("Our customer ordered twice"), "message:2", OMAR)
    assert [filed.person for filed in every(engines(desk).reader, Wanted())] == [OMAR]
    await sent(desk, Write("what a mess"), "message:3")
    assert [filed.person for filed in every(engines(desk).reader, Wanted())] == [ROSA, OMAR]
