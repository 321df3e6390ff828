"""Slash commands, as Slack sends them.

https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.conversation.case import Surface
from bot.desk.deliveries import Ask, Delivery, Look, Oversized, Sort, Start
from bot.slack.inbound import commands
from bot.slack.inbound.commands import is_ssl_check
from bot.slack.inbound.incoming import Foreign, Incoming, Place
from bot.slack.inbound.slack_text import digest
from tests.slack.inbound.samples import ABSENT, HOME, PAYLOADS, ROSA, Json, changed, intent_of, is_fit_to_keep

URL = "https://hooks.slack.com/commands/T0HOME/5678/abcdefgh"
TRIGGER = "13345224609.738474920.8088930838d88f008e0"
COMMAND: Json = {
    "token": "gIkuvaNzQIHg97ATvDxqgjtO",
    "team_id": "T0HOME",
    "team_domain": "example",
    "enterprise_id": "E0001",
    "enterprise_name": "Globular Construct Inc",
    "channel_id": "C0SUPPORT",
    "channel_name": "ssl-support",
    "user_id": "U0ROSA",
    "user_name": "rosa",
    "command": "/certdesk",
    "text": "",
    "response_url": URL,
    "trigger_id": TRIGGER,
    "api_app_id": "A123456",
    "is_enterprise_install": "false",
}
HERE = Start(Surface.MODAL, "C0SUPPORT", URL)


def saying(words: str) -> Start:
    return Start(Surface.MODAL, "C0SUPPORT", URL, afresh=True, words=words)


def test_a_command_as_slack_sends_it() -> None:
    assert commands.read(COMMAND, HOME) == Incoming(
        Delivery(f"command:{TRIGGER}", ROSA, HERE), TRIGGER, Place(channel="C0SUPPORT"), URL
    )


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", HERE),
        ("start", HERE),
        ("  NEW ", Start(Surface.MODAL, "C0SUPPORT", URL, afresh=True)),
        ("Help", Look(Ask.HELP)),
        ("cases", Look(Ask.CASES)),
        ("pin", Look(Ask.PIN)),
        ("private_key", saying("private_key")),
        ("too_long", saying("too_long")),
        ("a &amp; b" + "x" * 100, saying("a & b" + "x" * 100)),
        ("x" * 3_000, saying("x" * 3_000)),
        ("x" * 3_001, Oversized(Sort.COMMAND, 3_001, digest("x" * 3_001))),
        ("-----BEGIN RSA PRIVATE KEY----- MIIE", Look(Ask.KEY)),
    ],
)
def test_what_is_typed_after_the_command(words: str, wanted: object) -> None:
    assert intent_of(commands.read(COMMAND | {"text": words}, HOME)) == wanted


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"channel_id": "D0ROSA"}, Start(Surface.MODAL)),
        ({"channel_id": ABSENT}, Start(Surface.MODAL)),
        ({"response_url": ABSENT}, Start(Surface.MODAL, "C0SUPPORT")),
        ({"response_url": 7, "text": None}, Start(Surface.MODAL, "C0SUPPORT")),
    ],
)
def test_where_the_case_begins(changes: Json, wanted: Start) -> None:
    assert intent_of(commands.read(changed(COMMAND, changes), HOME)) == wanted


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": ABSENT},
        {"user_id": ""},
        {"user_id": "U0 ROSA"},
        {"user_id": "U" * 33},
        {"user_id": ["U0ROSA"]},
        {"trigger_id": ABSENT},
        {"trigger_id": ""},
    ],
)
def test_a_command_without_a_person_is_not_ours(changes: Json) -> None:
    assert commands.read(changed(COMMAND, changes), HOME) == Foreign("a command without a person")


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert is_fit_to_keep(commands.read(body, HOME))


@pytest.mark.parametrize(
    ("form", "is_check"),
    [
        (b"ssl_check=1&token=gIkuvaNzQIHg97ATvDxqgjtO", True),
        (b"token=gIkuvaNzQIHg97ATvDxqgjtO&ssl_check=1", True),
        (b"ssl_check=0", False),
        (b"ssl_check=", False),
        (b"text=ssl_check%3D1", False),
        (b"\xff\xfe", False),
        (b"", False),
    ],
)
def test_the_check_of_the_certificate(form: bytes, is_check: bool) -> None:  # noqa: FBT001  a table
    assert is_ssl_check(form) is is_check
