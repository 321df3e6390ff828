"""Read what a person typed as an answer to one question. Nothing is guessed: a doubt is asked back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from dateutil import parser as dateutil_parser
from dateutil.relativedelta import relativedelta

from bot.conversation.events import Now
from bot.conversation.problems import Problem, Trouble
from bot.conversation.tokens import NO, YES, token_of
from policy import Ambiguous, Policy, Recognized
from policy.facts import UNKNOWN, Fact

SHOWN_OF_TYPED: Final = 80
LONGEST_ANSWER: Final = 200

DONT_KNOW: Final = frozenset(
    {"unknown", "?", "??", "idk", "dunno", "i don't know", "i dont know", "don't know", "dont know"}
    | {"do not know", "i do not know", "not sure", "i'm not sure", "im not sure", "no idea", "unsure"}
)

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


def read(policy: Policy, fact: Fact, text: str, now: Now) -> Outcome:
    """Return what a typed text answers to the question about `fact`, or what is wrong with it."""
    said = normalized(text)
    if not said:
        return Problem(Trouble.NO_ANSWER, fact)
    if said in DONT_KNOW:
        return Reading({fact: token_of(UNKNOWN)})
    if len(said) > LONGEST_ANSWER:
        return not_a(fact, text)
    match fact:
        case Fact.FULFILLED_ON:
            return read_date(text, now)
        case Fact.PROVIDER:
            return _read_provider(policy, text, said)
        case _:
            return _read_choice(policy, fact, text, said)


def accept(policy: Policy, fact: Fact, token: str, now: Now) -> Outcome:
    """Return the answer that a button or an element stands for, checked as strictly as a typed one."""
    if token == UNKNOWN:
        return Reading({fact: token})
    if fact is Fact.FULFILLED_ON:
        try:
            return _not_in_future(date.fromisoformat(token), token, now)
        except ValueError:
            return not_a(fact, token)
    legal = {token_of(value) for value in policy.choices(fact)}
    return Reading({fact: token}) if token in legal else not_a(fact, token)


def not_a(fact: Fact, text: str) -> Problem:
    """Return the problem that a text is no answer to this question."""
    kind = Trouble.NOT_A_DATE if fact is Fact.FULFILLED_ON else Trouble.NOT_A_CHOICE
    return Problem(kind, fact, text.strip()[:SHOWN_OF_TYPED])


def normalized(text: str) -> str:
    """Return a text in lower case, with plain quotes, single spaces and no full stop at its end."""
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"\s+", " ", plain).strip().casefold().rstrip(".!")


def _read_choice(policy: Policy, fact: Fact, text: str, said: str) -> Outcome:
    tokens = [token_of(value) for value in policy.choices(fact)]
    spoken = SPOKEN.get(fact, {}).get(said) or said.replace(" ", "_").replace("-", "_")
    if spoken in tokens:
        return Reading({fact: spoken})
    if said.isdigit() and 1 <= int(said) <= len(tokens):
        return Reading({fact: tokens[int(said) - 1]})
    return not_a(fact, text)


def _read_provider(policy: Policy, text: str, said: str) -> Outcome:
    chosen = _read_choice(policy, Fact.PROVIDER, text, said)
    if isinstance(chosen, Reading):
        return chosen
    typed = text.strip()[:SHOWN_OF_TYPED]
    match policy.recognize(text):
        case Recognized(facts=facts):
            return Reading({fact: token_of(value) for fact, value in facts.items()})
        case Ambiguous(names=names):
            return Problem(Trouble.NAME_AMBIGUOUS, Fact.PROVIDER, typed, tuple(names))
        case unknown:
            nearest = (unknown.nearest,) if unknown.nearest else ()
            return Problem(Trouble.NAME_NOT_KNOWN, Fact.PROVIDER, typed, nearest)


# --- dates -----------------------------------------------------------------------------------------------

_AGO = re.compile(r"(?:(\d{1,4})|an?|one|two|three)\s+(day|week|month)s?\s+ago")
_AGO_WORDS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_NUMERIC_NO_YEAR = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\.?")
_HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_HAS_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")


def read_date(text: str, now: Now) -> Outcome:
    """Return the date that a text names, or the problem; of two possible dates neither is guessed."""
    said = normalized(text)
    candidates = _relative(said, now) or _calendar(said, now)
    match candidates:
        case []:
            return not_a(Fact.FULFILLED_ON, text)
        case [only]:
            return _not_in_future(only, text, now)
        case several:
            meant = tuple(day.isoformat() for day in several)
            return Problem(Trouble.DATE_AMBIGUOUS, Fact.FULFILLED_ON, text.strip()[:SHOWN_OF_TYPED], meant)


def _not_in_future(day: date, text: str, now: Now) -> Outcome:
    if day > now.latest:
        return Problem(Trouble.DATE_IN_FUTURE, Fact.FULFILLED_ON, text.strip()[:SHOWN_OF_TYPED])
    return Reading({Fact.FULFILLED_ON: day.isoformat()})


def _relative(said: str, now: Now) -> list[date]:
    if said == "today":
        return [now.today]
    if said == "yesterday":
        return [now.today - timedelta(days=1)]
    if said in {"the day before yesterday", "day before yesterday"}:
        return [now.today - timedelta(days=2)]
    if not (found := _AGO.fullmatch(said)):
        return []
    count = int(found[1]) if found[1] else _AGO_WORDS[said.split(" ", maxsplit=1)[0]]
    unit = {"day": "days", "week": "weeks", "month": "months"}[found[2]]
    try:
        # relativedelta's own arithmetic: a month ago is the same day of the month before
        return [now.today + relativedelta(**{unit: -count})]  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        return []


def _calendar(said: str, now: Now) -> list[date]:
    if _ISO.fullmatch(said):
        year, month, day = (int(part) for part in said.split("-"))
        return _dates([(year, month, day)])
    if found := _NUMERIC.fullmatch(said):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if len(found[3]) == len("26") else 0
        return _dates([(year, second, first), (year, first, second)])
    if _NUMERIC_NO_YEAR.fullmatch(said) or not _HAS_MONTH.search(said):
        return []
    return _spelled(said, now)


def _dates(parts: list[tuple[int, int, int]]) -> list[date]:
    """Return the dates that really exist among these (year, month, day), each once."""
    days = []
    for year, month, day in parts:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _spelled(said: str, now: Now) -> list[date]:
    """Read a date with the month in letters. Without a year both of the last two are possible."""
    filler = datetime(now.today.year, 1, 1)  # noqa: DTZ001  only a template for missing parts
    other = filler.replace(day=2)
    try:
        found = dateutil_parser.parse(said, default=filler).date()
        again = dateutil_parser.parse(said, default=other).date()
    except (ValueError, OverflowError):
        return []
    if found != again:  # the day of the month was not said
        return []
    if _HAS_YEAR.search(said):
        return [found]
    past = [day for year in (0, 1) if (day := found - relativedelta(years=year)) <= now.latest]
    return past[:2]
