"""Held words on a real PostgreSQL: held, shown in doubt after ten minutes, settled by a click, once each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.standin import StandIn
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import Acts
from tests.slack.test_case_record import SECTIGO, record, say
from tests.slack.test_routing import QUESTION, asked, thread


@pytest.fixture
async def world(slack: StandIn, clock: Clock, tmp_path: Path, postgresql: str) -> AsyncIterator[World]:
    """The bot on PostgreSQL, joined to the stand-in by Socket Mode."""
    made = World(slack, clock, settings_for(slack, tmp_path, CERTDESK_DATABASE_URL=postgresql))
    await made.start()
    yield made
    await made.stop()


async def test_words_are_held_shown_in_doubt_and_settled_once(acts: Acts) -> None:
    await say(acts, "new", *SECTIGO, "acme", "skip", "agent", "new", "other", QUESTION)
    assert record(acts)[-2:] == [(1002, "held", QUESTION), (1001, "held", QUESTION)]
    before = thread(acts)
    await acts.world.stop()
    acts.world.clock.forward(minutes=9, seconds=59)
    await acts.world.start()
    await acts.world.remind()
    assert thread(acts) == before
    acts.world.clock.forward(seconds=1)
    for _ in range(2):
        await acts.world.remind()
    assert ["in doubt" in entry for entry in thread(acts)[len(before) :]] == [True]
    assert record(acts)[-2:] == [(1002, "in_doubt", QUESTION), (1001, "in_doubt", QUESTION)]
    await acts.press("C-1001", asked(acts))
    assert ["in doubt" in entry for entry in thread(acts)[len(before) :]] == [False]
    assert record(acts)[-1] == (1001, "passed_on", QUESTION)
