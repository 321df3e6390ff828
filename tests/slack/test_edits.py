"""Edited and deleted direct messages, in whatever order Slack delivers them; and what is never answered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.playground.standin import Fault, text_of
from bot.playground.standin.payloads import changed_event, deleted_event, message_event
from tests.conftest import World
from tests.slack.conftest import AGENTS, DETAILS, REQUESTER, Acts, actions_in
from tests.slack.test_again import everything, rows
from tests.slack.test_secrets import KEY, MARK, written

ANSWERS = {
    "hi": "hi",
    "program": "opensrs",
    "requester": "reseller",
    "issued": "yes",
    "provider": "sectigo",
    "date": "2026-11-10",
    **DETAILS,
}


class Writer:
    """Somebody who answers in the DM, and can name the message of each answer."""

    def __init__(self, acts: Acts, user: str = REQUESTER) -> None:
        self.acts, self.slack, self.user = acts, acts.slack, user
        self.im = acts.slack.im(user)
        self.ts: dict[str, str] = {}

    async def say(self, name: str, text: str | None = None) -> str:
        """Write a message and return what the bot has said since."""
        before = len(self.mine())
        self.ts[name] = await self.slack.say(self.user, self.im, text or ANSWERS[name])
        return await self.since(before)

    async def to(self, last: str) -> None:
        """Answer up to and with one question."""
        for name in ANSWERS:
            await self.say(name)
            if name == last:
                return

    async def edit(self, name: str, text: str) -> str:
        """Edit a message and return what the bot has said since."""
        before = len(self.mine())
        delivery = await self.slack.edit(self.user, self.im, self.ts[name], text)
        assert delivery is not None
        assert delivery.acked or delivery.error == "held", delivery.error
        return await self.since(before)

    async def delete(self, name: str) -> str:
        """Delete a message and return what the bot has said since."""
        before = len(self.mine())
        delivery = await self.slack.delete(self.user, self.im, self.ts[name])
        assert delivery is not None
        assert delivery.acked, delivery.error
        return await self.since(before)

    async def since(self, before: int) -> str:
        await self.acts.world.settle()
        return "\n".join(map(text_of, self.mine()[before:]))

    def mine(self) -> list[Any]:
        """Return what the bot has said."""
        return [message for message in self.acts.dm(self.user) if message.by_app]

    def shown(self) -> str:
        return "\n".join(map(text_of, self.mine()))

    def standing(self) -> list[str]:
        """Return the bot's messages that can be clicked, by their first lines."""
        return [text_of(m).splitlines()[0] for m in self.mine() if actions_in(m)]


@pytest.fixture
def rosa(acts: Acts) -> Writer:
    return Writer(acts)


# --- an edit


async def test_an_edit_in_mid_interview_changes_the_line_above_it_and_is_no_new_message(rosa: Writer) -> None:
    await rosa.to("provider")
    assert await rosa.edit("provider", "geotrust") == ""
    assert "Sectigo → GeoTrust" in rosa.shown()
    assert rosa.standing() == ["C-1001 On which day was the order fulfilled?"]
    assert "Request access" in await rosa.say("date")


async def test_an_edit_after_the_result_retires_it_and_says_before_and_after(rosa: Writer) -> None:
    await rosa.to("common_name")
    old = rosa.mine()[-1]
    said = await rosa.edit("date", "2026-11-03")
    assert "The ticket has changed." in said
    assert "Fulfilled: Tue 10 November 2026 → Tue 3 November 2026" in said
    assert "Fulfilled: Tue 3 November 2026" in said
    retired = next(message for message in rosa.mine() if message.ts == old.ts)
    assert text_of(retired).startswith("Out of date: C-1001")
    assert actions_in(retired) == set()
    assert "Fulfilled: Tue 10 November 2026 → Tue 3 November 2026" in rosa.mine()[-1].text


