"""What a text says of a fact or a detail, word by word, before it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from policy.facts import Value


class Force(Enum):
    """How a text says something. `PASSED_OVER`: it is said of something else, or of what might be."""

    STATED = auto()
    DOUBTED = auto()
    ASKED = auto()
    DENIED = auto()
    PASSED_OVER = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a text, by the tokens from `start` up to but not with `end`, and what they say of a fact.

    A day has all the `days` that it can mean instead of a value. `weak`: counts only where nothing better is
    said. `alternatives`: the values that one word leaves open.
    """

    fact: str
    start: int
    end: int
    force: Force
    quoted: bool = False
    value: Value | None = None
    days: tuple[date, ...] = ()
    exact: bool = True
    weak: bool = False
    alternatives: tuple[Value, ...] = ()
