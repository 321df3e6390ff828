"""The interview in direct messages: typed, clicked and picked."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground.standin import text_of
from tests.slack.conftest import AGENTS, DETAILS, REQUESTER, Acts, actions_in


async def to_the_date(acts: Acts) -> None:
    for said in ("hello", "opensrs", "reseller", "yes", "sectigo"):
        await acts.write(said)


async def test_a_typed_interview_ends_in_a_ticket(acts: Acts) -> None:
    assert "Where was the certificate ordered?" in await acts.write("hi there")
    assert "reseller" in (await acts.write("OpenSRS")).casefold()
    await acts.write("reseller")
    await acts.write("yes")
    await acts.write("PositiveSSL")
    await acts.write("10 Nov 2026")
    for value in DETAILS.values():
        said = await acts.write(value)
    assert all(value in said for value in DETAILS.values())
    assert "10 December 2026" in said
    assert {"hand_off", "edit"} <= actions_in(acts.last())


async def test_buttons_and_the_date_picker_do_the_same(acts: Acts) -> None:
    await acts.write("hi")
    for token in ("opensrs", "reseller", "true", "geotrust"):
        await acts.press(f"choose:{token}", acts.last())
    picker = next(
        e
        for b in acts.last().blocks
        if b["type"] == "actions"
        for e in b["elements"]
        if e["type"] == "datepicker"
    )
    await acts.press(picker["action_id"], acts.last(), date="2026-11-10")
    assert "10 December 2026" in text_of(acts.last())


async def test_what_is_answered_has_no_buttons_left(acts: Acts) -> None:
    await acts.write("hi")
    await acts.press("choose:opensrs", acts.last())
    await acts.write("reseller")
    with_buttons = [message for message in acts.dm() if message.by_app and actions_in(message)]
    assert with_buttons == [acts.last()]


async def test_a_date_that_can_be_two_is_asked_back(acts: Acts) -> None:
    await to_the_date(acts)
    await acts.write("03/11/2026")
    asked = acts.last()
    offered = [e["action_id"] for b in asked.blocks if b["type"] == "actions" for e in b["elements"]]
    assert sorted(offered) == ["choose:2026-03-11", "choose:2026-11-03"]
    await acts.press("choose:2026-03-11", asked)
    assert "expired" in text_of(acts.last()).casefold() or "no" in text_of(acts.last()).casefold()
    assert "11 March 2026" in "\n".join(map(text_of, acts.dm()))


async def test_a_date_that_can_be_two_with_one_answer_is_taken_and_can_be_changed(acts: Acts) -> None:
    await to_the_date(acts)
    said = await acts.write("03/04/2026")
    assert "I read: Fulfilled: Fri 3 April 2026" in said
    assert "the last day was Sun 3 May 2026" in said
    read = next(message for message in acts.dm() if "I read:" in text_of(message))
    await acts.press("correct:fulfilled_on", read)
    assert "On which day was the order fulfilled?" in text_of(acts.last())


async def test_a_picked_day_long_ago_is_asked_back_and_taken_when_confirmed(acts: Acts) -> None:
    await to_the_date(acts)
    await acts.press("pick_date:1001.5", acts.last(), date="1999-01-01")
    assert "more than two years ago" in text_of(acts.last())
    await acts.press("choose:1999-01-01", acts.last())
    assert "the last day was Sun 31 January 1999" in text_of(acts.last())


async def test_in_the_modal_a_day_long_ago_is_taken_when_it_is_submitted_again(acts: Acts) -> None:
    await acts.walk({"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "geotrust"})
    view = acts.slack.fill(acts.modal(), "fact-fulfilled_on", "1999-01-01")
    first = await acts.slack.submit(REQUESTER, view)
    assert "more than two years ago" in str(first.response)
    assert "1999" in text_of(await acts.submit(fulfilled_on="1999-01-01"))


async def test_what_cannot_be_read_gets_a_sentence_and_changes_nothing(acts: Acts) -> None:
    await to_the_date(acts)
    question = acts.last()
    assert "soonish" in await acts.write("soonish")
    assert actions_in(question) == actions_in(next(m for m in acts.dm() if m.ts == question.ts))
    for said in ("2026-02-31", "tomorrow", "31.12.2999"):
        await acts.write(said)
        assert "Traceback" not in "".join(map(text_of, acts.dm()))
    assert "username" in (await acts.write("yesterday")).casefold()


async def test_after_two_misses_the_question_comes_again_with_a_way_to_a_person(acts: Acts) -> None:
    await to_the_date(acts)
    question = acts.last()
    await acts.write("soonish")
    assert actions_in(acts.last()) == {"hand_off"}
    await acts.write("a while ago I think")
    again = acts.last()
    assert actions_in(again) == actions_in(question) | {"hand_off"}
    assert "a while ago" in text_of(acts.dm()[-2])
    assert not actions_in(next(m for m in acts.dm() if m.ts == question.ts))
    await acts.write("hmm")
    assert text_of(acts.last()) != text_of(again)
    assert actions_in(acts.last()) == {"hand_off"}
    await acts.press("hand_off", again)
    assert [text_of(card) for card in acts.channel(AGENTS) if "C-1001" in text_of(card)]


async def test_back_why_and_start_over_by_word_and_by_button(acts: Acts) -> None:
    await acts.write("hi")
    await acts.write("opensrs")
    assert "OpenSRS" in await acts.write("why?")
    assert "Where was the certificate ordered?" in await acts.write("back")
    await acts.write("opensrs")
    await acts.write("reseller")
    assert "Where was the certificate ordered?" in await acts.write("start over")
    await acts.write("opensrs")
    await acts.press("back", acts.last())
    assert "Where was the certificate ordered?" in text_of(acts.last())
    await acts.press("why", acts.last())
    assert acts.slack.view(REQUESTER) is None


async def test_agent_in_mid_interview_and_after_it(acts: Acts) -> None:
    await acts.write("hi")
    await acts.write("opensrs")
    assert "agents" in await acts.write("agent")
    [card] = acts.channel(AGENTS)
    assert "C-1001" in text_of(card)
    await acts.write("certificate holder")
    [card] = acts.channel(AGENTS)
    assert "Certificate holder" in text_of(card)


async def test_agent_after_an_answer_is_answered_below_it(acts: Acts) -> None:
    await acts.write("hi")
    await acts.write("somewhere else")
    assert "is with the agents" in await acts.write("agent")
    assert "is with the agents" in await acts.write("human")
    assert len([message for message in acts.channel(AGENTS) if not message.is_reply]) == 1


async def test_back_after_an_answer_goes_back_in_the_same_case(acts: Acts) -> None:
    await acts.write("hi")
    await acts.write("somewhere else")
    assert "C-1001" in await acts.write("back")
    assert "C-1001" in await acts.write("trustico")


@pytest.mark.long
async def test_help_cases_new_and_thanks(acts: Acts) -> None:
    assert "/certdesk" in await acts.write("help")
    assert "no cases" in await acts.write("cases")
    await acts.write("hi")
    await acts.write("other")
    assert "C-1001" in await acts.write("my cases")
    assert "welcome" in await acts.write("Thanks!")
    assert "C-1002" in await acts.write("new")
    assert "C-1002" in await acts.write("opensrs")


async def test_a_stale_button_says_where_the_case_stands(acts: Acts) -> None:
    await acts.write("hi")
    question = acts.last()
    await acts.write("opensrs")
    stands = acts.last()
    await acts.press("choose:trustico", question, stale=True)
    assert text_of(acts.last()).startswith("That button is from an earlier moment")
    assert acts.last().ephemeral
    assert [message for message in acts.dm() if message.ts == stands.ts] == [stands]
    await acts.write("reseller")
    await acts.press("choose:trustico", question, stale=True)
    assert "Has it been issued" in text_of(acts.last()) or "issued" in text_of(acts.last())
    assert actions_in(acts.last())
    assert "Trustico" not in await acts.write("cases")


async def test_two_people_at_once_do_not_meet(acts: Acts) -> None:
    async def talk(user: str, words: list[str]) -> None:
        for word in words:
            await acts.slack.say(user, acts.slack.im(user), word)

    await asyncio.gather(
        talk("rosa", ["hi", "opensrs", "reseller", "no"]), talk("ben", ["hi", "trustico", "retail"])
    )
    await acts.world.settle()
    assert "Trustico" not in "".join(map(text_of, acts.dm("rosa")[1:][3:]))
    assert "Control Panel" in text_of(acts.last("rosa"))
    assert "Trustico" in text_of(acts.last("ben"))


async def test_a_message_elsewhere_is_not_for_the_bot(acts: Acts) -> None:
    await acts.slack.say(REQUESTER, "ssl-support", "certdesk, hello?")
    await acts.world.settle()
    assert len(acts.channel("ssl-support")) == 1
    assert acts.dm() == []


async def test_what_people_type_stays_literal(acts: Acts) -> None:
    await acts.write("hi")
    await acts.write("<!channel> <@U0ADA> *bold* {{ 7 * 7 }} `x` \u202e")
    said = acts.last()
    assert "{{ 7 * 7 }}" in text_of(said)
    elements = [
        e["type"]
        for b in said.blocks
        if b["type"] == "rich_text"
        for s in b["elements"]
        for e in s["elements"]
    ]
    assert "user" not in elements
    assert "broadcast" not in elements
    assert "<!channel>" not in said.text
