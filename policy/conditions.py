"""What a rule asks of one fact: one of some answers, or a day within or beyond so many days."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from policy.facts import CHOICES, UNKNOWN, Fact, Value
from policy.wording import named, pick

__all__ = [
    "ABSENT",
    "LONGEST_WINDOW",
    "Absent",
    "After",
    "Age",
    "Answer",
    "Condition",
    "OneOf",
    "Within",
    "read",
]

LONGEST_WINDOW: Final = 3650


class Absent(Enum):
    """The answer of a fact that has not been asked yet."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Age:
    """The answer to a date question, as far as a rule looks at it: how many days ago that was."""

    days: int


Answer: TypeAlias = Value | Absent | Age


@dataclass(frozen=True, slots=True)
class OneOf:
    """Hold for each of these answers."""

    values: frozenset[Value]

    def holds(self, answer: Answer) -> bool:
        """Say whether the answer is one of them."""
        return answer in self.values


@dataclass(frozen=True, slots=True)
class Within:
    """Hold up to and with that many days after the date."""

    days: int

    def holds(self, answer: Answer) -> bool:
        """Say whether the date is known and not yet further back."""
        return isinstance(answer, Age) and answer.days <= self.days


@dataclass(frozen=True, slots=True)
class After:
    """Hold from the day on that follows that many days after the date."""

    days: int

    def holds(self, answer: Answer) -> bool:
        """Say whether the date is known and further back."""
        return isinstance(answer, Age) and answer.days > self.days


Condition: TypeAlias = OneOf | Within | After

_WINDOWS: Final[dict[str, type[Within | After]]] = {"within_days": Within, "after_days": After}
_ASKABLE: Final = tuple(fact for fact in Fact if fact is not Fact.PROGRAM)


def read(when: object) -> tuple[tuple[Fact, Condition], ...]:
    """Read a rule's `when` table strictly, its conditions in the order of asking.

    Raises:
        ValueError: What is wrong and what is accepted, in words for whoever wrote the file.
    """
    if not isinstance(when, dict):
        raise ValueError("takes a table of facts, such as { issued = true }")  # noqa: TRY004
    for name in when:
        if name not in _ASKABLE:
            raise ValueError(f"unknown fact {named(name, _ASKABLE)}")
    return tuple((fact, _condition(fact, when[fact])) for fact in _ASKABLE if fact in when)


def _condition(fact: Fact, raw: object) -> Condition:
    if fact is Fact.FULFILLED_ON:
        return _date_condition(raw)
    values = raw if isinstance(raw, list) else [raw]
    if not values:
        raise ValueError(f"{fact}: an empty list never holds; leave the fact out where it does not matter")
    return OneOf(frozenset(_value(fact, value) for value in values))


def _date_condition(raw: object) -> Condition:
    if raw == UNKNOWN:
        return OneOf(frozenset({UNKNOWN}))
    if isinstance(raw, dict) and len(raw) == 1:
        [(key, days)] = raw.items()
        if key in _WINDOWS and type(days) is int and 0 <= days <= LONGEST_WINDOW:
            return _WINDOWS[key](days)
    accepted = f'{{ within_days = 30 }}, {{ after_days = 30 }} (0 to {LONGEST_WINDOW} days) or "{UNKNOWN}"'
    raise ValueError(f"{Fact.FULFILLED_ON}: accepted is {accepted}")


def _value(fact: Fact, raw: object) -> Value:
    accepted = (*CHOICES[fact], UNKNOWN)
    value = pick(raw, accepted)
    if value is None:
        raise ValueError(f"{fact}: unknown value {named(raw, accepted)}")
    return value
