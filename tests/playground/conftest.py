from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import Outcome, Passage, Proceed, StandIn, Way

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[StandIn]:
    async with StandIn.serving(clock=clock, time_scale=0.1) as standin:
        yield standin


@pytest.fixture
def client(slack: StandIn) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


class Answers:
    """Stands in for the app: says of each delivery how it is answered."""

    def __init__(self, slack: StandIn) -> None:
        self.slack = slack
        self.next: list[Outcome] = []
        self.got: list[dict[str, Any]] = []
        slack.faults.append(self._seam)

    async def _seam(self, passage: Passage, proceed: Proceed) -> Outcome:
        if passage.way is not Way.DELIVERY:
            return await proceed()
        self.got.append(dict(passage.content))
        return self.next.pop(0) if self.next else Outcome(200)

    def will(self, body: object) -> None:
        self.next.append(Outcome(200, body))


@pytest.fixture
async def app(slack: StandIn) -> AsyncIterator[Answers]:
    yield Answers(slack)
    assert slack.problems == []
