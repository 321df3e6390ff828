"""`@certdesk` in a channel: what is written there is kept, answered there, and goes on in the DM."""

from __future__ import annotations

import pytest

from bot.playground.standin import Fault, Message, Rule, text_of
from tests.slack.conftest import AGENTS, REQUESTER, SUPPORT, Acts
from tests.slack.test_again import everything

SAID = "OpenSRS reseller here: PositiveSSL for shop.example.com was issued on 10 Nov 2026, order 1234567890"


async def mention(
    acts: Acts, text: str, *, user: str = REQUESTER, channel: str = SUPPORT, thread: str | None = None
) -> list[Message]:
    """Name certdesk in a channel, and return what its writer alone sees there since."""
    ts = await acts.slack.say(user, channel, text, thread_ts=thread)
    await acts.world.settle()
    return [m for m in acts.channel(channel, user) if m.ephemeral and m.ts > ts]


async def answer(acts: Acts, text: str, **where: str) -> Message:
    [told] = await mention(acts, text, **where)
    return told


async def test_it_is_answered_there_with_what_was_read_and_goes_on_in_the_dm(acts: Acts) -> None:
    told = await answer(acts, f"@certdesk {SAID}")
    assert "I read: OpenSRS" in text_of(told)
    assert "[Start]" in text_of(told)
    assert acts.dm() == []
    await acts.press("Start", told)
    read, asked = map(text_of, acts.dm())
    assert "I read: OpenSRS" in read
    assert "What is your reseller username?" in asked
    assert "goes on in your direct messages" in text_of(acts.channel(SUPPORT, REQUESTER)[-1])


READ = [
    # what stood in the channel, what its writer is told there
    ("@certdesk can I cancel?", "a few short questions"),  # from the list of words that got lost
    ("@certdesk", "such as PositiveSSL"),
    ("can I cancel, @certdesk?", "a few short questions"),
    ("@certdesk GeoTrust, issued on 3 Nov 2026", "I read: GeoTrust"),
    ("Trustico partner here, we have a prepaid balance @certdesk", "I read: Trustico"),
    ("@certdesk our private key leaked, Sectigo at OpenSRS", "revoked now, before anything else"),
    (
        "@certdesk PositiveSSL for a.example.com issued 3 Nov, GeoTrust for b.example.com issued 9 Nov",
        "several orders: a.example.com, b.example.com",
    ),
]


async def test_what_each_is_told(acts: Acts) -> None:
    for text, told in READ:
        shown = text_of(await answer(acts, text))
        assert told in shown, text
        assert "[Start]" in shown
        acts.world.clock.forward(seconds=20)
    assert acts.dm() == []


@pytest.mark.parametrize("waits", [False, True], ids=["Start pressed", "after an hour, by DM"])
async def test_who_has_a_dm_is_offered_a_case_of_each_mention(acts: Acts, waits: bool) -> None:  # noqa: FBT001
    """That there is a DM with them is noted, whatever opened it: their next mention answers no question."""
    told = await answer(acts, "@certdesk can I cancel?")
    if waits:
        acts.world.clock.forward(hours=1, minutes=1)
        await acts.world.remind()
        told = acts.last()
    await acts.press("Start", told)
    assert "[Start]" in text_of(await answer(acts, "@certdesk GeoTrust, issued on 3 Nov 2026"))


async def test_in_a_thread_it_is_answered_in_the_thread(acts: Acts) -> None:
    root = await acts.slack.say("ada", SUPPORT, "Anything to cancel today?")
    told = await answer(acts, "@certdesk Sectigo", thread=root)
    assert told.thread_ts == root
    assert told.viewer == acts.slack.user(REQUESTER)


NO_CASE = [
    (AGENTS, "ada", "@certdesk can I cancel PositiveSSL?", "answered in this channel, not begun"),
    (SUPPORT, REQUESTER, "@certdesk thanks!", "You're welcome"),
    (SUPPORT, REQUESTER, "@certdesk " + "very long " * 400, "characters"),
]


async def test_of_what_no_case_comes(acts: Acts) -> None:
    for channel, user, text, told in NO_CASE:
        shown = text_of(await answer(acts, text, user=user, channel=channel))
        assert told in shown
        assert "Start" not in shown
        assert await after_an_hour(acts, user) == []


BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
KEY = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----"


async def test_a_private_key_is_answered_and_nothing_of_it_is_kept(acts: Acts) -> None:
    shown = text_of(await answer(acts, f"@certdesk is this the right one? {KEY}"))
    assert "That was a private key" in shown
    assert "MIIEvQ" not in str(everything(acts.world))
    assert await after_an_hour(acts) == []


async def test_a_key_in_two_mentions_is_found_and_taken_out(acts: Acts) -> None:
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7abcdefghijkl" * 4
    await mention(acts, f"@certdesk {body[:180]}")
    await mention(acts, f"-----BEGIN PRIVATE KEY-----\n{body[:100]} @certdesk")
    shown = text_of((await mention(acts, f"@certdesk {body[100:]}\n-----END PRIVATE KEY-----"))[-1])
    assert "private key" in shown
    assert body[20:60] not in str(everything(acts.world))


# --- who does not press Start


