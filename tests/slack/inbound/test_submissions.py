"""Submitted modals, as Slack sends them: a question, details, a ticket, an agent's forms.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.agent_moves import AskBack, Reassign, Reply
from bot.conversation.agent_words import note, outward
from bot.conversation.events import Answered, EditedTicket, Opened, Provided, TooLong
from bot.conversation.people import Person
from bot.desk.deliveries import Act, Delivery, Handle, Withhold
from bot.slack.blocks.ids import Callback
from bot.slack.inbound import submissions
from bot.slack.inbound.fields import case_of
from bot.slack.inbound.incoming import Foreign, Incoming, Place
from bot.slack.inbound.slack_text import digest
from policy.facts import Detail, Fact
from tests.reading.keys import pems
from tests.slack.inbound.samples import (
    ABSENT,
    ANYTHING,
    HOME,
    NAMES,
    PAYLOADS,
    ROSA,
    Json,
    changed,
    intent_of,
    is_fit_to_keep,
)

TRIGGER = "156772938.1827394"
PRIVATE_KEY = pems()["PKCS #8, P-256"]


def picked(value: str) -> Json:
    """Return the state of a menu or of radio buttons."""
    shown = {"type": "plain_text", "text": value.title(), "emoji": True}
    return {"input": {"type": "static_select", "selected_option": {"text": shown, "value": value}}}


def day(value: str | None) -> Json:
    """Return the state of a date picker."""
    return {"input": {"type": "datepicker", "selected_date": value}}


def typed(value: str | None) -> Json:
    """Return the state of a text field; one that was left empty holds null."""
    return {"input": {"type": "plain_text_input", "value": value}}


def submitted(callback: str, **values: Json) -> Json:
    """Return the payload of a form: what each of its blocks holds."""
    return {
        "type": "view_submission",
        "team": {"id": "T0HOME", "domain": "example"},
        "user": {"id": "U0ROSA", "username": "rosa", "name": "rosa", "team_id": "T0HOME"},
        "api_app_id": "A123456",
        "token": "9s8d9as89d8as9d8as989",
        "trigger_id": TRIGGER,
        "view": {
            "id": "V0FORM",
            "team_id": "T0HOME",
            "type": "modal",
            "blocks": [],
            "private_metadata": "1001.2.",
            "callback_id": callback,
            "state": {"values": {name.replace("__", "-"): value for name, value in values.items()}},
            "hash": "1795435200.abcdefgh",
            "title": {"type": "plain_text", "text": "certdesk", "emoji": True},
            "clear_on_close": False,
            "notify_on_close": False,
            "previous_view_id": None,
            "root_view_id": "V0FORM",
            "app_id": "A123456",
            "external_id": "",
            "bot_id": "B0BOT",
        },
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


QUESTION = submitted("question", fact__program=picked("opensrs"))
DETAILS = submitted(
    "details",
    detail__reseller_username=typed("acme"),
    detail__supplier_order_id=typed("1234567890"),
    detail__common_name=typed(None),
)
TICKET = submitted("ticket", ticket=typed("Please cancel order 1234567890."))
REPLY = submitted("reply", words=typed("It is canceled."))
ASK = submitted("ask_back", words=typed("Which order is it?"))
GIVE = submitted("reassign", agent=picked("U0BEA"), note=typed("You know this customer."))
BEA = Person(HOME, HOME, "U0BEA")


@pytest.mark.parametrize(
    ("sent", "wanted", "field"),
    [
        (QUESTION, Act(1001, Answered(Fact("program"), "opensrs"), 2), None),
        (
            DETAILS,
            Act(
                1001,
                Provided(
                    (
                        (Detail("reseller_username"), "acme"),
                        (Detail("supplier_order_id"), "1234567890"),
                        (Detail("common_name"), ""),
                    )
                ),
                2,
            ),
            "detail-supplier_order_id",  # the longest, in case they are a key together with earlier words
        ),
        (TICKET, Act(1001, EditedTicket("Please cancel order 1234567890."), 2), "ticket"),
        (submitted("result"), Act(1001, Opened(), 2), None),
        (REPLY, Handle(1001, Reply(outward("It is canceled."))), "words"),  # type: ignore[arg-type]
        (ASK, Handle(1001, AskBack(outward("Which order is it?"))), "words"),  # type: ignore[arg-type]
        (submitted("ask", words=typed("Which one?")), Handle(1001, AskBack(outward("Which one?"))), "words"),  # type: ignore[arg-type]
        (GIVE, Handle(1001, Reassign(BEA, note("You know this customer."))), "note"),
    ],
    ids=[
        "question",
        "details",
        "ticket",
        "result",
        "reply",
        "ask",
        "asked in a form of an older version",
        "give to",
    ],
)
def test_a_form_as_slack_sends_it(sent: Json, wanted: Act | Handle, field: str | None) -> None:
    assert submissions.read(sent, HOME) == Incoming(
        Delivery(f"view:{TRIGGER}", ROSA, wanted),
        TRIGGER,
        Place(view="V0FORM", view_hash="1795435200.abcdefgh"),
        field=field,
    )
    assert case_of(sent) == 1001


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        (
            submitted(
                "question",
                fact__fulfilled_on=day("2026-11-10"),
            ),
            Act(1001, Answered(Fact("fulfilled_on"), "2026-11-10"), 2),
        ),
        (
            submitted("question", fact__fulfilled_on=day(None)),
            Act(1001, Answered(Fact("fulfilled_on"), ""), 2),
        ),
        (
            submitted("question", fact__program=picked("x" * 99)),
            Act(1001, Answered(Fact("program"), "x" * 80), 2),
        ),
        (submitted("question"), None),
        (submitted("question", **{"fact__No such": picked("x")}), None),
        # of several blocks the first is the question
        (
            submitted("question", fact__program=picked("opensrs"), fact__issued=picked("true")),
            Act(1001, Answered(Fact("program"), "opensrs"), 2),
        ),
        (submitted("details", other=typed("x")), Act(1001, Provided(()), 2)),
        (submitted("details", **{"detail__No such": typed("x")}), Act(1001, Provided(()), 2)),
        (submitted("ticket"), Act(1001, EditedTicket(""), 2)),
        (submitted("reply", words=typed(None)), None),
        (submitted("reassign", agent=picked("not an id"), note=typed("x")), None),
        (submitted("reassign", note=typed("x")), None),
    ],
)
def test_what_a_form_wants(sent: Json, wanted: Act | None) -> None:
    read = submissions.read(sent, HOME)
    assert isinstance(read, Foreign) if wanted is None else intent_of(read) == wanted


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (
            submitted("details", detail__tech_email=typed("a"), detail__common_name=typed(PRIVATE_KEY)),
            "detail-common_name",
        ),
        (submitted("ticket", ticket=typed(PRIVATE_KEY)), "ticket"),
        (submitted("reply", words=typed(PRIVATE_KEY)), "words"),
        (submitted("ask_back", words=typed(PRIVATE_KEY)), "words"),
        (submitted("reassign", agent=picked("U0BEA"), note=typed(PRIVATE_KEY)), "note"),
    ],
)
def test_a_form_that_holds_a_private_key_is_not_read(sent: Json, field: str) -> None:
    read = submissions.read(sent, HOME)
    assert isinstance(read, Incoming)
    assert (read.delivery.intent, read.field) == (Withhold(1001, ended=True), field)


@pytest.mark.parametrize(
    ("block", "length", "detail"),
    [("detail-common_name", 3_001, Detail("common_name")), ("ticket", 3_001, None), ("ticket", 3_000, None)],
)
def test_a_field_that_is_longer_than_the_desk_reads(block: str, length: int, detail: Detail | None) -> None:
    callback = "ticket" if block == "ticket" else "details"
    read = submissions.read(submitted(callback, **{block: typed("x" * length)}), HOME)
    wanted = EditedTicket("x" * 3_000) if length == 3_000 else TooLong(detail, length, digest("x" * length))
    assert intent_of(read) == Act(1001, wanted, 2)


@pytest.mark.parametrize(
    ("changes", "foreign"),
    [
        ({"view": ABSENT}, Foreign("an unknown view")),
        ({"view": []}, Foreign("an unknown view")),
        ({"view.callback_id": "another_apps"}, Foreign("an unknown view", 1001)),
        ({"view.callback_id": ["question"]}, Foreign("an unknown view", 1001)),
        ({"view.private_metadata": ""}, Foreign("an unknown view")),
        ({"view.private_metadata": "1001"}, Foreign("an unknown view")),
        ({"view.private_metadata": None}, Foreign("an unknown view")),
        ({"user": ABSENT}, Foreign("a view without an answer or person", 1001)),
        ({"user.id": "U 0"}, Foreign("a view without an answer or person", 1001)),
        ({"view.state": ABSENT}, Foreign("a view without an answer or person", 1001)),
        ({"view.state.values": []}, Foreign("a view without an answer or person", 1001)),
    ],
)
def test_what_is_not_ours(changes: Json, foreign: Foreign) -> None:
    assert submissions.read(changed(QUESTION, changes), HOME) == foreign


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, f"view:{TRIGGER}"),
        ({"trigger_id": ABSENT}, "view:V0FORM1795435200.abcdefgh"),
    ],
)
def test_how_submissions_are_told_apart(changes: Json, key: str) -> None:
    read = submissions.read(changed(QUESTION, changes), HOME)
    assert isinstance(read, Incoming)
    assert read.delivery.key == key


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert is_fit_to_keep(submissions.read(body, HOME))


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


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(body=SUBMITTED)
def test_nor_does_one_that_is_nearly_right(body: Json) -> None:
    assert is_fit_to_keep(submissions.read(body, HOME))
