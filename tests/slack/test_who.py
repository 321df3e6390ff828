"""One person is one, whichever team a payload names beside their user id, on every surface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.standin import ORGANIZATION, SISTER_TEAM, Guise, StandIn, text_of
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import AGENTS, ISSUED, SUPPORT, Acts
from tests.slack.test_again import rows
from tests.slack.test_handoff import card, fill_in, thread

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}
GUISES = {
    "as ever": None,
    "a sister workspace": Guise(SISTER_TEAM),
    "the organization": Guise(ORGANIZATION),
    "no team": Guise(None),
    "an app of the whole organization": Guise(None, whole=True),
    "a sister workspace, an app of the whole": Guise(SISTER_TEAM, whole=True),
    "another organization's workspace": Guise("T0ELSEWHERE"),
    "what is no id": Guise("?" * 50),
}


@pytest.fixture
async def world(slack: StandIn, clock: Clock, tmp_path: Path) -> AsyncIterator[World]:
    """The bot called over signed HTTP."""
    made = World(slack, clock, settings_for(slack, tmp_path), secret=slack.signing_secret)
    await made.start()
    yield made
    await made.stop()


def people(acts: Acts, user: str) -> int:
    return len(rows(acts.world, f"people WHERE \"user\" = '{acts.slack.user(user)}'"))


@pytest.mark.parametrize("guise", GUISES.values(), ids=GUISES)
async def test_a_requester_is_the_same_person_on_every_surface(acts: Acts, guise: Guise | None) -> None:
    await acts.command("new")
    for n, (fact, value) in enumerate(SECTIGO.items()):  # every other answer comes under the other team
        acts.slack.names("rosa", guise if n % 2 else None)
        await acts.submit(**{fact: value})
    acts.slack.names("rosa", guise)
    await acts.press("Go on without them")  # a click
    assert "belongs to somebody else" not in acts.shown()
    delivery = await acts.slack.slash("rosa", SUPPORT, "/certdesk", "cases")  # a command
    assert "C-1001" in str(delivery.response)
    await acts.press("hand_off")
    await acts.slack.close("rosa")
    await acts.press("claim", card(acts), user="ada")
    await acts.write("One thing more.")  # a direct message
    assert "One thing more." in thread(acts)[-1]
    await acts.slack.open_home("rosa")  # App Home
    await acts.world.settle()
    home = acts.slack.home("rosa")
    assert home is not None
    assert "C-1001" in text_of(home)
    message = await acts.slack.say("ben", SUPPORT, "Look here.")
    [there] = [m for m in acts.channel(SUPPORT) if m.ts == message]
    await acts.slack.shortcut("rosa", "check_order", there)  # a shortcut
    await acts.world.settle()
    await acts.submit(program="other")
    listed = await acts.slack.slash("rosa", SUPPORT, "/certdesk", "cases")
    assert "C-1001" in str(listed.response)
    assert "C-1002" in str(listed.response)
    assert people(acts, "rosa") == 1


@pytest.mark.parametrize("guise", GUISES.values(), ids=GUISES)
async def test_an_agent_is_the_same_person_on_every_surface(acts: Acts, guise: Guise | None) -> None:
    await acts.walk(SECTIGO)
    await acts.press("Go on without them")
    await acts.press("hand_off")
    await acts.slack.close("rosa")
    await acts.press("claim", card(acts), user="ada")
    acts.slack.names("ada", guise)
    await fill_in(acts, "Reply to requester", words="Hello Rosa.")  # a click and a form
    assert "Hello Rosa." in text_of(acts.last())
    await acts.slack.react("ada", card(acts), "rotating_light")  # a reaction
    await acts.world.settle()
    assert "🚨" in text_of(card(acts))
    await acts.slack.open_home("ada")  # App Home
    await acts.world.settle()
    home = acts.slack.home("ada")
    assert home is not None
    assert "Mine (1)" in text_of(home)
    await acts.press("Give back to the bot", card(acts), user="ada")
    assert people(acts, "ada") == 1


async def test_a_new_member_is_an_agent_under_every_team(acts: Acts) -> None:
    await acts.walk(SECTIGO)
    await acts.press("Go on without them")
    await acts.press("hand_off")
    acts.slack.add_user("wim", id="W0WIM")
    acts.slack.names("wim", Guise(ORGANIZATION))
    await acts.slack.join("wim", AGENTS)
    await acts.world.settle()
    acts.slack.names("wim", Guise(SISTER_TEAM))
    await acts.press("claim", card(acts), user="wim")
    assert "<user:W0WIM> has it" in text_of(card(acts))
    assert people(acts, "wim") == 1


async def test_nobody_else_gets_near_a_case_by_naming_a_team(acts: Acts) -> None:
    await acts.walk(SECTIGO)
    view = acts.modal()
    skip = next((b, e) for b in view.blocks for e in b.get("elements", []) if e.get("action_id") == "skip")
    before = rows(acts.world, "cases")
    for guise in GUISES.values():
        acts.slack.names("ben", guise)
        await acts.slack.people.act(acts.slack.user("ben"), view, *skip, None)
        await acts.world.settle()
        listed = await acts.slack.slash("ben", SUPPORT, "/certdesk", "cases")
        assert "C-1001" not in str(listed.response)
    assert rows(acts.world, "cases") == before


async def test_an_app_of_the_whole_organization_is_one_installation(
    slack: StandIn, clock: Clock, tmp_path: Path
) -> None:
    slack.install_everywhere()
    world = World(slack, clock, settings_for(slack, tmp_path))
    bot = await world.start()
    acts = Acts(world)
    for team in (SISTER_TEAM, ORGANIZATION, None):
        slack.names("rosa", Guise(team, whole=True))
        await acts.write("hi")
    assert bot.identity.team == ORGANIZATION
    assert people(acts, "rosa") == 1
    await acts.write("trustico")
    await acts.write("agent")
    assert "from another workspace" not in text_of(card(acts))
    await world.stop()
