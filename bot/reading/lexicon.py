"""Build the phrases and names to look for in a message, from the loaded programs and the languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Final

from bot.reading.date_words import date_words
from bot.reading.languages import languages, words
from bot.reading.phrases import Phrases
from bot.reading.product_names import ProductNames
from bot.reading.spelling import Spelling
from bot.reading.tokens import folded
from policy import Policy
from policy.facts import OTHER, PROGRAM, Detail, Fact, Value
from policy.names import Name
from policy.vocabulary import DetailSpec, FactKind, FactSpec, Means, token_of_choice


class Mark(Enum):
    """What kind of thing a phrase stands for."""

    CHOICE = auto()
    DAY_WORD = auto()
    DETAIL = auto()
    GRAMMAR = auto()
    INTENT = auto()


@dataclass(frozen=True, slots=True)
class Tag:
    """What a phrase stands for; `name` is the id of the fact, detail or intent, or the grammar table."""

    mark: Mark
    name: str
    value: Value | None = None


class Lexicon:
    """The phrases and names of all languages for one program, or for no program in particular."""

    def __init__(self, policy: Policy, program: str | None) -> None:
        self.policy = policy
        self.program = program
        self.facts: Mapping[Fact, FactSpec] = policy.facts(program)
        self.details: Mapping[Detail, DetailSpec] = policy.details(program)
        self.maker = policy.vocabulary.meaning(Means.MAKER)
        self.level = policy.vocabulary.meaning(Means.LEVEL)
        self.phrases: Phrases[Tag] = Phrases(words("stops"))
        self._fill()
        own = policy.programs[program].names if program else ()
        self.names = ProductNames([*policy.vocabulary.names, *self._places()], own, words("real"))

    @cached_property
    def spelling(self) -> Spelling:
        """Return the words that are recognized with one typo, too."""
        spoken = {folded(name) for name in self._spoken_programs()}
        return Spelling(words("often_misspelled") | spoken, words("real"))

    @cached_property
    def alone(self) -> Mapping[str, tuple[Fact, Value]]:
        """Return the fact and choice of each word that means only one choice, even as a clause by itself."""
        ids = {
            token_of_choice(choice).replace("_", " "): (fact, choice)
            for fact, spec in self.facts.items()
            for choice in spec.choices
            if fact != PROGRAM and isinstance(choice, str) and choice != OTHER
        }
        meant: dict[str, set[tuple[Fact, Value]]] = {}
        for fact, spec in self.facts.items():
            for word, token in spec.spoken().items():
                if fact != PROGRAM and spec.means is not Means.ISSUED:
                    choice = next(each for each in spec.choices if token_of_choice(each) == token)
                    meant.setdefault(folded(word), set()).add((fact, choice))
        certain = {word: next(iter(all_)) for word, all_ in meant.items() if len(all_) == 1}
        return {word: one for word, one in {**certain, **ids}.items() if word not in words("not_alone")}

    @cached_property
    def known(self) -> frozenset[str]:
        """Return every known word; none of them is taken for a typo."""
        return self.phrases.words() | self.names.pieces | date_words().every | words("real")

    @cached_property
    def sites(self) -> frozenset[str]:
        """Return the names of programs and sellers as they are in their domains: *trustico.com*."""
        names = (each for place in self._places() for each in (place.name, *place.aliases))
        return frozenset("".join(folded(name).split()) for name in names if "." not in name)

    def _places(self) -> Iterator[Name]:
        """Yield the places where certificates are bought: the programs, and other sellers."""
        for program in self.policy.programs.values():
            yield Name(program.name, ((PROGRAM, program.id),), (*program.aliases, program.id))
        programs = self.policy.programs.values()
        known = {folded(name) for each in programs for name in (each.name, *each.aliases)}
        for place in self.policy.front.sellers:
            if folded(place) not in known:
                yield Name(place, ((PROGRAM, OTHER),))

    def _fill(self) -> None:
        for language in languages():
            classes = {
                **language.classes,
                "program": [*self._spoken_programs()],
                "maker": [*self._spoken_makers()],
            }
            for table, phrases in language.phrases.items():
                for phrase in phrases:
                    self.phrases.add(Tag(Mark.GRAMMAR, table), phrase, classes)
            for intent, phrases in language.intents.items():
                for phrase in phrases:
                    self.phrases.add(Tag(Mark.INTENT, intent), phrase, classes)
            self._fill_facts(language.id, classes)
            for detail in self.details.values():
                for said_in, phrase in detail.words or ((language.id, detail.id.replace("_", " ")),):
                    if said_in == language.id:
                        self.phrases.add(Tag(Mark.DETAIL, detail.id), phrase, classes)

    def _fill_facts(self, language: str, classes: Mapping[str, list[str]]) -> None:
        for spec in self.facts.values():
            if spec.kind is FactKind.DAY:
                self._fill_day(spec, language, classes)
                continue
            by_token = {token_of_choice(choice): choice for choice in spec.choices}
            for token, phrases in spec.phrases.items():
                if token not in by_token or spec.id == PROGRAM:
                    continue
                tag = Tag(Mark.CHOICE, spec.id, by_token[token])
                for said_in, phrase in phrases:
                    if said_in == language and folded(phrase) not in words("bare_answers"):
                        self.phrases.add(tag, phrase, classes)

    def _fill_day(self, spec: FactSpec, language: str, classes: Mapping[str, list[str]]) -> None:
        """Add the words for an event; the `phrases`, unlike the `words`, also say that it has happened."""
        for said_in, phrase in spec.phrases.get("", ()):
            if said_in == language:
                self.phrases.add(Tag(Mark.DAY_WORD, spec.id, value=True), phrase, classes)
        if language == languages()[0].id:
            for word in spec.words.get("", ()):
                self.phrases.add(Tag(Mark.DAY_WORD, spec.id), word, classes)

    def _spoken_programs(self) -> Iterator[str]:
        for program in self.policy.programs.values():
            yield from (" ".join(each.casefold().split()) for each in (program.name, *program.aliases))

    def _spoken_makers(self) -> Iterator[str]:
        level = self.level.id if self.level else None
        for name in self.policy.vocabulary.names:
            if name.get(level) is None:
                yield from (each.casefold() for each in (name.name, *name.aliases) if each.isalpha())


_LEXICONS: dict[tuple[int, str | None], tuple[Policy, Lexicon]] = {}


def lexicon(policy: Policy, program: str | None) -> Lexicon:
    """Return the lexicon of a program, or of none in particular; built once for each loaded policy."""
    own = policy.programs.get(program) if program else None
    asked = program if own and (own.names or own.own) else None
    key = (id(policy), asked)
    if key not in _LEXICONS or _LEXICONS[key][0] is not policy:
        if len(_LEXICONS) > MOST_LEXICONS:
            _LEXICONS.clear()
        _LEXICONS[key] = (policy, Lexicon(policy, asked))
    return _LEXICONS[key][1]


MOST_LEXICONS: Final = 100
