"""An agent is a person: bots neither act nor are given a case, and Slack is asked as little as will do."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.playground.standin import SISTER_TEAM, Guise, Outcome, Passage, Proceed, StandIn, View, text_of
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import AGENTS, Acts, actions_in
from tests.slack.test_again import rows
from tests.slack.test_handoff import card, thread, told

Joined = Callable[[], Awaitable[Acts]]


@pytest.fixture
async def joined(slack: StandIn, clock: Clock, tmp_path: Path) -> AsyncIterator[Joined]:
    """Start the bot, once the workspace is as the test wants it, and hand a case over."""
    worlds: list[World] = []

    async def start() -> Acts:
        worlds.append(World(slack, clock, settings_for(slack, tmp_path)))
        await worlds[-1].start()
        acts = Acts(worlds[-1])
        await acts.write("trustico")
        await acts.write("agent")
        return acts

    yield start
    for world in worlds:
        await world.stop()


@pytest.fixture
def pager(slack: StandIn) -> str:
    """A bot in the agents' channel; so are Slackbot, a workflow, and somebody who has left the company."""
    bots = [
        slack.add_user("pager", is_bot=True),
        slack.add_user("slackbot", id="USLACKBOT"),
        slack.add_user("gone"),
    ]
    members = slack.world.channels[slack.channel(AGENTS)].members
    slack.deactivate("gone")
    members.update(each.id for each in bots)
    return bots[0].id


def agents(acts: Acts) -> set[object]:
    return {user for _, user, _ in rows(acts.world, "agents")}


def ids(acts: Acts, *names: str) -> set[object]:
    return {acts.slack.user(name) for name in names}


def offered(view: View) -> list[tuple[str, str]]:
    [menu] = [block["element"] for block in view.blocks if block["block_id"] == "agent"]
    groups = menu.get("option_groups") or [menu]
    return [(each["text"]["text"], each["value"]) for group in groups for each in group["options"]]


def asked(acts: Acts) -> Counter[str]:
    """Return how often Slack was asked about each user id."""
    return Counter(call.args["user"] for call in acts.slack.calls if call.method == "users.info")


async def give_to(acts: Acts, user: str, by: str = "ada") -> None:
    """Give the case to a user id, whether or not the form offers it."""
    await acts.press("reassign", card(acts), user=by)
    view = acts.modal(by)
    chosen = {"text": {"type": "plain_text", "text": "?"}, "value": user}
    entry = {"agent": {"input": {"type": "static_select", "selected_option": chosen}}}
    note = {"note": {"input": {"type": "plain_text_input", "value": "please"}}}
    await acts.slack.people.submit(acts.slack.user(by), replace(view, values=entry | note))
    await acts.world.settle()


# --- who is one


async def test_only_people_are_agents(joined: Joined, pager: str) -> None:
    acts = await joined()
    assert agents(acts) == ids(acts, "ada", "ben")
    assert pager in asked(acts)
    assert not {acts.slack.bot_user, "USLACKBOT"} & {*asked(acts)}


async def test_a_bot_that_joins_is_none(joined: Joined) -> None:
    acts = await joined()
    acts.slack.add_user("pager", is_bot=True)
    acts.slack.add_user("cleo")
    for name in ("pager", "cleo", "certdesk"):
        await acts.slack.join(name, AGENTS)
        await acts.world.settle()
    assert agents(acts) == ids(acts, "ada", "ben", "cleo")


@pytest.mark.usefixtures("pager")
async def test_a_bots_emoji_does_nothing(joined: Joined) -> None:
    acts = await joined()
    await acts.slack.react("pager", card(acts), "eyes")
    await acts.world.settle()
    assert "has it" not in text_of(card(acts))


@pytest.mark.usefixtures("pager")
async def test_an_account_that_is_deactivated_is_none_after_a_day(joined: Joined) -> None:
    acts = await joined()
    acts.slack.deactivate("ben")
    acts.slack.world.channels[acts.slack.channel(AGENTS)].members.add(acts.slack.user("ben"))
    acts.world.clock.forward(days=1)
    await learn(acts)
    assert agents(acts) == ids(acts, "ada")


# --- to whom a case is given


@pytest.mark.usefixtures("pager")
async def test_the_form_offers_people_by_name(joined: Joined, slack: StandIn) -> None:
    for name in ("twin1", "twin2"):
        slack.world.channels[slack.channel(AGENTS)].members.add(slack.add_user(name, real_name="Kim Lee").id)
        slack.world.users[slack.user(name)] = replace(slack.world.users[slack.user(name)], name="kim")
    acts = await joined()
    await acts.press("reassign", card(acts), user="ada")
    assert offered(acts.modal("ada")) == [
        ("ada", "U0ADA"),
        ("ben", "U0BEN"),
        ("kim (U0TWIN1)", "U0TWIN1"),
        ("kim (U0TWIN2)", "U0TWIN2"),
    ]
    view = acts.slack.fill(acts.modal("ada"), "agent", "U0BEN")
    await acts.slack.submit("ada", view)
    await acts.world.settle()
    assert "<user:U0BEN> has it" in text_of(card(acts))


