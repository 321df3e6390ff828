"""The one written form of an answer: in buttons, in the store, in events.

`true`, `false`, `unknown`, a choice's own name, or a date as YYYY-MM-DD.
"""

from __future__ import annotations

from datetime import date

from policy.decision import Ask
from policy.facts import Value
from policy.vocabulary import FactKind

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


def value_of(ask: Ask, token: str) -> Value | None:
    """Return the value of a token, None if the question takes no such answer.

    A case may be older than the policy files, which may no longer offer it.
    """
    for choice in ask.choices:
        if token_of(choice) == token:
            return choice
    return day_of(token) if ask.kind is FactKind.DAY else None


def day_of(token: str) -> date | None:
    """Return the day of a token, None if it is none."""
    try:
        day = date.fromisoformat(token)
    except ValueError:
        return None
    return day if day.isoformat() == token else None
