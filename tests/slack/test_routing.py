"""Words and their cases through Slack: passed on, held, moved, and seen by those who are meant alone."""

from __future__ import annotations

import pytest

from bot.conversation.people import Person
from bot.desk.deliveries import Assign, Delivery
from bot.playground.standin import Message, text_of
from bot.playground.standin.world import TEAM
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_case_record import SECTIGO, record, say

QUESTION = "Will the old certificate stop working?"


@pytest.fixture
async def two(acts: Acts) -> Acts:
    """Ada has C-1001, and the bot has answered C-1002 since."""
    await say(acts, "new", *SECTIGO, "acme", "skip", "skip", "agent")
    await acts.press("claim", card(acts), user="ada")
    await say(acts, "new", "other")
    return acts


def asked(acts: Acts) -> Message:
    """Return the newest question which case something is about."""
    return [m for m in acts.dm() if "A new case" in text_of(m)][-1]


def entries(acts: Acts, case: str) -> list[str]:
    """Return what stands in the thread of a case's card."""
    found = card(acts, case)
    under = acts.slack.world.thread(found.channel, found.ts)
    return [text_of(message) for message in sorted(under, key=lambda m: m.ts)]


def card(acts: Acts, case: str = "C-1001") -> Message:
    [found] = [m for m in acts.channel(AGENTS) if not m.is_reply and case in text_of(m)]
    return found


def thread(acts: Acts) -> list[str]:
    return entries(acts, "C-1001")


async def fill_in(acts: Acts, label: str, **fields: object) -> None:
    await acts.press(label, card(acts), user="ada")
    view = acts.modal("ada")
    for name, value in fields.items():
        view = acts.slack.fill(view, name, value)
    delivery = await acts.slack.submit("ada", view)
    assert delivery.acked, delivery.error
    await acts.world.settle()


async def in_thread(acts: Acts, of: Message, text: str) -> None:
    await acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), text, thread_ts=of.ts)
    await acts.world.settle()


# --- held


async def test_where_two_cases_are_possible_words_are_held_and_it_is_asked(two: Acts) -> None:
    before = thread(two)
    told = await two.write(QUESTION)
    assert ["C-1001" in told, "C-1002" in told, "A new case" in told] == [True] * 3
    assert thread(two) == before
    assert record(two)[-2:] == [(1002, "held", QUESTION), (1001, "held", QUESTION)]


async def test_the_case_that_is_chosen_has_the_words_and_nobody_else(two: Acts) -> None:
    await two.write(QUESTION)
    await two.press("C-1001", asked(two))
    assert QUESTION in thread(two)[-1]
    assert "in doubt" not in thread(two)[-1]
    assert record(two)[-1] == (1001, "passed_on", QUESTION)
    assert [fate for _, fate, _ in record(two)].count("held") == 0
    assert any("Passed on to the agents with C-1001" in text_of(m) for m in two.dm())


@pytest.mark.parametrize("text", ["C-1001", "c1001 please", "it's for C-1001", "the first one", "the first"])
async def test_the_case_may_be_typed_as_well(two: Acts, text: str) -> None:
    await two.write(QUESTION)
    await two.write(text)
    assert QUESTION in thread(two)[-1]
    assert [message for message in two.dm() if "[C-1002" in text_of(message)] == []
    assert all(text not in entry.split("\n")[-1] for entry in thread(two))


async def test_so_may_a_new_case_and_what_names_none_is_held_as_well(two: Acts) -> None:
    await two.write(QUESTION)
    await two.write("C-1009")
    await two.write("the one from yesterday")
    assert len(thread(two)) == len([entry for entry in thread(two) if QUESTION not in entry])
    await two.write("a new case")
    assert "Kept with a new case, C-1003" in " ".join(map(text_of, two.dm()))


async def test_words_for_the_case_that_the_bot_has_are_read_first_by_who_takes_it(two: Acts) -> None:
    await two.write(QUESTION)
    await two.press("C-1002", asked(two))
    assert record(two)[-1] == (1002, "kept", QUESTION)
    await two.write("agent")
    assert any(QUESTION in entry for entry in entries(two, "C-1002"))
    assert not any(QUESTION in entry for entry in entries(two, "C-1001"))


async def test_words_for_a_new_case_begin_it(two: Acts) -> None:
    await two.write("It is about another order")
    await two.press("A new case", asked(two))
    assert record(two)[-1] == (1003, "kept", "It is about another order")
    await two.write("agent")
    assert any("another order" in entry for entry in entries(two, "C-1003"))


