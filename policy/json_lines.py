"""Read one line of JSON Lines strictly: one object, no key twice, and nothing that JSON does not allow."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import NoReturn

from policy.values import Problem
from policy.wording import shown

__all__ = ["parse_object"]


class _RefusedError(ValueError):
    """Raised inside Python's JSON reader for what it accepts and this protocol refuses."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def parse_object(text: str, accepted: str, declares: Callable[[str], bool]) -> Mapping[str, object] | Problem:
    """Return a line's object, or the problem with it; `accepted` is an example for the error message.

    If a key is given twice, the problem names it as the fact to blame where `declares` says it is a fact.
    """
    if not text.strip():
        return _unreadable("the line is blank", accepted)
    if not _encodable(text):
        return _unreadable("the line is not UTF-8", accepted)
    try:
        value = json.loads(text, object_pairs_hook=partial(_object, declares), parse_constant=_constant)
    except _RefusedError as refused:
        return refused.problem
    except json.JSONDecodeError as error:
        return _unreadable(f"broken JSON: {error.msg} at character {error.pos + 1}", accepted)
    except (ValueError, RecursionError):
        return _unreadable("the line holds a number too long or is nested too deep", accepted)
    return value if isinstance(value, dict) else _unreadable(f"the line cannot be {shown(value)}", accepted)


def _unreadable(what: str, accepted: str) -> Problem:
    return Problem(None, f"{what}; accepted: one JSON object a line, {accepted}")


def _object(declares: Callable[[str], bool], pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            blamed = key if declares(key) else None
            raise _RefusedError(Problem(blamed, f"the key {shown(key)} stands twice; give it once"))
        result[key] = value
    return result


def _constant(name: str) -> NoReturn:
    raise _RefusedError(Problem(None, f"{name} is not JSON; leave it out or quote it"))


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
