"""Lists of orders that people send: answered in their DM, with a case for any order they pick."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.conversation.case import Surface
from bot.conversation.files import MOST_AT_ONCE, AnswerList, File, FileKind, is_list, why_not
from bot.conversation.people import Posted
from bot.conversation.screens import OneOrder
from bot.desk.deliveries import OpenRow, ReadList, Start
from bot.desk.recorded_deliveries import record
from bot.desk.requests import start
from bot.desk.results import Noted, Reply
from bot.desk.transaction import Transaction
from bot.store import Taken

CLICKABLE_FOR: Final = timedelta(hours=1)  # the button stays until the list is read, for minutes


def are_lists(files: tuple[File, ...]) -> bool:
    """Tell whether every file is, by its name, a list of orders that can be read."""
    return 0 < len(files) <= MOST_AT_ONCE and all(is_list(file) and why_not(file) is None for file in files)


def answer(transaction: Transaction, files: tuple[File, ...]) -> Reply:
    """Answer lists that came without text; they open no case."""
    for file in files:
        transaction.queue(AnswerList(transaction.known.person, file))
    return Noted(lists=True)


def clicked(transaction: Transaction, wanted: ReadList | OpenRow) -> Reply:
    """Do what was clicked under an answered list."""
    match wanted:
        case ReadList():
            return _read_again(transaction, wanted)
        case OpenRow():
            return _open_row(transaction, wanted)


def _read_again(transaction: Transaction, wanted: ReadList) -> Reply:
    """Answer a list with what has been stated about it, once however often the button is clicked."""
    taken = Taken(transaction.key, wanted.kind, record(wanted), transaction.known.id)
    if transaction.unit.receipts.came_before(taken, transaction.now.at - CLICKABLE_FOR):
        return Noted()
    file = File(wanted.file, wanted.name, FileKind.UNTOLD)
    posted = Posted(wanted.channel, wanted.ts)
    return transaction.queue(AnswerList(transaction.known.person, file, wanted.told, posted))


def _open_row(transaction: Transaction, wanted: OpenRow) -> Reply:
    """Open a case with what a row of a list states."""
    order = OneOrder("", wanted.facts, wanted.details)
    return start(transaction, Start(Surface.DM, afresh=True, order=order))
