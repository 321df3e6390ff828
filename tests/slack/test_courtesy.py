"""Thanks change nothing, and a person is reached by whatever words one asks for them."""

from __future__ import annotations

import pytest

from bot.playground.standin import text_of
from tests.slack.conftest import AGENTS, DETAILS, Acts, actions_in
from tests.slack.test_handoff import card, fill_in, handed, held, resolve, thread

__all__ = ["handed", "held"]

THANKS = [
    "Thanks a lot",
    "ok thanks",
    ":+1:",
    "\N{PERSON WITH FOLDED HANDS}",
    "perfect, that worked, thanks Ada!",
    "vielen Dank!",
    "muchas gracias, Rosa",
    "d'accord, merci",
]
MORE = ["thanks, but it still does not work", "thanks for nothing", "ok, and when does the money come?"]


async def to_a_question(acts: Acts) -> None:
    for said in ("new", "opensrs", "reseller"):
        await acts.write(said)


@pytest.mark.parametrize("said", THANKS)
async def test_thanks_leave_a_resolved_case_resolved(held: Acts, said: str) -> None:
    await resolve(held, "Canceled only")
    before = text_of(card(held)), thread(held)
    assert "welcome" in await held.write(said)
    assert (text_of(card(held)), thread(held)) == before


@pytest.mark.parametrize("said", MORE)
async def test_more_than_thanks_opens_it_again(held: Acts, said: str) -> None:
    await resolve(held, "Canceled only")
    await held.write(said)
    assert "open again" in "".join(map(text_of, held.dm()))
    assert any(said in entry for entry in thread(held))


async def test_thanks_are_not_passed_on_while_an_agent_has_the_case(held: Acts) -> None:
    before = thread(held)
    assert "welcome" in await held.write("thanks a lot!")
    assert thread(held) == before
    await held.write("thanks, one more thing: it is wildcard")
    assert "it is wildcard" in thread(held)[-1]


async def test_ok_is_an_answer_where_an_agent_has_asked(held: Acts) -> None:
    await held.press("ask_back", card(held), user="ada")
    await fill_in(held, "ask_back", words="Shall I cancel it?")
    before = thread(held)
    await held.write("thank you")
    assert thread(held) == before
    await held.write("ok, thanks")
    assert "ok, thanks" in "".join(thread(held)[len(before) :])


async def test_thanks_for_one_case_are_no_words_for_another(held: Acts) -> None:
    await resolve(held, "Canceled only")
    await to_a_question(held)
    await held.write("agent")
    seen = [text_of(message) for message in held.channel(AGENTS)]
    assert "welcome" in await held.write("thanks!")
    assert [text_of(message) for message in held.channel(AGENTS)] == seen


@pytest.mark.parametrize("said", ["thanks", "ok", ":thumbsup:", "Danke!"])
async def test_thanks_are_no_answer_to_an_open_question(acts: Acts, said: str) -> None:
    await to_a_question(acts)
    question = acts.last()
    assert "still open" in await acts.write(said)
    assert actions_in(question) == actions_in(next(m for m in acts.dm() if m.ts == question.ts))
    assert "Who issued" in await acts.write("yes") or actions_in(acts.last())


async def test_thanks_are_no_detail(acts: Acts) -> None:
    await to_a_question(acts)
    for said in ("yes", "sectigo", "10 Nov 2026", "thanks a lot"):
        await acts.write(said)
    for value in DETAILS.values():
        said = await acts.write(value)
    assert "thanks" not in said


async def test_a_product_with_thanks_is_no_thanks(acts: Acts) -> None:
    await to_a_question(acts)
    await acts.write("yes")
    assert "welcome" not in await acts.write("thanks, Sectigo")


async def test_thanks_from_somebody_new_open_no_case(acts: Acts) -> None:
    await acts.write("thanks!")
    assert "no cases" in await acts.write("cases")


@pytest.mark.parametrize(
    "said",
    [
        "agent please",
        "I want to talk to a human",
        "can someone call me?",
        "operator",
        "Ich möchte mit einem Menschen sprechen",
        "quiero hablar con una persona",
        "je voudrais parler à quelqu'un",
    ],
)
async def test_a_person_is_asked_for_in_many_words(acts: Acts, said: str) -> None:
    await to_a_question(acts)
    assert "is with the agents" in await acts.write(said)
    assert "C-1001" in text_of(acts.channel(AGENTS)[0])


@pytest.mark.parametrize("said", ["I don't need an agent", "ich brauche keinen Mitarbeiter"])
async def test_who_wants_no_person_gets_none(acts: Acts, said: str) -> None:
    await to_a_question(acts)
    await acts.write(said)
    assert acts.channel(AGENTS) == []
    assert "hand_off" in actions_in(acts.last())


async def test_the_first_words_can_ask_for_a_person(acts: Acts) -> None:
    await acts.write("can I talk to a human please?")
    assert "C-1001" in text_of(acts.channel(AGENTS)[0])