async def test_the_agents_card_says_what_has_changed_since_it_was_handed_over(rosa: Writer) -> None:
    acts = rosa.acts
    await rosa.to("common_name")
    await acts.press("hand_off", acts.last())
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    await rosa.edit("common_name", "www.example.org")
    await rosa.edit("date", "2026-11-03")
    card = acts.channel(AGENTS)[0]
    shown = text_of(card)
    assert "The ticket has changed since it was handed over." in shown
    assert "Common name: www.example.com → www.example.org" in shown
    assert "Fulfilled: Tue 10 November 2026 → Tue 3 November 2026" in shown
    assert "Cancel Sectigo certificate www.example.org" in shown
    assert "has C-1001 and sees what you changed" in await rosa.delete("date")
    assert "Fulfilled: Tue 10 November 2026 → taken back" in text_of(acts.channel(AGENTS)[0])


async def test_an_edit_to_nonsense_is_told_once_and_nothing_is_changed(rosa: Writer) -> None:
    await rosa.to("common_name")
    standing, count = rosa.standing(), len(rosa.mine())
    said = await rosa.edit("date", "soonish")
    assert "I can't read “soonish” as a date." in said
    assert "Fulfilled: Tue 10 November 2026 still counts." in said
    assert (rosa.standing(), len(rosa.mine())) == (standing, count + 1)


async def test_a_mistyped_answer_is_mended_by_editing_it(rosa: Writer) -> None:
    await rosa.to("provider")
    assert "as a date" in await rosa.say("date", "10 Nvo 2026")
    assert "reseller username" in await rosa.edit("date", "10 Nov 2026")


async def test_small_talk_can_be_edited_and_deleted_at_will(rosa: Writer) -> None:
    await rosa.to("requester")
    before = everything(rosa.acts.world)["cases"]
    assert await rosa.edit("hi", "trustico") == ""
    assert await rosa.delete("hi") == ""
    assert everything(rosa.acts.world)["cases"] == before


async def test_a_private_key_in_an_edit_is_refused_told_and_kept_nowhere(
    rosa: Writer, tmp_path: Path
) -> None:
    await rosa.to("common_name")
    for name in ("common_name", "hi"):
        assert "That was a private key" in await rosa.edit(name, KEY)
    assert "Common name: www.example.com still counts" in rosa.shown()
    assert MARK.encode() not in written(tmp_path)


async def test_an_edit_can_concern_a_case_that_is_not_the_newest(rosa: Writer) -> None:
    await rosa.to("date")
    await rosa.say("skip", "skip")
    old = dict(rosa.ts)
    await rosa.say("new", "new")
    await rosa.say("program", "trustico")
    rosa.ts["old date"] = old["date"]
    said = await rosa.edit("old date", "2026-11-03")
    assert "C-1001" in said
    assert "Tue 10 November 2026 → Tue 3 November 2026" in said
    assert "C-1002" in await rosa.say("account", "retail")


async def test_the_message_of_another_person_can_be_no_answer_of_mine(acts: Acts) -> None:
    rosa, ben = Writer(acts), Writer(acts, "ben")
    for writer in (rosa, ben):
        await writer.to("requester")
    before = everything(acts.world)["cases"]
    world = acts.slack.world
    mine = next(m for m in acts.dm() if m.ts == rosa.ts["program"])
    event = changed_event(world, mine, mine) | {"event_ts": world.next_ts()}
    event["message"] |= {"user": acts.slack.user("ben"), "text": "trustico"}
    await acts.slack.courier.event(event)
    await acts.slack.courier.event(deleted_event(world, mine) | {"previous_message": event["message"]})
    await acts.world.settle()
    assert everything(acts.world)["cases"] == before


# --- a deletion


async def test_a_deleted_answer_is_asked_again(rosa: Writer) -> None:
    await rosa.to("provider")
    said = await rosa.delete("requester")
    assert said.startswith("C-1001")
    assert "reseller" in said
    assert "Reseller → taken back" in rosa.shown()
    assert rosa.standing() == [said.splitlines()[0]]
    assert "fulfilled" in await rosa.say("again", "reseller")