async def test_what_is_written_on_is_held_too_and_one_answer_settles_all(two: Acts) -> None:
    await say(two, QUESTION, "And the intermediate?")
    assert sum("A new case" in text_of(m) for m in two.dm()) == 1
    await two.press("C-1001", asked(two))
    assert [QUESTION in thread(two)[-2], "And the intermediate?" in thread(two)[-1]] == [True, True]


async def test_after_ten_minutes_the_agents_see_it_in_doubt(two: Acts) -> None:
    await two.write(QUESTION)
    before = thread(two)
    two.world.clock.forward(minutes=9, seconds=59)
    await two.world.remind()
    assert thread(two) == before
    two.world.clock.forward(seconds=1)
    await two.world.remind()
    assert QUESTION in thread(two)[-1]
    assert "in doubt" in thread(two)[-1]
    await two.world.remind()
    assert len(thread(two)) == len(before) + 1
    await two.press("C-1001", asked(two))
    assert ["in doubt" in entry for entry in thread(two)[len(before) :]] == [False]


async def test_in_doubt_the_other_case_shows_it_too_once_it_is_handed_over(two: Acts) -> None:
    await two.write(QUESTION)
    two.world.clock.forward(minutes=10)
    await two.world.remind()
    await two.write("agent")
    [line] = [line for entry in entries(two, "C-1002") for line in entry.splitlines() if QUESTION in line]
    assert "in doubt" in line
    await two.press("C-1001", asked(two))
    assert not any(QUESTION in entry for entry in entries(two, "C-1002"))


@pytest.mark.parametrize("text", ["This is urgent, our shop is down!", "Our private key has leaked"])
async def test_urgent_words_go_to_both_at_once(two: Acts, text: str) -> None:
    told = await two.write(text)
    assert text in thread(two)[-1]
    assert "in doubt" in thread(two)[-1]
    assert "A new case" in told
    await two.press("C-1002", asked(two))
    assert text not in "".join(thread(two))
    assert "C-1002" in thread(two)[-1]


async def test_edits_and_deletions_of_what_is_held_follow(two: Acts) -> None:
    im = two.slack.im(REQUESTER)
    kept = await two.slack.say(REQUESTER, im, "Will teh old one stop working?")
    gone = await two.slack.say(REQUESTER, im, "my boss is a fool")
    await two.slack.edit(REQUESTER, im, kept, QUESTION)
    await two.slack.delete(REQUESTER, im, gone)
    two.world.clock.forward(minutes=10)
    await two.world.remind()
    assert [QUESTION in entry for entry in thread(two)] == [False] * (len(thread(two)) - 1) + [True]
    assert "fool" not in "".join(thread(two))
    await two.slack.edit(REQUESTER, im, kept, "Will it go on working?")
    await two.world.settle()
    assert "Will it go on working?" in thread(two)[-1]
    await two.slack.delete(REQUESTER, im, kept)
    await two.world.settle()
    assert "took a message back" in thread(two)[-1]


async def test_a_near_answer_to_the_bot_is_no_question_to_the_agents(two: Acts) -> None:
    await two.write("new")
    assert "Which case" not in await two.write("the red one")
    assert record(two)[-1] == (1003, "not_understood", "the red one")
    await two.write("opensrs")
    assert record(two)[-1] == (1003, "answer", "opensrs")


# --- moved


async def test_each_passing_on_names_its_case_and_another_case_moves_it(two: Acts) -> None:
    await two.write("C-1001: " + QUESTION)
    notice = two.last()
    assert ["C-1001" in text_of(notice), "Another case" in text_of(notice)] == [True, True]
    await two.press("Another case", notice)
    await two.press("C-1002", asked(two))
    assert QUESTION not in "".join(thread(two))
    assert "C-1002" in thread(two)[-1]
    assert record(two)[-1] == (1002, "kept", "C-1001: " + QUESTION)
    again = [m for m in two.dm() if "Kept with C-1002" in text_of(m)][-1]
    await two.press("Another case", again)
    await two.press("C-1001", asked(two))
    assert QUESTION in thread(two)[-1]


async def test_a_reply_below_what_was_said_of_moved_words_is_for_their_case(two: Acts) -> None:
    """Each answer is posted anew, so the one that says so already stands where nothing is written next."""
    await two.write("C-1001: " + QUESTION)
    for chosen in ("C-1002", "C-1001"):
        await two.press("Another case", [m for m in two.dm() if "Another case" in text_of(m)][-1])
        await two.press(chosen, asked(two))
    [first, *_] = [m for m in two.dm() if "It is about C-1002" in text_of(m)]
    await in_thread(two, first, "And the intermediate?")
    assert record(two)[-1] == (1002, "kept", "And the intermediate?")


