"""Messages in a direct message with the bot, as Slack sends them: new, edited, deleted.

https://docs.slack.dev/reference/events/message.im
https://docs.slack.dev/reference/events/message/message_changed
https://docs.slack.dev/reference/events/message/message_deleted
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.files import File
from bot.conversation.people import Person
from bot.desk.deliveries import Delivery, Oversized, Rewrite, Sort, Withdraw, Write
from bot.slack.inbound import messages
from bot.slack.inbound.incoming import Foreign, Incoming, Place
from bot.slack.inbound.slack_text import digest
from tests.reading.keys import pems
from tests.slack.inbound.samples import (
    ABSENT,
    ANYTHING,
    HOME,
    LEAVES,
    PAYLOADS,
    ROSA,
    Json,
    changed,
    intent_of,
    is_fit_to_keep,
)

BOT = "U0BOT"
WRITTEN_AT, EDITED_AT = "1795435200.000100", "1795435260.000200"
KEY = f"message:D0ROSA:{WRITTEN_AT}"
OUTER: Json = {
    "token": "XXYYZZ",
    "team_id": "T0HOME",
    "api_app_id": "A123456",
    "type": "event_callback",
    "event_id": "Ev0MESSAGE",
    "event_time": 1795435200,
    "authorizations": [{"team_id": "T0HOME", "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
}
MESSAGE: Json = OUTER | {
    "event": {
        "type": "message",
        "user": "U0ROSA",
        "team": "T0HOME",
        "text": "hi",
        "ts": WRITTEN_AT,
        "channel": "D0ROSA",
        "channel_type": "im",
        "event_ts": WRITTEN_AT,
    }
}
NOW: Json = {"type": "message", "user": "U0ROSA", "team": "T0HOME", "text": "new", "ts": WRITTEN_AT}
EDITED: Json = OUTER | {
    "event": {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "D0ROSA",
        "channel_type": "im",
        "ts": EDITED_AT,
        "event_ts": EDITED_AT,
        "message": NOW,
        "previous_message": NOW | {"text": "old"},
    }
}
DELETED: Json = OUTER | {
    "event": {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": "D0ROSA",
        "channel_type": "im",
        "ts": EDITED_AT,
        "event_ts": EDITED_AT,
        "deleted_ts": WRITTEN_AT,
        "previous_message": NOW,
    }
}
PRIVATE_KEY = pems()["SEC 1, P-256"]


def read(body: Json) -> Incoming | Foreign:
    return messages.read(body, HOME, BOT)


@pytest.mark.parametrize(
    ("sent", "key", "wanted"),
    [
        (MESSAGE, KEY, Write("hi")),
        (EDITED, "event:Ev0MESSAGE", Rewrite(KEY, "new", EDITED_AT)),
        (DELETED, "event:Ev0MESSAGE", Withdraw(KEY)),
    ],
    ids=["new", "edited", "deleted"],
)
def test_a_message_as_slack_sends_it(sent: Json, key: str, wanted: Write | Rewrite | Withdraw) -> None:
    assert read(sent) == Incoming(Delivery(key, ROSA, wanted), place=Place(channel="D0ROSA"))


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"text": "x" * 3_000}, Write("x" * 3_000)),
        ({"text": "x" * 3_001}, Oversized(Sort.MESSAGE, 3_001, digest("x" * 3_001))),
        ({"text": "&lt;" * 3_000}, Write("<" * 3_000)),
        ({"text": PRIVATE_KEY}, Write(None, ended=True)),
        ({"text": PRIVATE_KEY.partition("-----END")[0]}, Write(None)),
        ({"text": "a\0b\ud800"}, Write("ab\N{REPLACEMENT CHARACTER}")),
        ({"text": ABSENT}, Write("")),
        ({"text": None}, Write("")),
        ({"thread_ts": "1795435100.000100"}, Write("hi", thread=("D0ROSA", "1795435100.000100"))),
        (
            {"subtype": "file_share", "files": [{"id": "F1", "name": "shop.pem"}]},
            Write("hi", files=(File("F1", "shop.pem"),)),
        ),
        ({"files": "none"}, Write("hi")),
        ({"text": "<http://shop.example.com|shop.example.com>"}, Write("shop.example.com")),
    ],
)
def test_what_is_written(changes: Json, wanted: object) -> None:
    inside = {f"event.{name}": value for name, value in changes.items()}
    assert intent_of(read(changed(MESSAGE, inside))) == wanted


@pytest.mark.parametrize(
    ("text", "before", "more", "wanted"),
    [
        ("new", "old", {}, Rewrite(KEY, "new", EDITED_AT)),
        ("new", None, {}, Rewrite(KEY, "new", EDITED_AT)),
        ("new", "old", {"edited": {"ts": "1795435259.000000"}}, Rewrite(KEY, "new", "1795435259.000000")),
        ("new", "old", {"subtype": "file_share"}, Rewrite(KEY, "new", EDITED_AT)),
        ("BEGIN PRIVATE KEY", "old", {}, Rewrite(KEY, None, EDITED_AT)),
        ("x" * 9999, "old", {}, Oversized(Sort.MESSAGE, 9999, digest("x" * 9999))),
        ("gone", "old", {"subtype": "tombstone", "user": "USLACKBOT"}, Withdraw(KEY)),
        ("<http://a.example|a.example>", "a.example", {"attachments": [{}]}, None),
        ("same", "same", {"edited": {"ts": "1795435259.000000"}}, None),
        ("new", "old", {"bot_id": "B1"}, None),
        ("new", "old", {"app_id": "A1"}, None),
        ("new", "old", {"user": "U0BOT"}, None),
        ("new", "old", {"subtype": "bot_message"}, None),
    ],
)
def test_what_is_done_to_a_message(text: str, before: str | None, more: Json, wanted: object) -> None:
    was = ABSENT if before is None else NOW | {"text": before}
    now = NOW | {"text": text} | more
    done = read(changed(EDITED, {"event.message": now, "event.previous_message": was}))
    assert isinstance(done, Foreign) if wanted is None else intent_of(done) == wanted


@pytest.mark.parametrize(
    ("at", "late"),
    [("1795521600.000100", False), ("1795521601.000100", True), (WRITTEN_AT, False), ("soon", True)],
)
def test_a_day_later_a_message_is_no_longer_on_its_way(at: str, late: bool) -> None:  # noqa: FBT001  a table
    done = read(changed(EDITED, {"event.message": NOW | {"edited": {"user": "U0ROSA", "ts": at}}}))
    assert intent_of(done) == Rewrite(KEY, "new", at, late)


def test_an_event_without_an_id_is_told_apart_by_its_time() -> None:
    done = read(changed(EDITED, {"event_id": ABSENT}))
    assert isinstance(done, Incoming)
    assert done.delivery.key == f"event:{EDITED_AT}{KEY}"


@pytest.mark.parametrize(
    ("changes", "team"),
    [
        ({"team": "T0SISTER"}, "T0SISTER"),
        ({"user_team": "T0SISTER", "team": "T0HOME"}, "T0SISTER"),
        ({"user_team": "E0ORG"}, HOME),  # an organization's id is no workspace
        ({"team": None}, HOME),
        ({"team": ABSENT}, HOME),
    ],
)
def test_who_wrote_it(changes: Json, team: str) -> None:
    done = read(changed(MESSAGE, {f"event.{name}": value for name, value in changes.items()}))
    assert isinstance(done, Incoming)
    assert done.delivery.person == Person(HOME, team, "U0ROSA") == ROSA


@pytest.mark.parametrize(
    "changes",
    [
        {"event": ABSENT},
        {"event": []},
        {"event.channel_type": "channel"},
        {"event.channel_type": ABSENT},
        {"event.user": BOT},
        {"event.user": "not an id"},
        {"event.user": {"id": "U0ROSA"}},
        {"event.bot_id": "B0OTHER"},
        {"event.app_id": "A0OTHER"},
        {"event.subtype": "channel_join"},
        {"event.subtype": ["message_changed"]},
        {"event.ts": ABSENT},
        {"event.ts": 1795435200.0001},
    ],
)
def test_what_no_person_wrote_to_the_bot_is_not_ours(changes: Json) -> None:
    assert read(changed(MESSAGE, changes)) == Foreign("a message that is not for the bot")


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert is_fit_to_keep(read(body))


TIMES = st.sampled_from([WRITTEN_AT, EDITED_AT, "1.", "", "9" * 20 + ".1"]) | LEAVES
WRITTEN = st.fixed_dictionaries(
    {"user": st.just("U1"), "text": LEAVES},
    optional={"ts": TIMES, "edited": st.fixed_dictionaries({"ts": TIMES}) | ANYTHING, "subtype": LEAVES},
)
EVENT = st.fixed_dictionaries(
    {
        "channel_type": st.just("im"),
        "channel": st.just("D1") | LEAVES,
        "subtype": st.sampled_from(["message_changed", "message_deleted"]) | ANYTHING,
        "message": WRITTEN | ANYTHING,
        "previous_message": WRITTEN | ANYTHING,
        "event_ts": TIMES,
    }
)


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(event=EVENT)
def test_nor_does_one_that_is_nearly_right(event: Json) -> None:
    assert is_fit_to_keep(read({"event": event}))
