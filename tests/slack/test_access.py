"""The app is uninstalled, or its token not taken: nothing is sent, nothing lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from bot import metrics
from bot.cli.serve import probe
from bot.playground.standin import Fault, Outcome, Passage, Proceed, StandIn, Way, text_of
from bot.slack.outbound.errors import BY_CODE, Course
from tests.conftest import World
from tests.slack.conftest import REQUESTER, Acts
from tests.slack.test_outbox import states

SOON = 15.0  # seconds; the first tries are after one, two and four


def lost(world: World) -> str | None:
    assert world.bot is not None
    return world.bot.access.lost


async def wrong(world: World) -> dict[str, str]:
    assert world.bot is not None
    return await probe(world.bot, None)()


async def regained(world: World) -> None:
    async with asyncio.timeout(SOON):
        while lost(world) is not None:
            await asyncio.sleep(0.05)


def told(logs: list[dict[str, object]], event: str) -> list[dict[str, object]]:
    return [entry for entry in logs if entry["event"] == event]


async def test_an_uninstalled_desk_stops_says_so_once_and_resumes(
    http_world: World, refusals: set[str]
) -> None:
    refusals |= {"token_revoked"}
    acts, slack = Acts(http_world), http_world.slack
    await acts.write("hi")
    with capture_logs() as logs:
        await slack.uninstall()
        assert "token" in await wrong(http_world)
        assert "revoked" in (await wrong(http_world))["token"]
        before = len(slack.calls)
        for words in ("opensrs", "reseller", "yes"):
            await slack.say(REQUESTER, slack.im(REQUESTER), words)
            await http_world.settle()
        assert {call.method for call in slack.calls[before:]} <= {"auth.test"}
        assert "queued" in states(http_world)
        slack.reinstall()
        await regained(http_world)
    assert await wrong(http_world) == {}
    await http_world.settle()
    assert set(states(http_world)) == {"sent"}
    assert "Who is" in text_of(acts.last()) or "provider" in text_of(acts.last()).lower()
    assert len(told(logs, "slack_access_lost")) == len(told(logs, "slack_access_back")) == 1
    assert metrics.REGISTRY.get_sample_value("certdesk_slack_access") == 1


async def test_over_socket_mode_too(acts: Acts, refusals: set[str]) -> None:
    refusals |= {"token_revoked"}
    await acts.slack.uninstall()
    assert lost(acts.world) == "tokens_revoked"
    acts.slack.reinstall()
    await regained(acts.world)
    assert "certdesk" in await acts.write("hi")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "tokens_revoked", "tokens": {"oauth": ["U0ROSA"]}},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U0ROSA"], "bot": []}},
        {"type": "tokens_revoked", "tokens": ["xoxb"]},
        {"type": "tokens_revoked"},
    ],
)
async def test_peoples_tokens_are_of_no_matter(http_world: World, event: dict[str, object]) -> None:
    assert (await http_world.slack.courier.event(event)).acked
    assert lost(http_world) is None


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_uninstalled"}},
        {
            "type": "event_callback",
            "event_id": "Ev2",
            "event": {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}},
        },
        {"type": "app_rate_limited", "minute_rate_limited": 1518467820},
    ],
)
@pytest.mark.parametrize("signed", [False, True])
async def test_what_nobody_signed_does_nothing(
    http_world: World, body: dict[str, object], *, signed: bool
) -> None:
    slack, raw = http_world.slack, json.dumps(body).encode()
    headers = slack.sign(raw) if signed else slack.sign(raw) | {"X-Slack-Signature": "v0=" + "0" * 64}
    with capture_logs() as logs:
        outcome = await slack.deliver_raw(raw, headers | {"Content-Type": "application/json"})
    assert outcome.status == (200 if signed else 401)
    heard = lost(http_world) is not None or bool(told(logs, "app_rate_limited"))
    assert heard is signed


STOPPING = sorted(code for code, meaning in BY_CODE.items() if meaning.course is Course.STOPS)


@pytest.mark.parametrize("code", STOPPING)
async def test_a_call_that_is_refused_for_its_token_stops_all_others(
    acts: Acts, refusals: set[str], code: str
) -> None:
    refusals.add(code)
    acts.slack.inject("chat.postMessage", Fault.REFUSED, error=code)
    acts.slack.inject("auth.test", Fault.REFUSED, error=code)
    await acts.write("hi")
    passed = Noting()
    acts.slack.faults.append(passed)
    for user in ("ben", "ada", "eve"):
        await acts.slack.say(user, acts.slack.im(user), "hi")
        await acts.world.settle()
    assert lost(acts.world) == code
    assert passed.methods <= {"auth.test"}
    await regained(acts.world)
    acts.world.clock.forward(minutes=10)
    await acts.world.settle()
    assert set(states(acts.world)) == {"sent"}


def test_these_are_the_codes() -> None:
    assert STOPPING == ["account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"]


class Noting:
    """Note each call."""

    def __init__(self) -> None:
        self.methods: set[str] = set()

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        if passage.way is Way.CALL:
            self.methods.add(passage.name)
        return await proceed()


async def hears_that_events_are_kept_back(slack: StandIn) -> None:
    before = metrics.REGISTRY.get_sample_value("certdesk_app_rate_limited_total") or 0
    with capture_logs() as logs:
        delivery = await slack.tell_rate_limited()
    assert (delivery.acked, delivery.error) == (True, None)
    [line] = told(logs, "app_rate_limited")
    assert line["minute"] == delivery.payload["minute_rate_limited"]
    assert metrics.REGISTRY.get_sample_value("certdesk_app_rate_limited_total") == before + 1


async def test_the_operator_hears_that_slack_keeps_events_back(world: World) -> None:
    await hears_that_events_are_kept_back(world.slack)


async def test_over_http_too(http_world: World) -> None:
    await hears_that_events_are_kept_back(http_world.slack)
