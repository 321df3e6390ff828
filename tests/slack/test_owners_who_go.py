"""An agent who leaves the channel, or the company, leaves no case behind: it waits again, as is said once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.playground.standin import text_of
from tests.filled import make_agents
from tests.slack.conftest import AGENTS, Acts, actions_in
from tests.slack.test_agents import learn
from tests.slack.test_case_record import say
from tests.slack.test_handoff import card, resolve, thread

GONE = "does not work on C-1001 any more"


async def leaves(acts: Acts) -> None:
    await acts.slack.leave("ada", AGENTS)


async def is_deactivated(acts: Acts) -> None:
    """Slack's event is the one that comes with every new status, too."""
    account = {"id": acts.slack.user("ada"), "team_id": "T0HOME", "name": "ada", "deleted": True}
    acts.slack.deactivate("ada")
    await acts.slack.courier.event({"type": "user_change", "user": account})


async def is_found_to_be_gone(acts: Acts) -> None:
    acts.slack.deactivate("ada")
    await learn(acts)


async def is_found_to_be_deactivated(acts: Acts) -> None:
    """Slack still lists them as a member; it is asked about each once a day."""
    acts.slack.deactivate("ada")
    acts.slack.world.channels[acts.slack.channel(AGENTS)].members.add(acts.slack.user("ada"))
    acts.world.clock.forward(days=1)
    await learn(acts)


Going = Callable[[Acts], Awaitable[None]]
GOINGS = (leaves, is_deactivated, is_found_to_be_gone, is_found_to_be_deactivated)


async def claimed(acts: Acts) -> None:
    await say(acts, "hi", "agent")
    await acts.press("claim", card(acts), user="ada")


@pytest.mark.parametrize("going", GOINGS, ids=lambda going: going.__name__)
async def test_their_case_waits_again_and_everybody_is_told_once(acts: Acts, going: Going) -> None:
    await claimed(acts)
    await going(acts)
    await acts.world.settle()
    for _ in range(2):
        await learn(acts)
        await acts.world.settle()
    assert "claim" in actions_in(card(acts))
    assert "has it" not in text_of(card(acts))
    said = [text_of(each) for each in acts.channel(AGENTS) if each.is_reply and each.broadcast]
    assert ["waits for somebody to take it" in each for each in said] == [True]
    assert [GONE in text_of(each) for each in acts.dm()].count(True) == 1
    await acts.press("claim", card(acts), user="ben")
    assert "<user:U0BEN> has it" in text_of(card(acts))


async def test_what_is_written_meanwhile_is_for_whoever_comes_next(acts: Acts) -> None:
    await claimed(acts)
    await leaves(acts)
    await acts.world.settle()
    said = await say(acts, "are you there?")
    assert "are you there?" in thread(acts)[-1]
    assert "C-1001" in said


async def test_a_case_that_they_resolved_is_nobodys_when_it_opens_again(acts: Acts) -> None:
    await claimed(acts)
    await resolve(acts, "Refused")
    await leaves(acts)
    await acts.world.settle()
    assert GONE not in "\n".join(map(text_of, acts.dm()))
    await say(acts, "but it still does not work")
    assert "claim" in actions_in(card(acts))


async def test_another_agents_case_and_another_status_change_nothing(acts: Acts) -> None:
    await claimed(acts)
    await acts.slack.leave("ben", AGENTS)
    account = {"id": acts.slack.user("ada"), "team_id": "T0HOME", "deleted": False}
    await acts.slack.courier.event({"type": "user_change", "user": account})
    await acts.world.settle()
    assert "<user:U0ADA> has it" in text_of(card(acts))


async def test_while_nobody_is_known_as_an_agent_no_case_is_taken_away(acts: Acts) -> None:
    await claimed(acts)
    assert acts.world.bot is not None
    await make_agents(acts.world.bot.desk, acts.world.bot.identity.team, [])
    await acts.world.bot.desk.corrections.free_cases_of_former_agents(acts.world.bot.identity.team)
    assert "<user:U0ADA> has it" in text_of(card(acts))
