"""What stands in a card's thread comes after the card, however much is queued before Slack answers again."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.playground.standin import Fault, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_handoff import card, thread

PACE: Final = 0.8  # seconds


async def test_what_goes_under_a_card_waits_for_it_though_the_card_is_redrawn_meanwhile(
    acts: Acts, refusals: set[str]
) -> None:
    refusals |= {"ratelimited"}
    await acts.walk({"program": "other"})
    acts.slack.inject("chat.postMessage", Fault.RATE_LIMITED, times=1, delay=30)
    await acts.press("hand_off")
    assert acts.channel(AGENTS) == []
    await acts.slack.close(REQUESTER)
    await acts.write("one more thing")
    await acts.write("and another")
    acts.world.clock.forward(seconds=31)
    await acts.world.settle()
    assert "Waiting for an agent" in text_of(card(acts))
    assert ["one more" in line for line in thread(acts)] == [True, False]


async def test_a_new_question_goes_out_first_and_what_is_redrawn_waits_for_no_pace(acts: Acts) -> None:
    calls: list[tuple[str, float]] = []

    async def noted(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name.startswith("chat."):
            calls.append((passage.name, asyncio.get_running_loop().time()))
        return await proceed()

    await acts.write("hi")
    await acts.world.stop()
    acts.world.pace = PACE
    await acts.world.start()
    acts.slack.faults.append(noted)
    await acts.write("opensrs")
    await acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), "reseller")
    await acts.world.settle()
    assert [name for name, _ in calls] == ["chat.postMessage", "chat.update"] * 2
    first, redrawn, second, _ = (at for _, at in calls)
    assert redrawn - first < PACE / 2
    assert second - first > 0.9 * PACE
