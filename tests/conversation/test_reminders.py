"""When what is to be remembered comes: both sides of each threshold, in the requester's own time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.agent_moves import AskBack, Claim, GiveBack, Mark, Reassign, Reopen, Reply, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.case import Case, Invitation, Surface
from bot.conversation.derive import Rules, Snapshot, result_of, screen_of
from bot.conversation.events import (
    AgentMoved,
    Answered,
    AskedForPerson,
    CameDue,
    CreditCame,
    Event,
    Returned,
    Revisited,
    SentIt,
    Stopped,
    Wrote,
)
from bot.conversation.handoff import Outcome, Standing
from bot.conversation.interview import Answer, Interview
from bot.conversation.now import Now
from bot.conversation.people import Mentioned, Person
from bot.conversation.reminder_kinds import FOR_AGENTS, FOR_REQUESTER, Reminder
from bot.conversation.step import step
from policy.facts import PROGRAM, Fact
from tests.conversation.transcript import ROSA

ADA = Person("T-HOST", "T-HOST", "U-ADA")
BEN = Person("T-HOST", "T-HOST", "U-BEN")
WINDOW: Final = {Reminder.WINDOW_SOON, Reminder.WINDOW_LAST}


def now(moment: str, zone: str = "UTC") -> Now:
    """A moment as somebody's clock shows it; with an offset after it, as UTC has it."""
    where = ZoneInfo(zone)
    at = datetime.fromisoformat(moment)
    at = at.replace(tzinfo=where) if at.tzinfo is None else at
    today = at.astimezone(where).date()
    return Now(at.astimezone(UTC), today, today, where)


def order(provider: str = "sectigo", fulfilled: str = "2026-11-01", **more: str) -> Case:
    """An answered case of a certificate; the last day of its window is 30 days after its fulfillment."""
    facts = {
        PROGRAM: "opensrs",
        Fact("requester"): "reseller",
        Fact("issued"): "true",
        Fact("provider"): provider,
        Fact("fulfilled_on"): fulfilled,
    }
    given = facts | {Fact(name): token for name, token in more.items()}
    answers = tuple(Answer(fact, token) for fact, token in given.items())
    return Case(1042, ROSA, Surface.MODAL, interview=Interview(answers, details_closed=True))


def after(rules: Rules, case: Case, *events: tuple[Event, Now]) -> Case:
    for event, moment in events:
        case = step(rules, case, event, moment).case
    return case


def due(rules: Rules, case: Case, at: Now) -> Mapping[Reminder, str]:
    """Return when each reminder of a case comes, as the requester's clock shows it."""
    reminders = Snapshot.of(rules, case, at).reminders
    assert [reminder.at for reminder in reminders] == sorted(reminder.at for reminder in reminders)
    return {each.reminder: f"{each.at.astimezone(at.zone):%Y-%m-%d %H:%M}" for each in reminders}


# --- the window: three days and one day before its last day, at nine in the morning where the requester is

# zone, fulfilled on -> the two moments in UTC
MORNINGS = {
    "Madrid": ("Europe/Madrid", "2026-11-01", "2026-11-28T08:00", "2026-11-30T08:00"),
    "Toronto": ("America/Toronto", "2026-11-01", "2026-11-28T14:00", "2026-11-30T14:00"),
    "Auckland, where it is still the day before here": (
        *("Pacific/Auckland", "2026-11-01"),
        *("2026-11-27T20:00", "2026-11-29T20:00"),
    ),
    "nowhere known": ("UTC", "2026-11-01", "2026-11-28T09:00", "2026-11-30T09:00"),
    # clocks go back on 25 October in Madrid, on 1 November in Toronto; forward on 27 September in Auckland
    "Madrid, before and after": ("Europe/Madrid", "2026-09-26", "2026-10-23T07:00", "2026-10-25T08:00"),
    "Toronto, before and after": ("America/Toronto", "2026-10-03", "2026-10-30T13:00", "2026-11-01T14:00"),
    "Auckland, before and after": ("Pacific/Auckland", "2026-08-29", "2026-09-24T21:00", "2026-09-26T20:00"),
}