async def after_an_hour(acts: Acts, user: str = REQUESTER) -> list[str]:
    """Let an hour pass, with a restart in the middle of it; return what came in the DM then."""
    before = len(acts.dm(user))
    await acts.world.stop()
    acts.world.clock.forward(minutes=59)
    await acts.world.start()
    await acts.world.remind()
    assert len(acts.dm(user)) == before
    acts.world.clock.forward(minutes=2)
    await acts.world.remind()
    await acts.world.remind()
    return [text_of(message) for message in acts.dm(user)[before:]]


async def test_after_an_hour_the_same_comes_by_dm_once(acts: Acts) -> None:
    await mention(acts, f"@certdesk {SAID}")
    [told] = await after_an_hour(acts)
    assert "An hour ago you asked me in" in told
    assert "I read: OpenSRS" in told
    assert await after_an_hour(acts) == []
    await acts.press("Start", acts.last())
    assert "What is your reseller username?" in text_of(acts.last())


async def test_who_has_begun_is_not_reminded(acts: Acts) -> None:
    await acts.press("Start", await answer(acts, "@certdesk Sectigo"))
    assert await after_an_hour(acts) == []


async def test_who_answers_the_message_in_the_dm_has_begun(acts: Acts) -> None:
    await mention(acts, "@certdesk Sectigo at OpenSRS")
    await after_an_hour(acts)
    assert "certificate been issued" in await acts.write("reseller")


async def test_agents_get_what_was_said_in_the_channel_when_they_take_over(acts: Acts) -> None:
    told = await answer(acts, "@certdesk my boss wants this gone by Friday")
    await acts.press("Start", told)
    await acts.write("agent")
    assert "my boss wants this gone by Friday" in "\n".join(map(text_of, acts.channel(AGENTS)))


# --- what is no second mention


async def test_an_edit_is_no_second_mention_and_may_be_the_first(acts: Acts) -> None:
    ts = await acts.slack.say(REQUESTER, SUPPORT, "can I cancel?")
    await acts.world.settle()
    assert [m for m in acts.channel(SUPPORT, REQUESTER) if m.ephemeral] == []
    for text in ("@certdesk can I cancel?", "please, can I cancel?", "@certdesk can I cancel this?"):
        await acts.slack.edit(REQUESTER, SUPPORT, ts, text)
    await acts.world.settle()
    assert len([m for m in acts.channel(SUPPORT, REQUESTER) if m.ephemeral]) == 1


async def test_an_event_that_comes_again_is_answered_once(acts: Acts) -> None:
    acts.slack.faults.inject(Rule("delivery:app_mention", Fault.DUPLICATE))
    assert len(await mention(acts, "@certdesk Sectigo")) == 1
    assert len(await after_an_hour(acts)) == 1


# --- people of other workspaces, with whom Slack may open no DM


CODES = ["user_not_found", "user_not_visible", "invalid_user_combination", "cannot_dm_bot"]


@pytest.mark.parametrize("code", CODES)
async def test_without_a_dm_the_interview_goes_on_in_the_channel(
    acts: Acts, code: str, refusals: set[str]
) -> None:
    refusals.add(code)
    acts.slack.refuse_dm("eve", code)

    def last() -> Message:
        return [m for m in acts.channel(SUPPORT, "eve") if m.ephemeral][-1]

    await acts.press(
        "Start", await answer(acts, "@certdesk OpenSRS, we are the reseller", user="eve"), user="eve"
    )
    assert "Has the certificate been issued already?" in text_of(last())
    await acts.press("choose:true", last(), user="eve")
    assert "Which provider" in text_of(last())
    assert "Which day" not in text_of((await mention(acts, "@certdesk GeoTrust", user="eve"))[-1])
    await mention(acts, "@certdesk 10 Nov 2026", user="eve")
    for each in ("1234567890", "admin@example.com"):
        await mention(acts, f"@certdesk {each}", user="eve")
    assert "self-service portal" in "".join(text_of(m) for m in acts.channel(SUPPORT, "eve") if m.ephemeral)
    assert all(m.viewer == acts.slack.user("eve") for m in acts.channel(SUPPORT, "eve") if m.by_app)
    assert await after_an_hour(acts, "eve") == []


async def test_without_a_dm_another_case_goes_on_in_the_channel_too(acts: Acts, refusals: set[str]) -> None:
    refusals.add("user_not_visible")
    acts.slack.refuse_dm("eve", "user_not_visible")
    await acts.press("Start", await answer(acts, "@certdesk Sectigo", user="eve"), user="eve")
    asked = (await mention(acts, "@certdesk new", user="eve"))[-1]
    assert "C-1002 Where was the certificate ordered?" in text_of(asked)
    await acts.press("choose:opensrs", asked, user="eve")
    assert "C-1002 Are you its reseller" in text_of((await mention(acts, "@certdesk", user="eve"))[-1])
    assert acts.world.dead() == []


async def test_without_a_dm_nothing_comes_by_dm_and_nothing_is_dead(acts: Acts, refusals: set[str]) -> None:
    refusals.add("user_not_visible")
    acts.slack.refuse_dm("eve", "user_not_visible")
    await mention(acts, "@certdesk Sectigo", user="eve")
    assert await after_an_hour(acts, "eve") == []
    assert acts.world.dead() == []


async def test_people_of_other_workspaces_need_neither_a_command_nor_app_home(acts: Acts) -> None:
    await acts.press("Start", await answer(acts, f"@certdesk {SAID}", user="eve"), user="eve")
    assert "What is your reseller username?" in text_of(acts.last("eve"))
