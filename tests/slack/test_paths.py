"""Which of certdesk's files a slash command, a submitted step and a claim run, by execution.

`pytest tests/slack/test_paths.py -s` prints them in order; docs/house.md follows them by name.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import bot
from tests.conftest import World
from tests.slack.conftest import AGENTS, Acts

ROOT = Path(bot.__file__).parent.parent
ASIDE = ("bot/playground/", "tests/")
DEAR = {"decide", "screen_of"}  # what is to be worked out once


class Tracer:
    """Note which files run while it is on, in the order of their first call, and how often `DEAR` are called."""

    def __init__(self) -> None:
        self.on = False
        self.files: dict[str, None] = {}
        self.calls: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:  # noqa: ANN401  Python's signature
        if not self.on or event != "call":
            return
        code = frame.f_code
        if not code.co_filename.startswith(str(ROOT)):
            return
        file = code.co_filename[len(str(ROOT)) + 1 :]
        if not file.startswith(("bot/", "policy/")) or file.startswith(ASIDE):
            return
        self.files.setdefault(file)
        if code.co_name in DEAR:
            self.calls[code.co_name] += 1

    @contextmanager
    def noting(self) -> Iterator[None]:
        self.files, self.calls, self.on = {}, Counter(), True
        yield
        self.on = False


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


STEP = {"program": "opensrs", "requester": "reseller"}


async def test_paths(tracer: Tracer, traced: Acts) -> None:
    found: dict[str, tuple[int, Counter[str]]] = {}

    def note(what: str) -> None:
        found[what] = (len(tracer.files), tracer.calls)
        print(f"\n{what}: {len(tracer.files)} files, {dict(tracer.calls)}")
        print("  " + "\n  ".join(tracer.files))

    with tracer.noting():
        await traced.command()
    note("a slash command")
    await traced.answer(STEP)
    with tracer.noting():
        await traced.submit(issued="true")
    note("a submitted step")
    await traced.press("hand_off") if False else None
    await traced.write("agent")
    [card] = traced.channel(AGENTS)
    with tracer.noting():
        await traced.press("claim", card, user="ada")
    note("a claim")
