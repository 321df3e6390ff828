"""Edits and deletions of direct messages, applied to whatever became of the messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.conversation.case import Case
from bot.conversation.case_record import RecordedWords
from bot.conversation.effects import News
from bot.conversation.events import Reworded, Rewrote, TookBack
from bot.desk import held_words
from bot.desk.deliveries import Intent, Rewrite, Withdraw, Write
from bot.desk.direct_messages import write
from bot.desk.recorded_deliveries import record, typed_in
from bot.desk.results import Noted, Reply
from bot.desk.transaction import LISTED, Transaction
from bot.store import Taken

LOOKED_THROUGH: Final = LISTED  # cases of the person, latest first


def rewrite(transaction: Transaction, edit: Rewrite) -> Reply:
    """Take an edit of a direct message; the record of its case follows."""
    before = transaction.record.of(edit.message)
    followed = transaction.record.apply_edit(edit.message, edit.text, edit.at)
    reply = _rewrite(transaction, edit)
    return _shown(transaction, edit.message, reply, before if followed else None)


def withdraw(transaction: Transaction, gone: Withdraw) -> Reply:
    """Take a deletion of a direct message; the record of its case follows."""
    before = transaction.record.of(gone.message)
    followed = transaction.record.apply_deletion(gone.message)
    held_words.leave_copies(transaction, gone.message)
    transaction.unit.files.take_back(transaction.known.id, gone.message)
    reply = _withdraw(transaction, gone)
    return _shown(transaction, gone.message, reply, before if followed else None)


def _shown(transaction: Transaction, message: str, reply: Reply, before: RecordedWords | None) -> Reply:
    """Update what agents see of a changed message. `before` is what it was, None if it is unchanged."""
    if before is not None:
        transaction.redraw(before)
        held_words.follow(transaction, message)
    return reply


def _rewrite(transaction: Transaction, edit: Rewrite) -> Reply:
    """Apply an edit to the case that its message answered, or to the thread that it was passed on to.

    An edit that arrives before its message is taken as the message; the message itself is then nothing new.
    An edit of a message that answered nothing is no answer either.
    """
    case = _told_by(transaction, edit.message)
    if case is None and not edit.late:
        wrote = Write(edit.text, edit.at, files=edit.files)
        if _overtook(transaction, edit.message, wrote):
            return write(replace(transaction, key=edit.message, typed=typed_in(wrote)), wrote)
        case = _told_by(transaction, edit.message)  # it may have been taken in this very instant
    if case is None:
        return transaction.tell(News.PRIVATE_KEY) if edit.text is None else Noted()
    if edit.message not in case.relay.messages:
        return transaction.apply(case, Reworded(edit.message, edit.text, edit.at))
    if edit.text is None:
        transaction.tell(News.PRIVATE_KEY)
    return transaction.apply(case, Rewrote(edit.message, edit.text, edit.at, edit.files))


def _withdraw(transaction: Transaction, gone: Withdraw) -> Reply:
    """Take back what a deleted message said. If the deletion arrives first, the message is never taken."""
    case = _told_by(transaction, gone.message)
    if case is None and not _overtook(transaction, gone.message, gone):
        case = _told_by(transaction, gone.message)
    if case is None:
        return Noted()
    event = Rewrote(gone.message, None) if gone.message in case.relay.messages else TookBack(gone.message)
    return transaction.apply(case, event)


def _told_by(transaction: Transaction, message: str) -> Case | None:
    """Return the case that a message answered or was passed on in, None if there is none.

    The thread that a message was moved from still knows it; the record says where it belongs now.
    """
    found = transaction.unit.record.find(transaction.known.id, [message])
    if found:
        cases = [case for each in found if (case := transaction.unit.cases.get(each.case)) is not None]
    else:
        cases = transaction.unit.cases.of_person(transaction.known, LOOKED_THROUGH)
    return next((case for case in cases if _knows(case, message)), None)


def _knows(case: Case, message: str) -> bool:
    return case.interview.source(message) is not None or message in case.relay.messages


def _overtook(transaction: Transaction, message: str, intent: Intent) -> bool:
    """Record a message as taken; returns whether it had not arrived yet."""
    return transaction.unit.receipts.add(
        Taken(message, intent.kind, record(intent), transaction.known.id), transaction.now.at
    )
