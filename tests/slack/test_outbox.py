"""Sending: in order, again after what passes, given up where nothing helps; nothing blocks the rest."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot import metrics
from bot.playground.standin import Fault, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed, Way
from tests.conftest import World
from tests.slack.conftest import AGENTS, REQUESTER, SUPPORT, Acts
from tests.slack.test_again import rows


class Trouble:
    """Answers calls of one method wrongly, a number of times."""

    def __init__(self, method: str, times: int, *outcome: object, channel: str | None = None) -> None:
        self.method, self.times, self.channel = method, times, channel
        self.status, self.body, self.headers = (*outcome, {})[:3] if len(outcome) < 3 else outcome

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        mine = passage.name == self.method and self.channel in {None, passage.content.get("channel")}
        if not mine or self.times == 0:
            return await proceed()
        self.times -= 1
        return Outcome(self.status, self.body, self.headers)  # type: ignore[arg-type]


def states(world: World) -> list[str]:
    return [str(row[4]) for row in rows(world, "outbox")]


PASSING = {
    "429": (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}),
    "ratelimited as 200": (200, {"ok": False, "error": "ratelimited"}),
    "500 without JSON": (500, "<html>"),
    "503": (503, None),
    "internal_error": (200, {"ok": False, "error": "internal_error"}),
    "no answer": (None, "timeout"),
}


@pytest.mark.parametrize("what", PASSING)
async def test_what_passes_is_tried_again_in_order(acts: Acts, refusals: set[str], what: str) -> None:
    refusals |= {"ratelimited", "internal_error"}
    acts.slack.faults.append(Trouble("chat.postMessage", 1, *PASSING[what]))
    await acts.write("hi")
    await acts.write("opensrs")
    said = [text_of(message) for message in acts.dm() if message.by_app]
    assert said == []
    acts.world.clock.forward(seconds=29)
    await acts.world.settle()
    assert bool([message for message in acts.dm() if message.by_app]) is (what != "429")
    acts.world.clock.forward(seconds=2)
    await acts.world.settle()
    said = [text_of(message) for message in acts.dm() if message.by_app]
    assert "certdesk" in said[0]
    assert "OpenSRS" in said[1]
    assert "reseller" in said[2]
    assert set(states(acts.world)) == {"sent"}


async def test_what_never_passes_goes_dead_and_the_rest_goes_on(acts: Acts, refusals: set[str]) -> None:
    acts.world.expects_dead = True
    refusals |= {"cannot_dm_bot"}
    refused = 200, {"ok": False, "error": "cannot_dm_bot"}
    acts.slack.faults.append(Trouble("chat.postMessage", 1, *refused))
    with capture_logs() as logs:
        await acts.walk({"program": "other"})
        await acts.press("hand_off")
        await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    dead = [entry for entry in logs if entry["event"] == "effect_dead"]
    assert (dead[0]["reason"], dead[0]["case"]) == ("cannot_dm_bot", 1001)
    assert f"<user:{acts.slack.user('ada')}>" in text_of(acts.last())


async def test_a_card_waits_for_its_channel(acts: Acts, refusals: set[str]) -> None:
    refusals |= {"is_archived"}
    acts.slack.archive(AGENTS)
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    assert "With the agents" in text_of(acts.last())
    await acts.press("share")
    assert len(acts.channel(SUPPORT)) == 1
    acts.slack.world.channel(acts.slack.channel(AGENTS)).archived = False
    acts.world.clock.forward(minutes=1)
    await acts.world.settle()
    assert len(acts.channel(AGENTS)) == 1


async def test_a_card_that_may_have_been_posted_is_looked_for_though_a_newer_one_waits(acts: Acts) -> None:
    lost: list[Passage] = []

    async def lose(passage: Passage, proceed: Proceed) -> Outcome:
        outcome = await proceed()
        if passage.name == "chat.postMessage" and passage.content["channel"] == acts.slack.channel(AGENTS):
            lost.append(passage)
        return Outcome(None) if lost == [passage] else outcome

    acts.slack.faults.append(lose)
    await acts.write("hi")
    await acts.write("agent")
    assert len(acts.channel(AGENTS)) == len(lost) == 1
    await acts.write("trustico")
    acts.world.clock.forward(minutes=1)
    await acts.world.settle()
    [card] = acts.channel(AGENTS)
    assert "Trustico" in text_of(card)


async def test_a_card_that_somebody_deleted_is_posted_again(acts: Acts, refusals: set[str]) -> None:
    refusals |= {"message_not_found"}
    await acts.write("hi")
    await acts.write("agent")
    [card] = acts.channel(AGENTS)
    acts.slack.world.remove(card.channel, card.ts)
    await acts.write("trustico")
    [again] = acts.channel(AGENTS)
    await acts.press("claim", again, user="ada")
    assert acts.slack.user("ada") in text_of(acts.channel(AGENTS)[0])
    assert len(acts.channel(AGENTS)) == 1


async def test_what_may_stand_in_a_thread_that_is_gone_is_no_dead_letter(
    acts: Acts, refusals: set[str]
) -> None:
    refusals |= {"thread_not_found", "message_not_found"}
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    [card] = acts.channel(AGENTS)
    await acts.press("claim", card, user="ada")
    acts.slack.inject(
        "chat.postMessage", Fault.SERVER_ERROR_AFTER, times=2
    )  # the notice too, whichever is first
    acts.slack.inject("conversations.replies", Fault.TARGET_GONE)
    await acts.write("are you there?")
    assert "queued" in states(acts.world)
    acts.world.clock.forward(minutes=1)
    await acts.world.settle()
    assert card.ts not in acts.slack.world.messages[card.channel]
    assert set(states(acts.world)) == {"sent"}


async def test_a_dead_letter_that_may_have_been_posted_is_looked_for_when_it_is_retried(
    acts: Acts, refusals: set[str]
) -> None:
    refusals.add("user_disabled")
    acts.slack.faults.append(Trouble("conversations.history", 1, 200, {"ok": True, "messages": []}))
    acts.slack.inject("chat.postMessage", Fault.SERVER_ERROR_AFTER)
    acts.slack.inject("chat.postMessage", Fault.REFUSED, error="user_disabled")
    await acts.write("hi")
    acts.world.clock.forward(seconds=60)
    await acts.world.settle()
    assert "dead" in states(acts.world)
    bot, clock = acts.world.bot, acts.world.clock
    assert bot is not None
    await bot.desk.store.write(lambda unit: [unit.dead_letters.retry(n, clock()) for n in (1, 2)])
    await acts.world.settle()
    assert set(states(acts.world)) == {"sent"}
    said = [text_of(message) for message in acts.dm() if message.by_app]
    assert len(said) == len(set(said))


async def test_trouble_in_one_conversation_does_not_hold_up_another(acts: Acts) -> None:
    acts.slack.faults.append(Trouble("chat.postMessage", 99, 503, None, channel=acts.slack.im(REQUESTER)))
    await acts.write("hi")
    assert "Where was" in await acts.write("hi", "ben")
    assert len(acts.dm()) == 1


async def test_a_row_that_cannot_be_read_is_given_up(acts: Acts) -> None:
    acts.world.expects_dead = True
    assert acts.world.bot is not None
    with acts.world.bot.desk.store.engines.writer.begin() as connection:
        connection.execute(
            sql(
                "INSERT INTO outbox (conversation, effect, state, attempts, due_at, queued_at)"
                " VALUES ('dm:x', '{\"kind\": \"other\"}', 'queued', 0, 0, 0)"
            )
        )
    assert "Where was" in await acts.write("hi")
    assert states(acts.world)[0] == "dead"


async def test_a_response_url_that_is_away_is_tried_again(acts: Acts) -> None:
    await acts.walk({"program": "other"})

    async def away(passage: Passage, proceed: Proceed) -> Outcome:
        return Outcome(500, "no") if passage.way is Way.RESPONSE_URL else await proceed()

    acts.slack.faults.append(away)
    await acts.press("share")
    assert acts.channel(SUPPORT) == []
    acts.slack.faults.clear()
    acts.world.clock.forward(seconds=10)
    await acts.world.settle()
    assert len(acts.channel(SUPPORT)) == 1


async def test_on_stopping_what_is_due_is_sent_first(acts: Acts) -> None:
    async def slow(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name == "chat.postMessage":
            await asyncio.sleep(0.3)
        return await proceed()

    acts.slack.faults.append(slow)
    await acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), "hi")
    await acts.world.stop()
    acts.slack.faults.clear()
    said = [text_of(message) for message in acts.dm() if message.by_app]
    assert len(said) == 2
    await acts.world.start()
    await acts.world.settle()
    assert len([message for message in acts.dm() if message.by_app]) == 2


async def test_effects_and_deliveries_are_counted(acts: Acts) -> None:
    def count(name: str, **labels: str) -> float:
        return metrics.REGISTRY.get_sample_value(name, labels) or 0

    names = (
        ("certdesk_deliveries_total", {"kind": "write", "outcome": "done"}),
        ("certdesk_effects_total", {"kind": "post", "outcome": "sent"}),
    )
    before = [count(name, **labels) for name, labels in names]
    await acts.write("hi")
    assert [count(name, **labels) for name, labels in names] == [number + 1 for number in before]


async def test_retries_take_longer_each_time(acts: Acts) -> None:
    acts.slack.faults.append(Trouble("chat.postMessage", 99, 503, None))
    await acts.write("hi")
    pauses = []
    for _ in range(12):
        pauses.append(seconds_to_wait(acts.world))
        acts.world.clock.forward(seconds=pauses[-1])
        await acts.world.settle()
    for number, pause in enumerate(pauses):
        longest = min(2**number, 300)
        assert longest / 2 <= pause <= longest


def seconds_to_wait(world: World) -> float:
    assert world.bot is not None
    with world.bot.desk.store.engines.reader.connect() as connection:
        due = connection.execute(
            sql("SELECT min(due_at) FROM outbox WHERE state = 'queued' AND attempts > 0")
        ).scalar()
    return (int(due or 0) - world.clock.at.timestamp() * 1000) / 1000
