"""The table of standings, read in both directions: what is in it happens, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.conversation.agent_moves import (
    AGENT_MOVES,
    AskBack,
    Claim,
    GiveBack,
    Reopen,
    Reply,
    Resolve,
)
from bot.conversation.agent_words import Outward
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules
from bot.conversation.effects import Denial, ShowCard, Tell, TellAgent
from bot.conversation.events import (
    AgentMoved,
    AskedForPerson,
    CameDue,
    CreditCame,
    Event,
    OwnerLeft,
    Provided,
    Returned,
    Wrote,
)
from bot.conversation.handoff import HELD, By, Move, Outcome, Row, Standing, row_in
from bot.conversation.interview import Answer, Interview
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.states import page, table
from bot.conversation.step import Step, step
from policy.facts import PROGRAM, Detail, Fact
from tests.conversation.test_agent_moves import CY, READ
from tests.conversation.transcript import ROSA, moment

ADA = Person("T-HOST", "T-HOST", "U-ADA")  # who has the case
BEN = Person("T-HOST", "T-HOST", "U-BEN")  # who has not
THEN, NOW = moment(hour=12), moment(hour=13)

# An order whose refund can still be requested, so that there is a credit to come; details are wanted.
ANSWERS: Final = {
    PROGRAM: "opensrs",
    Fact("requester"): "reseller",
    Fact("issued"): "true",
    Fact("provider"): "sectigo",
    Fact("fulfilled_on"): "2026-11-01",
}
DETAILS: Final = ((Detail("common_name"), "www.example.com"),)
TO_CLAIMED: Final = (AskedForPerson(), AgentMoved(ADA, Claim()))
TO_ASKED: Final = (*TO_CLAIMED, AgentMoved(ADA, AskBack(Outward("Which one?"))))
TO_RESOLVED: Final = (*TO_CLAIMED, AgentMoved(ADA, Resolve(Outcome.REFUNDED)))

# Each standing, by every way there is to come to it that leaves another case behind.
WAYS: Final[Mapping[str, tuple[Standing, tuple[Event, ...]]]] = {
    "new": (Standing.NEW, ()),
    "given back": (Standing.NEW, (*TO_CLAIMED, AgentMoved(ADA, GiveBack()))),
    "waiting": (Standing.WAITING, (AskedForPerson(),)),
    "waiting again": (Standing.WAITING, (*TO_CLAIMED, AgentMoved(ADA, GiveBack()), AskedForPerson())),
    "claimed": (Standing.CLAIMED, TO_CLAIMED),
    "waiting for requester": (Standing.ASKED, TO_ASKED),
    "resolved": (Standing.RESOLVED, TO_RESOLVED),
    "closed after it was resolved": (Standing.CLOSED, (*TO_RESOLVED, CameDue(Reminder.FORGET))),
    "closed without a word": (Standing.CLOSED, (*TO_ASKED, CameDue(Reminder.IDLE_CLOSE))),
}


def moves_of(agent: Person) -> dict[str, Event]:
    """Return every move of an agent's that the table has, with what comes with it."""
    made = {name: move for name, (_, move, _) in READ.items() if AGENT_MOVES[name].rows}
    return {name: AgentMoved(agent, move) for name, move in made.items() if move is not None}


EVENTS: Final[Mapping[str, Mapping[str, Event]]] = {
    "the requester": {
        Move.HAND_OVER: AskedForPerson(),
        Move.HEAR: Wrote("message:1", "It is this one."),
        Move.REOPEN: Returned(),
        Move.MISS: CreditCame(came=False),
        Move.CONFIRM: CreditCame(came=True),
    },
    "the owner": moves_of(ADA),
    "another agent": moves_of(BEN),
    "an owner who leaves": {Move.LEAVE: OwnerLeft()},
    "time": {Move.IDLE: CameDue(Reminder.IDLE_CLOSE), Move.FORGET: CameDue(Reminder.FORGET)},
}
MAY: Final[Mapping[str, set[By]]] = {
    "the requester": {By.REQUESTER},
    "the owner": {By.AGENT, By.OWNER},
    "another agent": {By.AGENT},
    "an owner who leaves": {By.OWNER},
    "time": {By.TIME},
}


def at(rules: Rules, way: str) -> Case:
    standing, events = WAYS[way]
    answers = tuple(Answer(fact, token) for fact, token in ANSWERS.items())
    case = Case(1042, ROSA, Surface.MODAL, interview=Interview(answers, details_closed=True))
    for event in events:
        case = step(rules, case, event, THEN).case
    assert case.standing is standing
    return case


# Who asks for an agent again takes up the case that there is.
SAME: Final[dict[str, tuple[str, ...]]] = {Move.HAND_OVER: (Move.HAND_OVER, Move.REOPEN)}
TABLE: Final = [(move, row) for move, _, row in table()]


def rows(who: str, move: str, before: Standing) -> list[Row]:
    """Return the rows by which somebody may do that, by the table alone."""
    meant = SAME.get(move, (move,))
    return [row for made, row in TABLE if made in meant and before in row.before and row.by in MAY[who]]


CASES = [(way, who, move) for way in WAYS for who, moves in EVENTS.items() for move in moves]


def test_every_row_is_tried() -> None:
    tried = {id(row) for way, who, move in CASES for row in rows(who, move, WAYS[way][0])}
    assert [row for _, row in TABLE if id(row) not in tried] == []
    assert {before for _, row in TABLE for before in row.before} == {*Standing}


