"""Read one fact's answer as it stands in JSON, strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from policy.core import Policy
from policy.days import LATEST
from policy.facts import UNKNOWN, Value
from policy.names import Recognized
from policy.vocabulary import FactKind, FactSpec, Means
from policy.wording import named, one_of, pick, shown

__all__ = ["Problem", "parse_day", "parse_value"]

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what was given, and what is accepted; `fact` is None where none is to blame."""

    fact: str | None
    message: str


def parse_value(policy: Policy, spec: FactSpec, raw: object, today: date, program: object) -> Value | Problem:
    """Return the value that a fact has in JSON under a program, or what is wrong with it.

    Booleans are JSON's own, a day is YYYY-MM-DD and not after `today`, everything else one of the choices
    to the letter; "unknown" is taken for every fact.
    """
    choices = spec.answers
    value = pick(raw, choices)
    if value is not None:
        return value
    if spec.kind is FactKind.DAY:
        return _parse_date(spec, raw, today)
    shared = policy.vocabulary.facts.get(spec.id)
    unlisted = pick(raw, shared.choices) if shared is not None else None
    if unlisted is not None and (counted := spec.counted(unlisted, shared)) is not None:
        return counted
    suggested = _suggested(policy, spec, raw, program)
    if suggested:
        message = f"{shown(raw)}, did you mean {shown(suggested)}? accepted: {one_of(choices)}"
    else:
        message = named(raw, choices)
    return Problem(spec.id, f"{spec.id} has the unknown value {message}")


def parse_day(raw: object) -> date | None:
    """Return the day that a JSON string names as YYYY-MM-DD, None where it is anything else or too late."""
    if not isinstance(raw, str) or not _ISO_DAY.fullmatch(raw):
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return None
    return day if day <= LATEST else None


def _parse_date(spec: FactSpec, raw: object, today: date) -> date | Problem:
    day = parse_day(raw)
    if day is not None and day <= today:
        return day
    wrong = f"cannot be {shown(raw)}" if day is None else f"is {day}, which is after {today}"
    accepted = f"accepted: a day as YYYY-MM-DD, not after {today}, or {shown(UNKNOWN)}"
    return Problem(spec.id, f"{spec.id} {wrong}; {accepted}")


def _suggested(policy: Policy, spec: FactSpec, raw: object, program: object) -> Value | None:
    """Return the maker behind a brand or a product's name, where the fact is whose it is."""
    if spec.means is not Means.MAKER or not isinstance(raw, str):
        return None
    known = policy.recognize(raw, program)
    value = known.facts.get(spec.id) if isinstance(known, Recognized) else None
    return policy.counted(spec.id, value, program) if value is not None else None
