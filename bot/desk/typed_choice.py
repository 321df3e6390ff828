"""A typed answer to *Which case is this about?* in place of a click."""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.derive import order_of
from bot.conversation.typed_answers import as_command
from bot.desk.deliveries import Assign
from bot.desk.held_words import MOST, messages_of
from bot.desk.transaction import Transaction
from bot.desk.typed_commands import CASE
from bot.desk.whose_question import OFFERED

_PLACES: Final = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1}
_A_NEW_ONE: Final = frozenset(
    {"new case", "a new case", "a new one", "another case", "another one", "neither"}
)
_BESIDE: Final = re.compile(
    r"\b(?:about|belongs?|case|for|i|in|is|it's|its?|mean|meant|of|ok|one|order|please|sorry|thanks)\b ?"
    r"|\b(?:that|the|this|to)\b ?"
)
_AN_ORDER: Final = re.compile(r"\S*[.\d]\S*")


def typed_choice(transaction: Transaction, text: str) -> Assign | None:
    """Return the case that a text chooses from those that held messages may be about, None if none.

    It names a case as the buttons do: by number, by order, by its place in the list, or as a new case.
    """
    whole = as_command(text)
    said = _BESIDE.sub("", whole).strip(" ,.!")
    chooses = said in _PLACES or whole in _A_NEW_ONE or CASE.fullmatch(said) or _AN_ORDER.fullmatch(said)
    if not chooses or not (found := transaction.unit.record.held(transaction.known.id)):
        return None
    messages = tuple(messages_of(found)[-MOST:])
    asked_under = next(kept.case for kept in found if kept.said.key == messages[-1])
    if whole in _A_NEW_ONE:
        return Assign(0, messages, asked_under)
    offered = sorted({kept.case for kept in found if kept.said.key in messages})[-OFFERED:]
    if said in _PLACES:
        chosen = offered[_PLACES[said] :][:1]
    else:
        chosen = [number for number in offered if _is_called(transaction, number, said)]
    return Assign(chosen[0], messages, asked_under) if chosen else None


def _is_called(transaction: Transaction, number: int, said: str) -> bool:
    if numbered := CASE.fullmatch(said):
        return int(numbered[1]) == number
    case = transaction.unit.cases.get(number)
    return case is not None and said == as_command(order_of(transaction.rules.policy, case))
