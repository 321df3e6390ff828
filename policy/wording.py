"""The words that every complaint shares: what was given, the nearest known name, what is accepted."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Final

from policy.facts import Value

__all__ = ["named", "nearest", "one_of", "pick", "shown"]

_LONGEST_SHOWN: Final = 60


def shown(raw: object) -> str:
    """Show a value from outside as JSON, short and always encodable, an array or object by its kind only."""
    if isinstance(raw, dict):
        return "an object"
    if isinstance(raw, list):
        return "an array"
    if isinstance(raw, str) and len(raw) > _LONGEST_SHOWN:
        raw = raw[:_LONGEST_SHOWN] + "…"
    text = json.dumps(raw, ensure_ascii=False, default=str)
    text = text if len(text) <= 2 * _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def one_of(values: Iterable[Value]) -> str:
    """List what is accepted, as it would stand in JSON."""
    return ", ".join(shown(value) for value in values)


def nearest(name: str, known: Iterable[Value]) -> str | None:
    """Return the known string most like this one, None where none is near."""
    if len(name) > _LONGEST_SHOWN:
        return None
    names = {str(value).casefold(): str(value) for value in known if isinstance(value, str)}
    found = difflib.get_close_matches(name.casefold(), names, n=1)
    return names[found[0]] if found else None


def named(raw: object, known: Iterable[Value]) -> str:
    """Show what is not known, the nearest known name and all that are accepted."""
    known = tuple(known)
    near = nearest(raw, known) if isinstance(raw, str) else None
    hint = f", did you mean {shown(near)}?" if near else ";"
    return f"{shown(raw)}{hint} accepted: {one_of(known)}"


def pick(raw: object, accepted: Iterable[Value]) -> Value | None:
    """Return the accepted value that is given to the letter, None where none is.

    A boolean is compared as one: to Python 1 is true, to JSON and TOML it is not.
    """
    for value in accepted:
        same_kind = isinstance(raw, bool) if isinstance(value, bool) else isinstance(raw, str)
        if same_kind and raw == value:
            return value
    return None
