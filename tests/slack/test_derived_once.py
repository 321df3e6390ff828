"""A case is derived once before an event and once after it: counted by execution, as Slack would call."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import FrameType
from typing import Final

import pytest

from bot.conversation.derive import Snapshot
from bot.playground.standin import StandIn
from policy import Policy
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, Acts

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}
COUNTED: Final = {Policy.decide.__code__: "decide", vars(Snapshot)["screen"].func.__code__: "screen"}


class Counting:
    """How often the desk decides and draws a screen, on whatever thread."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code in COUNTED:
            self.calls[COUNTED[frame.f_code]] += 1

    def took(self) -> tuple[int, int]:
        """Return how often it decided and drew since it was last asked."""
        found = self.calls["decide"], self.calls["screen"]
        self.calls.clear()
        return found


@pytest.fixture
async def counting(slack: StandIn, clock: Clock, tmp_path: Path) -> AsyncIterator[tuple[Acts, Counting]]:
    """The desk, whose threads are watched from their start on."""
    counter = Counting()
    threading.setprofile(counter)
    sys.setprofile(counter)
    try:
        world = World(slack, clock, settings_for(slack, tmp_path))
        await world.start()
        yield Acts(world), counter
        await world.stop()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


# At the most: how often the policy decides, and how often a screen is drawn. A walk through the five answers
# decides six times, and a result once more for the verdict that follows it; an answer is tried before it is
# taken, which is a walk of its own.
BOUNDS: Final = {
    "a slash command": (1, 1),
    "the last answer": (5 + 6 + 6 + 1, 1),
    "the details": (6 + 1, 1),
    "handing over": (6 + 1, 1),
    "a claim": (6 + 1, 1),
    "words for the agents": (6 + 1, 1),
}


async def test_each_event_is_derived_once_before_and_once_after(counting: tuple[Acts, Counting]) -> None:
    acts, counter = counting
    *first, last = SECTIGO.items()
    took = {}
    counter.took()
    await acts.command("new")
    took["a slash command"] = counter.took()
    await acts.answer(dict(first))
    counter.took()
    await acts.answer(dict([last]))
    took["the last answer"] = counter.took()
    await acts.submit(**DETAILS)
    took["the details"] = counter.took()
    await acts.press("hand_off")
    took["handing over"] = counter.took()
    [card] = acts.channel(AGENTS)
    await acts.press("claim", card, user="ada")
    took["a claim"] = counter.took()
    await acts.write("Hello?")
    took["words for the agents"] = counter.took()
    over = {name: found for name, found in took.items() if _exceeds(found, BOUNDS[name])}
    assert over == {}
    assert all(drawn for _, drawn in took.values())


def _exceeds(found: tuple[int, int], bound: tuple[int, int]) -> bool:
    return any(number > most for number, most in zip(found, bound, strict=True))
