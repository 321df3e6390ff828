"""What a requester writes belongs to a case, in order, and agents see it when they take over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.playground.standin import text_of
from bot.store.schema import words
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, REQUESTER, Acts
from tests.slack.test_handoff import card, thread

SECTIGO = ("opensrs", "reseller", "yes", "sectigo", "3 Nov 2026")
LONG = "We ordered it twice by mistake. " * 20


async def say(acts: Acts, *texts: str) -> str:
    """Write these one after the other; return what the desk said to the last."""
    return [await acts.write(text) for text in texts][-1]


def record(acts: Acts) -> list[tuple[int, str, str | None]]:
    """Return each word's case, what it was taken as, and its text."""
    assert acts.world.bot is not None
    with acts.world.bot.desk.store.engines.reader.connect() as connection:
        rows = connection.execute(select(words).order_by(words.c.id)).mappings().all()
    return [(row["case_id"] + 1000, row["taken_as"], row["text"]) for row in rows]


# --- what words are taken as

FATES = [
    (("hello",), [("command", "hello")]),
    (("Guten Tag",), [("command", "Guten Tag")]),
    (("new", "opensrs"), [("command", "new"), ("answer", "opensrs")]),
    (("We need to cancel shop.example.com",), [("kept", "We need to cancel shop.example.com")]),
    (("hi", "the wrong one"), [("command", "hi"), ("not_understood", "the wrong one")]),
    (("hi", "opensrs", "back"), [("command", "hi"), ("answer", "opensrs"), ("command", "back")]),
    (("hi", "agent", "it leaked"), [("command", "hi"), ("command", "agent"), ("passed_on", "it leaked")]),
    (("hi", "agent", "opensrs"), [("command", "hi"), ("command", "agent"), ("answer", "opensrs")]),
    (("hi", "other", "thanks"), [("command", "hi"), ("answer", "other"), ("kept", "thanks")]),
]


@pytest.mark.parametrize(("said", "fates"), FATES, ids=[" / ".join(said) for said, _ in FATES])
async def test_each_word_has_one_fate(
    acts: Acts, said: tuple[str, ...], fates: list[tuple[str, str]]
) -> None:
    await say(acts, *said)
    assert record(acts) == [(1001, *fate) for fate in fates]


