"""Read one fact's answer as it stands in JSON, strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from policy.core import Policy
from policy.days import LATEST
from policy.facts import UNKNOWN, Fact, Value
from policy.names import Recognized
from policy.wording import named, one_of, pick, shown

__all__ = ["Problem", "parse_day", "parse_value"]

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what was given, and what is accepted; `fact` is None where none is to blame."""

    fact: str | None
    message: str


def parse_value(policy: Policy, fact: Fact, raw: object, today: date) -> Value | Problem:
    """Return the value that a fact has in JSON, or what is wrong with it.

    Booleans are JSON's own, a date is YYYY-MM-DD and not after `today`, everything else one of the choices
    to the letter; "unknown" is taken for every fact.
    """
    choices = policy.choices(fact)
    value = pick(raw, choices)
    if value is not None:
        return value
    if fact is Fact.FULFILLED_ON:
        return _parse_date(raw, today)
    suggested = _suggested(policy, raw) if fact is Fact.PROVIDER else None
    if suggested:
        message = f"{shown(raw)}, did you mean {shown(suggested)}? accepted: {one_of(choices)}"
    else:
        message = named(raw, choices)
    return Problem(fact, f"{fact} has the unknown value {message}")


def parse_day(raw: object) -> date | None:
    """Return the day that a JSON string names as YYYY-MM-DD, None where it is anything else or too late."""
    if not isinstance(raw, str) or not _ISO_DAY.fullmatch(raw):
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return None
    return day if day <= LATEST else None


def _parse_date(raw: object, today: date) -> date | Problem:
    accepted = f"accepted: a day as YYYY-MM-DD, not after {today}, or {shown(UNKNOWN)}"
    day = parse_day(raw)
    fact = Fact.FULFILLED_ON
    if day is None:
        return Problem(fact, f"{fact} cannot be {shown(raw)}; {accepted}")
    if day > today:
        return Problem(fact, f"{fact} is {day}, which is after {today}; {accepted}")
    return day


def _suggested(policy: Policy, raw: object) -> Value | None:
    """Return the provider behind a brand or a product's name."""
    known = policy.recognize(raw) if isinstance(raw, str) else None
    return known.facts[Fact.PROVIDER] if isinstance(known, Recognized) else None
