"""Which of certdesk's files a slash command, a submitted step and a claim run, by execution.

`pytest tests/slack/test_paths.py -s` prints them in their order, with how often what is dear is called;
docs/house.md gives the figures.
"""

from __future__ import annotations

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
from tests.conftest import World
from tests.slack.conftest import AGENTS, Acts

ROOT: Final = Path(bot.__file__).parent.parent
DEAR: Final = {"decide", "screen_of"}


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
            self.calls[code.co_name] += code.co_name in DEAR

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Note while it lasts, then print."""
        self.files, self.calls, self.on = {}, Counter(), True
        yield
        self.on = False
        listed = "\n  ".join(self.files)
        dear = {name: self.calls[name] for name in sorted(DEAR)}
        sys.stdout.write(f"\n{what}: {len(self.files)} files, {dear}\n  {listed}\n")


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


async def test_what_is_dear_is_done_once(tracer: Tracer, traced: Acts) -> None:
    with tracer.noting("a slash command"):
        await traced.command()
    assert "bot/slack/inbound/commands.py" in tracer.files
    await traced.answer({"program": "opensrs", "requester": "reseller"})
    with tracer.noting("a submitted step"):
        await traced.submit(issued="true")
    assert "bot/slack/inbound/submissions.py" in tracer.files
    await traced.write("agent")
    [card] = traced.channel(AGENTS)
    with tracer.noting("a claim"):
        await traced.press("claim", card, user="ada")
    assert "bot/conversation/agent_moves.py" in tracer.files
