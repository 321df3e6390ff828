"""Read one fact's value from JSON, strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from policy.days import LATEST
from policy.facts import UNKNOWN, Value
from policy.names import Recognized
from policy.policy import Policy
from policy.vocabulary import FactKind, FactSpec, Means
from policy.wording import exact_match, one_of, shown, suggest

__all__ = ["Problem", "parse_day", "parse_value"]

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the input, and what is accepted; `fact` is None if no fact is to blame."""

    fact: str | None
    message: str


def parse_value(policy: Policy, spec: FactSpec, raw: object, today: date, program: object) -> Value | Problem:
    """Return the value that JSON gives for a fact under a program, or the problem with it.

    Booleans must be JSON booleans, a day YYYY-MM-DD and not after `today`, anything else exactly one of the
    choices; "unknown" is accepted for every fact.
    """
    choices = spec.answers
    value = exact_match(raw, choices)
    if value is not None:
        return value
    if spec.kind is FactKind.DAY:
        return _parse_date(spec, raw, today)
    shared = policy.vocabulary.facts.get(spec.id)
    unlisted = exact_match(raw, shared.choices) if shared is not None else None
    if unlisted is not None and (counted := spec.counts_as(unlisted, shared)) is not None:
        return counted
    suggested = _suggested(policy, spec, raw, program)
    if suggested:
        message = f"{shown(raw)}, did you mean {shown(suggested)}? accepted: {one_of(choices)}"
    else:
        message = suggest(raw, choices)
    return Problem(spec.id, f"{spec.id} has the unknown value {message}")


def parse_day(raw: object) -> date | None:
    """Return the day that a JSON string gives as YYYY-MM-DD; None for anything else or after `LATEST`."""
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
    """Return the maker of the brand or product that was given where the fact is the maker, or None."""
    if spec.means is not Means.MAKER or not isinstance(raw, str):
        return None
    known = policy.recognize(raw, program)
    value = known.facts.get(spec.id) if isinstance(known, Recognized) else None
    return policy.counts_as(spec.id, value, program) if value is not None else None
