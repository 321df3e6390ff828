"""Which of certdesk's files an event runs, and how often it decides and draws a screen, by execution.

`pytest tests/slack/test_paths.py -s` prints the files in their order; docs/house.md gives the figures. A case
is derived once before an event and once after it, which the bounds hold.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

import bot
from bot.conversation.derive import Snapshot
from policy import Policy
from tests.conftest import World
from tests.slack.conftest import AGENTS, DETAILS, Acts

ROOT: Final = Path(bot.__file__).parent.parent
DEAR: Final = {Policy.decide.__code__: "decide", vars(Snapshot)["screen"].func.__code__: "screen"}

# At the most. A walk through five answers decides six times, and a result once more for the verdict that
# follows it; an answer is tried before it is taken, which is a walk of its own.
BOUNDS: Final = {
    "a slash command": {"decide": 1, "screen": 1},
    "a submitted step": {"decide": 3 + 4 + 4, "screen": 1},
    "the last answer": {"decide": 5 + 6 + 6 + 1, "screen": 1},
    "the details": {"decide": 6 + 1, "screen": 1},
    "handing over": {"decide": 6 + 1, "screen": 1},
    "a claim": {"decide": 6 + 1, "screen": 1},
    "words for the agents": {"decide": 6 + 1, "screen": 1},
}


class Tracer:
    """Note which files run while it is on, in their order, and how often what is dear is called."""

    def __init__(self) -> None:
        self.on = False
        self.files: dict[str, None] = {}
        self.calls: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:  # noqa: ANN401  Python's signature
        code = frame.f_code
        if not self.on or event != "call" or not code.co_filename.startswith(str(ROOT)):
            return
        file = code.co_filename[len(str(ROOT)) + 1 :]
        if file.startswith(("bot/", "policy/")) and not file.startswith("bot/playground/"):
            self.files.setdefault(file)
            if code in DEAR:
                self.calls[DEAR[code]] += 1

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Note while it lasts, then print; more calls than its bounds allow are an error."""
        self.files, self.calls, self.on = {}, Counter(), True
        yield
        self.on = False
        listed, dear = "\n  ".join(self.files), dict(self.calls)
        sys.stdout.write(f"\n{what}: {len(self.files)} files, {dear}\n  {listed}\n")
        assert dear.keys() == BOUNDS[what].keys(), what
        assert {name: n for name, n in dear.items() if n > BOUNDS[what][name]} == {}, what


def named_in_house() -> set[str]:
    """Return the files through which docs/house.md follows a claim, but for those of HTTP."""
    page = (ROOT / "docs/house.md").read_text(encoding="utf-8")
    followed = page.partition("## One click")[2].partition("## The rooms")[0]
    return {*re.findall(r"`(bot/[\w/]+\.py)`", followed)} - {"bot/slack/app/http.py"}


@pytest.fixture
def tracer() -> Iterator[Tracer]:
    """A tracer that sees every thread that is started after it."""
    noted = Tracer()
    threading.setprofile(noted)
    sys.setprofile(noted)
    yield noted
    sys.setprofile(None)
    threading.setprofile(None)  # type: ignore[arg-type]


@pytest.fixture
def traced(tracer: Tracer, world: World) -> Acts:  # noqa: ARG001  in this order
    return Acts(world)


async def test_an_event_is_derived_once_before_and_once_after(tracer: Tracer, traced: Acts) -> None:
    with tracer.noting("a slash command"):
        await traced.command()
    assert "bot/slack/inbound/commands.py" in tracer.files
    await traced.answer({"program": "opensrs", "requester": "reseller"})
    with tracer.noting("a submitted step"):
        await traced.submit(issued="true")
    assert "bot/slack/inbound/submissions.py" in tracer.files
    await traced.submit(provider="sectigo")
    with tracer.noting("the last answer"):
        await traced.submit(fulfilled_on="2026-11-10")
    with tracer.noting("the details"):
        await traced.submit(**DETAILS)
    with tracer.noting("handing over"):
        await traced.press("hand_off")
    [card] = traced.channel(AGENTS)
    with tracer.noting("a claim"):
        await traced.press("claim", card, user="ada")
    assert named_in_house() - {*tracer.files} == set()
    with tracer.noting("words for the agents"):
        await traced.write("Hello?")
