"""Messages in channels that name the bot, as Slack sends them.

https://docs.slack.dev/reference/events/app_mention
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.conversation.people import Mentioned, Person
from bot.desk.deliveries import Delivery, Mention, Oversized, Sort
from bot.slack.inbound import mentions
from bot.slack.inbound.incoming import Foreign, Incoming, Place
from bot.slack.inbound.slack_text import digest
from tests.slack.inbound.samples import ABSENT, HOME, PAYLOADS, ROSA, Json, changed, intent_of, is_fit_to_keep

BOT, TS, ROOT = "U0BOT", "1795435200.000100", "1795435100.000100"
HERE = Mentioned("C0SUPPORT")
MENTION: Json = {
    "token": "XXYYZZ",
    "team_id": "T0HOME",
    "api_app_id": "A123456",
    "type": "event_callback",
    "event_id": "Ev0MENTION",
    "event_time": 1795435200,
    "is_ext_shared_channel": True,
    "event": {
        "type": "app_mention",
        "user": "U0ROSA",
        "team": "T0HOME",
        "text": "<@U0BOT> can I cancel?",
        "ts": TS,
        "channel": "C0SUPPORT",
        "event_ts": TS,
    },
}


def test_what_is_written_where_and_by_whom() -> None:
    said = Mention(HERE, "can I cancel?")
    assert mentions.read(MENTION, HOME, BOT) == Incoming(
        Delivery(f"mention:C0SUPPORT:{TS}", ROSA, said), place=Place(channel="C0SUPPORT")
    )


def test_what_an_edit_brings_again_has_the_same_key() -> None:
    again = changed(MENTION, {"event_id": "Ev0OTHER", "event.event_ts": "1795435260.000100"})
    first, second = mentions.read(MENTION, HOME, BOT), mentions.read(again, HOME, BOT)
    assert isinstance(first, Incoming)
    assert isinstance(second, Incoming)
    assert first.delivery.key == second.delivery.key


KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n"


@pytest.mark.parametrize(
    ("changes", "intent"),
    [
        ({"event.text": "<@U0BOT>"}, Mention(HERE, "")),
        ({"event.text": "can I cancel, <@U0BOT>"}, Mention(HERE, "can I cancel")),
        ({"event.text": "ask <@U0BOT|certdesk>, it knows"}, Mention(HERE, "ask @certdesk, it knows")),
        ({"event.text": "<@U0BOT> a &amp; b"}, Mention(HERE, "a & b")),
        ({"event.thread_ts": ROOT}, Mention(Mentioned("C0SUPPORT", ROOT), "can I cancel?")),
        ({"event.thread_ts": TS}, Mention(HERE, "can I cancel?")),  # it has replies by now
        ({"event.text": f"<@U0BOT> {KEY}"}, Mention(HERE, None)),
        ({"event.text": f"<@U0BOT> {KEY}-----END PRIVATE KEY-----"}, Mention(HERE, None, ended=True)),
        ({"event.text": "x" * 3001}, Oversized(Sort.MESSAGE, 3001, digest("x" * 3001), HERE)),
        ({"event.channel": "G0PRIVATE"}, Mention(Mentioned("G0PRIVATE"), "can I cancel?")),
    ],
)
def test_what_is_wanted(changes: Json, intent: object) -> None:
    assert intent_of(mentions.read(changed(MENTION, changes), HOME, BOT)) == intent


@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({"event.user_team": "T0OTHER"}, Person(HOME, "T0OTHER", "U0ROSA")),
        ({"event.team": ABSENT}, ROSA),
        ({"event.team": "E0ORGANIZATION"}, ROSA),
    ],
)
def test_whoever_writes_is_a_person_of_this_installation(changes: Json, person: Person) -> None:
    found = mentions.read(changed(MENTION, changes), HOME, BOT)
    assert isinstance(found, Incoming)
    assert (found.delivery.person, found.delivery.person.team) == (person, person.team)


@pytest.mark.parametrize(
    "changes",
    [
        {"event.bot_id": "B0OTHER"},
        {"event.app_id": "A0OTHER"},
        {"event.subtype": "bot_message"},
        {"event.user": BOT},
        {"event.user": ABSENT},
        {"event.ts": ABSENT},
        {"event.channel": ABSENT},
        {"event.channel": "D0ROSA"},
        {"event.channel": "C0 SUPPORT"},
        {"event": ABSENT},
    ],
)
def test_what_no_person_wrote_in_a_channel_is_not_ours(changes: dict[str, object]) -> None:
    sample = {**MENTION, "event": {**MENTION["event"], "bot_id": "", "app_id": ""}}
    assert isinstance(mentions.read(changed(sample, changes), HOME, BOT), Foreign)


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert is_fit_to_keep(mentions.read(body, HOME, BOT))
