"""Events other than messages, as Slack sends them: reactions, members, App Home, the app itself.

https://docs.slack.dev/reference/events/reaction_added
https://docs.slack.dev/reference/events/member_joined_channel
https://docs.slack.dev/reference/events/app_home_opened
https://docs.slack.dev/reference/events/tokens_revoked
https://docs.slack.dev/reference/events/app_rate_limited
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.people import Person
from bot.desk.app_home_views import Tab, Visit
from bot.desk.deliveries import Deactivated, Delivery, Membership, React, Spot
from bot.slack.inbound import events
from bot.slack.inbound.incoming import Foreign, Incoming, Place
from tests.slack.inbound.samples import (
    ABSENT,
    ANYTHING,
    HOME,
    PAYLOADS,
    ROSA,
    Json,
    changed,
    intent_of,
    is_fit_to_keep,
)

OUTER: Json = {
    "token": "XXYYZZ",
    "team_id": "T0HOME",
    "api_app_id": "A123456",
    "type": "event_callback",
    "event_id": "Ev0EVENT",
    "event_time": 1795435260,
}
REACTION: Json = OUTER | {
    "event": {
        "type": "reaction_added",
        "user": "U0ROSA",
        "reaction": "eyes",
        "item_user": "U0BOT",
        "item": {"type": "message", "channel": "C0AGENTS", "ts": "1795435200.000100"},
        "event_ts": "1795435260.000200",
    }
}
MEMBER: Json = OUTER | {
    "event": {
        "type": "member_joined_channel",
        "user": "U0ROSA",
        "channel": "C0AGENTS",
        "channel_type": "G",
        "team": "T0HOME",
        "inviter": "U0ADA",
        "event_ts": "1795435260.000200",
    }
}
HOME_OPENED: Json = OUTER | {
    "event": {
        "type": "app_home_opened",
        "user": "U0ROSA",
        "channel": "D0ROSA",
        "event_ts": "1795435260.000200",
        "tab": "home",
        "view": {
            "id": "V0HOME",
            "team_id": "T0HOME",
            "type": "home",
            "blocks": [],
            "private_metadata": "queue.2",
            "callback_id": "",
            "hash": "1795435200.abcdefgh",
        },
    }
}
CARD = Spot("C0AGENTS", "1795435200.000100")
QUEUE = Visit(Tab.QUEUE, 2)

Reader = Callable[[Json, str], Incoming | Foreign]


@pytest.mark.parametrize(
    ("read", "sent", "wanted", "place"),
    [
        (events.reaction, REACTION, React("eyes", on=True, spot=CARD), Place(channel="C0AGENTS")),
        (events.membership, MEMBER, Membership("C0AGENTS", member=True), Place()),
        (events.home_opened, HOME_OPENED, QUEUE, Place(home=QUEUE)),
    ],
    ids=["reaction", "member", "App Home"],
)
def test_an_event_as_slack_sends_it(
    read: Reader, sent: Json, wanted: React | Membership | Visit, place: Place
) -> None:
    assert read(sent, HOME) == Incoming(Delivery("event:Ev0EVENT", ROSA, wanted), place=place)


@pytest.mark.parametrize(
    ("read", "sent", "changes", "wanted"),
    [
        (events.reaction, REACTION, {"type": "reaction_removed"}, React("eyes", on=False, spot=CARD)),
        (events.reaction, REACTION, {"reaction": "x" * 99}, React("x" * 40, on=True, spot=CARD)),
        (events.reaction, REACTION, {"reaction": None}, React("", on=True, spot=CARD)),
        (events.membership, MEMBER, {"type": "member_left_channel"}, Membership("C0AGENTS", member=False)),
        (events.membership, MEMBER, {"channel": None}, Membership("", member=True)),
        (events.home_opened, HOME_OPENED, {"view": ABSENT}, Visit()),
        (events.home_opened, HOME_OPENED, {"view.private_metadata": "all.1"}, Visit()),
    ],
)
def test_what_an_event_says(read: Reader, sent: Json, changes: Json, wanted: object) -> None:
    inside = {f"event.{name}": value for name, value in changes.items()}
    assert intent_of(read(changed(sent, inside), HOME)) == wanted


@pytest.mark.parametrize(
    ("read", "sent", "changes", "team"),
    [
        (events.reaction, REACTION, {"user_team": "T0SISTER"}, "T0SISTER"),
        (events.reaction, REACTION, {"user_team": "E0ORG"}, HOME),
        (events.membership, MEMBER, {"team": "T0SISTER"}, "T0SISTER"),
        (events.membership, MEMBER, {"team": ABSENT}, HOME),
        (events.home_opened, HOME_OPENED, {}, HOME),
    ],
)
def test_who_did_it(read: Reader, sent: Json, changes: Json, team: str) -> None:
    done = read(changed(sent, {f"event.{name}": value for name, value in changes.items()}), HOME)
    assert isinstance(done, Incoming)
    assert done.delivery.person == Person(HOME, team, "U0ROSA") == ROSA


@pytest.mark.parametrize(
    ("read", "sent", "changes", "foreign"),
    [
        *[
            (events.reaction, REACTION, changes, Foreign("a reaction to no message"))
            for changes in (
                {"event": ABSENT},
                {"event_id": ABSENT},
                {"event.user": "U 0"},
                {"event.item": ABSENT},
                {"event.item": "message"},
                {"event.item.type": "file"},
                {"event.item.ts": ABSENT},
                {"event.item.ts": 1795435200.0001},
            )
        ],
        *[
            (events.membership, MEMBER, changes, Foreign("a membership of nobody"))
            for changes in (
                {"event": None},
                {"event_id": ""},
                {"event.user": ABSENT},
                {"event.user": {"id": "U0"}},
            )
        ],
        *[
            (events.home_opened, HOME_OPENED, changes, Foreign("an opened tab that is not Home"))
            for changes in (
                {"event.tab": "messages"},
                {"event.tab": ABSENT},
                {"event_id": ABSENT},
                {"event.user": "U 0"},
            )
        ],
    ],
)
def test_what_is_not_ours(read: Reader, sent: Json, changes: Json, foreign: Foreign) -> None:
    assert read(changed(sent, changes), HOME) == foreign


REVOKED: Json = OUTER | {
    "event": {"type": "tokens_revoked", "tokens": {"oauth": ["U0ROSA"], "bot": ["U0BOT"]}}
}


@pytest.mark.parametrize(
    ("changes", "is_ours"),
    [
        ({}, True),
        ({"event.tokens.bot": ABSENT}, False),
        ({"event.tokens.bot": []}, False),
        ({"event.tokens": ["bot"]}, False),
        ({"event.tokens": ABSENT}, False),
        ({"event": ABSENT}, False),
    ],
)
def test_whose_token_is_revoked(changes: Json, is_ours: bool) -> None:  # noqa: FBT001  a table
    assert events.revokes_bot_token(changed(REVOKED, changes)) is is_ours


RATE_LIMITED: Json = {
    "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl",
    "type": "app_rate_limited",
    "team_id": "T0HOME",
    "minute_rate_limited": 1518467820,
    "api_app_id": "A123456",
}


@pytest.mark.parametrize(
    ("changes", "minute"),
    [({}, 1518467820), ({"minute_rate_limited": "now"}, None), ({"minute_rate_limited": ABSENT}, None)],
)
def test_since_when_slack_drops_events(changes: Json, minute: int | None) -> None:
    assert events.rate_limited_minute(changed(RATE_LIMITED, changes)) == minute


READERS: list[Reader] = [events.reaction, events.membership, events.home_opened]
PARTS = ["user", "tab", "item", "view", "tokens", "channel"]


ACCOUNT: Json = OUTER | {
    "event": {
        "type": "user_change",
        "user": {"id": "U0ROSA", "team_id": "T0HOME", "name": "rosa", "deleted": True, "is_bot": False},
        "cache_ts": 1795435260,
        "event_ts": "1795435260.000200",
    }
}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, Deactivated()),
        ({"event.user.team_id": "E0ORG"}, Deactivated()),
        ({"event.user.deleted": False}, None),
        ({"event.user.deleted": ABSENT}, None),
        ({"event.user.deleted": "true"}, None),
        ({"event.user": "U0ROSA"}, None),
        ({"event_id": ABSENT}, None),
    ],
)
def test_of_an_account_only_its_end_counts(changes: dict[str, object], wanted: object) -> None:
    done = intent_of(events.account_changed(changed(ACCOUNT, changes), HOME))
    assert isinstance(done, Foreign) if wanted is None else done == wanted


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS, event=st.dictionaries(st.sampled_from(PARTS), ANYTHING))
def test_no_payload_makes_reading_raise(body: Json, event: Json) -> None:
    for read in READERS:
        assert is_fit_to_keep(read(body, HOME))
        assert is_fit_to_keep(read({"event_id": "Ev1", "event": {"tab": "home"} | event}, HOME))
    events.revokes_bot_token(body)
    events.revokes_bot_token({"event": event})
    events.rate_limited_minute(body)
