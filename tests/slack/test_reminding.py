"""What comes when its time has come, also after a restart; and what may be done about it."""

from __future__ import annotations

import pytest

from bot.playground.standin import Message, text_of
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, REQUESTER, Acts, actions_in
from tests.slack.test_handoff import card, fill_in, resolve, thread

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}  # until 10 December
GEOTRUST = ISSUED | {"provider": "geotrust", "fulfilled_on": "2026-11-10"}


@pytest.fixture
async def answered(acts: Acts) -> Acts:
    """Rosa, whose zone is Madrid's, has her answer; nobody else knows of it."""
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    await acts.slack.close(REQUESTER)
    return acts


@pytest.fixture
async def handed(answered: Acts) -> Acts:
    await answered.press("hand_off", answered.last())
    return answered


async def wait(acts: Acts, **time: float) -> list[str]:
    """Let time pass, with a restart in the middle of it; return what the requester was told then."""
    before = len(acts.dm())
    await acts.world.stop()
    acts.world.clock.forward(**time)
    await acts.world.start()
    await acts.world.remind()
    return [text_of(message) for message in acts.dm()[before:]]


UNCLAIMED = [
    (("hi", "agent"), "Whatever you write here goes to them"),
    (("new", "opensrs", "reseller", "no", "agent"), "what to do is in the answer above"),
    (("new", "other", "agent"), "what to do and the text to send are in the answer above"),
]


@pytest.mark.parametrize(("said", "says"), UNCLAIMED)
async def test_who_waits_for_an_agent_is_told_of_what_there_is(
    acts: Acts, said: tuple[str, ...], says: str
) -> None:
    for words in said:
        await acts.write(words)
    handed_over = text_of(acts.last())
    assert ("go on answering" in handed_over) is (said[0] == "hi")
    acts.world.clock.forward(minutes=61)
    await acts.world.remind()
    [told] = [text_of(m) for m in acts.dm() if "Nobody has taken" in text_of(m)]
    assert says in told
    assert ("answer above" in told) is (said[0] != "hi")


def reminder(acts: Acts) -> Message:
    return acts.last()


@pytest.mark.long
async def test_the_window_is_reminded_of_three_days_and_one_day_before_and_not_again(answered: Acts) -> None:
    assert await wait(answered, days=13, hours=19) == []  # 7 December, 8 in Madrid
    [soon] = await wait(answered, hours=1.5)
    assert "3 days left" in soon
    assert await wait(answered, days=1) == []
    [last] = await wait(answered, days=1)
    assert "1 day left" in last
    assert await wait(answered, days=5) == []


async def test_the_owner_is_reminded_of_the_window_too(handed: Acts) -> None:
    await handed.press("claim", card(handed), user="ada")
    await handed.press(
        "stop_as_agent", card(handed), user="ada", option="No reminder if nothing has happened by then"
    )
    await wait(handed, days=14)
    assert f"<user:{handed.slack.user('ada')}>, C-1001: 3 days left" in "\n".join(thread(handed))


@pytest.mark.long
@pytest.mark.parametrize("how", ["Stop reminding me", "I have sent it"])
async def test_a_reminder_stops_those_after_it(answered: Acts, how: str) -> None:
    await wait(answered, days=14)
    await answered.press(how, reminder(answered))
    assert await wait(answered, days=2) == []


async def test_each_reminder_can_be_stopped_before_it_comes(answered: Acts) -> None:
    assert "3 days before the window closes" in text_of(answered.last())
    await answered.press("stop", answered.last(), option="No reminder 3 days before the window closes")
    assert "3 days before" not in text_of(answered.last())
    assert await wait(answered, days=14) == []
    assert len(await wait(answered, days=2)) == 1


@pytest.mark.long
async def test_five_working_days_after_the_request_it_is_asked_whether_the_credit_came(
    answered: Acts,
) -> None:
    await answered.press("I have sent it", answered.last())  # Monday 23 November
    assert await wait(answered, days=7, hours=3) == []  # Monday 30 November, 16 in Madrid
    [asked] = await wait(answered, hours=2)
    assert "did the credit arrive" in asked
    await answered.press("Yes, it arrived", reminder(answered))
    assert "settled" in text_of(answered.last())
    assert "credit arrive" not in "".join(await wait(answered, days=30))


