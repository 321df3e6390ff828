"""Read what a person typed: the answer to what is asked, and everything else that the words state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.conversation import order_details
from bot.conversation.answer_tokens import day_of, token_of
from bot.conversation.certificate_answers import joined
from bot.conversation.clean_text import shown
from bot.conversation.interview import Lead
from bot.conversation.now import Now
from bot.conversation.open_days import EARLIEST, is_long_ago
from bot.conversation.problems import Problem, Trouble
from bot.conversation.readings import Reading
from bot.conversation.screens import OneOrder
from bot.reading import sentences
from bot.reading.languages import words
from bot.reading.pasted_certificates import pasted_in
from bot.reading.sentences import Read, Words
from bot.reading.several_orders import read_orders
from bot.reading.short_messages import without_emoji
from bot.reading.tokens import folded
from policy import Ambiguous, NotRecognized, Policy, Recognized
from policy.facts import PROGRAM, UNKNOWN, Detail, Fact, Facts
from policy.vocabulary import DetailKind, DetailSpec, FactKind, FactSpec, Means

LONGEST_NAME: Final = 200
WORDS_BESIDE: Final = 3


def read(policy: Policy, asked: Fact | Detail | None, text: str, now: Now, known: Facts) -> Reading:
    """Return what a typed text says; `known` are the earlier answers."""
    pasted = pasted_in(text, policy.vocabulary, now.today)
    if pasted is None:
        return _read_words(policy, asked, text, now, known)
    words = _read_words(policy, asked, pasted.beside, now, known) if pasted.has_words else Reading()
    return joined(policy, words, pasted.told, known.get(PROGRAM))


def _read_words(policy: Policy, asked: Fact | Detail | None, text: str, now: Now, known: Facts) -> Reading:
    if not normalized(text):
        return Reading(problem=Problem(Trouble.NO_ANSWER, asked))
    match asked:
        case Fact():
            return _to_fact(policy, asked, text, now, known)
        case Detail():
            return _to_detail(policy, asked, text, now, known)
        case None:
            return _stated(policy, None, text, now, known)


def accept(policy: Policy, fact: Fact, token: str, now: Now, known: Facts) -> Reading:
    """Return the answer that a button or an element stands for, checked as strictly as a typed one."""
    spec = policy.spec(fact, known.get(PROGRAM))
    if token == UNKNOWN:
        return Reading({fact: token})
    if spec is None:
        return Reading(problem=Problem(Trouble.NOT_A_CHOICE, fact, shown(token)))
    if spec.kind is FactKind.DAY:
        day = day_of(token)
        if day is None or day < EARLIEST:
            return Reading(problem=not_an_answer(spec, token))
        if day > now.latest or is_long_ago(day, now):
            return Reading(leads=(Lead(fact, (token,), shown(token)),))
        return Reading({fact: token})
    legal = {token_of(value) for value in spec.answers}
    return Reading({fact: token}) if token in legal else Reading(problem=not_an_answer(spec, token))


def skips_detail(text: str) -> bool:
    """Tell whether a text skips a detail of the order."""
    return _is_one_of("skips", text) or _is_one_of("not_known", text)


def _is_one_of(table: str, text: str) -> bool:
    """Tell whether a text is one of a table's, in any language."""
    return folded(normalized(text)) in words(table)


def not_an_answer(spec: FactSpec, text: str) -> Problem:
    """Return the problem that a text does not answer this question."""
    kind = Trouble.NOT_A_DATE if spec.kind is FactKind.DAY else Trouble.NOT_A_CHOICE
    return Problem(kind, spec.id, shown(text))


def normalized(text: str) -> str:
    """Return a text in lower case, with plain quotes, single spaces, no emoji and no full stop at the end."""
    plain = without_emoji(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"\s+", " ", plain).strip().casefold().rstrip(".!")


def as_command(text: str) -> str:
    """Return a text as commands are compared: normalized, without question marks at the end."""
    return normalized(text).rstrip("?").strip()


def says_little_else(text: str, found: tuple[Words, ...]) -> bool:
    """Tell whether a text has hardly a word besides those that state something."""
    kept = list(text)
    for each in found:
        kept[each.start : each.end] = " " * (each.end - each.start)
    return len(re.findall(r"\w+", "".join(kept))) <= WORDS_BESIDE and "?" not in text