async def test_edits_of_moved_words_follow_where_they_are(two: Acts) -> None:
    im = two.slack.im(REQUESTER)
    said = await two.slack.say(REQUESTER, im, "C-1001: " + QUESTION)
    await two.world.settle()
    await two.press("Another case", two.last())
    await two.press("C-1002", asked(two))
    await two.slack.edit(REQUESTER, im, said, "Will it go on working?")
    await two.world.settle()
    assert record(two)[-1] == (1002, "kept", "Will it go on working?")
    assert "go on working" not in "".join(thread(two))


async def test_nobody_moves_what_somebody_else_wrote(two: Acts) -> None:
    await two.write(QUESTION)
    before = record(two), thread(two)
    [value] = {
        b["value"] for block in asked(two).blocks for b in block.get("elements", []) if "C-1001" in str(b)
    }
    _, _, carried = value.split(".", 2)
    under, *messages = carried.split()
    assert two.world.bot is not None
    ben = Person(TEAM, TEAM, two.slack.user("ben"))
    for case in (1001, 0):
        wanted = Assign(case, tuple(messages), int(under))
        await two.world.bot.desk.receive(Delivery(f"click-{case}", ben, wanted))
    await two.world.settle()
    assert (record(two), thread(two)) == before


# --- whose they are


async def test_a_thread_and_a_number_name_the_case(two: Acts) -> None:
    await fill_in(two, "Reply to requester", words="Which server is it?")
    words = two.last()
    await say(two, "new", "other")
    await in_thread(two, words, "the one in Kiel")
    assert "the one in Kiel" in thread(two)[-1]
    await two.write("about C-1001: the one in Ulm")
    assert "the one in Ulm" in thread(two)[-1]
    [result] = [m for m in two.dm() if "C-1003" in text_of(m) and "Hand to an agent" in text_of(m)][:1]
    await in_thread(two, result, QUESTION)
    assert record(two)[-1] == (1003, "kept", QUESTION)


async def test_who_names_two_cases_is_asked(two: Acts) -> None:
    before = thread(two)
    assert "Which case is this about?" in await two.write("Are C-1001 and C-1002 the same?")
    assert thread(two) == before
    await two.press("C-1001", asked(two))
    assert "the same?" in thread(two)[-1]


async def test_an_agent_who_spoke_last_is_answered(two: Acts) -> None:
    await fill_in(two, "Reply to requester", words="Shall I cancel it?")
    assert "C-1001" in await two.write("yes, do that")
    assert "yes, do that" in thread(two)[-1]


async def test_a_notice_of_another_case_takes_no_answer_from_a_question(acts: Acts) -> None:
    await say(acts, "new", *SECTIGO, "acme", "skip", "skip", "agent", "new", "opensrs")
    await acts.press("claim", card(acts), user="ada")
    await acts.write("reseller")
    assert record(acts)[-1] == (1002, "answer", "reseller")
    await fill_in(acts, "Reply to requester", words="Has it been issued?")
    await acts.write("yes")
    assert record(acts)[-1] == (1001, "passed_on", "yes")


async def test_a_case_of_somebody_else_is_named_by_nobody(two: Acts) -> None:
    await say(two, "hi")
    [told] = [await two.write(text, user="ben") for text in ("C-1001: what does she want?",)]
    assert "what does she want" not in "".join(thread(two))
    assert "shop" not in told


# --- under an answer

UNDER = ["How do I send it?", "what does that mean", "and where is this control panel", "help me please"]


@pytest.mark.parametrize("text", UNDER)
async def test_a_question_under_an_answer_belongs_to_it(acts: Acts, text: str) -> None:
    told = await say(acts, "new", *SECTIGO, "acme", "skip", "skip", text)
    assert ["C-1001" in told, "Hand to an agent" in told, "C-1002" in told] == [True, True, False]
    assert record(acts)[-1] == (1001, "kept", text)
    await acts.press("Hand to an agent", acts.last())
    assert any(text in entry for entry in thread(acts))


async def test_another_order_under_an_answer_is_a_new_case(acts: Acts) -> None:
    await say(acts, "new", *SECTIGO, "acme", "skip", "skip")
    assert "C-1002" in await acts.write("And a GeoTrust one, issued 5 Nov 2026, can I cancel that?")


# --- kill -9


async def test_held_words_outlive_the_process(two: Acts) -> None:
    await two.write(QUESTION)
    await two.world.stop()
    await two.world.start()
    await two.press("C-1001", asked(two))
    assert QUESTION in thread(two)[-1]