@pytest.mark.parametrize("where", MORNINGS)
def test_the_window_is_reminded_of_in_the_morning_where_the_requester_is(rules: Rules, where: str) -> None:
    zone, fulfilled, soon, last = MORNINGS[where]
    day = date.fromisoformat(fulfilled)
    at = now(f"{day}T12:00", zone)
    case = order(fulfilled=fulfilled)
    assert due(rules, case, at) == {
        Reminder.WINDOW_SOON: f"{day + timedelta(days=27)} 09:00",
        Reminder.WINDOW_LAST: f"{day + timedelta(days=29)} 09:00",
    }
    reminders = Snapshot.of(rules, case, at).reminders
    assert [f"{each.at.astimezone(UTC):%Y-%m-%dT%H:%M}" for each in reminders] == [soon, last]
    # the day that card and result show is the requester's too
    assert [each.at.date() for each in reminders] == [day + timedelta(days=27), day + timedelta(days=29)]


NO_WINDOW = {
    "no date": {"fulfilled": "unknown"},
    "nothing comes back": {"provider": "trustwave", "validation": "ev"},
    "it depends on what is unknown": {"provider": "trustwave", "validation": "unknown"},
    "the page says nothing": {"provider": "other"},
}


@pytest.mark.parametrize("why", NO_WINDOW)
def test_where_no_refund_ends_nothing_is_reminded_of(rules: Rules, why: str) -> None:
    assert due(rules, order(**NO_WINDOW[why]), now("2026-11-23T12:00")) == {}


@pytest.mark.parametrize(("day", "open_"), [("2026-12-01", True), ("2026-12-02", False)])
def test_the_window_is_over_the_day_after_its_last(rules: Rules, day: str, *, open_: bool) -> None:
    assert (due(rules, order(), now(f"{day}T12:00")).keys() == WINDOW) is open_


def test_most_of_trustwaves_certificates_have_a_window_too(rules: Rules) -> None:
    case = order("trustwave", validation="dv")
    assert due(rules, case, now("2026-11-23T12:00")).keys() == WINDOW


MONDAY = now("2026-11-23T12:00")
NO_LONGER: Final[Mapping[str, tuple[Event, ...]]] = {
    "it is sent": (SentIt(),),
    "the credit came": (CreditCame(came=True),),
    "it is resolved": (AskedForPerson(), AgentMoved(ADA, Resolve(Outcome.REFUSED))),
    "it is closed": (AskedForPerson(), AgentMoved(ADA, Resolve(Outcome.REFUSED)), CameDue(Reminder.FORGET)),
    "a question is open": (Revisited(Fact("provider")),),
}
STILL: Final[Mapping[str, tuple[Event, ...]]] = {
    "an agent has it": (AskedForPerson(), AgentMoved(ADA, Claim())),
    "it was given back": (AskedForPerson(), AgentMoved(ADA, GiveBack())),
    "it is open again": (
        AskedForPerson(),
        AgentMoved(ADA, Resolve(Outcome.REFUSED)),
        AgentMoved(ADA, Reopen()),
    ),
    "it was answered again": (Revisited(Fact("provider")), Answered(Fact("provider"), "geotrust")),
}


@pytest.mark.parametrize("what", [*NO_LONGER, *STILL])
def test_the_window_is_reminded_of_as_long_as_it_matters(rules: Rules, what: str) -> None:
    events = NO_LONGER.get(what) or STILL[what]
    case = after(rules, order(), *((event, MONDAY) for event in events))
    assert WINDOW.intersection(due(rules, case, MONDAY)) == (WINDOW if what in STILL else set())


# --- the credit: two days, or five working days, after the request went out; asked after at a working hour

