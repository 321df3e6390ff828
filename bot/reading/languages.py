"""Load the grammar's words and phrases for each language from the TOML files in `languages/`."""

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
    """The tables of one language's file in `languages/`; `id` is its two-letter code."""

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
    """Return the tables of `hosts.toml`, such as the endings of host names and file names."""
    read = tomllib.loads((FOLDER / "hosts.toml").read_text("utf-8"))
    return {key: frozenset(values) for key, values in read.items()}


def words(table: str) -> frozenset[str]:
    """Return the words of a table in all languages, folded for comparison."""
    return _words(table)


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(folded(word) for language in languages() for word in language.words.get(table, ()))


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, str]:
    """Return the word that each common misspelling stands for."""
    return {
        folded(written): folded(word)
        for language in languages()
        for word, forms in language.spellings.items()
        for written in forms
    }


def day_lists(table: str) -> Iterator[list[str]]:
    """Yield a table of date words, such as the months, for each language."""
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
