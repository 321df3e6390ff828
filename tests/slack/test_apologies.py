"""What cannot be written down: who waits for an answer hears that nothing was done."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.playground.standin import StandIn, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed, Way
from tests.conftest import World

HONEST = "did not go through"


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "certdesk.db")) as connection:
        return [*connection.iterdump()]


@contextmanager
def broken(folder: Path) -> Iterator[None]:
    """Take a table away, so that every transaction fails at once."""
    with closing(sqlite3.connect(folder / "certdesk.db", isolation_level=None)) as other:
        other.execute("ALTER TABLE receipts RENAME TO elsewhere")
        yield
        other.execute("ALTER TABLE elsewhere RENAME TO receipts")


async def told(world: World) -> str:
    """Return all that Rosa sees, once what follows a failure is over."""
    assert world.bot is not None
    await world.bot.listeners.after_ack.drain()
    slack = world.slack
    view = slack.view("rosa")
    shown = [*slack.messages("ssl-support", "rosa"), *slack.messages(slack.im("rosa"), "rosa")]
    return "\n".join([*map(text_of, shown), text_of(view) if view else ""])


async def opened(slack: StandIn, world: World) -> None:
    assert (await slack.slash("rosa", "ssl-support", "/certdesk", "")).acked
    await world.settle()


async def test_who_typed_a_command_hears_that_nothing_was_done(http_world: World, tmp_path: Path) -> None:
    slack = http_world.slack
    with broken(tmp_path):
        failed = await slack.slash("rosa", "ssl-support", "/certdesk", "")
        assert failed.status == 503
        assert HONEST in await told(http_world)
        [said] = [message for message in slack.messages("ssl-support", "rosa") if message.by_app]
        assert said.viewer == slack.user("rosa")
    assert not any(line.startswith('INSERT INTO "cases"') for line in dump(tmp_path))
    assert (await slack.redeliver(failed)).acked
    await http_world.settle()
    assert slack.view("rosa") is not None


async def test_a_modal_says_it_on_top_and_keeps_what_was_filled_in(http_world: World, tmp_path: Path) -> None:
    slack = http_world.slack
    await opened(slack, http_world)
    view = slack.view("rosa")
    assert view is not None
    with broken(tmp_path):
        assert (await slack.submit("rosa", slack.fill(view, "fact-program", "opensrs"))).status == 503
        assert HONEST in await told(http_world)
        http_world.clock.forward(minutes=2)
        view = slack.view("rosa")
        assert view is not None
        assert (await slack.submit("rosa", view)).status == 503
        assert (await told(http_world)).count(HONEST) == 1
    view = slack.view("rosa")
    assert view is not None
    assert (await slack.submit("rosa", view)).acked
    assert "reseller" in await told(http_world)
    assert HONEST not in await told(http_world)


async def test_a_click_in_a_modal_or_on_a_message_is_answered_where_it_was_made(
    http_world: World, tmp_path: Path
) -> None:
    slack = http_world.slack
    await opened(slack, http_world)
    view = slack.view("rosa")
    assert view is not None
    await slack.say("rosa", slack.im("rosa"), "hi")
    await http_world.settle()
    question = slack.messages(slack.im("rosa"))[-1]
    with broken(tmp_path):
        assert (await slack.click("rosa", view, "why")).status == 503
        assert HONEST in await told(http_world)
        assert HONEST not in text_of(slack.messages(slack.im("rosa"), "rosa")[-1])
        http_world.clock.forward(minutes=1)
        assert (await slack.click("rosa", question, "choose:opensrs")).status == 503
        assert (await told(http_world)).count(HONEST) == 2
        assert HONEST in text_of(slack.messages(slack.im("rosa"), "rosa")[-1])


async def test_it_is_said_once_a_minute_to_each(http_world: World, tmp_path: Path) -> None:
    slack = http_world.slack

    async def times() -> dict[str, int]:
        await told(http_world)
        return {
            who: sum(m.viewer == slack.user(who) for m in slack.messages("ssl-support", who))
            for who in ("rosa", "ben")
        }

    with broken(tmp_path):
        for _ in range(3):
            await slack.slash("rosa", "ssl-support", "/certdesk", "")
        await slack.slash("ben", "ssl-support", "/certdesk", "")
        assert await times() == {"rosa": 1, "ben": 1}
        http_world.clock.forward(seconds=59)
        await slack.slash("rosa", "ssl-support", "/certdesk", "")
        assert await times() == {"rosa": 1, "ben": 1}
        http_world.clock.forward(seconds=1)
        await slack.slash("rosa", "ssl-support", "/certdesk", "")
        assert await times() == {"rosa": 2, "ben": 1}


async def test_where_the_way_back_is_closed_it_is_said_in_the_dm(http_world: World, tmp_path: Path) -> None:
    slack = http_world.slack
    ways = []

    async def closed(passage: Passage, proceed: Proceed) -> Outcome:
        ways.append(passage.way)
        return Outcome(404, "no") if passage.way is Way.RESPONSE_URL else await proceed()

    slack.faults.append(closed)
    with broken(tmp_path):
        assert (await slack.slash("rosa", "ssl-support", "/certdesk", "")).status == 503
        assert HONEST in await told(http_world)
    assert HONEST in text_of(slack.messages(slack.im("rosa"))[-1])
    assert Way.RESPONSE_URL in ways


async def test_a_slack_that_answers_nothing_holds_up_no_refusal(http_world: World, tmp_path: Path) -> None:
    slack, goes_on = http_world.slack, asyncio.Event()

    async def hang(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.way is not Way.DELIVERY:
            await goes_on.wait()
        return await proceed()

    slack.faults.append(hang)
    with broken(tmp_path):
        for _ in range(2):
            failed = await slack.slash("rosa", "ssl-support", "/certdesk", "")
            assert failed.status == 503
            assert failed.elapsed < 1
    goes_on.set()


async def test_a_message_is_left_to_slack_to_send_again(http_world: World, tmp_path: Path) -> None:
    slack = http_world.slack
    with broken(tmp_path):
        await slack.say("rosa", slack.im("rosa"), "hi")
        assert slack.deliveries[-1].status == 503
        assert HONEST not in await told(http_world)
    assert (await slack.redeliver(slack.deliveries[-1])).acked
    await http_world.settle()
    assert "Where was" in await told(http_world)