async def test_forty_eight_hours_after_the_request_in_the_portal(acts: Acts) -> None:
    await acts.walk(GEOTRUST)
    await acts.slack.close(REQUESTER)
    await acts.press("I have sent it", acts.last())
    assert await wait(acts, hours=47) == []
    assert "did the credit arrive" in "".join(await wait(acts, hours=1))


@pytest.mark.long
async def test_a_credit_that_did_not_come_goes_to_the_agents_with_its_history(handed: Acts) -> None:
    await handed.press("claim", card(handed), user="ada")
    await fill_in(handed, "Reply to requester", words="I send it now")
    await resolve(handed, "Sent to provider")
    await wait(handed, days=6)
    said = "".join(await wait(handed, days=2))
    assert "did the credit arrive" in said
    await handed.press("No", reminder(handed))
    assert "is open again" in text_of(handed.last())
    assert f"<user:{handed.slack.user('ada')}> has it" in text_of(card(handed))
    assert "did not arrive" in thread(handed)[-1]
    assert "I send it now" in "\n".join(thread(handed))


async def test_a_credit_that_did_not_come_makes_a_card_where_there_was_none(answered: Acts) -> None:
    await answered.press("I have sent it", answered.last())
    await wait(answered, days=8)
    await answered.press("No", reminder(answered))
    assert "Waiting for an agent" in text_of(card(answered))
    assert "did not arrive" in thread(answered)[-1]


@pytest.mark.long
async def test_a_case_nobody_claims_is_raised_once_and_the_requester_is_told(handed: Acts) -> None:
    assert await wait(handed, minutes=59) == []
    [told] = await wait(handed, minutes=1)
    assert "Nobody has taken C-1001 yet" in told
    raised = [m for m in handed.channel(AGENTS) if m.broadcast]
    assert len(raised) == 1
    assert "waits for an agent" in text_of(raised[0])
    assert await wait(handed, hours=5) == []
    assert len([m for m in handed.channel(AGENTS) if m.broadcast]) == 1


async def test_an_alarm_stands_under_a_new_card_where_somebody_deleted_the_old_one(
    acts: Acts, refusals: set[str]
) -> None:
    refusals |= {"message_not_found"}
    await acts.write("hi")
    await acts.write("agent")
    acts.slack.world.remove(card(acts).channel, card(acts).ts)
    await wait(acts, hours=1)
    assert "waits for an agent" in thread(acts)[-1]
    await acts.press("claim", card(acts), user="ada")
    assert f"<user:{acts.slack.user('ada')}> has it" in text_of(card(acts))


@pytest.mark.long
async def test_who_does_not_answer_is_asked_again_then_the_case_is_closed_and_can_be_reopened(
    handed: Acts,
) -> None:
    await handed.press("claim", card(handed), user="ada")
    await fill_in(handed, "Ask for details", words="Which one?")
    assert await wait(handed, days=1, hours=23) == []
    assert "is waiting for your answer" in "".join(await wait(handed, hours=1))
    [closed] = await wait(handed, days=5)
    assert "is closed" in closed
    assert "Closed" in text_of(card(handed))
    await handed.press("Reopen", reminder(handed))
    assert f"<user:{handed.slack.user('ada')}> has it" in text_of(card(handed))


@pytest.mark.long
async def test_an_answer_in_time_keeps_the_case_open(handed: Acts) -> None:
    await handed.press("claim", card(handed), user="ada")
    await fill_in(handed, "Ask for details", words="Which one?")
    await wait(handed, days=3)
    await handed.write("the first")
    assert not any("closed" in said for said in await wait(handed, days=5))


async def test_an_owner_who_does_nothing_is_reminded_in_the_thread(handed: Acts) -> None:
    await handed.press("claim", card(handed), user="ada")
    await wait(handed, hours=24)
    assert f"<user:{handed.slack.user('ada')}>, nothing has happened" in thread(handed)[-1]


async def test_a_resolved_case_is_closed_after_seven_days_without_a_word(handed: Acts) -> None:
    await handed.press("claim", card(handed), user="ada")
    await resolve(handed, "Refused")
    assert await wait(handed, days=7) == []
    assert "Closed" in text_of(card(handed))
    assert actions_in(card(handed)) == {"reopen"}
