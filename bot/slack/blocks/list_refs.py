"""The values of buttons under an answered list: its file and what holds for it, or what a row states."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from bot.triage import ListedOrder

LONGEST: Final = 1900  # characters; Slack takes 2,000, including what precedes it
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ID: Final = re.compile(r"[A-Z0-9]{1,31}")


@dataclass(frozen=True, slots=True)
class ListRef:
    """A file with orders, and what its sender stated about all of them."""

    file: str
    name: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row of a list: its line, and what it states."""

    file: str
    line: int
    facts: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]


def list_text(ref: ListRef) -> str:
    """Return the value of a button about a list."""
    return json.dumps([ref.file, ref.name, dict(ref.told)])


def read_list_text(text: str) -> ListRef | None:
    """Return what a button about a list carries, None if it is not one of ours."""
    match _loaded(text):
        case [str(file), str(name), dict(told)] if _ID.fullmatch(file) and len(name) <= LONGEST:
            pairs = _pairs(told)
            return ListRef(file, name, pairs) if pairs is not None else None
        case _:
            return None


def row_text(file: str, order: ListedOrder) -> str | None:
    """Return the value of a button about a row, None if the row states more than a button can carry."""
    text = json.dumps([file, order.line, order.facts, order.details])
    return text if len(text) <= LONGEST else None


def read_row_text(text: str) -> RowRef | None:
    """Return what a button about a row carries, None if it is not one of ours."""
    match _loaded(text):
        case [str(file), int(line), dict(facts), dict(details)] if _ID.fullmatch(file):
            told, named = _pairs(facts), _pairs(details)
            return RowRef(file, line, told, named) if told is not None and named is not None else None
        case _:
            return None


def _loaded(text: str) -> Any:  # noqa: ANN401  anything that JSON holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _pairs(raw: dict[Any, Any]) -> tuple[tuple[str, str], ...] | None:
    pairs = tuple((str(name), str(value)) for name, value in raw.items())
    return pairs if all(_NAME.fullmatch(name) for name, _ in pairs) else None
