"""Files of cases in the database: kept, passed on once, gone with their message and their person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.conversation.files import File
from bot.desk.deliveries import Withdraw, Write
from bot.store.erasure import erase, known
from bot.store.records import Who
from bot.store.schema import files
from tests.filled import ROSA, Filled, filled

SCREEN = File("F1", "screen.png", size=3, url="https://files.slack.com/a", link="https://a.slack.com/a")


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Filled]:
    async with filled(database) as made:
        yield made


def rows(desk: Filled) -> list[tuple[str, str]]:
    with desk.store.engines.reader.connect() as connection:
        return [(row.file, row.stage) for row in connection.execute(select(files).order_by(files.c.id))]


async def test_a_file_is_kept_with_the_case_of_its_words_and_passed_on_at_the_handoff(desk: Filled) -> None:
    await desk.does(ROSA, Write("hello", files=(SCREEN,)))
    assert rows(desk) == [("F1", "kept")]
    await desk.does(ROSA, Write("agent"))
    assert rows(desk) == [("F1", "passed_on")]


async def test_a_file_goes_with_its_message(desk: Filled) -> None:
    await desk.does(ROSA, Write("hello", files=(SCREEN,)))
    await desk.does(ROSA, Withdraw("click:U-ROSA:1"))
    assert rows(desk) == []


async def test_a_file_goes_with_its_person(desk: Filled) -> None:
    await desk.does(ROSA, Write("hello", files=(SCREEN,)))
    with desk.store.engines.reader.connect() as connection:
        whom = known(connection, Who(None, ROSA.user))
    assert whom is not None
    erase(desk.store.engines, whom, desk.clock())
    assert rows(desk) == []