# provider, zone, sent at -> asked after at, all as the requester's clock shows it
CREDITS = {
    "two days, by day": ("geotrust", "Europe/Madrid", "2026-11-23T12:00", "2026-11-25 12:00"),
    "at nine sharp": ("geotrust", "Europe/Madrid", "2026-11-23T09:00", "2026-11-25 09:00"),
    "before nine": ("geotrust", "Europe/Madrid", "2026-11-23T08:59", "2026-11-25 09:00"),
    "at five sharp": ("geotrust", "Europe/Madrid", "2026-11-23T17:00", "2026-11-25 17:00"),
    "after five": ("geotrust", "Europe/Madrid", "2026-11-23T17:01", "2026-11-26 09:00"),
    "at night": ("geotrust", "Europe/Madrid", "2026-11-23T23:30", "2026-11-26 09:00"),
    "over a Saturday": ("geotrust", "Europe/Madrid", "2026-11-26T12:00", "2026-11-30 09:00"),
    "over a Sunday": ("geotrust", "Europe/Madrid", "2026-11-27T12:00", "2026-11-30 09:00"),
    "on a Friday until five": ("geotrust", "Europe/Madrid", "2026-11-25T17:00", "2026-11-27 17:00"),
    "on a Friday after five": ("geotrust", "Europe/Madrid", "2026-11-25T17:01", "2026-11-30 09:00"),
    "on Sunday, to Tuesday": ("geotrust", "Europe/Madrid", "2026-11-22T12:00", "2026-11-24 12:00"),
    "elsewhere": ("geotrust", "Pacific/Auckland", "2026-11-23T12:00", "2026-11-25 12:00"),
    "hours count as they pass, over a change of clocks": (
        *("geotrust", "Europe/Madrid"),
        *("2026-10-24T12:00", "2026-10-26 11:00"),
    ),
    "five working days, from a Monday": ("sectigo", "Europe/Madrid", "2026-11-23T12:00", "2026-11-30 17:00"),
    "from a Monday, late": ("sectigo", "Europe/Madrid", "2026-11-23T23:59", "2026-11-30 17:00"),
    "from a Friday": ("sectigo", "Europe/Madrid", "2026-11-27T12:00", "2026-12-04 17:00"),
    "from a Saturday": ("sectigo", "Europe/Madrid", "2026-11-28T12:00", "2026-12-04 17:00"),
    "from a Sunday": ("sectigo", "Europe/Madrid", "2026-11-29T12:00", "2026-12-04 17:00"),
    "in Auckland it is Monday already": (
        *("sectigo", "Pacific/Auckland"),
        *("2026-11-23T00:30", "2026-11-30 17:00"),
    ),
    "in Toronto it is Sunday still": (
        *("sectigo", "America/Toronto"),
        *("2026-11-22T23:30", "2026-11-27 17:00"),
    ),
    "days are days, over a change of clocks": (
        *("sectigo", "America/Toronto"),
        *("2026-10-30T12:00", "2026-11-06 17:00"),
    ),
}


@pytest.mark.parametrize("what", CREDITS)
def test_the_credit_is_asked_after_when_it_should_have_come(rules: Rules, what: str) -> None:
    provider, zone, sent, expected = CREDITS[what]
    at = now(sent, zone)
    case = after(rules, order(provider, fulfilled="2026-10-15"), (SentIt(), at))
    if date.fromisoformat(sent[:10]) > date(2026, 11, 14):  # within the window of a later order
        case = after(rules, order(provider, fulfilled="2026-11-10"), (SentIt(), at))
    assert due(rules, case, at) == {Reminder.CREDIT: expected}


