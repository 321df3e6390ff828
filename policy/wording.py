"""The parts of an error message: what was given, the nearest known name, and what is accepted."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Final

from policy.facts import Value

__all__ = ["exact_match", "nearest", "one_of", "shown", "suggest"]

_MAX_SHOWN_LENGTH: Final = 60


def shown(raw: object) -> str:
    """Return outside input as short JSON that can always be encoded; of an array or object only its kind."""
    if isinstance(raw, dict):
        return "an object"
    if isinstance(raw, list):
        return "an array"
    if isinstance(raw, str) and len(raw) > _MAX_SHOWN_LENGTH:
        raw = raw[:_MAX_SHOWN_LENGTH] + "…"
    text = json.dumps(raw, ensure_ascii=False, default=str)
    text = text if len(text) <= 2 * _MAX_SHOWN_LENGTH else text[:_MAX_SHOWN_LENGTH] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def one_of(values: Iterable[Value]) -> str:
    """List the accepted values as JSON would have them."""
    return ", ".join(shown(value) for value in values)


def nearest(name: str, known: Iterable[Value]) -> str | None:
    """Return the known string most like this one, or None if none is near."""
    if len(name) > _MAX_SHOWN_LENGTH:
        return None
    names = {str(value).casefold(): str(value) for value in known if isinstance(value, str)}
    found = difflib.get_close_matches(name.casefold(), names, n=1)
    return names[found[0]] if found else None


def suggest(raw: object, known: Iterable[Value]) -> str:
    """Return an unknown value, the nearest known one, and all that are accepted, for an error message."""
    known = tuple(known)
    near = nearest(raw, known) if isinstance(raw, str) else None
    hint = f", did you mean {shown(near)}?" if near else ";"
    return f"{shown(raw)}{hint} accepted: {one_of(known)}"


def exact_match(raw: object, accepted: Iterable[Value]) -> Value | None:
    """Return the accepted value that equals the given one, or None.

    A boolean equals only a boolean: to Python 1 is true, to JSON and TOML it is not.
    """
    for value in accepted:
        same_kind = isinstance(raw, bool) if isinstance(value, bool) else isinstance(raw, str)
        if same_kind and raw == value:
            return value
    return None
