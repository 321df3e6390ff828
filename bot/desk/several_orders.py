"""Several orders named in one message: each gets a case of its own at a click."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.case import Case
from bot.conversation.case_record import TakenAs
from bot.conversation.effects import Tell
from bot.conversation.events import GaveUp
from bot.conversation.handoff import Standing
from bot.conversation.step import step
from bot.desk.deliveries import Start
from bot.desk.requests import start
from bot.desk.results import Reply
from bot.desk.transaction import Transaction


def begin_one(transaction: Transaction, wanted: Start) -> Reply:
    """Begin a case for one of several orders, with the message that named it.

    The case in which they were named is given up, if nothing has been done in it since: each order has its
    own.
    """
    beside = transaction.unit.cases.get(wanted.beside)
    seen = start(transaction, wanted)
    if beside is None or beside.person != transaction.known.person:
        return seen
    for said in transaction.unit.record.of(beside.number):
        if said.text is not None:
            transaction.unit.record.add(seen.case, transaction.known.id, replace(said, taken_as=TakenAs.KEPT))
    if beside.revision == wanted.revision and beside.standing is Standing.NEW:
        _give_up(transaction, beside)
    transaction.unit.receipts.assign(transaction.key, seen.case, changed=True)
    return seen


def _give_up(transaction: Transaction, case: Case) -> None:
    """Give up a case without a message: what replaces it has been said already."""
    after = step(transaction.rules, case, GaveUp(), transaction.now)
    told = tuple(effect for effect in after.effects if not isinstance(effect, Tell))
    transaction.keep(case, replace(after, effects=told), GaveUp())
