"""The JSON Lines protocol of `certdesk read`: an object with a text in, an object with its reading out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.reading.sentences import Read, read
from policy import Policy
from policy.days import LATEST
from policy.facts import Value
from policy.json_lines import parse_object
from policy.values import Problem, parse_day
from policy.wording import shown, suggest

_KEYS: Final = ("text", "today")
_ACCEPTED: Final = '{"text": "…", "today": "YYYY-MM-DD"}'


def answer_line(policy: Policy, number: int, line: str, today: date) -> dict[str, Any]:
    """Answer one line with the reading of its text or with an "error"; raise nothing.

    `number` is the line's, from 1; `today` is used if the line gives no date.
    """
    found = _answer(policy, line, today)
    if isinstance(found, Problem):
        return {"error": {"line": number, "fact": found.fact, "message": found.message}}
    return to_json(found)


def to_json(found: Read) -> dict[str, Any]:
    """Return a reading as the command line prints it, always with every key."""
    return {
        "facts": {str(fact): _plain(value) for fact, value in found.facts.items()},
        "details": {str(detail): value for detail, value in found.details.items()},
        "ambiguous": list(found.ambiguous),
        "intent": found.intent.value,
        "found": [
            {
                "fact": str(each.fact),
                "value": _plain(each.value),
                "text": each.text,
                "start": each.start,
                "end": each.end,
            }
            for each in found.found
        ],
    }


def _answer(policy: Policy, line: str, default: date) -> Read | Problem:
    given = parse_object(line, _ACCEPTED, policy.declares)
    if isinstance(given, Problem):
        return given
    return _wrong_keys(given) or _read(policy, given, default)


def _wrong_keys(given: Mapping[str, object]) -> Problem | None:
    unknown = next((key for key in given if key not in _KEYS), None)
    if unknown is not None:
        return Problem(None, f"unknown key {suggest(unknown, _KEYS)}")
    if "text" not in given:
        return Problem(None, f'the key "text" is missing; accepted: {_ACCEPTED}')
    if not isinstance(given["text"], str):
        return Problem(None, f"text cannot be {shown(given['text'])}; accepted: a text")
    return None


def _read(policy: Policy, given: Mapping[str, object], default: date) -> Read | Problem:
    today = parse_day(given["today"]) if "today" in given else default
    if today is None:
        accepted = f"accepted: a day as YYYY-MM-DD up to {LATEST}"
        return Problem(None, f"today cannot be {shown(given['today'])}; {accepted}")
    return read(policy, str(given["text"]), today)


def _plain(value: Value | None) -> str | bool | None:
    return value.isoformat() if isinstance(value, date) else value