async def test_a_deleted_answer_takes_back_the_ticket_that_rests_on_it(rosa: Writer) -> None:
    await rosa.to("common_name")
    said = await rosa.delete("date")
    assert "C-1001 On which day was the order fulfilled?" in said
    assert "Out of date: C-1001" in rosa.shown()
    assert len(rosa.standing()) == 1
    said = await rosa.say("date again", "2026-11-03")
    assert "Fulfilled: Tue 10 November 2026 → Tue 3 November 2026" in said
    assert "Fulfilled: Tue 3 November 2026 → Thu 5 November 2026" in await rosa.edit(
        "date again", "5 Nov 2026"
    )


async def test_a_message_with_replies_is_deleted_by_turning_into_a_tombstone(rosa: Writer) -> None:
    await rosa.to("provider")
    world = rosa.slack.world
    message = world.messages[rosa.im][rosa.ts["requester"]]
    event = changed_event(world, message, message)
    event["message"] = {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
        "ts": message.ts,
    }
    await rosa.slack.courier.event(event)
    await rosa.acts.world.settle()
    assert "Reseller → taken back" in rosa.shown()


# --- in whatever order, however often


async def test_an_edit_delivered_twice_is_done_once(rosa: Writer) -> None:
    await rosa.to("common_name")
    await rosa.edit("date", "2026-11-03")
    count, before = len(rosa.mine()), everything(rosa.acts.world)
    [edit] = [d for d in rosa.slack.deliveries if d.name == "message_changed" and not _by_app(d.payload)]
    assert (await rosa.slack.redeliver(edit)).acked
    await rosa.acts.world.settle()
    assert (len(rosa.mine()), everything(rosa.acts.world)) == (count, before)


async def test_an_edit_that_comes_before_its_message_is_the_message(rosa: Writer) -> None:
    await rosa.to("issued")
    rosa.slack.inject("message", Fault.REORDERED)
    assert await rosa.say("provider", "sectigo") == ""
    await rosa.edit("provider", "geotrust")
    await rosa.acts.world.settle()
    texts = [d.payload["event"].get("text") for d in rosa.slack.deliveries if d.name == "message"]
    assert "sectigo" in texts[-3:], "the old text arrived after all"
    assert "Sectigo" not in rosa.shown()
    assert rosa.standing() == ["C-1001 On which day was the order fulfilled?"]
    assert "reseller username" in (await rosa.edit("provider", "sectigo") + await rosa.say("date"))


async def test_a_deletion_that_comes_before_its_message_leaves_nothing_to_answer(rosa: Writer) -> None:
    await rosa.to("issued")
    standing = rosa.standing()
    rosa.slack.inject("message", Fault.REORDERED)
    await rosa.say("provider", "sectigo")
    await rosa.delete("provider")
    await rosa.acts.world.settle()
    texts = [d.payload["event"].get("text") for d in rosa.slack.deliveries if d.name == "message"]
    assert "sectigo" in texts
    assert rosa.standing() == standing


async def test_the_newer_of_two_edits_counts_though_it_comes_first(rosa: Writer) -> None:
    await rosa.to("common_name")
    rosa.slack.inject("message_changed", Fault.REORDERED)
    assert await rosa.edit("date", "2026-11-03") == ""
    await rosa.edit("date", "2026-11-05")
    await rosa.acts.world.settle()
    edits = [d.payload["event"] for d in rosa.slack.deliveries if d.name == "message_changed"]
    assert [e["message"]["text"] for e in edits if "bot_id" not in e["message"]][-1] == "2026-11-03"
    assert "Tue 10 November 2026 → Thu 5 November 2026" in text_of(rosa.mine()[-1])


async def test_an_edit_that_comes_after_the_deletion_is_nothing(rosa: Writer) -> None:
    await rosa.to("provider")
    rosa.slack.inject("message_changed", Fault.REORDERED)
    await rosa.edit("requester", "certificate holder")
    await rosa.delete("requester")
    await rosa.acts.world.settle()
    assert rosa.standing() == ["C-1001 Are you its reseller, or is the certificate your own?"]