@pytest.mark.parametrize(("way", "who", "move"), CASES)
def test_what_is_in_the_table_happens_and_nothing_else(rules: Rules, way: str, who: str, move: str) -> None:
    case = at(rules, way)
    after = step(rules, case, EVENTS[who][move], NOW)
    found = rows(who, move, case.standing)
    if not found:
        assert after.case.handoff == case.handoff
        if who in AGENTS and case.handoff is not None:
            assert told(after, AGENTS[who]) == denial(who, move, case.standing)
        return
    [goal] = {row.after for row in found}
    assert after.case.standing is goal
    assert after.case.handoff is not None
    assert after.case.handoff.stirred == NOW.at
    assert after.case.handoff.began == (
        case.handoff.began if case.handoff and goal is case.standing else NOW.at
    )
    assert told(after, ADA) is None
    assert told(after, BEN) is None
    [card] = [effect.card for effect in after.effects if isinstance(effect, ShowCard)]
    assert card.handoff == after.case.handoff


AGENTS: Final = {"the owner": ADA, "another agent": BEN}


def denial(who: str, move: Move, before: Standing) -> Denial | None:
    """Return what an agent is told of a move that is not in the table for them."""
    if move == "claim" and before in HELD:
        return None if who == "the owner" else Denial.TAKEN
    return Denial.NOT_YOURS if row_in(AGENT_MOVES[move].rows, before) else Denial.NOT_NOW


def told(after: Step, agent: Person) -> Denial | None:
    """Return why nothing was done, as an agent is told it: with where the case stands, and since when."""
    denials = [effect for effect in after.effects if isinstance(effect, TellAgent)]
    assert [effect.to for effect in denials] == [agent] * len(denials)
    assert all(effect.card.handoff == after.case.handoff for effect in denials)
    return denials[0].why if denials else None


def owner(after: Case) -> Person | None:
    assert after.handoff is not None
    return after.handoff.claimed_by


# --- who has it then

GETS: Final[Mapping[tuple[str, Move], Person | None]] = {
    ("the owner", "claim"): ADA,
    ("the owner", "reassign"): CY,
    ("the owner", "resolve"): ADA,
    ("the owner", "duplicate"): ADA,
    ("another agent", "duplicate"): BEN,
    ("the owner", "give_back"): None,
    ("the owner", "reopen"): ADA,
    ("an owner who leaves", Move.LEAVE): None,
    ("another agent", "claim"): BEN,
    ("another agent", "reassign"): CY,
    ("another agent", "resolve"): BEN,
    ("another agent", "give_back"): None,
    ("another agent", "reopen"): BEN,
}


@pytest.mark.parametrize(("way", "who", "move"), CASES)
def test_nobody_gets_it_by_accident(rules: Rules, way: str, who: str, move: str) -> None:
    case = at(rules, way)
    had = case.handoff.claimed_by if case.handoff else None
    has = GETS.get((who, move), had) if rows(who, move, case.standing) else had
    after = step(rules, case, EVENTS[who][move], NOW).case
    assert (after.handoff.claimed_by if after.handoff else None) == has


def test_an_outcome_belongs_to_what_is_settled(rules: Rules) -> None:
    resolved = step(rules, at(rules, "claimed"), AgentMoved(ADA, Resolve(Outcome.REFUSED)), NOW).case
    for event, left in {
        CameDue(Reminder.FORGET): Outcome.REFUSED,
        CreditCame(came=True): Outcome.REFUSED,
        Returned(): None,
        CreditCame(came=False): None,
        Wrote("message:1", "No."): None,
        AgentMoved(BEN, Reopen()): None,
    }.items():
        after = step(rules, resolved, event, NOW).case
        assert after.handoff is not None
        assert after.handoff.outcome is left, event
        assert (after.handoff.resolved_at is None) == (left is None), event


def with_details_open(case: Case) -> Case:
    return replace(case, interview=replace(case.interview, details_closed=False))


def test_details_that_the_requester_gives_are_an_answer(rules: Rules) -> None:
    asked = with_details_open(at(rules, "waiting for requester"))
    after = step(rules, asked, Provided(DETAILS), NOW).case
    assert after.standing is Standing.CLAIMED
    waiting = with_details_open(at(rules, "waiting"))
    assert step(rules, waiting, Provided(DETAILS), NOW).case.standing is Standing.WAITING


# --- whose agent was erased: nobody has it, and it is not lost for that

SETTLED_WAYS = ("resolved", "closed after it was resolved")


def unowned(rules: Rules, way: str) -> Case:
    case = at(rules, way)
    assert case.handoff is not None
    return replace(case, handoff=replace(case.handoff, claimed_by=None))


@pytest.mark.parametrize(
    ("way", "event"),
    [
        ("resolved", Wrote("message:1", "It did not come.")),
        *(
            (way, event)
            for way in SETTLED_WAYS
            for event in (Returned(), CreditCame(came=False), AskedForPerson())
        ),
    ],
)
def test_what_was_an_erased_agents_waits_for_another(rules: Rules, way: str, event: Event) -> None:
    after = step(rules, unowned(rules, way), event, NOW)
    assert after.case.standing is Standing.WAITING
    assert owner(after.case) is None
    news = [effect.who for effect in after.effects if isinstance(effect, Tell)]
    assert news == [None]
    assert step(rules, after.case, AgentMoved(BEN, Claim()), NOW).case.standing is Standing.CLAIMED


def test_nobody_is_told_that_nobody_has_it(rules: Rules) -> None:
    case = unowned(rules, "resolved")
    after = step(rules, case, AgentMoved(BEN, Reply(Outward("Hello."))), NOW)
    assert after.case.handoff == case.handoff
    assert told(after, BEN) is Denial.NOT_NOW


# --- the page


def test_the_page_is_made_from_the_table() -> None:
    made = "".join(f"{line}\n" for line in page())
    assert Path("docs/states.md").read_text() == made
