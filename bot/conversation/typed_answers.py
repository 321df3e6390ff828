"""Read what a person typed as an answer to one question. Nothing is guessed: a doubt is asked back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from bot.conversation.answer_tokens import day_of, token_of
from bot.conversation.clean_text import shown
from bot.conversation.dates import EARLIEST, days_meant
from bot.conversation.now import Now
from bot.conversation.problems import Problem, Trouble
from policy import Ambiguous, NotRecognized, Policy, Recognized
from policy.facts import PROGRAM, UNKNOWN, Fact, Facts
from policy.vocabulary import FactKind, FactSpec, Means

LONGEST_ANSWER: Final = 200
LONG_AGO: Final = timedelta(days=731)  # two years; no certificate that can still be refunded is that old

DONT_KNOW: Final = frozenset(
    {"unknown", "?", "??", "idk", "dunno", "i don't know", "i dont know", "don't know", "dont know"}
    | {"do not know", "i do not know", "not sure", "i'm not sure", "im not sure", "no idea", "unsure"}
    | {"i have no idea", "no clue", "don't remember", "i don't remember", "can't tell"}
)
SKIP: Final = frozenset({"skip", "skip it", "skip: without them", "later", "none", "n/a", "-"})


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers that a text gives: the one asked for, and what its words make certain besides."""

    tokens: dict[Fact, str]


ReadAnswer: TypeAlias = Reading | Problem


def read(policy: Policy, fact: Fact, text: str, now: Now, known: Facts) -> ReadAnswer:
    """Return what a typed text answers to the question about `fact`, or what is wrong with it.

    `known` are the answers before this one: a product's name settles its level only where it is the product
    of the maker that they name.
    """
    said = normalized(text)
    if not said:
        return Problem(Trouble.NO_ANSWER, fact)
    if said in DONT_KNOW:
        return Reading({fact: token_of(UNKNOWN)})
    program = known.get(PROGRAM)
    spec = policy.spec(fact, program)
    if spec is None:
        return Problem(Trouble.NOT_A_CHOICE, fact, shown(text))
    if len(said) > LONGEST_ANSWER:
        return not_a(spec, text)
    if spec.kind is FactKind.DAY:
        return _one_day(spec, days_meant(said, now), text, now)
    chosen = _read_choice(policy, spec, text, said, program)
    if isinstance(chosen, Reading):
        return chosen
    match spec.means:
        case Means.MAKER:
            return _read_maker(policy, spec, text, program)
        case Means.LEVEL:
            return _read_level(policy, spec, text, known) or chosen
        case _:
            return chosen


def accept(policy: Policy, fact: Fact, token: str, now: Now, known: Facts) -> ReadAnswer:
    """Return the answer that a button or an element stands for, checked as strictly as a typed one."""
    spec = policy.spec(fact, known.get(PROGRAM))
    if token == UNKNOWN:
        return Reading({fact: token})
    if spec is None:
        return Problem(Trouble.NOT_A_CHOICE, fact, shown(token))
    if spec.kind is FactKind.DAY:
        day = day_of(token)
        return _one_day(spec, [day] if day and day >= EARLIEST else [], token, now)
    legal = {token_of(value) for value in spec.answers}
    return Reading({fact: token}) if token in legal else not_a(spec, token)


def passes(text: str) -> bool:
    """Tell whether a text asks to go on without giving a detail of the order."""
    said = normalized(text)
    return said in DONT_KNOW or said in SKIP


def not_a(spec: FactSpec, text: str) -> Problem:
    """Return the problem that a text is no answer to this question."""
    kind = Trouble.NOT_A_DATE if spec.kind is FactKind.DAY else Trouble.NOT_A_CHOICE
    return Problem(kind, spec.id, shown(text))


def normalized(text: str) -> str:
    """Return a text in lower case, with plain quotes, single spaces and no full stop at its end."""
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"\s+", " ", plain).strip().casefold().rstrip(".!")


def as_command(text: str) -> str:
    """Return a text as commands are compared: normalized, without question marks at its end."""
    return normalized(text).rstrip("?").strip()


def _read_choice(policy: Policy, spec: FactSpec, text: str, said: str, program: object) -> ReadAnswer:
    tokens = [token_of(value) for value in spec.answers]
    named = spec.spoken().get(said) or said.replace(" ", "_").replace("-", "_")
    if named in tokens:
        return Reading({spec.id: named})
    counted = policy.counted(spec.id, named, program)
    if counted is not None:  # what the program does not list for itself is another one there
        return Reading({spec.id: token_of(counted)})
    if re.fullmatch("[0-9]{1,2}", said) and 1 <= int(said) <= len(tokens):
        return Reading({spec.id: tokens[int(said) - 1]})
    return not_a(spec, text)


def _read_maker(policy: Policy, spec: FactSpec, text: str, program: object) -> ReadAnswer:
    """Read a brand or a product as the answer to whose it is, with what else its name makes certain."""
    typed = shown(text)
    match policy.recognize(text, program):
        case Recognized(facts=facts) if spec.id in facts:
            counted = {fact: policy.counted(fact, value, program) for fact, value in facts.items()}
            tokens = {fact: token_of(value) for fact, value in counted.items() if value is not None}
            return Reading(tokens) if spec.id in tokens else not_a(spec, text)
        case Ambiguous(names=names):
            return Problem(Trouble.NAME_AMBIGUOUS, spec.id, typed, tuple(names))
        case NotRecognized(nearest=str(nearest)):
            return Problem(Trouble.NAME_NOT_KNOWN, spec.id, typed, (nearest,))
        case _:
            return Problem(Trouble.NAME_NOT_KNOWN, spec.id, typed)


def _read_level(policy: Policy, spec: FactSpec, text: str, known: Facts) -> Reading | None:
    """Read a product as the answer at what level it is, where it is a product of the maker known."""
    makers = {value for fact, value in known.items() if _says_maker(policy, fact, known)}
    for named in (text, *(f"{maker} {text}" for maker in makers)):
        match policy.recognize(named, known.get(PROGRAM)):
            case Recognized(facts=facts) if spec.id in facts and makers & set(facts.values()):
                return Reading({spec.id: token_of(facts[spec.id])})
            case _:
                continue
    return None


def _says_maker(policy: Policy, fact: Fact, known: Facts) -> bool:
    spec = policy.spec(fact, known.get(PROGRAM))
    return spec is not None and spec.means is Means.MAKER


def _one_day(spec: FactSpec, meant: Sequence[date], text: str, now: Now) -> ReadAnswer:
    """Return the one day that can be meant; a day to come cannot, and of two neither is guessed."""
    match [day for day in meant if day <= now.latest]:
        case [] if meant:
            return Problem(Trouble.DATE_IN_FUTURE, spec.id, shown(text))
        case []:
            return not_a(spec, text)
        case [only] if only < now.today - LONG_AGO:
            return Problem(Trouble.DATE_LONG_AGO, spec.id, shown(text), (only.isoformat(),))
        case [only]:
            return Reading({spec.id: only.isoformat()})
        case several:
            tokens = tuple(day.isoformat() for day in several)
            return Problem(Trouble.DATE_AMBIGUOUS, spec.id, shown(text), tokens)
