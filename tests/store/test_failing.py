"""A database that fails: nothing is acknowledged, nothing is half done, and it goes on after."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator, MutableMapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from bot.playground.standin import text_of
from tests.conftest import World


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock for writing, as another process would, longer than anybody waits."""
    with closing(sqlite3.connect(folder / "certdesk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "certdesk.db")) as connection:
        return [*connection.iterdump()]


# The database said no, or came free when nobody was listening any more: it stands behind others' waiting.
REFUSED = {"OperationalError", "TooLateError"}


async def failures(logs: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    """Return the deliveries that failed, once one has."""
    for _ in range(200):
        if found := [entry for entry in logs if entry["event"] == "delivery_failed"]:
            return found
        await asyncio.sleep(0.05)
    return []


async def test_what_cannot_be_written_down_is_not_acknowledged(world: World, tmp_path: Path) -> None:
    before = dump(tmp_path)
    began = time.monotonic()
    with capture_logs() as logs, locked(tmp_path):
        delivery = await world.slack.slash("rosa", "ssl-support", "/certdesk", "")
        assert delivery.elapsed >= 3  # in Socket Mode there is no other way to say no than to say nothing
        assert time.monotonic() - began < 4
        [failed] = await failures(logs)
    assert not delivery.acked
    assert dump(tmp_path) == before
    assert failed["error"] in REFUSED
    assert world.slack.view("rosa") is None
    assert (await world.slack.slash("rosa", "ssl-support", "/certdesk", "")).acked
    await world.settle()
    assert world.slack.view("rosa") is not None


async def test_over_http_slack_hears_503_before_its_three_seconds(http_world: World, tmp_path: Path) -> None:
    slack = http_world.slack
    before = dump(tmp_path)
    with locked(tmp_path):
        delivery = await slack.slash("rosa", "ssl-support", "/certdesk", "")
    assert delivery.status == 503
    assert delivery.elapsed < 2.9
    assert dump(tmp_path) == before


async def test_a_failure_names_the_case_and_nothing_that_was_typed(world: World, tmp_path: Path) -> None:
    slack = world.slack
    await slack.say("rosa", slack.im("rosa"), "hi")
    await world.settle()
    question = slack.messages(slack.im("rosa"))[-1]
    with capture_logs() as logs, locked(tmp_path):
        assert not (await slack.click("rosa", question, "choose:opensrs")).acked
        [failed] = await failures(logs)
    assert failed["case"] == "C-1001"
    assert "opensrs" not in str(failed)
    assert (await slack.click("rosa", question, "choose:opensrs")).acked
    await world.settle()
    assert "reseller" in text_of(slack.messages(slack.im("rosa"))[-1]).casefold()
