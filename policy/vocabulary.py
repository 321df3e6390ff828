"""What the files declare, by kind: facts with their choices and words, details, routes and brands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from policy.facts import OTHER, UNKNOWN, Detail, Fact, Value
from policy.issuers import CertificatePolicy, Issuer
from policy.names import Name

__all__ = [
    "DetailKind",
    "DetailSpec",
    "Draft",
    "FactKind",
    "FactSpec",
    "ListWords",
    "Means",
    "Phrase",
    "RouteSpec",
    "Vocabulary",
    "token_of_choice",
]


class FactKind(StrEnum):
    """How a fact is answered."""

    DAY = "day"
    CHOICE = "choice"


class DetailKind(StrEnum):
    """What a detail looks like, by which it is checked."""

    DIGITS = "digits"
    HOST = "host"
    EMAIL = "email"
    NAME = "name"
    TEXT = "text"


class Draft(StrEnum):
    """What a route gives the person to send."""

    TICKET = "ticket"
    MESSAGE = "message"
    NONE = "none"


class Means(StrEnum):
    """What the desk must know of a fact beyond its kind.

    `ISSUED`: there is a certificate to lose where it is true. `MAKER` and `LEVEL` are what a product's name
    says: whose it is, and how far its holder was checked.
    """

    ISSUED = "issued"
    MAKER = "maker"
    LEVEL = "level"


Phrase: TypeAlias = tuple[str, str]  # a language, and what is said in it


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact. `choices` are all but `UNKNOWN`; `words` are what people say for each, a day's under "".

    `phrases` are what says it inside a sentence, by choice, each with its language. `implies`: what else is
    certain where the fact is; of a day, what its phrases tell. `where_asked`: in a sentence it is read only
    where a program that asks for it is named. `remembered`: the answer is offered in the person's next case.
    `columns` are what lists of orders call it.
    """

    id: Fact
    kind: FactKind
    choices: tuple[Value, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    means: Means | None = None
    remembered: bool = False
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict, hash=False)
    implies: tuple[tuple[Fact, Value], ...] = ()
    where_asked: bool = False
    columns: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[Value, ...]:
        """All the answers that its question offers, `UNKNOWN` last; for a day that is the only one."""
        return (*self.choices, UNKNOWN)

    def counted(self, value: Value, shared: FactSpec | None) -> Value | None:
        """Return the answer as which a value counts, None where it is no answer.

        A value that only the shared fact has counts as `OTHER`, where that is a choice.
        """
        if value in self.answers:
            return value
        return OTHER if shared is not None and value in shared.choices and OTHER in self.choices else None

    def spoken(self) -> Mapping[str, str]:
        """Return what people say for a choice, with the choice's token."""
        listed = {token_of_choice(choice) for choice in self.choices}
        return {word: token for token, words in self.words.items() if token in listed for word in words}


def token_of_choice(choice: Value) -> str:
    """Return a choice as the keys of `words` and buttons have it."""
    return ("true" if choice else "false") if isinstance(choice, bool) else str(choice)


@dataclass(frozen=True, slots=True)
class DetailSpec:
    """A detail of an order. `identifies`: it names the order in a list; `remembered` as of a fact.

    `offered`: it may go into a draft that needs no details, so that whoever reads that finds the order.
    `words` are what people call it, each with its language.
    """

    id: Detail
    kind: DetailKind
    identifies: bool = False
    remembered: bool = False
    words: tuple[Phrase, ...] = ()
    columns: tuple[str, ...] = ()
    offered: bool = False


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """A way that a cancellation takes; `handoff`: agents have something to do on it."""

    id: str
    draft: Draft
    handoff: bool


@dataclass(frozen=True, slots=True)
class ListWords:
    """The words by which lists of orders are read, whatever their language; of each month all its names."""

    totals: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    around_days: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    months: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What all programs may use, in the order of the file."""

    facts: Mapping[Fact, FactSpec]
    details: Mapping[Detail, DetailSpec]
    routes: Mapping[str, RouteSpec]
    names: tuple[Name, ...]
    issuers: tuple[Issuer, ...] = ()
    certificate_policies: tuple[CertificatePolicy, ...] = ()
    order_lists: ListWords = ListWords()

    def meaning(self, means: Means) -> FactSpec | None:
        """Return the shared fact that carries a mark, None where none does."""
        return next((fact for fact in self.facts.values() if fact.means is means), None)
