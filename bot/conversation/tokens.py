"""The one written form of an answer: in buttons, in the store, in events.

`true`, `false`, `unknown`, a choice's own name, or a date as YYYY-MM-DD.
"""

from __future__ import annotations

from datetime import date

from policy.facts import UNKNOWN, Fact, Value

YES = "true"
NO = "false"


def token_of(value: Value) -> str:
    """Return the written form of a value."""
    match value:
        case bool():
            return YES if value else NO
        case date():
            return value.isoformat()
        case _:
            return str(value)


def value_of(fact: Fact, token: str) -> Value:
    """Return the value that a token stands for. Raises ValueError where the fact takes no such token."""
    if token == UNKNOWN:
        return UNKNOWN
    match fact:
        case Fact.FULFILLED_ON:
            return date.fromisoformat(token)
        case Fact.ISSUED if token in {YES, NO}:
            return token == YES
        case Fact.ISSUED:
            raise ValueError(token)
        case _:
            return token
