"""Cases about the same order, linked on their cards and told to their requester; and duplicates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.conversation.case import Case, orders_of
from bot.conversation.derive import Snapshot
from bot.conversation.effects import News, ShowCard, Tell
from bot.conversation.handoff import WITH_AGENTS, Move, row_for
from bot.conversation.step import Step
from bot.desk.queueing import order_for

if TYPE_CHECKING:
    from bot.desk.transaction import Transaction

LEFT_AFTER: Final = timedelta(days=14)  # what is left alone for longer is open only if agents have it
LONGEST_CHAIN: Final = 10


def link_cases(transaction: Transaction, before: Case | None, after: Step) -> Step:
    """Link a case with the others about its order, if it has just come to name it.

    Requesters are told of their own cases only; agents see all that they have.
    """
    case, policy = after.case, transaction.rules.policy
    orders = orders_of(policy, case)
    with_agents = case.standing in WITH_AGENTS
    came = before is None or with_agents != (before.standing in WITH_AGENTS)
    if not orders or not (came or orders != orders_of(policy, before or case)):
        return after
    found = transaction.unit.cases.open_with_details(
        {(detail, value) for _, detail, value in orders}, case.person, transaction.now.at - LEFT_AFTER
    )
    others = [each for each in found if each.number != case.number and orders & orders_of(policy, each)]
    mine = [each.number for each in others if each.person == case.person]
    seen = [each.number for each in others if each.number in mine or with_agents]
    if with_agents:
        for other in others:
            _link_other(transaction, other, case.number)
    new = [number for number in seen if number not in case.same_orders]
    if not new:
        return after
    known = replace(case, same_orders=(*case.same_orders, *new))
    told = tuple(number for number in new if number in mine)
    news = (Tell(case.person, News.SAME_ORDER, case.number, others=told),) if told else ()
    return _drawn(replace(after, case=known), news)


def living_case(transaction: Transaction, case: Case) -> Case:
    """Return the case that continues for a duplicate, if it is the same person's; else the case itself."""
    living = case
    for _ in range(LONGEST_CHAIN):
        number = living.duplicate_of
        original = transaction.unit.cases.get(number) if number is not None else None
        if original is None or original.person != case.person:
            break
        living = original
    return living if row_for(Move.HEAR, living.standing) is not None else case


def _link_other(transaction: Transaction, other: Case, number: int) -> None:
    """Show on the card of another case that this one is about its order."""
    if number in other.same_orders:
        return
    at = Snapshot.of(transaction.rules, other.with_same_order(number), transaction.now_of(other))
    transaction.unit.cases.annotate(at.case)
    if other.standing in WITH_AGENTS:
        transaction.unit.outbox.queue(order_for(ShowCard(at.card), other.number), transaction.now.at)


def _drawn(after: Step, news: tuple[Tell, ...]) -> Step:
    """Return a step whose card shows the cases about the same order, followed by `news`."""
    case = after.case
    effects = tuple(
        ShowCard(replace(effect.card, same_orders=case.same_orders))
        if isinstance(effect, ShowCard)
        else effect
        for effect in after.effects
    )
    return replace(after, effects=(*effects, *news))