# --- the answer to what was asked


def _to_fact(policy: Policy, fact: Fact, text: str, now: Now, known: Facts) -> Reading:
    program = known.get(PROGRAM)
    spec = policy.spec(fact, program)
    if _is_one_of("not_known", text):
        return Reading({fact: token_of(UNKNOWN)})
    if spec is None:
        return Reading(problem=Problem(Trouble.NOT_A_CHOICE, fact, shown(text)))
    if spec.kind is not FactKind.DAY and (token := _listed(policy, spec, normalized(text), program)):
        return Reading({fact: token})
    stated = _stated(policy, fact, text, now, known)
    if spec.means is Means.LEVEL and _is_of_another(policy, stated, known):
        return Reading(problem=not_an_answer(spec, text))
    if fact in stated.tokens or any(lead.fact == fact for lead in stated.leads):
        return stated
    match spec.means:
        case Means.LEVEL if token := _level(policy, spec, text, known):
            return replace(stated, tokens={**stated.tokens, fact: token})
        case Means.MAKER:
            return replace(stated, problem=_no_maker(policy, spec, text, stated, program))
        case _:
            return replace(stated, problem=_unsure(spec, text, stated) or not_an_answer(spec, text))


def _listed(policy: Policy, spec: FactSpec, said: str, program: object) -> str | None:
    """Return the choice that a text names by its number or id, or that counts as one in a program."""
    tokens = [token_of(value) for value in spec.answers]
    if re.fullmatch("[0-9]{1,2}", said):
        return tokens[int(said) - 1] if 1 <= int(said) <= len(tokens) else None
    named = said.replace(" ", "_").replace("-", "_")
    counted = policy.counts_as(spec.id, named, program)
    return named if named in tokens else token_of(counted) if counted is not None else None


def _level(policy: Policy, spec: FactSpec, text: str, known: Facts) -> str | None:
    """Return the level of a product, if it is a product of the known maker."""
    makers = {value for fact, value in known.items() if _says_maker(policy, fact, known)}
    for named in (text, *(f"{maker} {text}" for maker in makers)) if len(text) <= LONGEST_NAME else ():
        match policy.recognize(named, known.get(PROGRAM)):
            case Recognized(facts=facts) if spec.id in facts and makers & set(facts.values()):
                return token_of(facts[spec.id])
            case _:
                continue
    return None


def _is_of_another(policy: Policy, stated: Reading, known: Facts) -> bool:
    """Tell whether a level belongs to a product of another maker than the known one: then it is no answer."""
    said = [fact for fact in stated.tokens if _says_maker(policy, fact, known)]
    spans = {(each.start, each.end) for each in stated.found if each.fact not in said}
    return any(
        token_of(known[fact]) != stated.tokens[fact]
        and all((each.start, each.end) in spans for each in stated.found if each.fact == fact)
        for fact in said
        if fact in known
    )


def _says_maker(policy: Policy, fact: Fact, known: Facts) -> bool:
    spec = policy.spec(fact, known.get(PROGRAM))
    return spec is not None and spec.means is Means.MAKER


def _no_maker(policy: Policy, spec: FactSpec, text: str, stated: Reading, program: object) -> Problem:
    """Return why a text is no provider, and what may have been meant: nothing if it names several."""
    typed = shown(text)
    named = policy.recognize(text, program) if len(text) <= LONGEST_NAME else None
    meant = {each.value for each in stated.found if each.fact == spec.id}
    match named:
        case Ambiguous(names=names):
            return Problem(Trouble.NAME_AMBIGUOUS, spec.id, typed, tuple(names))
        case _ if len(meant) > 1:
            return not_an_answer(spec, text)
        case _ if meant:
            return _unsure(spec, text, stated) or not_an_answer(spec, text)
        case NotRecognized(nearest=str(nearest)):
            return Problem(Trouble.NAME_NOT_KNOWN, spec.id, typed, (nearest,))
        case _:
            return Problem(Trouble.NAME_NOT_KNOWN, spec.id, typed)


