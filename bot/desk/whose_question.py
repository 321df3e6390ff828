"""The question which case some messages are about, and its message in the DM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.conversation.case import Case
from bot.conversation.derive import Snapshot, order_of
from bot.conversation.effects import Post, Update
from bot.conversation.screens import Asking, CaseChoice, Whose
from bot.desk.results import Noted
from bot.desk.transaction import Transaction

OFFERED: Final = 4  # cases, besides a new one


def whose_slot(messages: Sequence[str]) -> str:
    """Return the slot of the question which case some messages are about."""
    return f"whose-{messages[-1][-26:]}"


def ask(
    transaction: Transaction,
    messages: Sequence[str],
    cases: Sequence[Case],
    asking: Asking,
    *,
    under: Case | None = None,
) -> Noted:
    """Post the question which case some messages are about; `under` is the case that they went to."""
    offered = sorted(cases, key=lambda case: case.number)[-OFFERED:]
    choices = tuple(_choice(transaction, case) for case in offered)
    asked_under = under.number if under is not None else cases[0].number  # the one shown last
    here = _choice(transaction, under) if under is not None else CaseChoice(0)
    asked = Whose(tuple(messages), choices, asking, asked_under, here.case, here.order)
    return transaction.queue(Post(transaction.known.person, whose_slot(messages), asked), asked_under)


def redraw(
    transaction: Transaction,
    messages: Sequence[str],
    asking: Asking,
    under: int | None = None,
    chosen: Case | None = None,
) -> None:
    """Redraw the question which case some messages are about with what came of it."""
    found = transaction.unit.record.find(transaction.known.id, messages)
    asked_under = under or next((kept.case for kept in found if kept.said.key == messages[-1]), None)
    if asked_under is None:
        return
    possible = sorted({kept.case for kept in found}) if asking is Asking.IN_DOUBT else []
    cases = [each for number in possible if (each := transaction.unit.cases.get(number)) is not None]
    choices = tuple(_choice(transaction, each) for each in cases)
    here = _choice(transaction, chosen) if chosen is not None else CaseChoice(0)
    asked = Whose(tuple(messages), choices, asking, asked_under, here.case, here.order)
    transaction.queue(Update(transaction.known.person, whose_slot(messages), asked), asked_under)


def notice(transaction: Transaction, messages: Sequence[str], asking: Asking, case: Case) -> Whose:
    """Return the notice that messages were assigned to a case."""
    here = _choice(transaction, case)
    agents = Snapshot.of(transaction.rules, case, transaction.now).can_be_handed_over
    return Whose(tuple(messages), (), asking, case.number, case.number, here.order, agents=agents)


def _choice(transaction: Transaction, case: Case) -> CaseChoice:
    return CaseChoice(case.number, order_of(transaction.rules.policy, case))
