"""Again and later: restarts, the same delivery twice, old buttons, and a verdict that has changed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text as sql

from bot.playground.standin import text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from tests.conftest import World
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, REQUESTER, SUPPORT, Acts, actions_in

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}


async def restarted(acts: Acts) -> None:
    await acts.world.stop()
    await acts.world.start()


def rows(world: World, table: str) -> list[tuple[object, ...]]:
    assert world.bot is not None
    with world.bot.desk.store.engines.reader.connect() as connection:
        return [tuple(row) for row in connection.execute(sql(f"SELECT * FROM {table} ORDER BY 1"))]  # noqa: S608


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Return what the database holds, but for people's zones, which are learned in passing."""
    return {table: rows(world, table) for table in ("cases", "receipts", "outbox", "messages")}


# --- a restart


async def test_a_restart_in_mid_interview_loses_nothing_in_the_modal(acts: Acts) -> None:
    await acts.walk(ISSUED)
    await restarted(acts)
    await acts.submit(provider="geotrust")
    await restarted(acts)
    await acts.press("back")
    await acts.submit(provider="sectigo")
    await acts.submit(fulfilled_on="2026-11-10")
    await restarted(acts)
    shown = text_of(await acts.submit(**DETAILS))
    assert all(value in shown for value in DETAILS.values())
    assert len(acts.dm()) == 1


async def test_a_restart_in_mid_interview_loses_nothing_in_the_dm(acts: Acts) -> None:
    await acts.write("hi")
    await acts.press("choose:opensrs", acts.last())
    await restarted(acts)
    await acts.press("choose:reseller", acts.last())
    await restarted(acts)
    assert "C-1001" in await acts.write("yes")
    assert [m for m in acts.dm() if m.by_app and actions_in(m)] == [acts.last()]


async def test_a_restart_between_handoff_and_claim_keeps_the_card(acts: Acts) -> None:
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    await restarted(acts)
    await acts.press("claim", acts.channel(AGENTS)[0], user="ben")
    assert f"<user:{acts.slack.user('ben')}>" in text_of(acts.last())


@pytest.mark.parametrize(("day", "changed"), [(30, False), (31, True)])
async def test_a_case_left_on_day_29_shows_the_verdict_of_the_day_it_is_opened(
    acts: Acts, day: int, *, changed: bool
) -> None:
    acts.world.clock.forward(days=16)  # 9 December, day 29
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    old = acts.last()
    acts.world.clock.forward(days=day - 29)
    await acts.command("cases")
    await acts.press("open:C-1001", acts.channel(SUPPORT, REQUESTER)[-1])
    assert ("one day late" in acts.shown()) is changed
    first = next(message for message in acts.dm() if message.ts == old.ts)
    assert ("Out of date" in text_of(first)) is changed
    assert (actions_in(first) == set()) is changed
    assert len(acts.dm()) == (2 if changed else 1)


async def test_a_case_left_asking_is_picked_up_for_two_weeks(acts: Acts) -> None:
    await acts.walk(ISSUED)
    acts.world.clock.forward(days=13)
    view = await acts.command()
    assert view is not None
    assert "C-1001" in view.title
    acts.world.clock.forward(days=15)
    view = await acts.command()
    assert view is not None
    assert "C-1002" in view.title


# --- the same delivery twice


async def test_every_delivery_redelivered_does_nothing_twice(acts: Acts, refusals: set[str]) -> None:
    """Each delivery of a whole walk comes again at once, as Slack's retries do."""
    refusals |= {"exchanged_trigger_id", "hash_conflict"}
    acts.slack.faults.append(_twice)
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    await acts.press("hand_off")
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    await acts.write("new")
    await acts.press("choose:trustico", acts.last())
    await acts.write("retail")
    acts.slack.faults.clear()
    assert len(acts.channel(AGENTS)) == 1
    assert len(rows(acts.world, "cases")) == 2
    said = [text_of(message).splitlines()[0] for message in acts.dm() if message.by_app]
    assert len(said) == len(set(said))
    assert not any("earlier moment" in line or "did not open" in line for line in said)


async def _twice(passage: Passage, proceed: Proceed) -> Outcome:
    first = await proceed()
    if passage.way == "delivery":
        assert (await proceed()).status == first.status
    return first


