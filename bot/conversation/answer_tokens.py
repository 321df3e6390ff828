"""The one written form of what is asked for and of an answer: in buttons, in the store, in events.

A fact is written by its id, a detail as `detail:` and its id; an answer as `true`, `false`, `unknown`, a
choice's own name, or a date as YYYY-MM-DD.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, TypeAlias

from pydantic import PlainSerializer, PlainValidator

from policy.decision import Ask
from policy.facts import Detail, Fact, Value
from policy.vocabulary import FactKind

_DETAIL: Final = "detail:"
YES = "true"
NO = "false"


def asked_of(text: object) -> Fact | Detail:
    """Return what a written form names. Raises ValueError if it is none."""
    match text:
        case Fact() | Detail():
            return text
        case str() if text.startswith(_DETAIL):
            return Detail(text.removeprefix(_DETAIL))
        case str():
            return Fact(text)
        case _:
            raise ValueError("names neither a fact nor a detail")


def written(asked: Fact | Detail) -> str:
    """Return the written form of what is asked for."""
    return f"{_DETAIL}{asked}" if isinstance(asked, Detail) else str(asked)


Asked: TypeAlias = Annotated[
    Fact | Detail, PlainValidator(asked_of), PlainSerializer(written, return_type=str)
]


def same(one: Fact | Detail | None, other: Fact | Detail | None) -> bool:
    """Tell whether two questions are the same; a fact and a detail never are, even if they share a name."""
    return type(one) is type(other) and one == other


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