def _unsure(spec: FactSpec, text: str, stated: Reading) -> Problem | None:
    """Return the problem that a text touches what is asked without settling it, None if it does not."""
    meant = dict.fromkeys(
        token_of(each.value) for each in stated.found if each.fact == spec.id and each.value is not None
    )
    return Problem(Trouble.UNSURE, spec.id, shown(text), tuple(meant)) if meant else None


def _to_detail(policy: Policy, detail: Detail, text: str, now: Now, known: Facts) -> Reading:
    """Read a detail: the whole text if it is one, else what a sentence says about it and others."""
    spec = policy.details(known.get(PROGRAM))[detail]
    checked = order_details.check(detail, spec.kind, text)
    if isinstance(checked, str):
        return Reading(details={detail: checked})
    stated = _stated(policy, detail, text, now, known)
    return stated if detail in stated.details else replace(stated, problem=checked)


# --- what a text states


def _stated(policy: Policy, asked: Fact | Detail | None, text: str, now: Now, known: Facts) -> Reading:
    program = known.get(PROGRAM)
    named = str(program) if program in policy.programs else None
    found = sentences.read(policy, text, now.today, named, asked)
    specs, details = policy.facts(found.facts.get(PROGRAM, named)), policy.details(named)
    tokens = {fact: token_of(value) for fact, value in found.facts.items()}
    several = any(name in details for name in found.ambiguous)
    leads = [] if several else [*_leads(found, specs)]
    if any(spec.means is Means.MAKER and fact in found.ambiguous for fact, spec in specs.items()):
        tokens = {
            fact: t for fact, t in tokens.items() if fact == asked or specs[fact].means is not Means.LEVEL
        }
    for fact, value in found.facts.items():
        if isinstance(value, date) and (value < EARLIEST or is_long_ago(value, now)):
            leads.append(Lead(fact, (tokens.pop(fact),), _words(found, fact)))
    return Reading(
        tokens=tokens,
        details=dict(_checked(found.details, details)),
        leads=tuple(leads),
        offered=dict(_checked(found.offered, details)),
        orders=tuple(_orders(found, details)) if several else (),
        each=tuple(_each(policy, found, now)) if several else (),
        found=found.found,
    )


def _checked(given: Mapping[Detail, str], specs: Mapping[Detail, DetailSpec]) -> Iterator[tuple[Detail, str]]:
    for detail, value in given.items():
        checked = order_details.check(detail, specs[detail].kind, value) if detail in specs else None
        if isinstance(checked, str):
            yield detail, checked


def _leads(found: Read, specs: Mapping[Fact, FactSpec]) -> Iterator[Lead]:
    """Yield what is left open of each day that a text names."""
    for fact, spec in specs.items():
        if fact not in found.ambiguous or spec.kind is not FactKind.DAY:
            continue
        said = [each for each in found.found if each.fact == fact and isinstance(each.value, date)]
        days = dict.fromkeys(token_of(each.value) for each in said if each.value is not None)
        if days:
            exact = all(each.exact for each in said)
            yield Lead(fact, tuple(sorted(days)), _words(found, fact), exact=exact)


def _words(found: Read, fact: Fact) -> str:
    return shown(next((each.text for each in found.found if each.fact == fact), ""))


def _each(policy: Policy, found: Read, now: Now) -> Iterator[OneOrder]:
    """Yield what a text says about each of several orders; a day that would be asked back is left out."""
    details = policy.details(found.facts.get(PROGRAM))
    for order in read_orders(policy, found):
        tokens = [
            (fact, token_of(value))
            for fact, value in order.facts.items()
            if not isinstance(value, date) or (value >= EARLIEST and not is_long_ago(value, now))
        ]
        yield OneOrder(order.name, tuple(tokens), tuple(_checked(order.details, details)))


def _orders(found: Read, specs: Mapping[Detail, DetailSpec]) -> Iterator[str]:
    """Yield what tells several orders apart: their host names, or else their numbers."""
    for kind in (DetailKind.HOST, DetailKind.DIGITS):
        named = dict.fromkeys(
            str(each.value)
            for each in found.found
            if each.fact in found.ambiguous and (spec := specs.get(Detail(each.fact))) and spec.kind is kind
        )
        if len(named) > 1:
            yield from named
            return
