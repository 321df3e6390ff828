"""Clicks, choices in menus and picked dates, as Slack sends them: from a message, a modal, App Home.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.agent_moves import AGENT_MOVES, Claim, GiveBack, Reopen, Resolve
from bot.conversation.case import Surface
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    CreditCame,
    Opened,
    OpenedTicket,
    Returned,
    Revisited,
    RevisitedDetails,
    Said,
    SentIt,
    Shared,
    Skipped,
    StartedOver,
    Stopped,
    WentBack,
)
from bot.conversation.handoff import Outcome
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import OneOrder
from bot.desk.app_home_views import Tab, Visit
from bot.desk.deliveries import Act, Delivery, Handle, Prepare, Spot, Start, StopReminder
from bot.slack.blocks.ids import Action, order_text, read_order
from bot.slack.inbound import actions, messages
from bot.slack.inbound.fields import case_of
from bot.slack.inbound.incoming import Asker, Foreign, Incoming, Place
from policy.facts import Detail, Fact
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

URL = "https://hooks.slack.com/actions/T0HOME/5678/abcdefgh"
TRIGGER = "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3"
EVERY: Json = {
    "type": "block_actions",
    "team": {"id": "T0HOME", "domain": "example"},
    "user": {"id": "U0ROSA", "username": "rosa", "name": "rosa", "team_id": "T0HOME"},
    "api_app_id": "A123456",
    "token": "9s8d9as89d8as9d8as989",
    "trigger_id": TRIGGER,
    "enterprise": None,
    "is_enterprise_install": False,
}
BUTTON: Json = {
    "type": "button",
    "block_id": "ReRrO",
    "action_id": "back",
    "text": {"type": "plain_text", "text": "Back", "emoji": True},
    "value": "1001.2.",
    "action_ts": "1795435260.000200",
}
IN_DM: Json = EVERY | {
    "container": {
        "type": "message",
        "message_ts": "1795435200.000100",
        "channel_id": "D0ROSA",
        "is_ephemeral": False,
    },
    "channel": {"id": "D0ROSA", "name": "directmessage"},
    "message": {
        "type": "message",
        "user": "U0BOT",
        "bot_id": "B0BOT",
        "ts": "1795435200.000100",
        "text": "…",
    },
    "state": {"values": {}},
    "response_url": URL,
    "actions": [BUTTON],
}
IN_MODAL: Json = EVERY | {
    "container": {"type": "view", "view_id": "V0FORM"},
    "view": {
        "id": "V0FORM",
        "team_id": "T0HOME",
        "type": "modal",
        "callback_id": "question",
        "private_metadata": "1001.2.",
        "hash": "1795435200.abcdefgh",
        "blocks": [],
        "state": {"values": {}},
    },
    "actions": [BUTTON],
}
IN_APP_HOME: Json = EVERY | {
    "container": {"type": "view", "view_id": "V0HOME"},
    "view": {
        "id": "V0HOME",
        "team_id": "T0HOME",
        "type": "home",
        "callback_id": "",
        "private_metadata": "queue.2",
        "hash": "1795435200.abcdefgh",
        "blocks": [],
    },
    "actions": [BUTTON],
}
IN_CARD_THREAD: Json = changed(
    IN_DM,
    {
        "container.channel_id": "C0AGENTS",
        "container.thread_ts": "1795435100.000100",
        "channel": {"id": "C0AGENTS", "name": "privategroup"},
    },
)
WENT_BACK = Act(1001, WentBack(), 2)


@pytest.mark.parametrize(
    ("sent", "where", "place", "url"),
    [
        (IN_DM, "1795435200.000100", Place(channel="D0ROSA", ts="1795435200.000100"), URL),
        (IN_MODAL, "V0FORM", Place(view="V0FORM", view_hash="1795435200.abcdefgh"), None),
        (IN_APP_HOME, "", Place(home=Visit(Tab.QUEUE, 2)), None),
        (
            IN_CARD_THREAD,
            "1795435200.000100",
            Place(channel="C0AGENTS", ts="1795435200.000100", thread="1795435100.000100"),
            URL,
        ),
    ],
    ids=["message", "modal", "App Home", "thread"],
)
def test_a_click_as_slack_sends_it(sent: Json, where: str, place: Place, url: str | None) -> None:
    assert actions.read(sent, HOME) == Incoming(
        Delivery(f"action:{TRIGGER}:back:{where}", ROSA, WENT_BACK, url), TRIGGER, place, url
    )


def click(action_id: str, value: object = "1001.2.", **changes: object) -> object:
    """Return what a click wants, of an element that has this id and value."""
    element = BUTTON | {"action_id": action_id, "value": value} | changes
    return intent_of(actions.read(IN_DM | {"actions": [element]}, HOME))


@pytest.mark.parametrize(
    ("action_id", "value", "wanted"),
    [
        ("back", "1001.2.", WENT_BACK),
        ("skip", "1001.2.", Act(1001, Skipped(), 2)),
        ("why", "1001.2.", Act(1001, AskedWhy(), 2)),
        ("start_over", "1001.2.", Act(1001, StartedOver(), 2)),
        ("edit", "1001.2.", Act(1001, OpenedTicket(), 2)),
        ("share", "1001.2.", Act(1001, Shared(), 2)),
        ("choose:unknown", "1001.2.program=unknown", Act(1001, Answered(Fact("program"), "unknown"), 2)),
        ("choose:x", "1001.2.program=" + "x" * 99, Act(1001, Answered(Fact("program"), "x" * 80), 2)),
        ("choose:x", "1001.2.program=a=b", Act(1001, Answered(Fact("program"), "a=b"), 2)),
        ("guess:x", "1001.2.PositiveSSL", Act(1001, Said("PositiveSSL"), 2)),
        ("use_detail", "1001.2.acme.example", Act(1001, Said("acme.example"), 2)),
        ("change:x", "1001.2.provider", Act(1001, Revisited(Fact("provider")), 2)),
        ("change:x", "1001.2.details", Act(1001, RevisitedDetails(), 2)),
        # these are right at any revision
        ("open", "1001.2.", Act(1001, Opened())),
        ("hand_off", "1001.2.", Act(1001, AskedForPerson())),
        ("return", "1001.2.", Act(1001, Returned())),
        ("sent_it", "1001.2.", Act(1001, SentIt())),
        ("details", "1001.2.", Act(1001, RevisitedDetails())),
        ("credit_came", "1001.2.", Act(1001, CreditCame(came=True))),
        ("credit_missing", "1001.2.", Act(1001, CreditCame(came=False))),
        ("stop", f"1001.2.{Reminder.WINDOW_LAST}", Act(1001, Stopped(Reminder.WINDOW_LAST))),
    ],
)
def test_what_a_requesters_button_wants(action_id: str, value: str, wanted: Act) -> None:
    assert click(action_id, value) == wanted


CARD = Spot("D0ROSA", "1795435200.000100")


@pytest.mark.parametrize(
    ("action_id", "value", "wanted"),
    [
        ("claim", "1001.2.", Handle(1001, Claim(), CARD)),
        ("give_back", "1001.2.", Handle(1001, GiveBack(), CARD)),
        ("reopen", "1001.2.", Handle(1001, Reopen(), CARD)),
        ("reply", "1001.2.", Prepare(1001, "reply", CARD)),
        ("ask_back", "1001.2.", Prepare(1001, "ask_back", CARD)),
        ("reassign", "1001.2.", Prepare(1001, "reassign", CARD)),
        (
            "stop_as_agent",
            f"1001.2.{Reminder.UNCLAIMED}",
            StopReminder(1001, Reminder.UNCLAIMED, CARD),
        ),
        # drawn by an older version, and still in Slack
        ("ask", "1001.2.", Prepare(1001, "ask_back", CARD)),
        ("hush", f"1001.2.{Reminder.UNCLAIMED}", StopReminder(1001, Reminder.UNCLAIMED, CARD)),
        *[
            ("resolve:x", f"1001.2.{outcome}", Handle(1001, Resolve(outcome), CARD))
            for outcome in Outcome
            if outcome is not Outcome.DUPLICATE
        ],
        (
            "resolve:x",
            f"1001.2.{Outcome.DUPLICATE}",
            Prepare(1001, "duplicate", CARD),
        ),  # of which, asks a form
    ],
)
def test_what_an_agents_button_wants(action_id: str, value: str, wanted: object) -> None:
    assert click(action_id, value) == wanted


@pytest.mark.parametrize(
    ("sent", "spot"),
    [
        (IN_APP_HOME, None),
        (IN_CARD_THREAD, Spot("C0AGENTS", "1795435200.000100", "1795435100.000100")),
        (changed(IN_DM, {"container": ABSENT, "channel": ABSENT}), Spot("", "")),
    ],
    ids=["App Home", "thread", "nowhere"],
)
def test_where_an_agent_clicks(sent: Json, spot: Spot | None) -> None:
    claim = BUTTON | {"action_id": "claim:C-1001"}
    assert intent_of(actions.read(sent | {"actions": [claim]}, HOME)) == Handle(1001, Claim(), spot)


@pytest.mark.parametrize(
    ("action_id", "sent", "wanted"),
    [
        ("start", IN_DM, Start(Surface.MODAL)),
        ("start", IN_CARD_THREAD, Start(Surface.MODAL, "C0AGENTS", URL)),
        ("start", IN_APP_HOME, Start(Surface.MODAL)),
        ("new", IN_APP_HOME, Start(Surface.MODAL, afresh=True)),
        ("another", IN_DM, Start(Surface.MODAL, alike=True)),
    ],
)
def test_a_button_that_begins_a_case(action_id: str, sent: Json, wanted: Start) -> None:
    for value in ("0.0.", "no reference", None):
        element = BUTTON | {"action_id": action_id, "value": value}
        assert intent_of(actions.read(sent | {"actions": [element]}, HOME)) == wanted


MENU: Json = {
    "type": "static_select",
    "block_id": "ReRrO",
    "action_id": "change",
    "placeholder": {"type": "plain_text", "text": "Change an answer", "emoji": True},
    "selected_option": {
        "text": {"type": "plain_text", "text": "Provider: Sectigo", "emoji": True},
        "value": "1001.2.provider",
    },
    "action_ts": "1795435260.000200",
}
DATE_PICKER: Json = {
    "type": "datepicker",
    "block_id": "ReRrO",
    "action_id": "pick_date:1001.2",
    "selected_date": "2026-11-10",
    "initial_date": None,
    "action_ts": "1795435260.000200",
}


@pytest.mark.parametrize(
    ("element", "changes", "wanted"),
    [
        (MENU, {}, Act(1001, Revisited(Fact("provider")), 2)),
        (MENU, {"selected_option": None}, None),
        (MENU, {"selected_option": "1001.2.provider"}, None),
        (MENU, {"selected_option.value": "provider"}, None),
        (DATE_PICKER, {}, Act(1001, Said("2026-11-10"), 2)),
        (DATE_PICKER, {"selected_date": None}, None),
        (DATE_PICKER, {"selected_date": ["2026-11-10"]}, None),
        (DATE_PICKER, {"action_id": "pick_date"}, None),
    ],
)
def test_a_menu_and_a_date_picker(element: Json, changes: Json, wanted: Act | None) -> None:
    read = intent_of(actions.read(IN_DM | {"actions": [changed(element, changes)]}, HOME))
    assert isinstance(read, Foreign) if wanted is None else read == wanted


def test_each_action_is_read_with_its_case() -> None:
    unread = {Action.INPUT}  # of a form's own fields, which are read when it is submitted
    argument: dict[str, str] = {
        Action.CHOOSE: "program=opensrs",
        Action.CHANGE: "program",
        Action.MORE: "share=",
        Action.CORRECT: "validation",
        Action.ASSIGN: "0 D0ROSA:1795435200.000100",
        Action.ANOTHER_CASE: "1001 D0ROSA:1795435200.000100",
        Action.STOP: Reminder.WINDOW_LAST,
        Action.STOP_AS_AGENT: Reminder.WINDOW_LAST,
        "resolve": Outcome.DUPLICATE,
        Action.HOME: "own.1",
        Action.ONE_ORDER: "name=a.example.com&fact.provider=sectigo",
        Action.TELL_LIST: '["F0LIST", "orders.csv", {"program": "opensrs"}]',
        Action.OPEN_ROW: '["F0LIST", 3, {"provider": "sectigo"}, {"common_name": "a.example.com"}]',
    }
    buttons = [name for name, kind in AGENT_MOVES.items() if kind.buttons]
    for action in [*(set(Action) - unread), *buttons]:
        read = click(action, f"1001.2.{argument.get(action, '')}")
        assert not isinstance(read, Foreign), action
        assert getattr(read, "case", 1001) == 1001, action


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0.0.own.1", Visit(Tab.OWN, 1)),
        ("0.0.queue.2", Visit(Tab.QUEUE, 2)),
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
    read = click("home:Next", value)
    assert read == wanted if wanted is not None else isinstance(read, Foreign)


@pytest.mark.parametrize(
    ("action_id", "value", "case"),
    [
        ("another_apps", "1001.2.", 1001),
        ("", "1001.2.", 1001),
        ("BACK", "1001.2.", 1001),
        ("back", "", None),
        ("back", None, None),
        ("back", "1001", None),
        ("back", "-1001.2.", None),
        ("back", "1001.2", None),
        ("back", "\u0661.2.", None),
        ("back", "9999999999999.2.", None),
        ("choose:x", "1001.2.", 1001),
        ("choose:x", "1001.2.Program=opensrs", 1001),
        ("change:x", "1001.2.no/such", 1001),
        ("stop", "1001.2.", 1001),
        ("stop", "1001.2.rent", 1001),
        ("stop_as_agent", "1001.2.rent", 1001),
        ("resolve:x", "1001.2.forgotten", 1001),
        ("input", "1001.2.", 1001),
    ],
)
def test_a_button_that_is_not_ours_names_whoever_waits(
    action_id: str, value: object, case: int | None
) -> None:
    element = BUTTON | {"action_id": action_id, "value": value}
    body = IN_DM | {"actions": [element]}
    read = actions.read(body, HOME)
    assert isinstance(read, Foreign)
    assert read.case == case == case_of(body)
    assert read.asker == Asker(ROSA, Place(channel="D0ROSA", ts="1795435200.000100"), URL)


@pytest.mark.parametrize(
    "changes",
    [
        {"user": ABSENT},
        {"user": ["U0ROSA"]},
        {"user.id": ABSENT},
        {"user.id": "U 0"},
        {"actions": ABSENT},
        {"actions": []},
        {"actions": {"0": BUTTON}},
        {"actions": ["back"]},
    ],
)
def test_a_click_of_nobody_or_on_nothing(changes: Json) -> None:
    assert isinstance(actions.read(changed(IN_DM, changes), HOME), Foreign)


@pytest.mark.parametrize(
    ("changes", "team"),
    [
        ({"user.team_id": "T0SISTER"}, "T0SISTER"),
        ({"user.team_id": ABSENT, "team.id": "T0SISTER"}, "T0SISTER"),
        ({"user.team_id": "E0ORG"}, HOME),
        ({"user.team_id": None, "team": None}, HOME),
        ({"user.team_id": ABSENT, "team": ABSENT}, HOME),
    ],
)
def test_who_clicked(changes: Json, team: str) -> None:
    read = actions.read(changed(IN_DM, changes), HOME)
    assert isinstance(read, Incoming)
    assert read.delivery.person == Person(HOME, team, "U0ROSA") == ROSA


def test_the_same_person_is_one_however_they_come() -> None:
    event = {"channel_type": "im", "user": "U0ROSA", "team": "T2", "text": "hi", "ts": "1.1"}
    written = messages.read({"team_id": HOME, "event_id": "Ev1", "event": event}, HOME)
    clicked = actions.read(changed(IN_DM, {"user.team_id": "T2"}), HOME)
    assert isinstance(written, Incoming)
    assert isinstance(clicked, Incoming)
    assert written.delivery.person == clicked.delivery.person


def test_a_click_without_a_trigger_is_told_apart_by_its_time() -> None:
    read = actions.read(changed(IN_DM, {"trigger_id": ABSENT}), HOME)
    assert isinstance(read, Incoming)
    assert (read.delivery.key, read.trigger) == ("action:1795435260.000200:back:1795435200.000100", None)


def test_keys_too_long_for_their_column_stay_apart() -> None:
    keys = set()
    for tail in "ab":
        read = actions.read(IN_DM | {"trigger_id": "1" * 300 + tail}, HOME)
        assert isinstance(read, Incoming)
        keys.add(read.delivery.key)
    assert len(keys) == 2


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert is_fit_to_keep(actions.read(body, HOME))
    case_of(body)


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


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=CLICK)
def test_nor_does_one_that_is_nearly_right(body: Json) -> None:
    assert is_fit_to_keep(actions.read(body, HOME))
    case_of(body)


@pytest.mark.parametrize(
    ("carried", "order"),
    [
        (
            "name=a.example.com&fact.provider=sectigo&fact.fulfilled_on=2026-11-03&detail.common_name=a.example.com",
            OneOrder(
                "a.example.com",
                ((Fact("provider"), "sectigo"), (Fact("fulfilled_on"), "2026-11-03")),
                ((Detail("common_name"), "a.example.com"),),
            ),
        ),
        ("name=a%26b%3D", OneOrder("a&b=")),
        ("fact.provider=sectigo", None),
        ("name=a&fact.Provider+x=sectigo", None),
        ("a.example.com", None),
        ("&".join(["name=a", *(f"fact.f{at}=x" for at in range(50))]), None),
    ],
)
def test_one_of_several_orders_is_carried_by_its_button(carried: str, order: OneOrder | None) -> None:
    read = click("one_order:0", f"1001.2.{carried}")
    if order is None:
        assert isinstance(read, Foreign)
    else:
        assert read == Start(Surface.DM, order=order, beside=1001, revision=2)
        assert read_order(order_text(order)) == order
