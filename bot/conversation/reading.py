"""Read what a person typed as an answer to one question. Nothing is guessed: a doubt is asked back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from bot.conversation.dates import EARLIEST, days_meant
from bot.conversation.events import Now
from bot.conversation.problems import Problem, Trouble
from bot.conversation.tokens import NO, YES, day_of, token_of
from bot.conversation.typed import shown
from policy import Ambiguous, Policy, Recognized
from policy.facts import UNKNOWN, Fact, Facts

LONGEST_ANSWER: Final = 200

DONT_KNOW: Final = frozenset(
    {"unknown", "?", "??", "idk", "dunno", "i don't know", "i dont know", "don't know", "dont know"}
    | {"do not know", "i do not know", "not sure", "i'm not sure", "im not sure", "no idea", "unsure"}
    | {"i have no idea", "no clue", "don't remember", "i don't remember", "can't tell"}
)
SKIP: Final = frozenset({"skip", "skip it", "skip: without them", "later", "none", "n/a", "-"})

# What people write for a choice besides its own name; lower case, apostrophes and hyphens as typed.
SPOKEN: Final[dict[Fact, dict[str, str]]] = {
    Fact.ISSUED: {
        **dict.fromkeys(
            ("yes", "y", "yep", "yeah", "issued", "it is", "it was", "already issued", "true"), YES
        ),
        **dict.fromkeys(("no", "n", "nope", "not yet", "not issued", "pending", "in progress", "false"), NO),
        **dict.fromkeys(("awaiting approval", "it isn't", "it is not", "not issued yet", "declined"), NO),
        "completed": YES,
    },
    Fact.PROGRAM: {"open srs": "opensrs", "tucows": "opensrs", "neither": "other", "another": "other"},
    Fact.REQUESTER: {
        **dict.fromkeys(("a reseller", "i am a reseller", "i'm a reseller", "partner"), "reseller"),
        **dict.fromkeys(
            ("holder", "a certificate holder", "customer", "end customer", "owner"), "certificate_holder"
        ),
    },
    Fact.ACCOUNT: {
        **dict.fromkeys(("a partner", "reseller", "partner account"), "partner"),
        **dict.fromkeys(("a retail customer", "retail customer", "customer", "retail account"), "retail"),
    },
    Fact.SUBJECT: {
        **dict.fromkeys(("a certificate", "cert", "a cert", "ssl", "order"), "certificate"),
        **dict.fromkeys(
            ("prepaid", "balance", "prepaid balance", "my balance", "deposit", "funds"), "prepaid_balance"
        ),
    },
    Fact.VALIDATION: {
        **dict.fromkeys(("domain", "domain validated", "domain validation"), "dv"),
        **dict.fromkeys(
            ("organization", "organisation", "organization validated", "organization validation"), "ov"
        ),
        **dict.fromkeys(("extended", "extended validation"), "ev"),
    },
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers that a text gives: the one asked for, and what its words make certain besides."""

    tokens: dict[Fact, str]


Outcome: TypeAlias = Reading | Problem


def read(policy: Policy, fact: Fact, text: str, now: Now, known: Facts) -> Outcome:
    """Return what a typed text answers to the question about `fact`, or what is wrong with it.

    `known` are the answers before this one: a product's name settles its validation only where it is the
    product of the provider that they name.
    """
    said = normalized(text)
    if not said:
        return Problem(Trouble.NO_ANSWER, fact)
    if said in DONT_KNOW:
        return Reading({fact: token_of(UNKNOWN)})
    if len(said) > LONGEST_ANSWER:
        return not_a(fact, text)
    match fact:
        case Fact.FULFILLED_ON:
            return _one_day(days_meant(said, now), text, now)
        case Fact.PROVIDER:
            return _read_provider(policy, text, said)
        case Fact.VALIDATION:
            return _read_validation(policy, text, said, known)
        case _:
            return _read_choice(policy, fact, text, said)


def accept(policy: Policy, fact: Fact, token: str, now: Now) -> Outcome:
    """Return the answer that a button or an element stands for, checked as strictly as a typed one."""
    if token == UNKNOWN:
        return Reading({fact: token})
    if fact is Fact.FULFILLED_ON:
        day = day_of(token)
        return _one_day([day] if day and day >= EARLIEST else [], token, now)
    legal = {token_of(value) for value in policy.choices(fact)}
    return Reading({fact: token}) if token in legal else not_a(fact, token)


def passes(text: str) -> bool:
    """Tell whether a text asks to go on without giving a detail of the order."""
    said = normalized(text)
    return said in DONT_KNOW or said in SKIP


def not_a(fact: Fact, text: str) -> Problem:
    """Return the problem that a text is no answer to this question."""
    kind = Trouble.NOT_A_DATE if fact is Fact.FULFILLED_ON else Trouble.NOT_A_CHOICE
    return Problem(kind, fact, shown(text))


def normalized(text: str) -> str:
    """Return a text in lower case, with plain quotes, single spaces and no full stop at its end."""
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"\s+", " ", plain).strip().casefold().rstrip(".!")


def _read_choice(policy: Policy, fact: Fact, text: str, said: str) -> Outcome:
    tokens = [token_of(value) for value in policy.choices(fact)]
    spoken = SPOKEN.get(fact, {}).get(said) or said.replace(" ", "_").replace("-", "_")
    if spoken in tokens:
        return Reading({fact: spoken})
    if re.fullmatch("[0-9]{1,2}", said) and 1 <= int(said) <= len(tokens):
        return Reading({fact: tokens[int(said) - 1]})
    return not_a(fact, text)


def _read_provider(policy: Policy, text: str, said: str) -> Outcome:
    chosen = _read_choice(policy, Fact.PROVIDER, text, said)
    if isinstance(chosen, Reading):
        return chosen
    typed = shown(text)
    match policy.recognize(text):
        case Recognized(facts=facts):
            return Reading({fact: token_of(value) for fact, value in facts.items()})
        case Ambiguous(names=names):
            return Problem(Trouble.NAME_AMBIGUOUS, Fact.PROVIDER, typed, tuple(names))
        case unknown:
            nearest = (unknown.nearest,) if unknown.nearest else ()
            return Problem(Trouble.NAME_NOT_KNOWN, Fact.PROVIDER, typed, nearest)


def _read_validation(policy: Policy, text: str, said: str, known: Facts) -> Outcome:
    chosen = _read_choice(policy, Fact.VALIDATION, text, said)
    if isinstance(chosen, Reading):
        return chosen
    provider = known.get(Fact.PROVIDER)
    for named in (text, f"{provider} {text}"):
        match policy.recognize(named):
            case Recognized(facts={Fact.PROVIDER: maker, Fact.VALIDATION: level}) if maker == provider:
                return Reading({Fact.VALIDATION: token_of(level)})
            case _:
                continue
    return chosen


def _one_day(meant: Sequence[date], text: str, now: Now) -> Outcome:
    """Return the one day that can be meant; a day to come cannot, and of two neither is guessed."""
    match [day for day in meant if day <= now.latest]:
        case [] if meant:
            return Problem(Trouble.DATE_IN_FUTURE, Fact.FULFILLED_ON, shown(text))
        case []:
            return not_a(Fact.FULFILLED_ON, text)
        case [only]:
            return Reading({Fact.FULFILLED_ON: only.isoformat()})
        case several:
            tokens = tuple(day.isoformat() for day in several)
            return Problem(Trouble.DATE_AMBIGUOUS, Fact.FULFILLED_ON, shown(text), tokens)
