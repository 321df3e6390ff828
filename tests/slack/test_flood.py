"""A flood from one person: recorded, not done, told once, and nobody else is slower for it."""

from __future__ import annotations

import asyncio
from statistics import median

import pytest
from sqlalchemy import text as sql

from bot import metrics
from bot.conversation.files import File
from bot.desk.deliveries import AT_ONCE, MOST_AT_ONCE, Write
from bot.desk.rate_limit import first_words
from bot.playground.standin import text_of
from tests.conftest import NOON
from tests.slack.conftest import ISSUED, REQUESTER, SUPPORT, Acts
from tests.slack.test_again import rows

SECONDS = AT_ONCE.total_seconds()
TOLD = "quicker than I can read"


async def send(acts: Acts, *texts: str, user: str = REQUESTER) -> None:
    """Write messages one after the other, without waiting for what they lead to."""
    for text in texts:
        await acts.slack.say(user, acts.slack.im(user), text)


def kinds(acts: Acts) -> list[object]:
    """Return the kinds of the receipts, in the order in which they were written."""
    assert acts.world.bot is not None
    with acts.world.bot.desk.store.engines.reader.connect() as connection:
        return [kind for (kind,) in connection.execute(sql("SELECT kind FROM receipts ORDER BY rowid"))]


def told(acts: Acts, user: str = REQUESTER) -> list[str]:
    return [text_of(message) for message in acts.dm(user) if TOLD in text_of(message)]


def asked(acts: Acts) -> list[str]:
    return [block["block_id"] for block in acts.modal().blocks if block["type"] == "input"]


def test_a_file_that_is_not_read_is_told_by_its_name() -> None:
    sent = (File("F0SHOP", "shop.pem"), File("F0ROOT", "root.pem"))
    assert first_words(Write("", NOON, None, files=sent)) == "shop.pem"
    assert first_words(Write("please cancel", NOON, None, files=sent)) == "please cancel"
    assert first_words(Write(None, NOON, None)) == ""


async def test_what_comes_beyond_the_flood_mark_is_recorded_and_told_once(acts: Acts) -> None:
    await send(acts, *[f"hello {n}" for n in range(MOST_AT_ONCE + 5)])
    await acts.world.settle()
    assert [*map(kinds(acts).count, ("write", "flood"))] == [MOST_AT_ONCE, 5]
    [once] = told(acts)
    assert f"beginning with “hello {MOST_AT_ONCE}”" in once
    assert f"more than {MOST_AT_ONCE}" in once
    # the welcome, a reply to each, after every second miss the question again, and this
    again = (MOST_AT_ONCE - 1) // 2
    assert len([m for m in acts.dm() if m.by_app]) == MOST_AT_ONCE + again + 2

    acts.world.clock.forward(seconds=SECONDS)
    await acts.write("opensrs")
    assert "reseller" in text_of(acts.last()).casefold()
    assert len(told(acts)) == 1

    await send(acts, *["reseller", "yes", *["again"] * MOST_AT_ONCE])
    await acts.world.settle()
    assert len(told(acts)) == 2


@pytest.mark.parametrize(("pause", "kind"), [(SECONDS - 0.001, "flood"), (SECONDS, "write")])
async def test_the_flood_ends_when_they_have_slowed_down(acts: Acts, pause: float, kind: str) -> None:
    await send(acts, *["hi"] * MOST_AT_ONCE)
    acts.world.clock.forward(seconds=pause)
    await send(acts, "opensrs")
    assert kinds(acts)[-1] == kind


async def test_what_slack_repeats_is_neither_counted_nor_done(acts: Acts) -> None:
    await send(acts, "hi")
    for _ in range(MOST_AT_ONCE):
        await acts.slack.redeliver(acts.slack.deliveries[0])
    await send(acts, *["still"] * (MOST_AT_ONCE - 1))
    assert set(kinds(acts)) == {"write"}
    await send(acts, "opensrs")
    unread = acts.slack.deliveries[-1]
    acts.world.clock.forward(minutes=1)
    await acts.world.settle()
    case = rows(acts.world, "cases")
    assert (await acts.slack.redeliver(unread)).acked
    await acts.world.settle()
    assert rows(acts.world, "cases") == case
    assert kinds(acts).count("flood") == 1


async def test_clicks_in_a_flood_show_how_things_stand(acts: Acts) -> None:
    view = await acts.walk(ISSUED)
    await send(acts, *["hi"] * MOST_AT_ONCE)
    await acts.world.settle()
    case = rows(acts.world, "cases")
    counted = metrics.REGISTRY.get_sample_value(
        "certdesk_deliveries_total", {"kind": "act", "outcome": "slowed"}
    )
    await acts.press("back")
    assert acts.modal().id == view.id
    assert acts.shown() == text_of(view)
    assert (await acts.submit(provider="geotrust")).errors == {}
    assert asked(acts) == ["fact-provider"]
    await acts.press("choose:opensrs", next(m for m in reversed(acts.dm()) if "Where was" in text_of(m)))
    assert rows(acts.world, "cases") == case
    assert kinds(acts)[-3:] == ["flood"] * 3
    assert (
        metrics.REGISTRY.get_sample_value("certdesk_deliveries_total", {"kind": "act", "outcome": "slowed"})
        == (counted or 0) + 3
    )
    assert acts.slack.notices(REQUESTER) == []


@pytest.mark.long
async def test_a_command_in_a_flood_is_answered_with_how_things_stand(acts: Acts) -> None:
    await send(acts, *["hi"] * MOST_AT_ONCE)
    assert await acts.command() is None
    assert TOLD in text_of(acts.channel(SUPPORT, REQUESTER)[-1])
    await acts.command("help")
    assert TOLD in text_of(acts.channel(SUPPORT, REQUESTER)[-1])
    assert len(rows(acts.world, "cases")) == 1
    acts.world.clock.forward(seconds=SECONDS)
    await acts.command()
    await send(acts, *["hi"] * MOST_AT_ONCE)
    acts.slack.world.set_stack(acts.slack.user(REQUESTER), [])
    view = await acts.command()
    assert view is not None
    assert "C-1002" in view.title
    assert len(rows(acts.world, "cases")) == 2


@pytest.mark.long
async def test_others_are_answered_as_fast_as_without_the_flood(acts: Acts) -> None:
    async def ask() -> float:
        delivery = await acts.slack.slash("ben", SUPPORT, "/certdesk")
        assert delivery.acked
        return delivery.elapsed

    quiet = median([await ask() for _ in range(5)])
    many = 2 * MOST_AT_ONCE
    flood = [
        asyncio.create_task(acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), f"hello {n}"))
        for n in range(many)
    ]
    await asyncio.sleep(0)
    loud = [await ask()]
    assert sum(task.done() for task in flood) < many * 3 / 4  # they were sent before, and are still in line
    loud += [await ask() for _ in range(4)]
    assert median(loud) < max(0.5, 5 * quiet)
    await asyncio.gather(*flood)  # what was not acknowledged in time on a slow machine, Slack sends again
    await acts.slack.until(lambda: len(kinds(acts)) == 10 + many, timeout=20)
    await acts.world.settle()
    assert [*map(kinds(acts).count, ("write", "flood"))] == [MOST_AT_ONCE, many - MOST_AT_ONCE]
    assert told(acts, "ben") == []
    assert len(told(acts)) == 1
    acts.world.clock.forward(seconds=SECONDS)
    await acts.write("opensrs")
    assert "reseller" in text_of(acts.last()).casefold()
