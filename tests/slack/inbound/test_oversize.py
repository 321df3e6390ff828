"""Payloads that are too large to be parsed: of each kind the ends tell whose it is."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.people import Person
from bot.desk.deliveries import Delivery, Oversized, Sort
from bot.slack.inbound import oversize
from bot.slack.inbound.oversize import EDGE, Remains, remains_of
from bot.slack.inbound.slack_text import digest
from tests.slack.inbound.samples import HOME, ROSA, Json, changed
from tests.slack.inbound.test_actions import IN_DM
from tests.slack.inbound.test_commands import COMMAND
from tests.slack.inbound.test_events import HOME_OPENED, REACTION
from tests.slack.inbound.test_messages import MESSAGE
from tests.slack.inbound.test_submissions import TICKET

PADDING = "x" * (2 * EDGE)


def form(body: Json) -> str:
    """Return an interaction as it comes by HTTP."""
    return urlencode({"payload": json.dumps(body)})


LARGE_CLICK = IN_DM | {"message": {"text": PADDING}}
LARGE_COMMAND = changed(COMMAND, {"text": PADDING})
LARGE_MESSAGE = changed(MESSAGE, {"event.text": PADDING})
LARGE_FORM = changed(TICKET, {"view.state.values.ticket.input.value": PADDING})


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (json.dumps(LARGE_CLICK), f"oversized:{IN_DM['trigger_id']}"),
        (form(LARGE_CLICK), f"oversized:{IN_DM['trigger_id']}"),
        (json.dumps(LARGE_FORM), f"oversized:{TICKET['trigger_id']}"),
        (form(LARGE_FORM), f"oversized:{TICKET['trigger_id']}"),
        (json.dumps(LARGE_COMMAND), f"oversized:{COMMAND['trigger_id']}"),
        (urlencode(LARGE_COMMAND), f"oversized:{COMMAND['trigger_id']}"),
        (json.dumps({"event": LARGE_MESSAGE["event"], "event_id": "Ev0MESSAGE"}), "oversized:Ev0MESSAGE"),
        (json.dumps(REACTION | {"x": PADDING}), "oversized:Ev0EVENT"),
        (json.dumps(HOME_OPENED | {"x": PADDING}), "oversized:Ev0EVENT"),
    ],
    ids=[
        "click, socket",
        "click, HTTP",
        "form, socket",
        "form, HTTP",
        "command, socket",
        "command, HTTP",
        "message",
        "reaction",
        "App Home",
    ],
)
def test_whose_it_is(raw: str, key: str) -> None:
    assert len(raw) > 2 * EDGE
    oversized = Oversized(Sort.PAYLOAD, len(raw), digest(raw))
    assert oversize.read(remains_of(raw), HOME) == Delivery(key, ROSA, oversized)


def told(edges: str) -> tuple[str, Person] | None:
    read = oversize.read(Remains(1, "", edges), HOME)
    return (read.key, read.person) if read else None


@pytest.mark.parametrize(
    "edges",
    [
        "",
        "{",
        '{"event_id":"Ev1"}',
        '{"user":"U0ROSA"}',
        # the bot's own message
        '{"event":{"user":"U0BOT","bot_id":"B0BOT"},"event_id":"Ev1"}',
        # quotes that somebody typed are escaped
        r'{"text":"\"user\": {\"id\": \"U0EVE\"}, \"trigger_id\": \"1\"","x":1}',
        "text=%26user_id%3DU0EVE%26trigger_id%3D1",
        '{"trigger_id":"1","user":{"id":"not an id"}}',
        "\ud800\0",
    ],
)
def test_what_names_nobody(edges: str) -> None:
    assert told(edges) is None


def test_the_team_is_for_showing_only() -> None:
    for team in ('"T0SISTER"', '"E0ORG"', "null"):
        read = told(f'{{"trigger_id":"1","user":{{"id":"U0ROSA","team_id":{team}}}}}')
        assert read == ("oversized:1", ROSA)


@settings(max_examples=100, deadline=None)
@given(edges=st.text(st.sampled_from('{}[]":,&=%\\U0\n') | st.characters(), max_size=80))
def test_no_ends_make_reading_raise(edges: str) -> None:
    told(edges)
    told('{"trigger_id":"1","user":' + edges)
