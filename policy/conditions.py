"""The conditions of a rule: a fact has one of certain answers, or lies within or beyond a number of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from policy.facts import UNKNOWN, Fact, Value
from policy.vocabulary import FactKind, FactSpec
from policy.wording import exact_match, suggest

__all__ = [
    "ABSENT",
    "MAX_WINDOW_DAYS",
    "Absent",
    "After",
    "Age",
    "Answer",
    "Condition",
    "OneOf",
    "Within",
    "read",
]

MAX_WINDOW_DAYS: Final = 3650


class Absent(Enum):
    """The answer of a fact that has not been asked yet."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Age:
    """The answer to a question for a day, as a rule sees it: how many days ago that day was."""

    days: int


Answer: TypeAlias = Value | Absent | Age


@dataclass(frozen=True, slots=True)
class OneOf:
    """Holds for any of these answers."""

    values: frozenset[Value]

    def holds(self, answer: Answer) -> bool:
        """Tell whether the answer is one of them."""
        return answer in self.values


@dataclass(frozen=True, slots=True)
class Within:
    """Holds up to and including `days` days after the day."""

    days: int

    def holds(self, answer: Answer) -> bool:
        """Tell whether the day is known and at most that long ago."""
        return isinstance(answer, Age) and answer.days <= self.days


@dataclass(frozen=True, slots=True)
class After:
    """Holds once more than `days` days have passed since the day."""

    days: int

    def holds(self, answer: Answer) -> bool:
        """Tell whether the day is known and longer ago."""
        return isinstance(answer, Age) and answer.days > self.days


Condition: TypeAlias = OneOf | Within | After

_WINDOWS: Final[dict[str, type[Within | After]]] = {"within_days": Within, "after_days": After}


def read(when: Mapping[str, object], facts: Mapping[Fact, FactSpec]) -> tuple[tuple[Fact, Condition], ...]:
    """Return the conditions of a rule's `when` table, in the order of asking.

    Raises:
        ValueError: Something in the table is wrong; the message tells whoever wrote it what is accepted.
    """
    for name in when:
        if name not in facts:
            raise ValueError(f"unknown fact {suggest(name, facts)}")
    return tuple((fact, _condition(spec, when[fact])) for fact, spec in facts.items() if fact in when)


def _condition(spec: FactSpec, raw: object) -> Condition:
    if spec.kind is FactKind.DAY:
        return _day_condition(spec.id, raw)
    values = raw if isinstance(raw, list) else [raw]
    if not values:
        raise ValueError(f"{spec.id}: an empty list never holds; leave the fact out where it does not matter")
    return OneOf(frozenset(_value(spec, value) for value in values))


def _day_condition(fact: Fact, raw: object) -> Condition:
    if raw in (UNKNOWN, [UNKNOWN]):
        return OneOf(frozenset({UNKNOWN}))
    if isinstance(raw, dict) and len(raw) == 1:
        [(key, days)] = raw.items()
        if key in _WINDOWS and type(days) is int and 0 <= days <= MAX_WINDOW_DAYS:
            return _WINDOWS[key](days)
    accepted = f'{{ within_days = 30 }}, {{ after_days = 30 }} (0 to {MAX_WINDOW_DAYS} days) or "{UNKNOWN}"'
    raise ValueError(f"{fact}: accepted is {accepted}")


def _value(spec: FactSpec, raw: object) -> Value:
    value = exact_match(raw, spec.answers)
    if value is None:
        raise ValueError(f"{spec.id}: unknown value {suggest(raw, spec.answers)}")
    return value