async def test_an_edit_of_what_was_written_long_ago_is_no_new_message(rosa: Writer) -> None:
    """A receipt is forgotten after a week, and an edit must not be taken for a message on its way then."""
    await rosa.to("program")
    world = rosa.acts.world
    world.clock.forward(days=10)
    assert world.bot is not None
    await world.bot.desk.store.write(lambda unit: unit.receipts.forget(world.clock.at, 100))
    assert await rosa.edit("hi", "certificate holder") == ""
    assert await rosa.edit("program", "trustico")
    assert len(rows(world, "cases")) == 1


async def test_an_edit_and_its_message_at_once_are_answered_once(rosa: Writer) -> None:
    await rosa.to("issued")
    rosa.slack.inject("message", Fault.DELAYED, delay=0.05)
    saying = asyncio.create_task(rosa.say("provider", "sectigo"))
    await asyncio.sleep(0)
    [ts] = [m.ts for m in rosa.acts.dm() if m.text == "sectigo"]
    rosa.ts["provider"] = ts
    await rosa.edit("provider", "geotrust")
    await saying
    assert rosa.standing() == ["C-1001 On which day was the order fulfilled?"]
    assert "GeoTrust" in rosa.shown()


# --- what is never answered


async def test_a_link_preview_changes_nothing(rosa: Writer) -> None:
    await rosa.to("common_name")
    before = everything(rosa.acts.world)
    await rosa.slack.unfurl(rosa.im, rosa.ts["common_name"])
    await rosa.slack.unfurl(rosa.im, rosa.ts["hi"])
    await rosa.acts.world.settle()
    assert everything(rosa.acts.world) == before


@pytest.mark.parametrize(
    "about",
    [
        {"bot_id": "B0OTHER", "app_id": "A0OTHER"},
        {"app_id": "A0OTHER"},
        {"subtype": "bot_message", "bot_id": "B0WORKFLOW", "user": None},
        {"subtype": "bot_message"},
        {"user": "own"},
    ],
    ids=["another app", "a person's app", "a workflow", "an old integration", "itself"],
)
async def test_no_bot_is_answered_nor_heard(rosa: Writer, about: dict[str, Any]) -> None:
    """Neither what an app writes, nor what it edits or deletes: nothing recorded, nothing sent."""
    await rosa.to("date")
    before, world = everything(rosa.acts.world), rosa.slack.world
    theirs = {name: world.bot if value == "own" else value for name, value in about.items()}
    mine = world.messages[rosa.im][rosa.ts["date"]]
    written = message_event(world, mine) | {"ts": world.next_ts(), "text": "new"} | theirs
    changed = changed_event(world, mine, mine)
    changed["message"] |= {"text": "2026-11-03", "edited": {"ts": world.next_ts()}} | theirs
    deleted = deleted_event(world, mine)
    deleted["previous_message"] |= theirs
    for event in (written, changed, deleted):
        assert (await rosa.slack.courier.event(event)).acked
    await rosa.acts.world.settle()
    assert everything(rosa.acts.world) == before


@pytest.mark.long
async def test_what_the_bot_redraws_and_deletes_itself_is_none_of_its_business(rosa: Writer) -> None:
    await rosa.to("common_name")
    before = everything(rosa.acts.world)
    heard = [d for d in rosa.slack.deliveries if d.name == "message_changed"]
    assert heard
    assert all(_by_app(delivery.payload) for delivery in heard)
    kinds = {kind for _, kind, *_ in before["receipts"]}
    assert kinds == {"write"}


async def test_over_signed_http_an_edit_is_the_same(http_world: World) -> None:
    rosa = Writer(Acts(http_world))
    await rosa.to("common_name")
    assert "Tue 10 November 2026 → Tue 3 November 2026" in await rosa.edit("date", "2026-11-03")
    assert "On which day" in await rosa.delete("date")


def _by_app(payload: dict[str, Any]) -> bool:
    return "bot_id" in payload["event"]["message"]
