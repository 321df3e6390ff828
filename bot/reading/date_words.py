"""The words that dates are made of, in all languages: months, weekdays, numbers, units, *last week*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from bot.reading.languages import day_lists, languages, words
from bot.reading.phrases import Phrases
from bot.reading.tokens import folded


@dataclass(frozen=True)
class DateWords:
    """The date words of all languages, folded for comparison, each with its meaning.

    `phrases` finds, by tag: a number of days ago (an int), `vague` times, words `before` or `after` a date
    that make it inexact, and the other tags of `_PHRASE_TABLES`.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    units: Mapping[str, str]
    endings: frozenset[str]
    ago: frozenset[str]
    ago_before: frozenset[str]
    few: frozenset[str]
    fillers: frozenset[str]
    leads: frozenset[str]
    last: frozenset[str]
    next: frozenset[str]
    joins: frozenset[str]
    tens: Mapping[str, int]
    phrases: Phrases[str | int]

    @cached_property
    def starts(self) -> frozenset[str]:
        """Return every word that a date can begin with, apart from phrases."""
        weekdays = {*self.weekdays, *self.last, *self.next, *words("following")}
        counts = {*self.numbers, *self.few, *self.ago_before}
        return frozenset({*self.months, *weekdays, *counts, *self.ordinals, *self.tens})

    @cached_property
    def every(self) -> frozenset[str]:
        """Return every word that is part of a date."""
        return frozenset({*self.months, *self.weekdays, *self.ordinals, *self.phrases.words()})

    @cached_property
    def of_times(self) -> frozenset[str]:
        """Return every word for a date or a length of time."""
        return self.every | self.few | frozenset({*self.units, *self.numbers})


# Each tag of `phrases` with the table of `languages/` that its phrases are in.
_PHRASE_TABLES: Final = {
    "vague": "vague",
    "before": "inexact_before",
    "after": "inexact_after",
    "last_week": "last_week",
    "before_last": "before_last",
    "ago_before": "ago_before",
    "day_after": "day_after",
    "same_day": "same_day",
    "day_before": "day_before",
}


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """Return the date words of all languages."""
    return DateWords(
        months=_numbered("months"),
        weekdays=_numbered("weekdays", start=0),
        numbers=_numbered("numbers"),
        ordinals=_numbered("ordinals") | dict.fromkeys(_flat("thirty"), 30),
        units={
            folded(word): unit
            for language in languages()
            for unit, said in language.days.get("units", {}).items()
            for word in said
        },
        endings=_flat("ordinal_endings"),
        ago=_flat("ago"),
        ago_before=_flat("ago_before"),
        few=_flat("few"),
        fillers=_flat("fillers"),
        leads=_flat("ordinal_lead"),
        last=_flat("last"),
        next=_flat("next"),
        joins=_flat("joins"),
        tens={
            folded(word): ten
            for language in languages()
            for word, ten in language.days.get("tens", {}).items()
        },
        phrases=_phrases(),
    )


def _phrases() -> Phrases[str | int]:
    phrases: Phrases[str | int] = Phrases()
    for tag, table in _PHRASE_TABLES.items():
        for each in day_lists(table):
            for phrase in each:
                phrases.add(tag, phrase, {})
    for groups in day_lists("relative"):
        for days_ago, said in enumerate(groups):
            for phrase in said:
                phrases.add(days_ago, phrase, {})
    return phrases


def _flat(table: str) -> frozenset[str]:
    return frozenset(folded(word) for each in day_lists(table) for word in each)


def _numbered(table: str, start: int = 1) -> dict[str, int]:
    return {
        folded(word): number
        for groups in day_lists(table)
        for number, said in enumerate(groups, start)
        for word in said
    }
