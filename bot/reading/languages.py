"""The languages that sentences are read in: what they say that no program declares. Data, in `languages/`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from bot.reading.tokens import folded

FOLDER: Final = Path(__file__).parent / "languages"


@dataclass(frozen=True)
class Language:
    """One file of `languages/`: its id, and its tables."""

    id: str
    classes: Mapping[str, list[str]]
    phrases: Mapping[str, list[str]]
    words: Mapping[str, list[str]]
    days: Mapping[str, Any]
    intents: Mapping[str, list[str]]
    spellings: Mapping[str, list[str]]


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """Return all languages, English first."""
    files = sorted(FOLDER.glob("[a-z][a-z].toml"), key=lambda path: (path.stem != "en", path.stem))
    return tuple(_language(path) for path in files)


@lru_cache(maxsize=1)
def hosts() -> Mapping[str, frozenset[str]]:
    """Return what ends a host name, and what ends a file's name."""
    read = tomllib.loads((FOLDER / "hosts.toml").read_text("utf-8"))
    return {key: frozenset(values) for key, values in read.items()}


def words(table: str) -> frozenset[str]:
    """Return the words of one table in all languages, as they are compared."""
    return _words(table)


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(folded(word) for language in languages() for word in language.words.get(table, ()))


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, str]:
    """Return the words that are meant by what is often written for them."""
    return {
        folded(written): folded(word)
        for language in languages()
        for word, forms in language.spellings.items()
        for written in forms
    }


def day_lists(table: str) -> Iterator[list[str]]:
    """Yield a table of days, such as the months', in each language."""
    for language in languages():
        yield language.days.get(table, [])


def _language(path: Path) -> Language:
    read = tomllib.loads(path.read_text("utf-8"))
    governing = tomllib.loads((FOLDER / "governing.toml").read_text("utf-8")).get(path.stem, {})
    return Language(
        path.stem,
        read.get("classes", {}) | governing.get("classes", {}),
        read.get("phrases", {}) | governing.get("phrases", {}),
        read.get("words", {}),
        read.get("days", {}),
        read.get("intents", {}),
        read.get("spellings", {}),
    )
