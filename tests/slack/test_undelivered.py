"""Whoever waits for somebody hears that nobody has been reached, and that somebody has been: once each."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot import metrics
from bot.playground.standin import Fault, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from tests.conftest import World
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_outbox import states

UNREACHED = "Nobody has been reached yet about C-1001"
REACHED = "The agents have C-1001 now"


@pytest.fixture(autouse=True)
def _dead_ones_are_expected(world: World) -> None:
    """What can never be sent is what these tests are about."""
    world.expects_dead = True


class Closed:
    """Refuses posts into one channel until it is opened."""

    def __init__(self, channel: str, code: str = "restricted_action") -> None:
        self.channel, self.code, self.open = channel, code, False

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        mine = passage.name == "chat.postMessage" and passage.content.get("channel") == self.channel
        if self.open or not mine:
            return await proceed()
        return Outcome(200, {"ok": False, "error": self.code})


async def look(world: World) -> None:
    """Look what is overdue, as the bot does every few seconds."""
    assert world.bot is not None
    await world.bot.desk.tell_overdue()
    await world.settle()


async def after(acts: Acts, **time: float) -> None:
    acts.world.clock.forward(**time)
    await acts.world.settle()
    await look(acts.world)


def heard(acts: Acts, words: str, user: str = REQUESTER) -> int:
    return sum(words in text_of(message) for message in acts.dm(user))


def said_in_thread(acts: Acts, words: str) -> int:
    return sum(words in text_of(message) for message in acts.channel(AGENTS))


async def test_the_requester_hears_that_nobody_has_been_reached_and_then_that_they_have(acts: Acts) -> None:
    channel = Closed(acts.slack.channel(AGENTS))
    acts.slack.faults.append(channel)
    before = metrics.REGISTRY.get_sample_value("certdesk_undelivered_total", {"to": "agents"}) or 0
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await after(acts, minutes=9, seconds=50)
    assert heard(acts, UNREACHED) == 0
    with capture_logs() as logs:
        await after(acts, seconds=11)
    assert heard(acts, UNREACHED) == 1
    assert "Nothing is lost" in text_of(acts.last())
    assert "reached yet" in text_of(acts.last())
    [line] = [entry for entry in logs if entry["event"] == "undelivered"]
    assert (line["reason"], line["dead"], line["to"]) == ("restricted_action", False, "agents")
    assert metrics.REGISTRY.get_sample_value("certdesk_undelivered_total", {"to": "agents"}) == before + 1
    await after(acts, minutes=30)
    await acts.write("is anybody there?")
    await after(acts, minutes=30)
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (1, 0)
    channel.open = True
    await after(acts, minutes=6)
    await after(acts, minutes=6)
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (1, 1)
    assert said_in_thread(acts, "is anybody there?") == 1
    await after(acts, minutes=30)
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (1, 1)


async def test_it_survives_a_restart(acts: Acts) -> None:
    channel = Closed(acts.slack.channel(AGENTS), "not_in_channel")
    acts.slack.faults.append(channel)
    await acts.write("hi")
    await acts.write("agent")
    await after(acts, minutes=11)
    assert heard(acts, UNREACHED) == 1
    await acts.world.stop()
    await acts.world.start()
    await after(acts, minutes=6)
    assert heard(acts, UNREACHED) == 1
    channel.open = True
    await after(acts, minutes=6)
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (1, 1)


async def test_a_card_that_can_never_be_posted_is_told_of_at_once(acts: Acts) -> None:
    acts.slack.faults.append(Closed(acts.slack.channel(AGENTS), "invalid_blocks"))
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await look(acts.world)
    assert "dead" in states(acts.world)
    assert heard(acts, UNREACHED) == 1
    await after(acts, minutes=30)
    assert heard(acts, UNREACHED) == 1


async def test_words_passed_on_are_told_of_too(acts: Acts) -> None:
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    channel = Closed(acts.slack.channel(AGENTS))
    acts.slack.faults.append(channel)
    await acts.write("one more thing")
    await acts.write("and another")
    await after(acts, minutes=11)
    assert heard(acts, UNREACHED) == 1
    channel.open = True
    for _ in range(4):
        await after(acts, minutes=6)
    assert said_in_thread(acts, "one more thing") == said_in_thread(acts, "and another") == 1
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (1, 1)


async def _claimed(acts: Acts) -> None:
    await acts.write("hi")
    await acts.write("agent")
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")


async def _reply(acts: Acts, words: str) -> None:
    await acts.press("reply", acts.channel(AGENTS)[0], user="ada")
    view = acts.modal("ada")
    block = next(block["block_id"] for block in view.blocks if block["type"] == "input")
    await acts.slack.submit("ada", acts.slack.fill(view, block, words))
    await acts.world.settle()


async def test_an_agent_hears_that_the_requester_does_not_get_their_words(acts: Acts) -> None:
    await _claimed(acts)
    dm = Closed(acts.slack.im(REQUESTER), "a_code_of_next_year")
    acts.slack.faults.append(dm)
    await _reply(acts, "Please send the new CSR.")
    await after(acts, minutes=11)
    assert said_in_thread(acts, "has not reached the requester") == 1
    assert said_in_thread(acts, "a_code_of_next_year") == 1
    assert said_in_thread(acts, "goes on trying") == 1
    dm.open = True
    await after(acts, minutes=6)
    assert heard(acts, "Please send the new CSR.") == 1
    assert said_in_thread(acts, "has reached the requester now") == 1
    await after(acts, minutes=30)
    assert said_in_thread(acts, "has not reached the requester") == 1


async def test_an_agent_hears_at_once_of_words_that_can_never_be_delivered(acts: Acts) -> None:
    await _claimed(acts)
    acts.slack.faults.append(Closed(acts.slack.im(REQUESTER), "user_disabled"))
    await _reply(acts, "Please send the new CSR.")
    await look(acts.world)
    assert said_in_thread(acts, "has not reached the requester") == 1
    assert said_in_thread(acts, "It is not tried any more") == 1


async def test_a_card_that_is_posted_late_but_in_time_is_no_news(acts: Acts) -> None:
    channel = Closed(acts.slack.channel(AGENTS))
    acts.slack.faults.append(channel)
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await after(acts, minutes=5)
    channel.open = True
    await after(acts, minutes=5)
    await after(acts, minutes=30)
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (0, 0)


async def test_what_was_never_said_needs_no_correction(acts: Acts) -> None:
    """Where the requester cannot be written to either, they do not hear both at once."""
    channels = [Closed(acts.slack.channel(AGENTS)), Closed(acts.slack.im(REQUESTER))]
    await acts.write("hi")
    for channel in channels:
        acts.slack.faults.append(channel)
    await acts.write("agent")
    await after(acts, minutes=11)
    channels[0].open = True
    await after(acts, minutes=6)
    channels[1].open = True
    for _ in range(4):
        await after(acts, minutes=6)
    assert (heard(acts, UNREACHED), heard(acts, REACHED)) == (0, 0)
    assert said_in_thread(acts, "C-1001") == 1


@pytest.mark.long
@pytest.mark.parametrize("code", ["restricted_action", "a_code_of_next_year"])
async def test_after_a_day_what_still_cannot_go_is_a_dead_letter_with_its_reason(
    acts: Acts, code: str
) -> None:
    acts.slack.faults.append(Closed(acts.slack.channel(AGENTS), code))
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    for _ in range(23):
        await after(acts, hours=1)
    assert "dead" not in states(acts.world)
    with capture_logs() as logs:
        await after(acts, hours=1, minutes=6)
    assert "dead" in states(acts.world)
    assert [entry["reason"] for entry in logs if entry["event"] == "effect_dead"] == [code]


@pytest.mark.parametrize("code", ["not_in_channel", "missing_scope", "ratelimited", "internal_error"])
async def test_what_somebody_mends_or_what_passes_is_kept_for_longer(acts: Acts, code: str) -> None:
    channel = Closed(acts.slack.channel(AGENTS), code)
    acts.slack.faults.append(channel)
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    for _ in range(3):
        await after(acts, days=1)
    channel.open = True
    await after(acts, minutes=6)
    assert len([m for m in acts.channel(AGENTS) if not m.is_reply]) == 1


async def test_a_token_that_is_not_taken_is_no_such_news(acts: Acts, refusals: set[str]) -> None:
    refusals |= {"token_revoked"}
    acts.slack.inject("auth.test", Fault.REFUSED, error="token_revoked", times=None)
    acts.slack.inject("chat.postMessage", Fault.TOKEN_REVOKED)
    await acts.write("hi")
    await acts.write("agent")
    acts.world.clock.forward(minutes=30)
    assert acts.world.bot is not None
    assert acts.world.bot.access.lost is not None
    assert "dead" not in states(acts.world)


async def test_the_operator_sees_what_does_not_get_through_and_why(
    acts: Acts, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import outbox
    from bot.cli.doctor import examine

    acts.slack.faults.append(Closed(acts.slack.channel(AGENTS), "a_code_of_next_year"))
    acts.slack.faults.append(Closed(acts.slack.im("ben"), "user_disabled"))
    acts.world.clock.at = datetime.now(UTC) - timedelta(hours=1)
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await acts.write("hi", "ben")
    outbox.show(acts.world.settings, waiting=False)
    listed = capsys.readouterr().out
    assert re.search(r"queued  card  C-1001 .* a_code_of_next_year \(look the code up", listed)
    assert re.search(r"dead .* user_disabled \(nothing to do", listed)
    words = [each.words for each in await examine(acts.world.settings) if each.what == "outbox"]
    assert any(word.startswith("1 not sent yet since") and "a_code_of_next_year" in word for word in words)
    assert any("not tried any more" in word and "user_disabled; nothing to do" in word for word in words)
