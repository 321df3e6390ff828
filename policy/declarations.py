"""Turn rows of the policy files into declared facts, details, routes, brands and issuers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from policy.facts import PROGRAM, Detail, Fact, Value
from policy.issuers import CertificatePolicy, Issuer
from policy.mistakes import Mistake
from policy.names import Name
from policy.schema import AskRow, BrandRow, CertificatePolicyRow, DetailRow, IssuerRow, RouteRow
from policy.vocabulary import (
    DetailKind,
    DetailSpec,
    Draft,
    FactKind,
    FactSpec,
    Phrase,
    RouteSpec,
    Vocabulary,
    token_of_choice,
)
from policy.wording import exact_match, nearest, shown, suggest

__all__ = [
    "brand",
    "certificate_policy",
    "detail",
    "every_language",
    "issuer",
    "own_fact",
    "program_facts",
    "route",
]

_DECLARATION_KEYS: Final = (
    "kind",
    "words",
    "phrases",
    "columns",
    "means",
    "implies",
    "where_asked",
    "remembered",
)


def own_fact(row: AskRow, index: int) -> FactSpec | list[Mistake]:
    """Return the new fact that an `[[ask]]` declares, or the mistakes in it."""
    mistakes = [*_own_mistakes(row, index)]
    if mistakes or row.kind is None:
        return mistakes
    return FactSpec(
        id=Fact(row.fact),
        kind=row.kind,
        choices=tuple(row.choices or ()),
        words=_words(row),
        means=row.means,
        remembered=row.remembered,
        phrases=_phrases(row),
        implies=tuple((Fact(name), value) for name, value in row.implies.items()),
        where_asked=row.where_asked,
        columns=every_language(row.columns),
    )


def program_facts(rows: Sequence[AskRow], shared: Vocabulary) -> tuple[dict[Fact, FactSpec], list[Mistake]]:
    """Return the facts that a program asks, in its order after the program itself, and the mistakes."""
    facts = {PROGRAM: shared.facts[PROGRAM]}
    mistakes: list[Mistake] = []
    for index, row in enumerate(rows):
        fact = Fact(row.fact)
        if fact == PROGRAM:
            mistakes.append(
                Mistake(("ask", index), f"{fact} is asked first, under any program; leave it out")
            )
            continue
        if fact in facts:
            mistakes.append(Mistake(("ask", index), f"{fact} is asked twice; leave one out"))
            continue
        spec = shared.facts.get(fact)
        found = own_fact(row, index) if spec is None else _narrowed(row, index, spec)
        if isinstance(found, FactSpec):
            facts[fact] = found
        else:
            mistakes += (
                found if spec is not None or row.kind is not None else [_undeclared(row, index, shared)]
            )
    return facts, mistakes


def every_language(texts: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the texts of all languages together, without repeats."""
    return tuple(dict.fromkeys(text for said in texts.values() for text in said))


def detail(row: DetailRow) -> DetailSpec:
    """Return the detail that a row declares."""
    words = tuple((language, word) for language, words in row.words.items() for word in words)
    columns = every_language(row.columns)
    return DetailSpec(
        Detail(row.id), DetailKind(row.kind), row.identifies, row.remembered, words, columns, row.offered
    )


def route(row: RouteRow) -> RouteSpec:
    """Return the route that a row declares."""
    return RouteSpec(row.id, Draft(row.draft), row.handoff)


def brand(row: BrandRow, index: int, facts: Mapping[Fact, FactSpec]) -> Name | list[Mistake]:
    """Return a brand with the facts that its name settles, or the mistakes in its row."""
    certain = _certain(row, ("brand", index), facts)
    return certain if isinstance(certain, list) else Name(row.name, certain, tuple(row.aliases))


def issuer(row: IssuerRow, index: int, facts: Mapping[Fact, FactSpec]) -> Issuer | list[Mistake]:
    """Return an issuer with the facts that it settles, or the mistakes in its row."""
    certain = _certain(row, ("issuer", index), facts)
    if isinstance(certain, list):
        return certain
    return Issuer(row.name, certain, tuple(row.organizations), tuple(row.common_names))


def certificate_policy(
    row: CertificatePolicyRow, index: int, facts: Mapping[Fact, FactSpec]
) -> CertificatePolicy | list[Mistake]:
    """Return a certificate policy with the facts that it settles, or the mistakes in its row."""
    certain = _certain(row, ("certificate_policy", index), facts)
    return certain if isinstance(certain, list) else CertificatePolicy(row.oid, certain)


