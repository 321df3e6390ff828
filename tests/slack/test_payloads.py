"""Payloads of any shape: reading one never raises, and what is read is fit to be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.agent_actions import Claim
from bot.conversation.case import Surface
from bot.desk.app_home_views import Tab, Visit
from bot.desk.deliveries import Act, Ask, Handle, Look, Oversized, Rewrite, Sort, Spot, Start, Withdraw, Write
from bot.slack.blocks.ids import Action, Callback
from bot.slack.inbound import events, payloads
from bot.slack.inbound.agent_clicks import OF_AGENTS
from bot.slack.inbound.payloads import Foreign, Incoming, unescape

HOME = "T0HOME"
READERS: dict[str, Callable[[Any, str], Incoming | Foreign]] = {
    "command": payloads.command,
    "message": payloads.direct_message,
    "action": payloads.block_action,
    "submission": payloads.submission,
    "visit": events.visit,
}

KEYS = """
type team_id user_id trigger_id channel_id response_url text event user team user_team channel
channel_type bot_id subtype ts event_id actions action_id value selected_option selected_date
block_id action_ts container message_ts view id hash private_metadata callback_id state values fact-
program fact-fulfilled_on ticket detail-common_name tab
"""
NAMES = st.sampled_from(KEYS.split())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.text(st.characters(), max_size=3)
    | st.sampled_from(
        ["U1", "T1", "D1", "C1", "im", "1001.1.", "1001.1.program=opensrs", "1.1.trustico", "2026-11-10"]
    )
    | st.sampled_from(["home", "queue.1", "own.0", "week.9999999"])
    | st.sampled_from([*Action, *Callback, "choose:x", "pick_date:1001.1", "pick_date:", "\ud800", "\0"])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
PAYLOADS = st.dictionaries(NAMES, ANYTHING, max_size=12)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(reader: str, body: dict[str, Any]) -> None:
    fit(READERS[reader](body, HOME))
    payloads.case_of(body)


CLICK = st.fixed_dictionaries(
    {
        "user": st.fixed_dictionaries({"id": st.just("U1"), "team_id": st.just("T1") | LEAVES}),
        "trigger_id": st.just("1.2.3") | LEAVES,
        "actions": st.lists(
            st.fixed_dictionaries(
                {"action_id": LEAVES},
                optional={"value": ANYTHING, "selected_option": ANYTHING, "selected_date": LEAVES},
            ),
            max_size=2,
        ),
        "container": ANYTHING,
        "view": ANYTHING,
    }
)
SUBMITTED = st.fixed_dictionaries(
    {
        "user": st.fixed_dictionaries({"id": st.just("U1")}),
        "view": st.fixed_dictionaries(
            {
                "callback_id": st.sampled_from(Callback),
                "private_metadata": st.just("1001.1."),
                "state": st.fixed_dictionaries({"values": st.dictionaries(NAMES, ANYTHING) | ANYTHING})
                | ANYTHING,
            }
        ),
    }
)


TIMES = st.sampled_from(["1795435200.000100", "1795435260.000200", "1.", "", "9" * 20 + ".1"]) | LEAVES
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


@settings(max_examples=100, deadline=None)
@given(click=CLICK, submitted=SUBMITTED, event=EVENT)
def test_nor_does_one_that_is_nearly_right(
    click: dict[str, Any], submitted: dict[str, Any], event: dict[str, Any]
) -> None:
    fit(payloads.block_action(click, HOME))
    fit(payloads.submission(submitted, HOME))
    fit(payloads.direct_message({"event": event}, HOME))


def fit(read: Incoming | Foreign) -> None:
    if isinstance(read, Incoming):
        assert 0 < len(read.delivery.key) <= 255
        assert read.delivery.person.installation == HOME
        assert read.delivery.person.user
        for text in (read.delivery.key, str(read.delivery.person), repr(read.delivery.intent)):
            text.encode()
            assert "\0" not in text


def command(text: str) -> object:
    body = {
        "team_id": "T1",
        "user_id": "U1",
        "trigger_id": "1",
        "channel_id": "C1",
        "response_url": "https://x",
        "text": text,
    }
    read = payloads.command(body, HOME)
    assert isinstance(read, Incoming)
    return read.delivery.intent


def test_what_is_typed_after_the_command() -> None:
    assert isinstance(command(""), Start)
    assert isinstance(command("  NEW "), Start)
    assert command("Help") == Look(Ask.HELP)
    assert command("private_key") == Look(Ask.HELP, unclear="private_key")
    assert command("a &amp; b" + "x" * 100) == Look(Ask.HELP, unclear="a & b" + "x" * 75)
    assert command("-----BEGIN RSA PRIVATE KEY----- MIIE") == Look(Ask.KEY)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("<http://www.example.com|www.example.com>", "www.example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<https://example.com/x>", "https://example.com/x"),
    ],
)
def test_what_slack_made_of_a_text_is_undone(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


def click(action_id: str, **more: object) -> object:
    body = {"user": {"id": "U1", "team_id": "T2"}, "trigger_id": "1", "team": {"id": "T2"}}
    read = payloads.block_action(
        body | {"actions": [{"action_id": action_id, **more}]} | {"container": {}}, HOME
    )
    return read.delivery.intent if isinstance(read, Incoming) else read


def test_each_action_is_read_with_its_case() -> None:
    needs_more = {Action.INPUT, Action.START, Action.ANOTHER, Action.CHOOSE, Action.CHANGE, Action.STOP}
    needs_more |= {Action.NEW, Action.HOME} | OF_AGENTS
    for action in set(Action) - needs_more - {Action.GUESS, Action.USE_DETAIL, Action.PICK_DATE}:
        assert isinstance(click(action, value="1001.2."), Act), action
    assert click(Action.CLAIM, value="1001.2.") == Handle(1001, Claim(), Spot("", ""))
    assert isinstance(click("pick_date:1001.2", selected_date="2026-11-10"), Act)
    assert isinstance(click("pick_date:1001.2", selected_date=None), Foreign)
    assert isinstance(click(Action.START, value="0.0."), Start)
    assert click(Action.NEW, value="0.0.") == Start(Surface.MODAL, afresh=True)
    assert click("home:Next", value="0.0.queue.2") == Visit(Tab.QUEUE, 2)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0.0.own.1", Visit(Tab.OWN, 1)),
        ("0.0.own.999999", Visit(Tab.OWN, 999_999)),
        ("0.0.own.0", Visit(Tab.OWN, 0)),
        ("0.0.own.1000000", None),
        ("0.0.own", None),
        ("0.0.own.-1", None),
        ("0.0.all.1", None),
        ("0.0.own.1.2", None),
        ("0.0.own.\u0661", None),
    ],
)
def test_a_page_of_app_home_is_read_strictly(value: str, wanted: Visit | None) -> None:
    read = click(Action.HOME, value=value)
    assert read == wanted if wanted is not None else isinstance(read, Foreign)


def test_the_same_person_is_one_however_they_come() -> None:
    written = payloads.direct_message(
        {
            "team_id": HOME,
            "event_id": "Ev1",
            "event": {"channel_type": "im", "user": "U1", "team": "T2", "text": "hi", "ts": "1.1"},
        },
        HOME,
    )
    body = {"user": {"id": "U1", "team_id": "T2"}, "team": {"id": "T2"}, "actions": [{"action_id": "start"}]}
    clicked = payloads.block_action(body | {"trigger_id": "1"}, HOME)
    assert isinstance(written, Incoming)
    assert isinstance(clicked, Incoming)
    assert written.delivery.person == clicked.delivery.person
    assert written.delivery.intent == Write("hi")


WRITER = {"user": "U1", "team": "T2", "ts": "1795435200.000100"}


def changed(text: str, before: str | None, **more: object) -> object:
    event = {
        "channel_type": "im",
        "channel": "D1",
        "subtype": "message_changed",
        "event_ts": "1795435260.000200",
    }
    event |= {"message": WRITER | {"text": text} | more}
    event |= {} if before is None else {"previous_message": WRITER | {"text": before}}
    read = payloads.direct_message({"event_id": "Ev2", "event": event}, HOME, "U0BOT")
    return read.delivery.intent if isinstance(read, Incoming) else read


MESSAGE = "message:D1:1795435200.000100"


@pytest.mark.parametrize(
    ("text", "before", "more", "intent"),
    [
        ("new", "old", {}, Rewrite(MESSAGE, "new", "1795435260.000200")),
        ("new", None, {}, Rewrite(MESSAGE, "new", "1795435260.000200")),
        ("new", "old", {"edited": {"ts": "1795435259.000000"}}, Rewrite(MESSAGE, "new", "1795435259.000000")),
        ("new", "old", {"subtype": "file_share"}, Rewrite(MESSAGE, "new", "1795435260.000200")),
        ("BEGIN PRIVATE KEY", "old", {}, Rewrite(MESSAGE, None, "1795435260.000200")),
        ("x" * 9999, "old", {}, Oversized(Sort.MESSAGE, 9999, payloads.digest("x" * 9999))),
        ("gone", "old", {"subtype": "tombstone", "user": "USLACKBOT"}, Withdraw(MESSAGE)),
        ("<http://a.example|a.example>", "a.example", {"attachments": [{}]}, None),
        ("same", "same", {"edited": {"ts": "1795435259.000000"}}, None),
        ("new", "old", {"bot_id": "B1"}, None),
        ("new", "old", {"app_id": "A1"}, None),
        ("new", "old", {"user": "U0BOT"}, None),
        ("new", "old", {"subtype": "bot_message"}, None),
    ],
)
def test_what_is_done_to_a_message(
    text: str, before: str | None, more: dict[str, Any], intent: object
) -> None:
    read = changed(text, before, **more)
    assert isinstance(read, Foreign) if intent is None else read == intent


@pytest.mark.parametrize(
    ("at", "late"),
    [("1795521600.000100", False), ("1795521601.000100", True), ("1795435200.000100", False), ("soon", True)],
)
def test_a_day_later_a_message_is_no_longer_on_its_way(at: str, late: bool) -> None:  # noqa: FBT001  a table
    read = changed("new", "old", edited={"ts": at})
    assert read == Rewrite(MESSAGE, "new", at, late)


def test_keys_too_long_for_their_column_stay_apart() -> None:
    keys = set()
    for tail in "ab":
        body = {"user": {"id": "U1"}, "trigger_id": "1" * 300 + tail, "actions": [{"action_id": "start"}]}
        read = payloads.block_action(body, HOME)
        assert isinstance(read, Incoming)
        keys.add(read.delivery.key)
    assert len(keys) == 2
