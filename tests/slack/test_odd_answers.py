"""Odd answers in place of Slack's, through the whole desk: each delays what it was for, and ends nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.playground.standin import Fault, Message, Proxy, text_of
from bot.slack.outbound.posting import PAGE, PAGES
from tests.conftest import World
from tests.slack.conftest import AGENTS, REQUESTER, SUPPORT, Acts
from tests.slack.test_outbox import states

FAULTS = ("effect_failed", "after_ack_failed", "effect_dead", "outbox_failed", "delivery_failed")


def faults_of(logs: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the lines that tell of a fault of certdesk's own, or of something that was lost."""
    return [entry for entry in logs if entry["event"] in FAULTS]


async def pass_time(acts: Acts, times: int = 8, minutes: float = 6) -> None:
    for _ in range(times):
        acts.world.clock.forward(minutes=minutes)
        await acts.world.settle()


@pytest.mark.parametrize("fault", [Fault.PROXY, Fault.PROXY_AFTER])
async def test_every_odd_answer_to_a_post_delays_it_and_doubles_nothing(acts: Acts, fault: Fault) -> None:
    acts.slack.inject("chat.postMessage", fault, times=len(Proxy), delay=0.05)
    with capture_logs() as logs:
        await acts.write("hi")
        await pass_time(acts, len(Proxy) + 2)
        await acts.write("opensrs")
        await pass_time(acts, len(Proxy) + 2)
    assert faults_of(logs) == []
    assert set(states(acts.world)) == {"sent"}
    assert acts.slack.posted_twice("effect") == {}
    said = [text_of(message) for message in acts.dm() if message.by_app]
    assert "reseller" in said[-1]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("site", "times"),
    [
        ("chat.update", len(Proxy)),
        ("conversations.open", len(Proxy)),
        ("conversations.history", 4),  # after five it is posted again, and says so
    ],
)
async def test_so_it_is_with_the_other_calls_of_the_outbox(acts: Acts, site: str, times: int) -> None:
    acts.slack.inject(site, Fault.PROXY, times=times, delay=0.05)
    acts.slack.inject("chat.postMessage", Fault.SERVER_ERROR_AFTER, after=1)
    with capture_logs() as logs:
        await acts.walk({"program": "other"})
        await acts.press("hand_off")
        await acts.write("is anybody there?")
        await acts.write("hi", "ben")
        await pass_time(acts, len(Proxy) + 2)
        await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
        await pass_time(acts, len(Proxy) + 2)
    assert faults_of(logs) == []
    assert set(states(acts.world)) <= {"sent", "merged"}
    assert acts.slack.user("ada") in text_of(acts.channel(AGENTS)[0])


@pytest.mark.parametrize("proxy", Proxy)
async def test_a_modal_of_which_nobody_knows_is_offered_again_in_a_message(acts: Acts, proxy: Proxy) -> None:
    acts.slack.inject("views.open", Fault.PROXY, proxy=proxy, delay=0.05)
    with capture_logs() as logs:
        await acts.command("new")
    assert faults_of(logs) == []
    await acts.press("Open", acts.last())
    assert "Where was" in acts.shown()


@pytest.mark.long
@pytest.mark.parametrize("site", ["views.update", "views.publish", "users.info", "chat.postEphemeral"])
async def test_best_effort_stays_best_effort(acts: Acts, site: str) -> None:
    acts.slack.inject(site, Fault.PROXY, times=len(Proxy), delay=0.05)
    with capture_logs() as logs:
        for _ in range(len(Proxy)):
            await acts.slack.open_home(REQUESTER)
            await acts.world.settle()
            await acts.write("new", "ben")
        await acts.command("new")
        await acts.press("why")
    assert faults_of(logs) == []


@pytest.mark.parametrize("proxy", Proxy)
async def test_half_a_list_takes_no_agents_away(acts: Acts, proxy: Proxy) -> None:
    bot = acts.world.bot
    assert bot is not None
    for number in range(210):  # more than a page
        acts.slack.add_user(f"agent{number}")
        acts.slack.world.channel(AGENTS).members.add(acts.slack.user(f"agent{number}"))
    assert await bot.accounts.learn_agents("T0PLAYGROUND")  # as every hour
    before = agents(acts.world)
    assert before
    acts.slack.inject("conversations.members", Fault.PROXY, proxy=proxy, delay=0.05, after=1)
    assert not await bot.accounts.learn_agents("T0PLAYGROUND")
    assert agents(acts.world) == before


def agents(world: World) -> set[str]:
    assert world.bot is not None
    with world.bot.desk.store.engines.reader.connect() as connection:
        return set(connection.execute(sql('SELECT "user" FROM agents')).scalars())


@pytest.mark.parametrize("proxy", [Proxy.STRING, Proxy.HTML, Proxy.EMPTY, Proxy.BAD_GATEWAY, Proxy.REDIRECT])
async def test_a_shared_answer_is_tried_again(acts: Acts, proxy: Proxy) -> None:
    await acts.walk({"program": "other"})
    acts.slack.inject("response_url", Fault.PROXY, proxy=proxy)
    await acts.press("share")
    assert acts.channel(SUPPORT) == []
    acts.world.clock.forward(seconds=10)
    await acts.world.settle()
    assert len(acts.channel(SUPPORT)) == 1


@pytest.mark.parametrize("code", ["restricted_action", "ekm_access_denied", "a_code_of_next_year"])
async def test_what_passes_is_no_dead_letter(acts: Acts, code: str) -> None:
    await acts.walk({"program": "other"})
    acts.slack.inject("chat.postMessage", Fault.REFUSED, error=code, times=3)
    with capture_logs() as logs:
        await acts.press("hand_off")
        await pass_time(acts, 5)
    assert faults_of(logs) == []
    assert len(acts.channel(AGENTS)) == 1
    told = [entry for entry in logs if entry["event"] == "slack_refused"]
    assert [(entry["code"], entry["method"]) for entry in told] == [(code, "chat.postMessage")]


@pytest.mark.parametrize("asked", ["86400", "99999999999999", "1e9", "inf", "-5", "soon", "nan", ""])
async def test_no_retry_after_silences_the_desk_for_longer_than_ten_minutes(acts: Acts, asked: str) -> None:
    acts.slack.inject("chat.postMessage", Fault.RATE_LIMITED, retry_after=asked)
    await acts.write("hi")
    await acts.world.stop()  # no such silence survives a restart
    await acts.world.start()
    with capture_logs() as logs:
        acts.world.clock.forward(minutes=10, seconds=1)
        await acts.world.settle()
    assert faults_of(logs) == []
    assert set(states(acts.world)) == {"sent"}


async def test_what_may_stand_beyond_all_that_is_read_is_posted_again_and_says_so(acts: Acts) -> None:
    acts.slack.inject("chat.postMessage", Fault.SERVER_ERROR_AFTER)
    await acts.write("hi")
    world = acts.slack.world
    for _ in range(PAGE * PAGES):
        world.put(Message(acts.slack.im(REQUESTER), world.next_ts(), acts.slack.user(REQUESTER), "and so on"))
    await pass_time(acts, 2)
    greetings = [said for said in map(text_of, acts.dm()) if "this is certdesk" in said]
    assert ["Sent again" in said for said in greetings] == [False, True]
