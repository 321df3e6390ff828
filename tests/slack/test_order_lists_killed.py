"""A real `certdesk serve` dies by SIGKILL while it answers a list: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.playground.standin import Message, StandIn, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from tests.slack.test_order_lists import LIST
from tests.test_serve import now, serving

__all__ = ["now"]

HEAVY = ("polars", "calamine", "xlsxwriter", "openpyxl")


def about(slack: StandIn) -> Message | None:
    """Return the message about the list."""
    found = [
        each for each in slack.messages(slack.im("rosa")) if each.by_app and "orders.csv" in text_of(each)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def loaded(process: int) -> list[str]:
    """Return which of the libraries that read tables a process has loaded."""
    maps = Path(f"/proc/{process}/maps").read_text()
    return [name for name in HEAVY if name in maps]


def shows(slack: StandIn, words: str) -> Message | None:
    message = about(slack)
    return message if message is not None and words in text_of(message) else None


def sent_back(slack: StandIn) -> list[str]:
    return [file.name for file in slack.shared(slack.im("rosa")) if "(answers)" in file.name]


@pytest.mark.long
@pytest.mark.parametrize("method", ["files.completeUploadExternal", "chat.update"])
async def test_a_list_that_is_being_answered(now: StandIn, tmp_path: Path, method: str) -> None:
    done = asyncio.Event()

    async def die(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name != method:
            return await proceed()
        await proceed()
        done.set()
        return await asyncio.sleep(3600, Outcome(None, None))

    async with serving(now, tmp_path) as served:
        await now.upload("rosa", now.im("rosa"), ("orders.csv", LIST))
        for label, asked in (("tell_list:opensrs", "Where was"), ("tell_list:reseller", "Are you")):
            message = await now.until(lambda asked=asked: shows(now, asked), timeout=40)
            if asked == "Are you":
                now.faults.append(die)
            await now.click("rosa", message, label)
        await asyncio.wait_for(done.wait(), 40)
        assert loaded(served.process.pid) == []
        await served.stop(signal.SIGKILL)
    now.faults.clear()
    with closing(sqlite3.connect(tmp_path / "certdesk.db")) as database:
        # what the dead process was doing is leased to it for 90 seconds: let them have passed
        database.execute("UPDATE outbox SET lease_until = 1 WHERE lease_until > 0")
        database.commit()
    async with serving(now, tmp_path):
        await now.until(lambda: shows(now, "1 can still be refunded") and sent_back(now), timeout=40)
        await asyncio.sleep(0.5)
    assert sent_back(now) == ["orders (answers).csv"]