FORGED = {
    "a bot": "U0PAGER",
    "certdesk": "U0CERTDESK",
    "Slackbot": "USLACKBOT",
    "a deactivated account": "U0GONE",
    "the requester": "U0ROSA",
    "nobody": "U0NOBODY",
}


@pytest.mark.parametrize("user", FORGED.values(), ids=FORGED)
@pytest.mark.usefixtures("pager")
async def test_nobody_else_gets_a_case_and_the_form_says_why(joined: Joined, user: str) -> None:
    acts = await joined()
    assert acts.slack.bot_user == "U0CERTDESK"
    await give_to(acts, user)
    form = acts.modal("ada")
    assert "Only people in the agents' channel" in form.errors["agent"]
    assert "has it" not in text_of(card(acts))
    assert [each for each in thread(acts) if "please" in each] == []
    await acts.slack.submit("ada", acts.slack.fill(form, "agent", "U0BEN"))
    await acts.world.settle()
    assert "<user:U0BEN> has it" in text_of(card(acts))


async def test_who_has_left_meanwhile_is_refused(joined: Joined) -> None:
    acts = await joined()
    await acts.press("reassign", card(acts), user="ada")
    view = acts.slack.fill(acts.modal("ada"), "agent", "U0BEN")
    await acts.slack.leave("ben", AGENTS)
    await acts.slack.submit("ada", view)
    await acts.world.settle()
    assert "Only people in the agents' channel" in acts.modal("ada").errors["agent"]


async def test_who_has_it_already_is_no_other_under_another_team(joined: Joined) -> None:
    acts = await joined()
    acts.slack.names("ada", Guise(SISTER_TEAM))
    await acts.press("claim", card(acts), user="ada")
    acts.slack.names("ada", None)
    await give_to(acts, "U0ADA", by="ben")
    assert "C-1001 is taken" in told(acts, "ben")[0]
    assert [each for each in thread(acts) if "please" in each] == []


# --- how Slack is asked


@contextmanager
def answering(slack: StandIn, name: str, answer: Callable[[], object]) -> Iterator[None]:
    """Answer a method in Slack's place."""

    async def around(passage: Passage, proceed: Proceed) -> Outcome:
        return Outcome(200, answer()) if passage.name == name else await proceed()

    slack.faults.append(around)
    yield
    slack.hub.courier.around.remove(around)


def refusing() -> object:
    return {"ok": False, "error": "user_not_visible"}


async def learn(acts: Acts) -> bool:
    """Read the members of the agents' channel, as is done every hour."""
    assert acts.world.bot is not None
    bot = acts.world.bot
    return await bot.accounts.learn_agents(bot.identity.team)


async def test_who_is_not_known_is_none_until_slack_says(joined: Joined, slack: StandIn) -> None:
    with answering(slack, "users.info", refusing):
        acts = await joined()
        assert agents(acts) == set()
        await acts.press("claim", card(acts), user="ada")
        assert "Only agents take cases" in told(acts, "ada")[0]
    acts.world.clock.forward(minutes=1)
    await acts.press("claim", card(acts), user="ada")
    assert "<user:U0ADA> has it" in text_of(card(acts))


async def test_a_known_agent_stays_one_while_slack_does_not_say(joined: Joined, slack: StandIn) -> None:
    acts = await joined()
    with answering(slack, "users.info", refusing):
        for _ in range(3):
            acts.world.clock.forward(days=1)
            await learn(acts)
    assert agents(acts) == ids(acts, "ada", "ben")