def _certain(
    row: BrandRow | IssuerRow | CertificatePolicyRow, place: tuple[str, int], facts: Mapping[Fact, FactSpec]
) -> tuple[tuple[Fact, Value], ...] | list[Mistake]:
    """Return the facts that a row's further keys settle, or the mistakes in them."""
    mistakes: list[Mistake] = []
    certain: list[tuple[Fact, Value]] = []
    choices = {fact: spec for fact, spec in facts.items() if spec.kind is FactKind.CHOICE and fact != PROGRAM}
    for name, raw in (row.model_extra or {}).items():
        spec = choices.get(Fact(name))
        value = exact_match(raw, spec.choices) if spec is not None else None
        if spec is None:
            known = (*type(row).model_fields, *choices)
            mistakes.append(Mistake((*place, name), f"{name}: unknown fact {suggest(name, known)}"))
        elif value is None:
            mistakes.append(Mistake((*place, name), f"{name}: unknown value {suggest(raw, spec.choices)}"))
        else:
            certain.append((spec.id, value))
    if not certain and not mistakes:
        mistakes.append(Mistake(place, "settles no fact; give it one, such as a provider"))
    return mistakes or tuple(certain)


def _own_mistakes(row: AskRow, index: int) -> Iterator[Mistake]:
    place, choices = ("ask", index), row.choices or []
    if row.kind is None:
        yield Mistake(place, f'{row.fact}: kind is missing; accepted: "day", "choice"')
    elif row.kind is FactKind.DAY and row.choices is not None:
        yield Mistake((*place, "choices"), f"{row.fact}: a day has no choices; leave them out")
    elif row.kind is FactKind.CHOICE and not choices and row.fact != PROGRAM:
        yield Mistake(
            place, f'{row.fact}: choices is missing; accepted: choices = ["a", "b"] or [true, false]'
        )
    if len({isinstance(choice, bool) for choice in choices}) > 1:
        yield Mistake((*place, "choices"), f"{row.fact}: choices are names, or true and false, not both")
    if twice := next((each for number, each in enumerate(choices) if each in choices[:number]), None):
        yield Mistake((*place, "choices"), f"{row.fact}: the choice {shown(twice)} is listed twice")
    yield from _word_mistakes(row, index)


def _word_mistakes(row: AskRow, index: int) -> Iterator[Mistake]:
    place = ("ask", index, "words")
    known = [token_of_choice(choice) for choice in row.choices or []]
    for language, said in row.words.items():
        meant: dict[str, str] = {}
        for token, words in said.items():
            if row.kind is FactKind.DAY and token:
                yield Mistake(place, f'{row.fact}: words of a day are a list: words.{language} = ["…"]')
            elif row.kind is FactKind.CHOICE and token not in known and row.fact != PROGRAM:
                yield Mistake(place, f"{row.fact}: words for the unknown choice {suggest(token, known)}")
            for word in words:
                if meant.setdefault(word.casefold(), token) != token:
                    both = f"{shown(meant[word.casefold()])} and {shown(token)}"
                    yield Mistake(
                        place, f"{row.fact}: the word {shown(word)} means both {both}; leave one out"
                    )


def _words(row: AskRow) -> dict[str, tuple[str, ...]]:
    """Return what people say for each choice, in all languages, normalized for comparison."""
    said: dict[str, tuple[str, ...]] = {}
    for by_choice in row.words.values():
        for token, words in by_choice.items():
            plain = (" ".join(word.casefold().split()) for word in words)
            said[token] = tuple(dict.fromkeys((*said.get(token, ()), *plain)))
    return said


def _phrases(row: AskRow) -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases that state each choice in a sentence; without `phrases`, the words."""
    said: dict[str, tuple[Phrase, ...]] = {}
    for language, by_choice in (row.phrases or row.words).items():
        for token, phrases in by_choice.items():
            said[token] = (*said.get(token, ()), *((language, phrase) for phrase in phrases))
    return said


def _narrowed(row: AskRow, index: int, shared: FactSpec) -> FactSpec | list[Mistake]:
    """Return a shared fact with only the choices that a program lists, or the mistakes in its row."""
    place = ("ask", index)
    given = [key for key in _DECLARATION_KEYS if key in row.model_fields_set]
    if given:
        message = f"{row.fact} is a shared fact: leave out {', '.join(given)}, or give your own another name"
        return [Mistake((*place, given[0]), message)]
    if row.choices is None:
        return shared
    if shared.kind is FactKind.DAY:
        return [Mistake((*place, "choices"), f"{row.fact}: a day has no choices; leave them out")]
    strange = [choice for choice in row.choices if exact_match(choice, shared.choices) is None]
    if strange:
        message = f"{row.fact}: unknown choice {suggest(strange[0], shared.choices)}"
        return [Mistake((*place, "choices"), message)]
    return replace(shared, choices=tuple(dict.fromkeys(row.choices)))


def _undeclared(row: AskRow, index: int, shared: Vocabulary) -> Mistake:
    """Return the mistake for a fact that is neither shared nor declared, with how to declare it."""
    near = nearest(row.fact, shared.facts)
    hint = f"did you mean {shown(near)}? " if near else ""
    own = 'for a fact of your own add kind = "day", or kind = "choice" and choices = ["…"]'
    return Mistake(("ask", index), f"{shown(row.fact)} is not a shared fact; {hint}{own}")