OUTCOMES = {
    Outcome.REFUNDED: True,
    Outcome.SENT_TO_PROVIDER: True,
    Outcome.CANCELED_ONLY: False,
    Outcome.REFUSED: False,
    Outcome.DUPLICATE: False,
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_an_agent_sent_on_is_asked_after_too(rules: Rules, outcome: Outcome) -> None:
    case = after(rules, order(), (AskedForPerson(), MONDAY), (AgentMoved(ADA, Resolve(outcome)), MONDAY))
    closed = after(rules, case, (CameDue(Reminder.FORGET), MONDAY))
    reopened = after(rules, closed, (Returned(), MONDAY))
    asked = {Reminder.CREDIT: "2026-11-30 17:00"} if OUTCOMES[outcome] else {}
    forget = {Reminder.FORGET: "2026-11-30 12:00"}
    assert due(rules, case, MONDAY) == asked | forget
    assert due(rules, closed, MONDAY) == asked
    assert Reminder.CREDIT not in due(rules, reopened, MONDAY)


def test_what_was_sent_on_the_last_day_is_asked_after_though_the_window_is_over(rules: Rules) -> None:
    last, later = now("2026-12-01T12:00"), now("2026-12-03T12:00")
    sent = after(rules, order(), (SentIt(), last))
    assert due(rules, sent, later) == due(rules, sent, last) == {Reminder.CREDIT: "2026-12-08 17:00"}
    handed = after(
        rules, order(), (AskedForPerson(), last), (AgentMoved(ADA, Resolve(Outcome.REFUNDED)), last)
    )
    closed = after(rules, handed, (CameDue(Reminder.FORGET), later))
    assert due(rules, closed, later) == {Reminder.CREDIT: "2026-12-08 17:00"}


def test_what_is_sent_when_the_window_is_over_has_no_credit(rules: Rules) -> None:
    late = now("2026-12-02T12:00")
    assert due(rules, after(rules, order(), (SentIt(), late)), late) == {}


def test_it_is_asked_once_and_for_all(rules: Rules) -> None:
    sent = after(rules, order(), (SentIt(), MONDAY), (SentIt(), now("2026-11-25T12:00")))
    assert due(rules, sent, MONDAY) == {Reminder.CREDIT: "2026-11-30 17:00"}
    assert due(rules, after(rules, sent, (CreditCame(came=True), MONDAY)), MONDAY) == {}


# --- between people: unclaimed for an hour, the agent idle for a day, the requester for two, or seven

WITH_AGENTS: Final = {Reminder.NEW_DAY: "2026-11-24 00:00"}
TALK: Final[Mapping[str, tuple[tuple[tuple[Event, str], ...], Mapping[Reminder, str]]]] = {
    "nobody has taken it": ((), {Reminder.UNCLAIMED: "2026-11-23 13:00"}),
    "the requester writes on": (
        ((Wrote("m1", "Hello?"), "12:30"),),
        {Reminder.UNCLAIMED: "2026-11-23 13:00"},
    ),
    "somebody has": (((AgentMoved(ADA, Claim()), "12:30"),), {Reminder.OWNER_IDLE: "2026-11-24 12:30"}),
    "and replies": (
        ((AgentMoved(ADA, Claim()), "12:30"), (AgentMoved(ADA, Reply(Outward("Hello."))), "14:00")),
        {Reminder.OWNER_IDLE: "2026-11-24 14:00"},
    ),
    "and is written to": (
        ((AgentMoved(ADA, Claim()), "12:30"), (Wrote("m1", "Hello?"), "15:00")),
        {Reminder.OWNER_IDLE: "2026-11-24 15:00"},
    ),
    "and says that it burns, which is no word": (
        ((AgentMoved(ADA, Claim()), "12:30"), (AgentMoved(ADA, Mark(urgent=True)), "15:00")),
        {Reminder.OWNER_IDLE: "2026-11-24 12:30"},
    ),
    "and passes it on": (
        ((AgentMoved(ADA, Claim()), "12:30"), (AgentMoved(ADA, Reassign(BEN)), "16:00")),
        {Reminder.OWNER_IDLE: "2026-11-24 16:00"},
    ),
    "and asks": (
        ((AgentMoved(ADA, Claim()), "12:30"), (AgentMoved(ADA, AskBack(Outward("Which?"))), "14:00")),
        {Reminder.REQUESTER_IDLE: "2026-11-25 14:00", Reminder.IDLE_CLOSE: "2026-11-30 14:00"},
    ),
    "and asks again": (
        (
            (AgentMoved(ADA, Claim()), "12:30"),
            (AgentMoved(ADA, AskBack(Outward("Which?"))), "14:00"),
            (AgentMoved(ADA, AskBack(Outward("This one?"))), "18:00"),
        ),
        {Reminder.REQUESTER_IDLE: "2026-11-25 18:00", Reminder.IDLE_CLOSE: "2026-11-30 18:00"},
    ),
    "and is answered": (
        (
            (AgentMoved(ADA, Claim()), "12:30"),
            (AgentMoved(ADA, AskBack(Outward("Which?"))), "14:00"),
            (Wrote("m1", "This."), "19:00"),
        ),
        {Reminder.OWNER_IDLE: "2026-11-24 19:00"},
    ),
}


@pytest.mark.parametrize("what", TALK)
def test_who_must_act_is_reminded_counted_from_the_last_word(rules: Rules, what: str) -> None:
    events, expected = TALK[what]
    case = after(rules, order(), (AskedForPerson(), MONDAY))
    case = after(rules, case, *((event, now(f"2026-11-23T{hour}")) for event, hour in events))
    found = due(rules, case, now("2026-11-23T20:00"))
    assert {k: v for k, v in found.items() if k not in WINDOW} == {**expected, **WITH_AGENTS}


def test_a_week_after_it_was_resolved_it_is_closed_and_nothing_comes_any_more(rules: Rules) -> None:
    refused = AgentMoved(ADA, Resolve(Outcome.REFUSED))
    case = after(rules, order(), (AskedForPerson(), MONDAY), (refused, now("2026-11-23T14:00")))
    replied = after(rules, case, (AgentMoved(ADA, Reply(Outward("Bye."))), now("2026-11-25T10:00")))
    for each in (case, replied):  # a last word does not keep it open
        assert due(rules, each, now("2026-11-25T12:00")) == {Reminder.FORGET: "2026-11-30 14:00"}
    closed = after(rules, case, (CameDue(Reminder.FORGET), now("2026-11-30T14:00")))
    assert closed.standing is Standing.CLOSED
    assert due(rules, closed, now("2026-11-30T14:00")) == {}


DAYS = {
    "Madrid": ("Europe/Madrid", "2026-11-23T23:59", "2026-11-24 00:00"),
    "at midnight it is the next one": ("Europe/Madrid", "2026-11-24T00:00", "2026-11-25 00:00"),
    "where midnight was left out": ("America/Havana", "2026-03-07T12:00", "2026-03-08 01:00"),
    "where midnight comes twice": ("America/Havana", "2026-10-31T12:00", "2026-11-01 00:00"),
}


@pytest.mark.parametrize("where", DAYS)
def test_a_card_is_drawn_anew_when_the_requesters_day_begins(rules: Rules, where: str) -> None:
    zone, moment, expected = DAYS[where]
    at = now(moment, zone)
    case = after(rules, order(fulfilled="2026-02-20"), (AskedForPerson(), at))
    assert due(rules, case, at)[Reminder.NEW_DAY] == expected


def test_where_no_day_counts_no_card_is_drawn_anew(rules: Rules) -> None:
    case = after(rules, order("other"), (AskedForPerson(), MONDAY))
    assert due(rules, case, MONDAY) == {Reminder.UNCLAIMED: "2026-11-23 13:00"}


# --- those that nobody wants


@pytest.mark.parametrize("reminder", Reminder)
def test_one_that_was_stopped_does_not_come_and_the_others_do(rules: Rules, reminder: Reminder) -> None:
    """What only moves or redraws a case is nobody's to stop."""
    claimed = after(rules, order(), (AskedForPerson(), MONDAY), (AgentMoved(ADA, Claim()), MONDAY))
    asked = after(rules, claimed, (AgentMoved(ADA, AskBack(Outward("Which?"))), MONDAY))
    resolved = after(rules, claimed, (AgentMoved(ADA, Resolve(Outcome.REFUNDED)), MONDAY))
    waiting = after(rules, order(), (AskedForPerson(), MONDAY))
    of_agents = reminder in FOR_REQUESTER | FOR_AGENTS
    tried = 0
    invited = replace(order(), invitation=Invitation(Mentioned("C0SUPPORT"), MONDAY.at))
    for case in (waiting, claimed, asked, resolved, invited):
        before = due(rules, case, MONDAY)
        less = after(rules, case, (Stopped(reminder), MONDAY), (Stopped(reminder), MONDAY))
        gone = {reminder} if of_agents else set()
        assert due(rules, less, MONDAY) == {k: v for k, v in before.items() if k not in gone}
        tried += reminder in before
    assert tried


def test_what_is_overdue_is_promised_all_the_same(rules: Rules) -> None:
    """Whether it comes is the rows' matter: one that waited does, and none is made for what is past."""
    late = now("2026-12-01T12:00")
    assert due(rules, order(), late) == {
        Reminder.WINDOW_SOON: "2026-11-28 09:00",
        Reminder.WINDOW_LAST: "2026-11-30 09:00",
    }
    result = result_of(screen_of(rules, order(), late))
    assert result is not None
    assert result.reminders == ()


def test_an_answer_that_changes_the_window_changes_what_is_promised(rules: Rules) -> None:
    case = order(fulfilled="2026-11-10")
    assert due(rules, case, MONDAY)[Reminder.WINDOW_LAST] == "2026-12-09 09:00"
