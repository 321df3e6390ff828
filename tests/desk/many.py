"""Many cases at once, made by the conversation and filed as the desk files them, but told to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.agent_moves import AskBack, Claim, Mark, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, result_of, screen_of
from bot.conversation.events import AgentMoved, Answered, AskedForPerson, Event, Provided
from bot.conversation.handoff import Outcome
from bot.conversation.people import Person
from bot.conversation.step import begin, step
from bot.desk.transaction import now_for
from bot.store import Unit
from bot.store.history import trail_name
from policy.facts import PROGRAM, Detail, Fact

FACTS = {PROGRAM: "opensrs", Fact("requester"): "reseller", Fact("issued"): "true"}
NO_WINDOW = {PROGRAM: "trustico", Fact("account"): "partner", Fact("subject"): "prepaid_balance"}


@dataclass(frozen=True)
class Told:
    """What happens to a case: the answers, then events, each so long after the one before."""

    answers: dict[Fact, str]
    after: tuple[tuple[timedelta, Event], ...] = ()
    order: str = ""


def window(left: int, at: datetime, provider: str = "sectigo") -> dict[Fact, str]:
    """The answers of a case whose refund window has so many days left on a day."""
    fulfilled = at.date() + timedelta(days=left - 30)
    return FACTS | {Fact("provider"): provider, Fact("fulfilled_on"): fulfilled.isoformat()}


def file(unit: Unit, rules: Rules, person: Person, told: Told, at: datetime) -> Case:
    """File a case that a person opened at a moment."""
    known = unit.people.get_or_add(person)
    number = unit.cases.new_number(known, Surface.MODAL, at)
    case = begin(rules, number, person, Surface.MODAL, now_for(known, at)).case
    events: list[tuple[timedelta, Event]] = [
        (timedelta(), Answered(fact, token)) for fact, token in told.answers.items()
    ]
    if told.order:
        details = {Detail("reseller_username"): "acme", Detail("supplier_order_id"): "1234567890"}
        given = tuple((details | {Detail("common_name"): told.order}).items())
        events.append((timedelta(), Provided(given)))
    for pause, event in (*events, *told.after):
        at += pause
        before, case = case, step(rules, case, event, now_for(known, at)).case
        assert case != before, event
        by = unit.people.get_or_add(event.agent) if isinstance(event, AgentMoved) else known
        unit.history.add(number, trail_name(event), case.standing, by.id, at)
    result = result_of(screen_of(rules, case, now_for(known, at)))
    deadline = result.decision.refund.last_day if result else None
    unit.cases.save(case, "answered" if result else "asking", at, deadline=deadline)
    return case


def monday(unit: Unit, rules: Rules, people: dict[str, Person], number: int, at: datetime) -> None:
    """File what a desk has on a busy Monday: so many cases in every standing, most of them Rosa's."""
    for index in range(number):
        begun = at - timedelta(hours=90) * (number - index) / number
        whose = people["rosa"] if index % 4 else people["mia"]
        file(unit, rules, whose, _told(index, people["ben" if index % 2 else "ada"], at), begun)


def _told(index: int, agent: Person, at: datetime) -> Told:
    handed = (timedelta(minutes=3), AskedForPerson())
    claimed = (timedelta(minutes=2 + 7 * index % 90), AgentMoved(agent, Claim()))
    asked = (timedelta(minutes=9), AgentMoved(agent, AskBack(Outward("Which order is it?"))))
    resolved = (timedelta(minutes=20), AgentMoved(agent, Resolve([*Outcome][index % 5])))
    burns = (timedelta(minutes=1), AgentMoved(agent, Mark(urgent=True)))
    after = (
        (),
        (handed,),
        (handed, claimed),
        (handed, burns) if index % 3 == 0 else (handed,),
        (handed, claimed, asked),
        (handed, claimed, resolved),
        (handed, claimed, burns) if index % 3 == 0 else (handed, claimed),
    )
    answers = NO_WINDOW if index % 5 == 4 else window(index % 26, at, ("sectigo", "geotrust")[index % 2])
    order = f"shop-{index}.example.com" if answers.get(Fact("provider")) == "sectigo" else ""
    return Told(answers, after[index % 7], order)
