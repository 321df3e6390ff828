"""The shortcut on a message, as Slack sends it.

https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.conversation.case import Surface
from bot.conversation.people import Person
from bot.desk.deliveries import Ask, Delivery, Intent, Look, Oversized, Sort, Start
from bot.slack.inbound import shortcuts
from bot.slack.inbound.incoming import Foreign, Incoming, Place
from bot.slack.inbound.slack_text import digest
from tests.slack.inbound.samples import ABSENT, HOME, PAYLOADS, ROSA, Json, changed, intent_of, is_fit_to_keep

URL = "https://hooks.slack.com/app/T0HOME/5678/abcdefgh"
SHORTCUT: Json = {
    "type": "message_action",
    "token": "Nj2rfC2hU8mAfgaJLemZgO7H",
    "callback_id": "check_order",
    "trigger_id": "13345224609.8534564800.6f8ab1f53e13d0cd",
    "response_url": URL,
    "action_ts": "1795435260.000200",
    "is_enterprise_install": False,
    "enterprise": None,
    "team": {"id": "T0HOME", "domain": "example"},
    "channel": {"id": "C0SUPPORT", "name": "ssl-support"},
    "user": {"id": "U0ROSA", "username": "rosa", "team_id": "T0HOME", "name": "rosa"},
    "message_ts": "1795435200.000100",
    "message": {
        "type": "message",
        "user": "U0BEA",
        "text": "Can we cancel order 1234567890?",
        "ts": "1795435200.000100",
        "team": "T0HOME",
    },
}
TRIGGER = SHORTCUT["trigger_id"]


def begun(*where: str) -> Start:
    return Start(Surface.MODAL, *where, afresh=True, words="Can we cancel order 1234567890?", pointed_at=True)


def test_a_case_begins_in_the_channel_of_the_message_with_what_it_says() -> None:
    started = begun("C0SUPPORT", URL)
    assert shortcuts.read(SHORTCUT, HOME) == Incoming(
        Delivery(f"shortcut:{TRIGGER}", ROSA, started), TRIGGER, Place(channel="C0SUPPORT"), URL
    )


@pytest.mark.parametrize(
    ("changes", "person", "started", "place", "url"),
    [
        # in a direct message there is nobody to share the result with
        ({"channel.id": "D0ROSA"}, ROSA, begun(), Place(), None),
        (
            {"response_url": ABSENT},
            ROSA,
            begun("C0SUPPORT"),
            Place(channel="C0SUPPORT"),
            None,
        ),
        (
            {"user.team_id": "T0SISTER", "response_url": ABSENT},
            Person(HOME, "T0SISTER", "U0ROSA"),
            begun("C0SUPPORT"),
            Place(channel="C0SUPPORT"),
            None,
        ),
    ],
)
def test_whose_it_is_and_where(
    changes: Json, person: Person, started: Start, place: Place, url: str | None
) -> None:
    assert shortcuts.read(changed(SHORTCUT, changes), HOME) == Incoming(
        Delivery(f"shortcut:{TRIGGER}", person, started), TRIGGER, place, url
    )


KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n"
HERE = Start(Surface.MODAL, "C0SUPPORT", URL, afresh=True)


@pytest.mark.parametrize(
    ("changes", "intent"),
    [
        ({"message.text": "<@U0BOT> a &amp; b"}, replace(HERE, words="a & b", pointed_at=True)),
        ({"message.text": ""}, replace(HERE, pointed_at=True)),
        ({"message": ABSENT}, replace(HERE, pointed_at=True)),
        ({"message.text": KEY}, Look(Ask.KEY)),
        ({"message.text": "x" * 3001}, Oversized(Sort.COMMAND, 3001, digest("x" * 3001))),
        ({"message.user": "U0BOT", "message.bot_id": "B0BOT"}, HERE),  # what the bot itself said
        (
            {"message.user": "U0PAGER", "message.bot_id": "B0PAGER"},
            replace(HERE, words="Can we cancel order 1234567890?", pointed_at=True),
        ),
    ],
)
def test_what_the_message_says(changes: Json, intent: Intent) -> None:
    assert intent_of(shortcuts.read(changed(SHORTCUT, changes), HOME, "U0BOT")) == intent


@pytest.mark.parametrize(
    "changes",
    [
        {"callback_id": "another_app"},
        {"callback_id": ["check_order"]},
        {"trigger_id": ABSENT},
        {"user": ABSENT},
        {"user": "U0ROSA"},
        {"user.id": None},
        {"user.id": "U0-ROSA"},
    ],
)
def test_another_shortcut_is_not_ours(changes: Json) -> None:
    assert shortcuts.read(changed(SHORTCUT, changes), HOME) == Foreign("an unknown shortcut")


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert is_fit_to_keep(shortcuts.read(body | {"callback_id": "check_order"}, HOME))
