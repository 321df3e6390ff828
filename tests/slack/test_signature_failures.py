"""A wrong secret or a wrong clock: told once a minute with its cause, counted, shown by doctor, never red."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.cli.doctor import State, _clock, examine
from bot.playground.standin import StandIn
from bot.playground.standin.transport import signature
from bot.slack.app.signature_failures import SignatureFailures
from bot.store import Store
from bot.store.refusals import Cause, Unbelieved
from tests.conftest import settings_for
from tests.test_serve import Served, now, serving

__all__ = ["now"]

BODY = b'{"type": "url_verification", "challenge": "abc"}'


async def call(served: Served, secret: str, ahead: int = 0) -> int:
    """Call as Slack does, by a clock that is so many seconds behind this machine's."""
    at = str(int(time.time()) - ahead)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(secret, at, BODY)}
    address = f"http://127.0.0.1:{served.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=BODY, headers=headers | {"Content-Type": "application/json"}) as response,
    ):
        return response.status


def told(served: Served) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    return [line for line in lines if line["event"] == "requests_not_believed"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("sent", "likely", "reason"),
    [
        (("f" * 32, 0), "SLACK_SIGNING_SECRET", "forged"),
        (("", 360), "clock is about 36", "stale"),
        (("", -3_600), "seconds behind Slack", "stale"),
    ],
)
async def test_it_is_told_once_with_its_cause_and_doctor_shows_it(
    now: StandIn, tmp_path: Path, sent: tuple[str, int], likely: str, reason: str
) -> None:
    settings, (secret, ahead) = settings_for(now, tmp_path, SLACK_APP_TOKEN=""), sent
    async with serving(now, tmp_path, http=True) as served:
        for _ in range(5):
            assert await call(served, secret or now.signing_secret, ahead) == 401
        assert (await served.get("/readyz"))[0] == 200
        figures = (await served.get("/metrics", served.metrics))[1]
        assert f'certdesk_requests_refused_total{{reason="{reason}"}} 5.0' in figures
        [line] = told(served)
        assert likely in line["likely"]
        finding = {each.what: each for each in await examine(settings)}["SLACK_SIGNING_SECRET"]
        assert finding.state is State.FAILED
        assert likely in finding.words
        assert await call(served, now.signing_secret) == 200  # set right again
        async with asyncio.timeout(5):
            while not well(tmp_path):
                await asyncio.sleep(0.05)
    finding = {each.what: each for each in await examine(settings)}["SLACK_SIGNING_SECRET"]
    assert finding.state is State.OK


def well(folder: Path) -> bool:
    store = Store(f"sqlite:///{folder / 'certdesk.db'}")
    with store.engines.reader.connect() as connection:
        from bot.store.refusals import Refusals

        [seen] = Refusals(connection).all()
    store.engines.close()
    return seen.believed_at is not None


FAR = 60 * 60 * 24 * 365 * 56
LIKELY = {
    "one forged": (["forged"], Cause.SECRET, None),
    "one that is six minutes old": ([360.0], Cause.CLOCK, 360),
    "one from five minutes and a second ahead": ([-301.0], Cause.CLOCK, -301),
    "one from 1970": ([float(FAR)], Cause.STRANGER, None),
    "forged while others are believed": (["believed", "forged"], Cause.STRANGER, None),
    "old while others are believed": (["believed", 360.0], Cause.STRANGER, None),
}


@pytest.mark.parametrize("what", LIKELY)
async def test_the_cause_is_what_the_requests_have_in_common(what: str) -> None:
    happened, cause, off = LIKELY[what]
    kept: list[Unbelieved] = []

    async def keep(seen: Unbelieved) -> None:
        kept.append(seen)

    failures = SignatureFailures(keep)
    with capture_logs() as logs:
        for each in happened:
            match each:
                case "forged":
                    failures.forged()
                case "believed":
                    failures.believed()
                case float():
                    failures.stale(each)
        await failures.written()
    assert [(seen.cause, seen.seconds_off) for seen in kept] == [(cause, off)]
    assert [entry["event"] for entry in logs] == ["requests_not_believed"]


@pytest.mark.parametrize(
    ("away", "http", "state"),
    [
        (0, True, State.OK),
        (-20, True, State.OK),
        (60, True, State.NOTE),
        (-280, True, State.FAILED),
        (360, True, State.FAILED),
        (360, False, State.NOTE),
    ],
)
async def test_doctor_compares_the_clock_with_slacks(
    slack: StandIn, tmp_path: Path, away: int, state: State, *, http: bool
) -> None:
    settings = settings_for(slack, tmp_path, **({"SLACK_APP_TOKEN": ""} if http else {}))
    slacks = datetime.now(UTC) - timedelta(seconds=away)
    [finding] = _clock(format_datetime(slacks, usegmt=True), settings)
    assert finding.state is state
    real = {each.what: each for each in await examine(settings)}["clock"]
    assert real.state is State.OK


@pytest.mark.parametrize("date", [None, "", "yesterday", "Mon, 99 Nov 2026 00:00:00 GMT"])
def test_a_slack_that_does_not_say_the_time_is_not_compared(date: str | None) -> None:
    from bot.settings import Settings

    assert [*_clock(date, Settings({}))] == []