async def test_what_is_typed_into_forms_is_in_the_record(acts: Acts) -> None:
    await acts.walk(ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"})
    await acts.submit(**DETAILS)
    assert record(acts) == [(1001, "answer", "acme\n1234567890\nwww.example.com")]


async def test_the_record_follows_edits_and_deletions(acts: Acts) -> None:
    im = acts.slack.im(REQUESTER)
    first = await acts.slack.say(REQUESTER, im, "We orderd it twice")
    second = await acts.slack.say(REQUESTER, im, "opensrs or so")
    await acts.slack.edit(REQUESTER, im, first, "We ordered it twice")
    await acts.slack.edit(REQUESTER, im, second, "opensrs")
    third = await acts.slack.say(REQUESTER, im, "it was odd")
    await acts.slack.delete(REQUESTER, im, third)
    await acts.world.settle()
    assert record(acts) == [
        (1001, "kept", "We ordered it twice"),
        (1001, "answer", "opensrs"),
        (1001, "not_understood", None),
    ]


# --- what agents see

AFTER_HANDOVER = [
    ("hi", "agent", "the key leaked, please hurry"),
    ("hello", "agent", "are you there?"),
    ("hi", "opensrs", "agent", "it was an accident"),
    ("new", *SECTIGO, "agent", "urgent"),
    ("new", *SECTIGO, "agent", "Please call me"),
    ("new", *SECTIGO[:2], "agent", "how long does it take?"),
]


@pytest.mark.parametrize("said", AFTER_HANDOVER, ids=" / ".join)
async def test_what_answers_nothing_goes_to_the_agents_at_once_and_is_said(
    acts: Acts, said: tuple[str, ...]
) -> None:
    told = await say(acts, *said)
    assert said[-1] in thread(acts)[-1]
    assert said[-1] not in text_of(card(acts))
    assert "C-1001" in told
    assert "I can't" not in told
    again = await say(acts, "and one thing more")
    assert "and one thing more" in thread(acts)[-1]
    assert again


NAMED = [
    ("acme", False),
    ("username: acme", True),
    ("my reseller username is acme", True),
    ("skip", True),
]


@pytest.mark.parametrize(("said", "answers"), NAMED)
async def test_a_name_counts_after_a_handoff_only_where_it_is_named(
    acts: Acts, said: str, *, answers: bool
) -> None:
    await say(acts, "new", *SECTIGO, "agent", said)
    assert record(acts)[-1][1:] == ("answer" if answers else "passed_on", said)
    if "username" in said:
        assert "acme" in text_of(card(acts))


async def test_the_thread_opens_with_what_was_written_before(acts: Acts) -> None:
    await say(acts, "Our customer ordered twice", "opensrs", "the red one", "reseller", "agent")
    opening = thread(acts)[0]
    lines = [line for line in opening.splitlines() if line.strip()]
    assert ["ordered twice" in lines[1], "opensrs" in lines[2], "the red one" in lines[3]] == [True] * 3
    assert ["not understood" in line for line in lines[1:4]] == [False, False, True]
    assert "agent" not in lines[-1]
    assert "*" not in opening  # what is emphasized is marked as such, not by its stars


async def test_answers_until_somebody_claims_are_in_the_opening_too(acts: Acts) -> None:
    await say(acts, "Our customer ordered twice", "agent", "opensrs")
    assert "opensrs" in thread(acts)[0]
    await acts.press("claim", card(acts), user="ada")
    await say(acts, "reseller")
    assert "reseller" in thread(acts)[-1]
    assert "reseller" not in thread(acts)[0]


async def test_long_words_are_folded_and_stand_in_full_below(acts: Acts) -> None:
    await say(acts, LONG, "agent")
    opening, whole = thread(acts)
    assert LONG[:100] in opening
    assert LONG.strip() not in opening
    assert LONG.strip() in whole


async def test_the_opening_follows_edits_and_deletions(acts: Acts) -> None:
    im = acts.slack.im(REQUESTER)
    kept = await acts.slack.say(REQUESTER, im, LONG)
    missed = await acts.slack.say(REQUESTER, im, "the red one")
    await say(acts, "agent")
    await acts.slack.edit(REQUESTER, im, kept, LONG.replace("twice", "three times"))
    await acts.slack.delete(REQUESTER, im, missed)
    await acts.world.settle()
    opening, whole = thread(acts)
    for text in (opening, whole):
        assert "three times" in text
        assert "twice" not in text
    assert "the red one" not in opening
    assert "deleted" in opening


async def test_a_second_handoff_opens_with_what_came_since(acts: Acts) -> None:
    await say(acts, "First words", "agent")
    await acts.press("claim", card(acts), user="ada")
    await acts.press("give_back", card(acts), user="ada")
    acts.world.clock.forward(minutes=1)
    await say(acts, "the red one", "agent")
    assert "the red one" in thread(acts)[-1]
    assert "First words" not in thread(acts)[-1]


# --- what is no case


async def test_what_was_opened_and_left_is_no_case(acts: Acts) -> None:
    for _ in range(6):
        await acts.command("new")
        await acts.slack.close(REQUESTER)
    await say(acts, "hello")
    assert "no cases" in await say(acts, "cases")
    said = await say(acts, "opensrs")
    assert "C-1007" in said
    listed = await say(acts, "cases")
    assert "C-1007" in listed
    assert "C-1001" not in listed


async def test_agent_hands_over_the_case_that_was_shown_last(acts: Acts) -> None:
    await say(acts, "hello", "new", "opensrs", "reseller", "no", "agent")
    [shown] = [message for message in acts.channel(AGENTS) if not message.is_reply]
    assert "C-1002" in text_of(shown)


async def test_an_empty_case_is_not_gone_on_with_before_one_with_answers(acts: Acts) -> None:
    await acts.command("new")
    await acts.submit(program="opensrs")
    await acts.slack.close(REQUESTER)
    await acts.command("new")
    await acts.slack.close(REQUESTER)
    await acts.command()
    assert "C-1001" in acts.shown()
