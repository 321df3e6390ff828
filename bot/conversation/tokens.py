"""The one written form of an answer: in buttons, in the store, in events.

`true`, `false`, `unknown`, a choice's own name, or a date as YYYY-MM-DD.
"""

from __future__ import annotations

from datetime import date

from policy.decision import Ask
from policy.facts import Fact, Value

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
    """Return the value that a token stands for, None where the question takes no such answer.

    A case may be older than the policy files: what these no longer offer is no answer any more.
    """
    for choice in ask.choices:
        if token_of(choice) == token:
            return choice
    return day_of(token) if ask.fact is Fact.FULFILLED_ON else None


def day_of(token: str) -> date | None:
    """Return the day that a token stands for, None where it stands for none."""
    try:
        day = date.fromisoformat(token)
    except ValueError:
        return None
    return day if day.isoformat() == token else None
