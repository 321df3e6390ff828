"""A database that fails: nothing is acknowledged, nothing is half done, and it goes on after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, select
from structlog.testing import capture_logs

from bot.playground.standin import text_of
from bot.store.schema import metadata
from tests.conftest import World


@contextmanager
def locked(address: str) -> Iterator[None]:
    """Hold what has to be locked for writing, as another process would, longer than anybody waits."""
    other = create_engine(address, poolclass=NullPool)
    with other.connect() as connection:
        on_sqlite = other.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if on_sqlite else "LOCK TABLE people IN EXCLUSIVE MODE")
        yield
        connection.rollback()


def dump(address: str) -> list[object]:
    other = create_engine(address, poolclass=NullPool)
    with other.connect() as connection:
        return [sorted(map(str, connection.execute(select(table)))) for table in metadata.sorted_tables]


# The database said no, or came free when nobody was listening any more: it stands behind others' waiting.
REFUSED = {"OperationalError", "TooLateError"}


async def failures(logs: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    """Return the deliveries that failed, once one has."""
    for _ in range(200):
        if found := [entry for entry in logs if entry["event"] == "delivery_failed"]:
            return found
        await asyncio.sleep(0.05)
    return []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # three seconds each are enough once
async def test_what_cannot_be_written_down_is_not_acknowledged(world: World, database: str) -> None:
    before = dump(database)
    began = time.monotonic()
    with capture_logs() as logs, locked(database):
        delivery = await world.slack.slash("rosa", "ssl-support", "/certdesk", "")
        assert delivery.elapsed >= 3  # in Socket Mode there is no other way to say no than to say nothing
        assert time.monotonic() - began < 4
        [failed] = await failures(logs)
    assert not delivery.acked
    assert dump(database) == before
    assert failed["error"] in REFUSED
    assert world.slack.view("rosa") is None
    assert (await world.slack.slash("rosa", "ssl-support", "/certdesk", "")).acked
    await world.settle()
    assert world.slack.view("rosa") is not None


async def test_over_http_slack_hears_503_before_its_three_seconds(http_world: World, database: str) -> None:
    slack = http_world.slack
    before = dump(database)
    with locked(database):
        delivery = await slack.slash("rosa", "ssl-support", "/certdesk", "")
    assert delivery.status == 503
    assert delivery.elapsed < 2.9
    assert dump(database) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # three seconds each are enough once
async def test_a_failure_names_the_case_and_nothing_that_was_typed(world: World, database: str) -> None:
    slack = world.slack
    await slack.say("rosa", slack.im("rosa"), "hi")
    await world.settle()
    question = slack.messages(slack.im("rosa"))[-1]
    with capture_logs() as logs, locked(database):
        assert not (await slack.click("rosa", question, "choose:opensrs")).acked
        [failed] = await failures(logs)
    assert failed["case"] == "C-1001"
    assert "opensrs" not in str(failed)
    assert (await slack.click("rosa", question, "choose:opensrs")).acked
    await world.settle()
    assert "reseller" in text_of(slack.messages(slack.im("rosa"))[-1]).casefold()
