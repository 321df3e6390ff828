"""A private key in pieces, over several messages, commands and forms of one person.

A piece that does not look like a key is kept at first, like any other text. When the next piece shows what it
was, the earlier ones are removed in the same transaction, wherever they went. Receipts are the memory of
this, so it survives a restart and is shared by all processes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.conversation.derive import card_of
from bot.conversation.effects import ShowCard
from bot.conversation.events import PastedKey
from bot.desk import message_changes
from bot.desk.deliveries import (
    Act,
    Ask,
    Due,
    Handle,
    Intent,
    Look,
    Mention,
    Rewrite,
    Start,
    Withdraw,
    Withhold,
    Write,
)
from bot.desk.recorded_deliveries import record, try_recorded, words_of
from bot.desk.transaction import Transaction
from bot.reading.private_keys import has_ended, is_rest, joined_hold_key, may_be_piece
from bot.store import KnownPerson, Unit

WITHIN: Final = timedelta(minutes=15)
MOST: Final = 10  # deliveries with text
LOOKED_THROUGH: Final = 40  # receipts, including clicks
LONGEST: Final = 40_000  # characters of all pieces together


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier delivery: its key, its intent and its text; `is_key`: the text was part of a key."""

    key: str
    intent: Intent | Due
    words: str
    is_key: bool


def without_words(intent: Intent | Due) -> Intent | Due:
    """Return an intent as if its text had been recognized as a private key at once."""
    ended = has_ended(words_of(intent))
    match intent:
        case Write() | Mention():
            return replace(intent, text=None, ended=ended, files=())
        case Rewrite():
            return replace(intent, text=None, files=())
        case Look() | Start():
            return Look(Ask.KEY)
        case Act(case=case) | Handle(case=case):
            return Withhold(case, ended)
        case _:
            return intent


def _is_key(intent: Intent | Due) -> bool:
    match intent:
        case Write(text=None) | Mention(text=None) | Rewrite(text=None) | Look(ask=Ask.KEY):
            return True
        case Withhold() | Act(event=PastedKey()):
            return True
        case _:
            return False


def _goes_on(earlier: Earlier) -> bool:
    """Tell whether the next delivery may continue a key that was begun."""
    return earlier.is_key and not (
        isinstance(earlier.intent, Write | Mention | Withhold) and earlier.intent.ended
    )


def find_pieces(
    unit: Unit, known: KnownPerson, key: str, intent: Intent, at: datetime
) -> tuple[Intent, list[Earlier]]:
    """Return an intent, without its text if that is a piece of a key, and the pieces before it."""
    words = words_of(intent)
    if not (_is_key(intent) or may_be_piece(words) or is_rest(words)):
        return intent, []
    before = _lately(unit, known, key, at)
    pieces = [each for each in before if may_be_piece(each.words)]
    if not _is_key(intent):
        goes_on = bool(before) and _goes_on(before[-1])  # the rest of a JWK can be mostly punctuation
        if not goes_on and not joined_hold_key([each.words for each in pieces], words):
            return intent, []
        bare = without_words(intent)
        intent = intent if isinstance(bare, Due) else bare
    return intent, pieces


def _lately(unit: Unit, known: KnownPerson, key: str, at: datetime) -> list[Earlier]:
    """Return what a person has recently sent that had text in it, oldest first."""
    found: list[Earlier] = []
    left = LONGEST
    for taken, event in unit.receipts.latest(known.id, at - WITHIN, LOOKED_THROUGH):
        intent = try_recorded(event)
        if intent is None or taken == key:
            continue
        words = words_of(intent)
        if not (words or _is_key(intent)):
            continue
        left -= len(words)
        if left < 0 or len(found) == MOST:
            break
        found.append(Earlier(taken, intent, words, _is_key(intent)))
    return found[::-1]


def remove_pieces(transaction: Transaction, pieces: list[Earlier]) -> None:
    """Remove pieces from everything that was kept and shown."""
    recorded = [said for piece in pieces if (said := transaction.record.of(_message_of(piece))) is not None]
    transaction.unit.redact_record(transaction.known, [said.key for said in recorded])
    for piece in pieces:
        match piece.intent:
            case Write() | Mention() | Start():
                message_changes.withdraw(transaction, Withdraw(piece.key))
            case Rewrite(message=message):
                message_changes.withdraw(transaction, Withdraw(message))
            case _:
                pass
    words = {piece.key: piece.words for piece in pieces}
    bare = {piece.key: record(without_words(piece.intent)) for piece in pieces}
    for number in transaction.unit.redact(words, bare, transaction.known, transaction.now.at - WITHIN):
        case = transaction.unit.cases.get(number)
        if case is not None and case.handoff is not None:
            transaction.queue(ShowCard(card_of(transaction.rules, case, transaction.now_of(case))), number)
    for said in recorded:
        transaction.redraw(said)


def _message_of(piece: Earlier) -> str:
    """Return the key under which the record keeps a piece."""
    return piece.intent.message if isinstance(piece.intent, Rewrite) else piece.key
