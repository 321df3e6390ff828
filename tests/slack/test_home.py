"""App Home: whose cases it lists, what agents do there, and that two hundred cases turn page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.agent_moves import Claim, Mark, Reassign, Resolve
from bot.conversation.derive import Rules, screen_of
from bot.conversation.events import AgentMoved, AskedForPerson
from bot.conversation.handoff import Handoff, Outcome, Standing
from bot.conversation.now import Now
from bot.conversation.people import Person
from bot.conversation.screens import Result
from bot.desk.app_home_views import PAGE, Home, Tab, Visit
from bot.desk.deliveries import Delivery, Handle
from bot.desk.results import Refusal, Refused
from bot.playground.standin import Fault, StandIn, View, text_of
from bot.playground.standin.blockkit import view_problems
from bot.render.environment import Renderer
from bot.render.texts import Texts
from bot.slack.blocks import answer_checks
from bot.slack.blocks.home import home_view
from bot.store import Unit
from policy import Policy
from policy.reachable import reachable
from tests.conftest import NOON, Clock, World, settings_for
from tests.desk.many import NO_WINDOW, Told, file, window
from tests.filled import make_agents
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, REQUESTER, Acts, actions_in
from tests.slack.test_again import rows

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}
HANDED = (timedelta(minutes=5), AskedForPerson())


class Visitor:
    """Somebody at their App Home."""

    def __init__(self, world: World, user: str) -> None:
        self.world, self.user, self.slack = world, user, world.slack

    async def open(self) -> str:
        await self.slack.open_home(self.user)
        await self.world.settle()
        return self.shown

    async def press(self, label: str, *, stale: View | None = None, **how: object) -> str:
        where = stale or self.view
        delivery = await self.slack.click(self.user, where, label, stale=stale is not None, **how)
        assert delivery.acked, delivery.error
        await self.world.settle()
        return self.shown

    @property
    def view(self) -> View:
        found = self.slack.home(self.user)
        assert found is not None
        return found

    @property
    def shown(self) -> str:
        return text_of(self.view)

    @property
    def listed(self) -> list[str]:
        """The cases, in order, by what the sections begin with."""
        sections = [block["text"]["text"] for block in self.view.blocks if block["type"] == "section"]
        return [found[0] for text in sections if (found := re.search(r"C-\d+", text))]

    @property
    def tabs(self) -> list[str]:
        ids = {f"home:{tab}" for tab in Tab}
        return [e["text"]["text"] for e in elements(self.view) if e["action_id"] in ids]


def elements(view: View) -> Iterator[dict[str, Any]]:
    for block in view.blocks:
        yield from block.get("elements", []) if block["type"] == "actions" else []
        yield from [block["accessory"]] if "accessory" in block else []


@pytest.fixture
def rosa(world: World) -> Visitor:
    return Visitor(world, "rosa")


@pytest.fixture
def ada(world: World) -> Visitor:
    return Visitor(world, "ada")


def person(world: World, user: str) -> Person:
    assert world.bot is not None
    team = world.bot.identity.team
    return Person(team, team, world.slack.user(user))


async def filed(world: World, *told: Told, by: str = REQUESTER) -> None:
    """File cases that nobody was told of."""
    assert world.bot is not None
    rules, who = world.bot.desk.rules, person(world, by)

    def work(unit: Unit) -> None:
        for each in told:
            file(unit, rules, who, each, world.clock() - timedelta(hours=2))

    await world.bot.desk.store.write(work)


async def handed_over(acts: Acts) -> None:
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    await acts.press("hand_off")


# --- the requester


async def test_who_has_no_case_can_start_one_there(acts: Acts, rosa: Visitor) -> None:
    assert "You have no cases yet" in await rosa.open()
    await rosa.press("Start a new case")
    assert "Where was the certificate ordered?" in acts.shown()
    assert rosa.listed == []  # nothing was answered yet
    await acts.submit(program="opensrs")
    assert rosa.listed == ["C-1001"]
    await rosa.press("Start a new case")
    await acts.submit(program="trustico")
    assert rosa.listed == ["C-1002", "C-1001"]


async def test_it_follows_what_is_done_in_the_modal_before_it(acts: Acts, rosa: Visitor) -> None:
    await rosa.open()
    await rosa.press("Start a new case")
    await acts.submit(program="opensrs")
    assert "⏸ Question 2" in rosa.shown
    await acts.answer({fact: value for fact, value in SECTIGO.items() if fact != "program"})
    assert "the details are missing" in rosa.shown
    await acts.submit(**DETAILS)
    assert "C-1001  🟢 Refund: yes" in rosa.shown
    assert "17 of 30 days left  ·  www.example.com" in rosa.shown
    await acts.press("hand_off")
    assert "Waiting for an agent since" in rosa.shown


async def test_a_case_opens_in_a_modal_where_it_was_left(acts: Acts, rosa: Visitor) -> None:
    await acts.walk(ISSUED)
    await acts.slack.close(REQUESTER)
    await rosa.open()
    await rosa.press("Continue")
    assert acts.modal().callback_id == "question"
    await acts.answer({"provider": "geotrust", "fulfilled_on": "2026-11-10"})
    await acts.slack.close(REQUESTER)
    await rosa.press("Open")
    assert acts.modal().callback_id == "result"


async def test_a_case_of_the_dm_goes_on_there_and_home_says_so(acts: Acts, rosa: Visitor) -> None:
    await acts.write("hi")
    await acts.write("opensrs")
    await rosa.open()
    before = len(acts.dm())
    assert "C-1001 goes on under Messages" in await rosa.press("Continue")
    assert len(acts.dm()) == before + 1
    assert "goes on under Messages" not in await rosa.open()


async def test_a_requester_sees_their_own_cases_and_nothing_for_agents(acts: Acts, rosa: Visitor) -> None:
    await filed(acts.world, Told(NO_WINDOW, (HANDED,)))
    await filed(acts.world, Told(NO_WINDOW, (HANDED,)), by="ben")
    await rosa.open()
    assert rosa.listed == ["C-1001"]
    assert {e["action_id"].partition(":")[0] for e in elements(rosa.view)} == {"new", "open"}
    forged = replace(rosa.view, body={**rosa.view.body, "blocks": [tab("queue.1"), claim(1002)]})
    await rosa.press("home:queue", stale=forged)
    assert rosa.listed == ["C-1001"]
    assert "Only agents take cases" in await rosa.press("claim", stale=forged)
    assert rows(acts.world, "history")[-1][3] == "asked_for_person"


def tab(where: str) -> dict[str, Any]:
    return row({"action_id": "home:queue", "value": f"0.0.{where}"})


def claim(number: int) -> dict[str, Any]:
    return row({"action_id": "claim", "value": f"{number}.0."})


def row(button: dict[str, Any]) -> dict[str, Any]:
    made = {"type": "button", "text": {"type": "plain_text", "text": button["action_id"]}, **button}
    return {"type": "actions", "block_id": button["action_id"], "elements": [made]}


async def test_what_a_requester_is_not_told_is_not_there_either(acts: Acts, rosa: Visitor) -> None:
    burns = AgentMoved(person(acts.world, "ada"), Mark(urgent=True))
    await filed(acts.world, Told(NO_WINDOW, (HANDED, (timedelta(0), burns))))
    assert "C-1001" in await rosa.open()
    assert "🚨" not in rosa.shown


# --- agents


async def test_an_agent_claims_from_the_queue_and_replies_to_their_own(acts: Acts, ada: Visitor) -> None:
    await handed_over(acts)
    await ada.open()
    assert ada.tabs == ["Queue (1)", "Mine (0)", "At risk (0)", "This week", "Asked by me (0)"]
    assert f"asked by <user:{acts.slack.user('rosa')}>" in ada.shown
    [card] = acts.channel()
    link = f".slack.com/archives/{card.channel}/p{card.ts.replace('.', '')}"
    assert link in json.dumps(ada.view.blocks)
    assert "You have C-1001 now." in await ada.press("Claim")
    assert link in json.dumps(ada.view.blocks)
    assert ada.tabs[:2] == ["Queue (0)", "Mine (1)"]
    assert "reply" in actions_in(acts.channel()[0])
    assert f"<user:{acts.slack.user('ada')}>" in text_of(acts.last())
    await ada.press("Mine (1)")
    assert ada.listed == ["C-1001"]
    assert "You have C-1001 now." not in ada.shown
    await ada.press("Reply")
    acts.slack.fill(acts.modal("ada"), "words", "It is on its way.")
    await acts.slack.submit("ada")
    await acts.world.settle()
    assert "It is on its way." in text_of(acts.last())


async def test_who_claims_second_is_told_who_was_faster(acts: Acts, ada: Visitor) -> None:
    await handed_over(acts)
    ben = Visitor(acts.world, "ben")
    await ada.open()
    await ben.open()
    await ada.press("Claim")
    shown = await ben.press("Claim", stale=ben.view)
    assert f"C-1001 is taken: <user:{acts.slack.user('ada')}> has it" in shown
    assert ben.tabs[:2] == ["Queue (0)", "Mine (0)"]
    owners = [row[10] for row in rows(acts.world, "cases")]
    assert len(set(owners)) == 1


async def test_who_leaves_the_agents_channel_loses_their_part_at_once(acts: Acts, ada: Visitor) -> None:
    await handed_over(acts)
    await ada.open()
    before = ada.view
    await acts.slack.leave("ada", AGENTS)
    for label in ("Claim", "Mine (0)", "This week"):
        await ada.press(label, stale=before)
        assert ada.tabs == []
        assert ada.listed == []
        assert "C-1001" not in ada.shown.replace("Nothing was done with C-1001.", "")
    assert "You have no cases yet" in await ada.open()
    assert "claim" not in [row[3] for row in rows(acts.world, "history")]


async def test_who_joins_it_has_their_part_when_they_look_again(acts: Acts) -> None:
    mia = Visitor(acts.world, acts.slack.add_user("mia").id)
    await mia.open()
    assert mia.tabs == []
    await acts.slack.join("mia", AGENTS)
    await mia.open()
    assert len(mia.tabs) == 5


async def test_without_an_agents_channel_nobody_is_an_agent(
    slack: StandIn, clock: Clock, tmp_path: Path
) -> None:
    for channel, tabs in ((slack.channel("ssl-agents"), 5), ("", 0)):
        desk = World(slack, clock, settings_for(slack, tmp_path, CERTDESK_AGENTS_CHANNEL=channel))
        await desk.start()
        ada = Visitor(desk, "ada")
        await ada.open()
        assert len(ada.tabs) == tabs
        await desk.stop()


async def test_at_risk_is_what_closes_within_three_days_while_agents_have_it(
    acts: Acts, ada: Visitor
) -> None:
    at, mine = acts.world.clock(), AgentMoved(person(acts.world, "ada"), Claim())
    theirs = AgentMoved(person(acts.world, "ben"), Claim())
    await filed(
        acts.world,
        Told(window(4, at), (HANDED,)),
        Told(window(3, at), (HANDED,)),
        Told(window(0, at), (HANDED, (timedelta(0), mine))),
        Told(window(1, at), (HANDED, (timedelta(0), theirs))),
        Told(window(2, at)),
    )
    await ada.open()
    await ada.press("home:risk")
    assert ada.listed == ["C-1003", "C-1004", "C-1002"]
    assert "today is the last day" in ada.shown
    assert [e["action_id"].partition(":")[0] for e in elements(ada.view)][-2:] == ["reply", "claim"]


async def test_the_weeks_numbers_are_counted_in_the_agents_days(acts: Acts, ada: Visitor) -> None:
    ready = (timedelta(minutes=5), AskedForPerson())
    claimed = (timedelta(minutes=12), AgentMoved(person(acts.world, "ada"), Claim()))
    given = (
        timedelta(minutes=20),
        AgentMoved(person(acts.world, "ben"), Reassign(person(acts.world, "ada"))),
    )
    refused = (timedelta(minutes=1), AgentMoved(person(acts.world, "ada"), Resolve(Outcome.REFUSED)))
    await filed(acts.world, Told(NO_WINDOW, (ready, claimed, refused)), Told(NO_WINDOW, (ready, given)))
    await filed(acts.world, Told(NO_WINDOW, (ready,)))
    await ada.open()
    shown = await ada.press("This week")
    this, last = shown.split("Last week")
    assert "Mon 23 November 2026 to Sun 29 November 2026" in this
    assert "3 handed over" in this
    assert "2 claimed, half of them within 16 minutes" in this
    assert "1 resolved: 1 refused" in this
    assert "0 handed over" in last


async def test_an_agent_of_another_workspace_has_no_such_case(acts: Acts) -> None:
    assert acts.world.bot is not None
    desk, stranger = acts.world.bot.desk, Person("T2", "T2", "U2")
    await filed(acts.world, Told(NO_WINDOW, (HANDED,)))
    await make_agents(desk, "T2", ["U2"])
    refused = await desk.receive(Delivery("1", stranger, Handle(1001, Claim())))
    assert refused == Refused(Refusal.NO_SUCH_CASE, 1001)
    seen = await desk.receive(Delivery("2", stranger, Visit()))
    assert isinstance(seen, Home)
    assert dict(seen.counts)[Tab.QUEUE] == 0


# --- whatever happens


async def test_a_visit_is_recorded_once_however_often_it_arrives(
    acts: Acts, ada: Visitor, refusals: set[str]
) -> None:
    refusals |= {"internal_error"}
    acts.slack.inject("views.publish", Fault.SERVER_ERROR)
    delivery = await acts.slack.open_home("ada")
    assert delivery is not None
    await acts.slack.redeliver(delivery)
    await acts.world.settle()
    assert [row[1] for row in rows(acts.world, "receipts")] == ["visit"]
    assert ada.tabs


async def test_a_visit_that_comes_again_is_answered_again(acts: Acts) -> None:
    assert acts.world.bot is not None
    visit = Delivery("1", person(acts.world, "ada"), Visit(Tab.WEEK))
    first, again = [await acts.world.bot.desk.receive(visit) for _ in range(2)]
    assert isinstance(first, Home)
    assert again == first


async def test_the_messages_tab_needs_nothing(acts: Acts) -> None:
    await acts.slack.open_messages("ada")
    await acts.world.settle()
    assert acts.slack.home("ada") is None
    assert rows(acts.world, "receipts") == []


async def test_it_opens_where_it_was_left(acts: Acts, ada: Visitor) -> None:
    await ada.open()
    await ada.press("This week")
    await acts.world.stop()
    await acts.world.start()
    assert "The desk's numbers" in await ada.open()


async def test_what_slack_does_not_take_is_there_the_next_time(
    acts: Acts, ada: Visitor, refusals: set[str]
) -> None:
    await handed_over(acts)
    await ada.open()
    refusals |= {"internal_error"}
    acts.slack.inject("views.publish", Fault.SERVER_ERROR)
    await ada.press("Claim")
    assert "You have C-1001 now." not in ada.shown
    assert ada.tabs[:2] == ["Queue (1)", "Mine (0)"]
    await ada.open()
    assert ada.tabs[:2] == ["Queue (0)", "Mine (1)"]


# --- many


async def test_two_hundred_cases_turn_page_by_page_each_on_one_of_them(acts: Acts, rosa: Visitor) -> None:
    await filed(acts.world, *[Told(NO_WINDOW)] * 200)
    await rosa.open()
    seen = [rosa.listed]
    while "Next" in [e["text"]["text"] for e in elements(rosa.view)]:
        await rosa.press("Next")
        seen.append(rosa.listed)
    assert [len(page) for page in seen] == [PAGE] * 20
    assert [name for page in seen for name in page] == [f"C-{1200 - index}" for index in range(200)]
    assert "Page 20 of 20, 200 cases" in rosa.shown
    await rosa.press("Previous")
    assert rosa.listed == seen[-2]


async def test_a_page_that_is_gone_is_the_last_there_is(acts: Acts, ada: Visitor) -> None:
    acts.world.expects_dead = True  # cases filed without their messages have nothing to redraw
    await filed(acts.world, *[Told(NO_WINDOW, (HANDED,))] * (PAGE + 1))
    await ada.open()
    await ada.press("Next")
    assert ada.listed == ["C-1011"]
    await ada.press("Claim")
    assert len(ada.listed) == PAGE
    assert "Page 2" not in ada.shown


# --- what is typed


@pytest.mark.parametrize(
    "typed", ["<!channel> *all* <https://evil.example|here> :tada:", "*.example.com", "_x_" * 99]
)
def test_what_was_typed_is_only_ever_plain_text(core: Policy, typed: str) -> None:
    texts = Texts(Renderer(), core)
    facts, today, decision = next(iter(reachable(core)))
    case = answer_checks.case_for(core, facts, decision, next(answer_checks.variants()))
    handoff = Handoff(NOON, answer_checks.SOMEBODY, NOON, Standing.CLAIMED, urgent=True)
    result = screen_of(Rules(core, agents=True), case, Now(NOON, today, today))
    assert isinstance(result, Result)
    row = replace(answer_checks.row_for(core, case, result), handoff=handoff, order=typed)
    for page in answer_checks.homes_of(row, 1):
        view = home_view(texts, page, "https://acme.slack.com/")
        assert view_problems(view) == []
        found = [text for text in plain_texts(view["blocks"]) if typed[:60] in text]
        assert len(found) == 1
        assert json.dumps(view).count(json.dumps(typed[:60])[1:-1]) == 1


def plain_texts(value: object) -> Iterator[str]:
    match value:
        case {"type": "plain_text", "emoji": False, "text": str(text)}:
            yield text
        case dict():
            yield from (text for inner in value.values() for text in plain_texts(inner))
        case list():
            yield from (text for inner in value for text in plain_texts(inner))
        case _:
            pass


async def test_a_name_is_an_id_that_slack_shows(acts: Acts, ada: Visitor) -> None:
    mallory = acts.slack.add_user("mallory", real_name="*<!channel>* <@UADA>")
    await filed(acts.world, Told(NO_WINDOW, (HANDED,)), by=mallory.id)
    assert f"asked by <user:{mallory.id}>" in await ada.open()
    assert "<!channel>" not in json.dumps(ada.view.blocks)


async def test_the_list_of_cases_says_where_each_stands(acts: Acts) -> None:
    await filed(acts.world, Told(NO_WINDOW, (HANDED,)), Told(NO_WINDOW))
    delivery = await acts.slack.slash(REQUESTER, "ssl-support", "/certdesk", "cases")
    lines = [block["text"]["text"] for block in delivery.response["blocks"] if block["type"] == "section"]
    assert lines == [
        "C-1001  🟠 Ask Trustico · a refund is unlikely  ·  waits for an agent",
        "C-1002  🟠 Ask Trustico · a refund is unlikely",
    ]
