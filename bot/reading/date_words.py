"""The words for days in all languages: months, weekdays, numbers, spans and phrases such as *last week*."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.reading.languages import day_lists, languages, words
from bot.reading.phrases import Phrases
from bot.reading.tokens import folded


@dataclass(frozen=True)
class DateWords:
    """Words of all languages, as they are compared, each with what it means.

    `phrases` finds, by tag: how many days back something is (a number), `vague` times, and what makes a day
    inexact `before` or `after` it.
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
        """Return each word that a day can begin with, but for phrases."""
        weekdays = {*self.weekdays, *self.last, *self.next, *words("following")}
        counts = {*self.numbers, *self.few, *self.ago_before}
        return frozenset({*self.months, *weekdays, *counts, *self.ordinals, *self.tens})

    @cached_property
    def every(self) -> frozenset[str]:
        """Return each word that begins or belongs to a day."""
        return frozenset({*self.months, *self.weekdays, *self.ordinals, *self.phrases.words()})

    @cached_property
    def of_times(self) -> frozenset[str]:
        """Return each word that tells of a day or a span of time."""
        return self.every | self.few | frozenset({*self.units, *self.numbers})


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """Return the words of all languages."""
    phrases: Phrases[str | int] = Phrases()
    for tag, table in (
        ("vague", "vague"),
        ("before", "inexact_before"),
        ("after", "inexact_after"),
        ("last_week", "last_week"),
        ("before_last", "before_last"),
        ("ago_before", "ago_before"),
    ):
        for each in day_lists(table):
            for phrase in each:
                phrases.add(tag, phrase, {})
    for groups in day_lists("relative"):
        for back, said in enumerate(groups):
            for phrase in said:
                phrases.add(back, phrase, {})
    for each in day_lists("day_after"):
        for phrase in each:
            phrases.add("day_after", phrase, {})
    for each in day_lists("same_day"):
        for phrase in each:
            phrases.add("same_day", phrase, {})
    for each in day_lists("day_before"):
        for phrase in each:
            phrases.add("day_before", phrase, {})
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
        phrases=phrases,
    )


def _flat(table: str) -> frozenset[str]:
    return frozenset(folded(word) for each in day_lists(table) for word in each)


def _numbered(table: str, start: int = 1) -> dict[str, int]:
    return {
        folded(word): number
        for groups in day_lists(table)
        for number, said in enumerate(_grouped(groups), start)
        for word in said
    }


def _grouped(groups: Sequence[Iterable[str]]) -> Iterator[Iterable[str]]:
    yield from groups
