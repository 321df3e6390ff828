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


@pytest.mark.long
@pytest.mark.parametrize("said", MORE)
async def test_more_than_thanks_opens_it_again(held: Acts, said: str) -> None:
    await resolve(held, "Canceled only")
    await held.write(said)
    assert "open again" in "".join(map(text_of, held.dm()))
    assert any(said in entry for entry in thread(held))


async def test_thanks_alone_are_not_shown_to_the_agents_when_it_opens_again(held: Acts) -> None:
    await resolve(held, "Canceled only")
    await held.write("thanks a lot")
    await held.write("but it is still there")
    assert "thanks a lot" not in "".join(thread(held))
    assert "but it is still there" in thread(held)[-1]


async def test_what_was_said_before_a_case_opens_again_stands_above_what_opens_it(held: Acts) -> None:
    await held.press("give_back", card(held), user="ada")
    await held.write("which portal is that?")
    await held.write("agent")
    await held.write("please hurry")
    await held.press("claim", card(held), user="ada")
    said = "".join(thread(held))
    assert said.index("which portal") < said.index("please hurry")


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


@pytest.mark.long
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


# --- a key that leaked

LEAKS = [
    "our customer's private key leaked; PositiveSSL, order 123456789 at OpenSRS, issued 3 Nov 2026",
    "the key leaked, please hurry",
    "Der private Schlüssel wurde gestohlen",
]


@pytest.mark.parametrize("said", LEAKS)
async def test_a_leaked_key_is_met_with_revoke_now_before_any_question(acts: Acts, said: str) -> None:
    await acts.write(said)
    first, *read, question = [message for message in acts.dm() if message.by_app]
    assert "revoked now" in text_of(first)
    assert len(read) == ("OpenSRS" in said)
    assert all("I read: OpenSRS · Sectigo" in text_of(message) for message in read)
    assert "hand_off" in actions_in(first)
    assert "choose" in str(question.blocks)
    await acts.press("hand_off", first)
    assert "C-1001" in text_of(card(acts))
    assert said[:20] in "".join(thread(acts))


async def test_a_leaked_key_in_mid_interview_is_met_so_and_the_question_comes_again(acts: Acts) -> None:
    await to_a_question(acts)
    question = text_of(acts.last())
    said = await acts.write("the key leaked, please hurry")
    assert said.index("revoked now") < said.index(question)
    assert "can't take" not in said


async def test_a_leaked_key_goes_to_the_agents_who_have_the_case(held: Acts) -> None:
    assert "revoked now" in await held.write("the private key leaked!")
    assert "the private key leaked!" in "".join(thread(held))


async def test_who_has_agents_already_is_not_told_to_call_them(held: Acts) -> None:
    told = await held.write("the private key leaked!")
    assert "Hand to an agent" not in told
    assert told.index("revoked now") < told.index("Passed on to")


async def test_where_agents_can_do_nothing_nobody_is_sent_to_them(acts: Acts) -> None:
    for said in ("new", "opensrs", "certificate holder"):
        await acts.write(said)
    answer = acts.last()
    assert "nothing the agents can do" in await acts.write("can I talk to someone?")
    assert actions_in(answer) == actions_in(next(m for m in acts.dm() if m.ts == answer.ts))
    told = await acts.write("the key leaked")
    assert ["revoked now" in told, "Hand to an agent" in told, "OpenSRS support" in told] == [
        True,
        False,
        False,
    ]


async def test_a_leak_may_be_about_the_case_that_agents_have(acts: Acts) -> None:
    for said in ("new", "opensrs", "reseller", "yes", "agent", "new", "opensrs", "reseller", "no"):
        await acts.write(said)
    told = await acts.write("der Schlüssel ist geleakt, bitte sofort sperren!")
    assert told.index("revoked now") < told.index("Which case is it about?")


@pytest.mark.parametrize("said", ["what if the key is not leaked", "The key has not leaked"])
async def test_a_key_that_has_not_leaked_is_no_alarm(acts: Acts, said: str) -> None:
    assert "revoked now" not in await acts.write(said)


async def test_where_nothing_is_issued_there_is_nothing_to_revoke(acts: Acts) -> None:
    await acts.write("the key leaked, but the certificate is not issued yet")
    assert "revoked now" not in "".join(map(text_of, acts.dm()))


# --- breaking off


@pytest.mark.parametrize("said", ["cancel", "stop", "never mind", "Cancel it, please", "abbrechen"])
async def test_breaking_off_asks_what_is_meant(acts: Acts, said: str) -> None:
    await to_a_question(acts)
    question = text_of(acts.last())
    asked = await acts.write(said)
    assert "the certificate itself" in asked
    assert actions_in(acts.last()) == {"give_up", "open"}
    await acts.press("open", acts.last())
    assert text_of(acts.last()) == question


async def test_a_case_that_is_given_up_asks_nothing_until_it_is_opened_again(acts: Acts) -> None:
    await to_a_question(acts)
    question = acts.last()
    await acts.write("cancel")
    choice = acts.last()
    await acts.press("give_up", choice)
    assert "C-1001 is given up" in text_of(acts.last())
    assert not actions_in(next(m for m in acts.dm() if m.ts == question.ts))
    assert "C-1002" in await acts.write("hello")
    await acts.press("open", choice)
    assert text_of(acts.last()) == text_of(question)
    await acts.press("choose:true", acts.last())
    assert "C-1001" in text_of(acts.last())


async def test_giving_up_changes_nothing_once_the_case_is_with_the_agents(acts: Acts) -> None:
    await to_a_question(acts)
    await acts.write("cancel")
    choice = acts.last()
    await acts.write("agent")
    await acts.press("give_up", choice)
    assert "given up" not in text_of(acts.last())
    assert "wait" in text_of(card(acts)).casefold() or "claim" in str(card(acts).blocks)


@pytest.mark.parametrize("said", ["urgent", "asap!", "dringend", "urgente"])
async def test_urgent_words_are_no_detail(acts: Acts, said: str) -> None:
    await to_a_question(acts)
    for each in ("yes", "sectigo", "10 Nov 2026", said):
        await acts.write(each)
    assert actions_in(acts.last()) == {"hand_off"}
    for value in DETAILS.values():
        ticket = await acts.write(value)
    assert said not in ticket
