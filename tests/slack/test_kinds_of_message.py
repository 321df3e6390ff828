"""Whatever kind of message a person sends, its words are taken, and they are answered where they wrote."""

from __future__ import annotations

import pytest

from bot.playground.standin import Message, text_of
from bot.playground.standin.files import file_json
from bot.slack.inbound.incoming import Payload
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_case_record import record, say
from tests.slack.test_handoff import card, thread

SHARED = {"is_share": True, "text": "It was ordered twice", "from_url": "https://x.slack.com/archives/C1/p1"}
RICH = [
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "see the second one"}]}
        ],
    }
]

KINDS = [
    ({"text": "is anybody there", "subtype": "me_message"}, "is anybody there"),
    ({"text": "is anybody there", "subtype": "thread_broadcast"}, "is anybody there"),
    ({"text": "", "attachments": [SHARED]}, "> It was ordered twice\n> https://x.slack.com/archives/C1/p1"),
    ({"text": "", "blocks": RICH}, "see the second one"),
    (
        {"text": "see <https://files.example.net/a?id=987|my order page>"},
        "see my order page (https://files.example.net/a?id=987)",
    ),
    ({"text": "call <tel:+34911234567|my desk>"}, "call my desk (+34911234567)"),
    ({"text": "ask <!subteam^S1|@ssl-team> in <#C1|ssl-support>"}, "ask @ssl-team in #ssl-support"),
]


async def send(acts: Acts, message: Payload, under: Message | None = None) -> None:
    """Let Rosa send the bot a message as Slack's event has it, in a thread where `under` is given."""
    world = acts.slack.world
    ts = world.next_ts()
    event = {
        "type": "message",
        "user": acts.slack.user(REQUESTER),
        "team": "T0HOME",
        "channel": acts.slack.im(REQUESTER),
        "channel_type": "im",
        "ts": ts,
        "event_ts": ts,
    }
    threaded = {"thread_ts": under.thread_ts or under.ts} if under is not None else {}
    await acts.slack.courier.event(event | threaded | dict(message))
    await acts.world.settle()


@pytest.mark.parametrize(("message", "words"), KINDS, ids=[words[:20] for _, words in KINDS])
async def test_its_words_go_to_the_agents(acts: Acts, message: Payload, words: str) -> None:
    await say(acts, "hi", "agent")
    await send(acts, message)
    assert record(acts)[-1][1:] == ("passed_on", words)
    assert all(line in thread(acts)[-1] for line in words.splitlines())


async def test_who_is_named_is_named_by_their_name(acts: Acts) -> None:
    await say(acts, "hi", "agent")
    await acts.press("claim", card(acts), user="ada")
    ada, nobody = acts.slack.user("ada"), "U0NOBODY"
    await send(acts, {"text": f"<@{ada}> knows it, <@{nobody}> does not"})
    assert record(acts)[-1][2] == "@ada knows it, @U0NOBODY does not"


async def test_a_message_to_the_bot_by_name_is_an_answer(acts: Acts) -> None:
    await say(acts, "hi")
    await send(acts, {"text": f"<@{acts.slack.bot_user}> opensrs"})
    assert record(acts)[-1][1:] == ("answer", "opensrs")


async def test_the_address_of_a_forwarded_message_is_no_common_name(acts: Acts) -> None:
    await say(acts, "hi")
    shared = SHARED | {"text": "It is at OpenSRS", "from_url": "https://acme.slack.com/archives/C1/p1"}
    await send(acts, {"text": "", "attachments": [shared]})
    assert "slack.com" not in text_of(acts.last())
    await send(acts, {"text": "shop.example.com", "attachments": [shared]})
    assert "slack.com" not in text_of(acts.last())


async def test_the_files_of_a_forwarded_message_go_where_its_words_go(acts: Acts) -> None:
    await say(acts, "hi", "agent")
    stored = acts.slack.store(REQUESTER, "screen.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    attached = SHARED | {"files": [file_json(acts.slack.world, stored)]}
    await send(acts, {"text": "see below", "attachments": [attached]})
    assert any("screen.png" in entry for entry in thread(acts))
    assert [file.name for file in acts.slack.shared(AGENTS, card(acts).ts)] == ["screen.png"]


async def test_who_sends_what_cannot_be_read_is_told_so(acts: Acts) -> None:
    await say(acts, "hi", "agent")
    before = len(acts.dm())
    await send(acts, {"text": "", "attachments": [{"color": "#36a64f"}]})
    told = "".join(text_of(each) for each in acts.dm()[before:])
    assert ["cannot read" in told, "Passed on" in told] == [True, False]
    assert "cannot read" in thread(acts)[-1]


# --- in threads


def under(acts: Acts, root: Message) -> list[str]:
    """Return what the bot says in a thread."""
    replies = [each for each in acts.dm() if each.is_reply and each.thread_ts == root.ts and each.by_app]
    return [text_of(each) for each in replies]


async def test_an_answer_in_a_thread_is_answered_there_and_so_are_clicks(acts: Acts) -> None:
    await say(acts, "hi")
    question = acts.last()
    await send(acts, {"text": "opensrs"}, question)
    assert "Reseller" in under(acts, question)[-1]
    await send(acts, {"text": "the red one"}, question)
    assert "I can't" in under(acts, question)[-1]
    asked = next(each for each in acts.dm() if "[Reseller" in text_of(each))
    await acts.press("choose:reseller", asked)
    assert "issued" in under(acts, question)[-1]
    above = [each for each in acts.dm() if each.ts > question.ts and not each.is_reply]
    assert above == []


async def test_words_above_are_answered_above(acts: Acts) -> None:
    await say(acts, "hi")
    await send(acts, {"text": "opensrs"}, acts.last())
    await say(acts, "reseller")
    assert not acts.last().is_reply


async def test_where_the_thread_is_gone_the_answer_stands_above(acts: Acts) -> None:
    await say(acts, "hi")
    await send(acts, {"text": "help", "thread_ts": "1700000000.000100"})
    assert acts.last().by_app