ODD: dict[str, Any] = {
    "an error": {"ok": False, "error": "internal_error"},
    "nobody": {"ok": True, "members": []},
    "no list": {"ok": True, "members": None},
    "no members": {"ok": True},
    "an endless list": {"ok": True, "members": ["U0ADA"], "response_metadata": {"next_cursor": "again"}},
    "a text": "members",
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
async def test_an_odd_list_removes_nobody(joined: Joined, slack: StandIn, answer: object) -> None:
    acts = await joined()
    with answering(slack, "conversations.members", lambda: answer):
        assert not await learn(acts)
    assert agents(acts) == ids(acts, "ada", "ben")


async def test_an_error_on_the_second_page_removes_nobody(joined: Joined, slack: StandIn) -> None:
    acts = await joined()
    pages = iter(
        [{"ok": True, "members": ["U0BEN"], "response_metadata": {"next_cursor": "2"}}, ODD["an error"]]
    )
    with answering(slack, "conversations.members", lambda: next(pages)):
        assert not await learn(acts)
    assert agents(acts) == ids(acts, "ada", "ben")


@pytest.mark.long
async def test_a_channel_of_500_is_learned_in_hours_and_who_acts_at_once(
    joined: Joined, slack: StandIn, clock: Clock
) -> None:
    members = slack.world.channels[slack.channel(AGENTS)].members
    many = [slack.add_user(f"agent{number:03}").id for number in range(500)]
    members.update(many)
    acts = await joined()
    assert sum(asked(acts).values()) <= 100 + 1  # and Rosa
    late = next(user for user in many if user not in asked(acts))
    await acts.press("claim", card(acts), user=late)
    assert f"<user:{late}> has it" in text_of(card(acts))
    for _ in range(5):
        before = sum(asked(acts).values())
        clock.forward(hours=1)
        await learn(acts)
        assert sum(asked(acts).values()) - before <= 100
    assert agents(acts) >= {*many, *ids(acts, "ada", "ben")}
    assert max(asked(acts).values()) == 1
    await acts.press("reassign", card(acts), user="ada")
    assert len(offered(acts.modal("ada"))) == len(agents(acts))


async def test_a_time_zone_that_slack_does_not_tell_is_asked_for_once_a_day(
    joined: Joined, slack: StandIn, clock: Clock
) -> None:
    slack.world.users["U0ROSA"] = replace(slack.world.users["U0ROSA"], tz="")
    acts = await joined()
    for _ in range(5):
        await acts.write("hello")
        clock.forward(hours=4)
    assert asked(acts)["U0ROSA"] == 1
    clock.forward(hours=5)
    await acts.write("hello")
    await acts.write("hello")
    assert asked(acts)["U0ROSA"] == 2
    slack.world.users["U0ROSA"] = replace(slack.world.users["U0ROSA"], tz="Europe/Madrid", tz_offset=3600)
    clock.forward(days=1)
    await acts.write("hello")
    clock.forward(days=30)
    await acts.write("hello")
    assert asked(acts)["U0ROSA"] == 3


async def test_five_newcomers_are_looked_up_at_a_time_and_the_others_when_they_act_again(
    joined: Joined, slack: StandIn, clock: Clock
) -> None:
    acts, answers = await joined(), asyncio.Event()
    newcomers = [slack.add_user(f"newcomer{number}").id for number in range(8)]

    async def late(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name == "users.info":
            await answers.wait()
        return await proceed()

    slack.faults.append(late)
    for user in newcomers:
        await slack.say(user, slack.im(user), "hello")
    answers.set()
    await acts.world.settle()
    assert len({*newcomers} & {*asked(acts)}) == 5
    clock.forward(minutes=1)
    for user in newcomers:
        await slack.say(user, slack.im(user), "hello again")
        await acts.world.settle()
    assert {user: asked(acts)[user] for user in newcomers} == dict.fromkeys(newcomers, 1)


@pytest.mark.long
async def test_what_is_asked_in_vain_is_asked_more_and_more_seldom(
    joined: Joined, slack: StandIn, clock: Clock
) -> None:
    times: list[timedelta] = []
    begun = clock()

    def refused() -> object:
        times.append(clock() - begun)
        return refusing()

    with answering(slack, "users.info", refused):
        acts = await joined()
        times.clear()
        for _ in range(200):
            await acts.write("hello")
            clock.forward(minutes=15)
    assert 5 <= len(times) <= 16
    pauses = [after - before for before, after in itertools.pairwise(times)]
    assert pauses == sorted(pauses)


async def test_a_clock_that_was_a_year_ahead_keeps_nobody_waiting(
    joined: Joined, slack: StandIn, clock: Clock
) -> None:
    slack.world.users["U0ROSA"] = replace(slack.world.users["U0ROSA"], tz="")
    clock.forward(days=365)
    acts = await joined()
    clock.forward(days=-365)
    await acts.write("hello")
    assert asked(acts)["U0ROSA"] == 2


async def test_who_leaves_while_the_list_is_read_is_none_after_it(joined: Joined, slack: StandIn) -> None:
    acts = await joined()
    assert acts.world.bot is not None
    bot = acts.world.bot
    old = {"ok": True, "members": ["U0ADA", "U0BEN"]}

    async def around(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name != "conversations.members":
            return await proceed()
        await slack.leave("ben", AGENTS)  # its event comes before the answer
        return Outcome(200, old)

    slack.faults.append(around)
    assert await bot.accounts.learn_agents(bot.identity.team)  # as every hour
    assert agents(acts) == ids(acts, "ada")


@pytest.mark.parametrize("owner", ["a bot of the channel", "certdesk itself"])
async def test_a_case_that_an_older_version_gave_to_a_bot_waits_again(
    joined: Joined, slack: StandIn, pager: str, owner: str
) -> None:
    acts = await joined()
    await acts.press("claim", card(acts), user="ada")
    bot = acts.world.bot
    assert bot is not None
    new = {"old": slack.user("ada"), "new": pager if owner == "a bot of the channel" else slack.bot_user}
    with bot.desk.store.engines.writer.begin() as connection:
        connection.execute(sql("DELETE FROM people WHERE user = :new"), new)
        connection.execute(
            sql("UPDATE people SET user = :new, kind = NULL, ask_at = 0 WHERE user = :old"), new
        )
        connection.execute(sql("UPDATE cases SET state = replace(state, :old, :new)"), new)
    await acts.world.stop()
    await acts.world.start()
    await acts.world.settle()
    assert "claim" in actions_in(card(acts))
    await acts.press("claim", card(acts), user="ben")
    assert "<user:U0BEN> has it" in text_of(card(acts))
