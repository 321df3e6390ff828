"""What stands in a card's thread comes after the card, however much is queued before Slack answers again."""

from __future__ import annotations

from bot.playground.standin import Fault, text_of
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_handoff import card, thread


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
