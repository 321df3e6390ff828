"""The handoff desk through Slack: the card, its thread, words both ways, and what nobody may see or do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.playground.standin import Fault, Message, text_of
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, PARTNER, REQUESTER, SUPPORT, Acts, actions_in
from tests.slack.test_again import rows

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}
BETWEEN_US = "they always do this, between us"


@pytest.fixture
async def handed(acts: Acts) -> Acts:
    """A case with a ticket that lacks its details is with the agents."""
    await acts.walk(SECTIGO)
    await acts.press("Go on without them")
    await acts.press("hand_off")
    await acts.slack.close(REQUESTER)
    return acts


@pytest.fixture
async def held(handed: Acts) -> Acts:
    """Ada has it."""
    await handed.press("claim", card(handed), user="ada")
    return handed


def card(acts: Acts) -> Message:
    [found] = [m for m in acts.channel(AGENTS) if not m.is_reply]
    return found


def thread(acts: Acts) -> list[str]:
    found = acts.slack.world.thread(card(acts).channel, card(acts).ts)
    return [text_of(message) for message in sorted(found, key=lambda m: m.ts)]


def told(acts: Acts, user: str) -> list[str]:
    return [text_of(m) for m in acts.channel(AGENTS, user) if m.ephemeral]


def received(acts: Acts, user: str = REQUESTER) -> str:
    """Return everything that a person ever got of the bot."""
    world, mine = acts.slack.world, acts.slack.user(user)
    seen = [m for ch in world.messages for m in world.visible(ch, mine) if mine in world.channels[ch].members]
    views = [str(call.args) for call in acts.slack.calls if call.method.startswith("views.")]
    return "\n".join([*map(text_of, seen), *map(str, (m.blocks for m in seen)), *views])


async def fill_in(acts: Acts, label: str, user: str = "ada", **fields: object) -> None:
    await acts.press(label, card(acts), user=user)
    view = acts.modal(user)
    for name, value in fields.items():
        view = acts.slack.fill(view, name, value)
    delivery = await acts.slack.submit(user, view)
    assert delivery.acked, delivery.error
    await acts.world.settle()


async def resolve(acts: Acts, outcome: str, user: str = "ada") -> None:
    await acts.press("resolve", card(acts), user=user, option=outcome)


# --- the card


async def test_the_card_says_in_its_first_lines_whose_it_is_and_by_when(handed: Acts) -> None:
    lines = text_of(card(handed)).splitlines()
    assert "C-1001" in lines[0]
    assert "🟢" in lines[0]
    shown = "\n".join(lines[:6])
    assert "Waiting for an agent" in shown
    assert f"<user:{handed.slack.user(REQUESTER)}>" in shown
    assert "17 of 30 days left" in shown
    assert "▰▰▰▰▰▰▰▰" in shown


async def test_the_bar_is_redrawn_with_the_day(handed: Acts) -> None:
    handed.world.clock.forward(days=1)
    await handed.world.remind()
    assert "16 of 30 days left" in text_of(card(handed))


@pytest.mark.parametrize(
    ("user", "says"), [(REQUESTER, False), ("eve", True)], ids=["own workspace", "another workspace"]
)
async def test_the_card_says_who_comes_from_another_workspace(acts: Acts, user: str, *, says: bool) -> None:
    acts.slack.world.open_im(acts.slack.user(user))
    await acts.write("trustico", user)
    await acts.write("agent", user)
    assert ("from another workspace" in text_of(card(acts))) is says


# --- claim


@pytest.mark.long
async def test_twenty_agents_claim_at_once_one_has_it_and_nineteen_are_told(handed: Acts) -> None:
    names = [f"agent{number}" for number in range(20)]
    for name in names:
        handed.slack.add_user(name, role="agent")
        await handed.slack.join(name, AGENTS)
    await handed.world.settle()
    there = card(handed)
    await asyncio.gather(*[handed.slack.click(name, there, "claim", stale=True) for name in names])
    await handed.world.settle()
    owners = [name for name in names if f"<user:{handed.slack.user(name)}>" in text_of(card(handed))]
    assert len(owners) == 1
    others = [name for name in names if name not in owners]
    assert all(f"<user:{handed.slack.user(owners[0])}> has it" in told(handed, name)[0] for name in others)
    assert told(handed, owners[0]) == []
    assert text_of(handed.last()).count("took C-1001") == 1


async def test_who_is_no_agent_any_more_can_do_nothing(held: Acts) -> None:
    there = card(held)
    await held.slack.leave("ada", AGENTS)
    await held.world.settle()
    assert "waiting" in text_of(card(held)).casefold()
    before = rows(held.world, "cases")
    await held.slack.people.act(held.slack.user("ada"), there, *_element(there, "give_back"), None)
    await held.world.settle()
    assert rows(held.world, "cases") == before


def _element(message: Message, action: str) -> tuple[dict[str, Any], dict[str, Any]]:
    pairs = ((block, e) for block in message.blocks for e in block.get("elements", []))
    return next((block, e) for block, e in pairs if e.get("action_id") == action)


# --- words both ways


async def test_a_reply_goes_to_the_requester_and_stands_in_the_thread(held: Acts) -> None:
    await fill_in(held, "Reply to requester", words="Which order *is* it?\n<!channel>")
    last = text_of(held.last())
    assert f"<user:{held.slack.user('ada')}>" in last
    assert "Which order *is* it?" in last
    assert "<!channel>" in last
    assert any("wrote to the requester" in line and "Which order" in line for line in thread(held))


async def test_what_the_requester_writes_stands_in_the_thread_and_follows_its_edits(held: Acts) -> None:
    count = len(held.dm())
    ts = await held.slack.say(REQUESTER, held.slack.im(REQUESTER), "It is order 77")
    await held.world.settle()
    assert [("C-1001" in text, "Another case" in text) for text in map(text_of, held.dm()[count + 1 :])] == [
        (True, True)
    ]
    assert "It is order 77" in thread(held)[-1]
    await held.slack.edit(REQUESTER, held.slack.im(REQUESTER), ts, "It is order 78")
    await held.world.settle()
    assert "It is order 78" in thread(held)[-1]
    assert "(changed)" in thread(held)[-1]
    await held.slack.delete(REQUESTER, held.slack.im(REQUESTER), ts)
    await held.world.settle()
    assert "order" not in thread(held)[-1]
    assert "took a message back" in thread(held)[-1]
    assert len(thread(held)) == 1


@pytest.mark.parametrize("late", ["an edit after a later one", "an edit after the deletion"])
async def test_what_stands_in_the_thread_is_the_newest_text_in_whatever_order_edits_come(
    held: Acts, late: str
) -> None:
    slack, im = held.slack, held.slack.im(REQUESTER)
    ts = await slack.say(REQUESTER, im, "It is order 77")
    await held.world.settle()
    slack.inject("message_changed", Fault.REORDERED)
    await slack.edit(REQUESTER, im, ts, "It is order 78")
    if "deletion" in late:
        await slack.delete(REQUESTER, im, ts)
    else:
        await slack.edit(REQUESTER, im, ts, "It is order 79")
    await held.world.settle()
    edits = [d.payload["event"]["message"] for d in slack.deliveries if d.name == "message_changed"]
    assert [e["text"] for e in edits if "bot_id" not in e][-1] == "It is order 78"
    [line] = thread(held)
    assert ("took a message back" in line, "79" in line) == ("deletion" in late, "deletion" not in late)


async def test_a_note_in_the_thread_reaches_nobody_else(held: Acts) -> None:
    there = card(held)
    await held.slack.say("ada", AGENTS, BETWEEN_US, thread_ts=there.ts)
    await fill_in(held, "Reply to requester", words="Hello")
    await fill_in(held, "Reassign…", agent=held.slack.user("ben"), note=f"{BETWEEN_US}!")
    await held.slack.say("ben", AGENTS, BETWEEN_US, thread_ts=there.ts)
    await held.write("hello?")
    await resolve(held, "Refunded", "ben")
    assert BETWEEN_US in "\n".join(thread(held))
    assert BETWEEN_US not in received(held)


async def test_asking_for_details_waits_for_the_requester_who_fills_in_a_form(held: Acts) -> None:
    await held.press("Ask for details", card(held), user="ada")
    view = held.modal("ada")
    assert "supplier order" in str(view.blocks)
    await held.slack.submit("ada", view)
    await held.world.settle()
    assert "Waiting for the requester" in text_of(card(held))
    await held.press("Give the details", held.last())
    await held.submit(**DETAILS)
    shown = text_of(card(held))
    assert f"<user:{held.slack.user('ada')}> has it" in shown
    assert DETAILS["common_name"] in shown
    assert "gave details" in thread(held)[-1]


async def test_while_nobody_has_it_words_are_passed_on_and_each_is_said(handed: Acts) -> None:
    assert "Passed on to the agents with C-1001" in await handed.write("one more thing")
    assert "Passed on to the agents with C-1001" in await handed.write("and another")
    assert [("one more" in line, "another" in line) for line in thread(handed)] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.long
async def test_a_private_key_is_not_passed_on(held: Acts) -> None:
    said = await held.write(
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"
    )
    assert "key" in said
    assert thread(held) == []


async def test_a_new_case_can_be_asked_while_an_agent_has_one(held: Acts) -> None:
    assert "Where was" in await held.write("new")
    assert "reseller" in (await held.write("opensrs")).casefold()
    held.world.clock.forward(seconds=5)
    await fill_in(held, "Reply to requester", words="Are you there?")
    assert "who has C-1001" in await held.write("yes, I am")
    assert "yes, I am" in thread(held)[-1]


async def test_an_answer_in_the_thread_of_an_agents_message_is_for_that_case(held: Acts) -> None:
    await fill_in(held, "Reply to requester", words="Are you there?")
    asked = held.last()
    await held.write("new")
    await held.slack.say(REQUESTER, held.slack.im(REQUESTER), "here!", thread_ts=asked.ts)
    await held.world.settle()
    assert "here!" in thread(held)[-1]


# --- reassign, give back, resolve, reopen


async def test_another_agent_may_not_reply_until_it_is_theirs(held: Acts) -> None:
    await held.press("Reply to requester", card(held), user="ben")
    assert held.slack.view("ben") is None
    assert f"<user:{held.slack.user('ada')}> has C-1001" in told(held, "ben")[0]
    await fill_in(held, "Reassign…", "ben", agent=held.slack.user("ben"))
    assert f"<user:{held.slack.user('ben')}> has it" in text_of(card(held))
    await fill_in(held, "Reply to requester", "ben", words="Mine now")
    assert "Mine now" in text_of(held.last())


async def test_given_back_the_bot_answers_again_and_the_card_stays_one(acts: Acts) -> None:
    for said in ("hi", "opensrs", "agent"):
        await acts.write(said)
    await acts.press("claim", card(acts), user="ada")
    assert "who has C-1001" in await acts.write("reseller")
    await acts.press("give_back", card(acts), user="ada")
    assert "Back with certdesk" in text_of(card(acts))
    assert "issued" in (await acts.write("reseller")).casefold()
    await acts.write("agent")
    assert "Waiting for an agent" in text_of(card(acts))


async def test_a_result_says_that_agents_have_it_only_while_they_do(handed: Acts) -> None:
    [result] = [m for m in handed.dm() if "With the agents" in text_of(m)]

    def now() -> tuple[bool, bool]:
        [same] = [m for m in handed.dm() if m.ts == result.ts]
        said = text_of(same)
        return "With the agents" in said or "has this case" in said, "hand_off" in actions_in(same)

    assert now() == (True, False)
    await handed.press("claim", card(handed), user="ada")
    assert now() == (True, False)
    await handed.press("give_back", card(handed), user="ada")
    assert now() == (False, True)
    await handed.press("hand_off", next(m for m in handed.dm() if m.ts == result.ts))
    assert now() == (True, False)
    await handed.press("claim", card(handed), user="ada")
    await resolve(handed, "Refunded")
    assert now() == (False, False)


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("Refunded", "refunded"),
        ("Canceled only", "canceled, without a refund"),
        ("Refused", "refused"),
        ("Sent to provider", "with the provider"),
    ],
)
async def test_each_outcome_is_told_to_the_requester(held: Acts, outcome: str, says: str) -> None:
    await resolve(held, outcome)
    assert "Resolved" in text_of(card(held))
    assert actions_in(card(held)) == {"reopen"}
    assert says in text_of(held.last())


@pytest.mark.parametrize(
    ("days", "words", "reopened"),
    [(0, "thanks!", False), (0, "But it is still there", True), (6, "hm", True), (7, "hm", False)],
)
async def test_a_resolved_case_is_reopened_by_a_message_within_seven_days(
    held: Acts, days: int, words: str, *, reopened: bool
) -> None:
    await resolve(held, "Refunded")
    held.world.clock.forward(days=days)
    await held.world.remind()
    said = await held.write(words)
    assert ("is open again" in said) is reopened
    assert ("has it" in text_of(card(held))) is reopened
    assert (words in "\n".join(thread(held))) is reopened


@pytest.mark.long
async def test_thanks_for_a_case_resolved_in_mid_interview_is_no_answer_to_its_question(acts: Acts) -> None:
    for said in ("hi", "opensrs", "agent"):
        await acts.write(said)
    await resolve(acts, "Refused")
    before = rows(acts.world, "cases")
    assert "C-1001" in await acts.write("thanks")
    assert rows(acts.world, "cases") == before


async def test_an_emoji_claims_marks_and_offers_outcomes(handed: Acts) -> None:
    await react(handed, "ben", "eyes")
    assert f"<user:{handed.slack.user('ben')}> has it" in text_of(card(handed))
    await react(handed, "ada", "rotating_light")
    assert "🚨" in text_of(card(handed)).splitlines()[0]
    await react(handed, "ben", "white_check_mark")
    offered = max(handed.slack.world.thread(card(handed).channel, card(handed).ts), key=lambda m: m.ts)
    await handed.press("Canceled only", offered, user="ben")
    assert "canceled only" in text_of(card(handed)).casefold()


async def react(acts: Acts, user: str, emoji: str, message: Message | None = None) -> None:
    shown = message or card(acts)
    event = {
        "type": "reaction_added",
        "user": acts.slack.user(user),
        "reaction": emoji,
        "item": {"type": "message", "channel": shown.channel, "ts": shown.ts},
        "event_ts": acts.slack.world.next_ts(),
    }
    assert (await acts.slack.courier.event(event)).acked
    await acts.world.settle()


async def test_an_emoji_of_somebody_else_or_elsewhere_does_nothing(handed: Acts) -> None:
    before = rows(handed.world, "cases")
    await react(handed, REQUESTER, "eyes")
    await react(handed, "ada", "eyes", handed.dm()[0])
    await react(handed, "ada", "tada")
    assert rows(handed.world, "cases") == before


async def test_the_shortcut_on_a_message_opens_the_interview(acts: Acts) -> None:
    await acts.slack.say(REQUESTER, SUPPORT, "Can I cancel order 12345678?")
    message = acts.channel(SUPPORT)[-1]
    assert (await acts.slack.shortcut("ben", "check_order", message)).acked
    await acts.world.settle()
    assert "Question 1 of" in acts.shown("ben")


async def test_a_case_that_no_page_decides_has_no_bar(acts: Acts) -> None:
    await acts.walk(PARTNER | {"subject": "prepaid_balance"})
    await acts.press("hand_off")
    assert "▰" not in text_of(card(acts))
