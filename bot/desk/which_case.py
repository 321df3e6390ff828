"""*Which case is this about?*: the question in the DM, and an answer that is typed in place of a click."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.conversation.case import Case, order_of
from bot.conversation.derive import Snapshot
from bot.conversation.effects import Post, Update
from bot.conversation.screens import Asking, CaseChoice, Whose
from bot.conversation.typed_answers import as_command
from bot.desk.deliveries import Assign
from bot.desk.results import Noted
from bot.desk.transaction import Transaction
from bot.desk.typed_commands import CASE
from bot.store import Kept

OFFERED: Final = 4  # cases, besides a new one
MOST: Final = 20  # messages in one question
_PLACES: Final = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1}
_A_NEW_ONE: Final = frozenset(
    {"new case", "a new case", "a new one", "another case", "another one", "neither"}
)
_BESIDE: Final = re.compile(
    r"\b(?:about|belongs?|case|for|i|in|is|it's|its?|mean|meant|of|ok|one|order|please|sorry|thanks)\b ?"
    r"|\b(?:that|the|this|to)\b ?"
)
_AN_ORDER: Final = re.compile(r"\S*[.\d]\S*")


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


def messages_of(found: Sequence[Kept]) -> list[str]:
    """Return the keys of the messages, each once."""
    return [*dict.fromkeys(kept.said.key for kept in found)]


def _choice(transaction: Transaction, case: Case) -> CaseChoice:
    return CaseChoice(case.number, order_of(transaction.rules.policy, case))


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