async def test_the_same_signed_body_over_http_does_nothing_twice(
    http_world: World, refusals: set[str]
) -> None:
    refusals |= {"exchanged_trigger_id"}
    acts = Acts(http_world)
    await acts.command("new")
    sent = acts.slack.deliveries[-1]
    await acts.write("hi")
    heard = acts.slack.deliveries[-1]
    before, seen = everything(http_world), [text_of(message) for message in acts.dm()]
    for delivery in (sent, heard):
        again = await acts.slack.redeliver(delivery)
        assert again.acked
    await http_world.settle()
    assert everything(http_world) == before
    assert [text_of(message) for message in acts.dm()] == seen


async def test_a_submission_with_errors_can_be_sent_again_in_the_same_view(acts: Acts) -> None:
    view = await acts.walk(SECTIGO)
    refused = await acts.submit(**DETAILS | {"common_name": "not a host"})
    assert refused.id == view.id
    assert set(refused.errors) == {"detail-common_name"}
    done = await acts.submit(**DETAILS)
    assert done.id == view.id
    assert done.callback_id == "result"


async def test_a_modal_submitted_twice_shows_where_the_case_stands(acts: Acts) -> None:
    await acts.command()
    view = acts.slack.fill(acts.modal(), "fact-program", "opensrs")
    await asyncio.gather(*[acts.slack.people.submit(view.user, view) for _ in range(2)])
    await acts.world.settle()
    assert [b["block_id"] for b in acts.modal().blocks if b["type"] == "input"] == ["fact-requester"]
    assert acts.slack.notices(REQUESTER) == []


async def test_a_double_click_acts_once(acts: Acts) -> None:
    await acts.write("hi")
    question = acts.last()
    await asyncio.gather(
        *[acts.slack.click(REQUESTER, question, "choose:opensrs", stale=True) for _ in range(3)]
    )
    await acts.world.settle()
    asked = [message for message in acts.dm() if message.by_app and actions_in(message)]
    assert len(asked) == 1
    assert "reseller" in text_of(asked[0]).casefold()


async def test_two_agents_at_once_one_has_it(acts: Acts) -> None:
    await acts.walk({"program": "other"})
    await acts.press("hand_off")
    [card] = acts.channel(AGENTS)
    await asyncio.gather(*[acts.slack.click(agent, card, "claim", stale=True) for agent in ("ada", "ben")])
    await acts.world.settle()
    told = [m for agent in ("ada", "ben") for m in acts.channel(AGENTS, agent) if m.ephemeral]
    assert len(told) == 1
    assert len(acts.dm()) == 2


# --- windows that do not open, or have changed


async def test_a_trigger_that_expired_leaves_a_message_with_a_button_that_works(
    acts: Acts, refusals: set[str]
) -> None:
    refusals |= {"expired_trigger_id"}

    async def late(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name == "views.open":
            acts.world.clock.forward(seconds=4)
        return await proceed()

    acts.slack.faults.append(late)
    assert await acts.command() is None
    acts.slack.faults.clear()
    lost = acts.last()
    assert "C-1001" in text_of(lost)
    await acts.press("open", lost)
    assert "C-1001" in acts.modal().title


async def test_on_a_hash_conflict_the_present_state_is_drawn(acts: Acts, refusals: set[str]) -> None:
    refusals |= {"hash_conflict"}
    await acts.walk(ISSUED)
    old = acts.modal()
    await asyncio.gather(*[acts.slack.click(REQUESTER, old, what, stale=True) for what in ("why", "back")])
    await acts.world.settle()
    assert [b["block_id"] for b in acts.modal().blocks if b["type"] == "input"] == ["fact-issued"]


async def test_a_button_of_last_week_says_what_is_now(acts: Acts, refusals: set[str]) -> None:
    refusals |= {"hash_conflict"}
    await acts.walk(ISSUED)
    old = acts.modal()
    await acts.submit(provider="geotrust")
    await acts.submit(fulfilled_on="2026-11-20")
    acts.world.clock.forward(days=7)
    await acts.press("why", old, stale=True)
    assert acts.modal().callback_id == "result"


# --- what a dead process left


async def test_what_was_queued_is_sent_by_the_next_process(acts: Acts) -> None:
    async def refuse(passage: Passage, proceed: Proceed) -> Outcome:
        return Outcome(503, "away") if passage.name == "chat.postMessage" else await proceed()

    acts.slack.faults.append(refuse)
    await acts.walk({"program": "other"})
    assert acts.dm() == []
    acts.slack.faults.clear()
    acts.world.clock.forward(minutes=10)
    await restarted(acts)
    await acts.world.settle()
    assert len(acts.dm()) == 1
