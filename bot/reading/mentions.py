"""One mention of a fact or detail in a text, and the force with which it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from policy.facts import Value


class Force(Enum):
    """How a text says something. `PASSED_OVER`: about something else, or hypothetically."""

    STATED = auto()
    DOUBTED = auto()
    ASKED = auto()
    DENIED = auto()
    PASSED_OVER = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """What the tokens from `start` up to, not including, `end` say about a fact or detail.

    A date has every day that it can mean in `days` instead of a value; if it is not `exact`, the first and
    last possible one. `weak`: counts only if no other mention does. `alternatives`: the values that an
    ambiguous name can mean.
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
