"""What the policy files declare: facts with their choices and words, details, routes, brands and issuers."""

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
    """What form a detail has; its answers are checked against it."""

    DIGITS = "digits"
    HOST = "host"
    EMAIL = "email"
    NAME = "name"
    TEXT = "text"


class Draft(StrEnum):
    """What kind of draft a route gives the person to send."""

    TICKET = "ticket"
    MESSAGE = "message"
    NONE = "none"


class Means(StrEnum):
    """What the desk must know about a fact beyond its kind.

    `ISSUED`: if it is true, there is a certificate that canceling would take away. `MAKER` and `LEVEL` are
    what a product's name says: who makes it, and at what validation level.
    """

    ISSUED = "issued"
    MAKER = "maker"
    LEVEL = "level"


Phrase: TypeAlias = tuple[str, str]  # the language, and the phrase


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A declared fact.

    `choices` are all answers but `UNKNOWN`. `words` are what people answer for each choice; a day's are under
    "". `phrases` are what states a choice inside a sentence. `implies`: the facts that are also settled when
    this one is. `where_asked`: it is read from a sentence only if a program that asks for it is named.
    `remembered`: the answer is offered in the person's next case. `columns` are its headings in order lists.
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
        """The answers that its question offers, `UNKNOWN` last; a day offers only that."""
        return (*self.choices, UNKNOWN)

    def counts_as(self, value: Value, shared: FactSpec | None) -> Value | None:
        """Return the answer that a value counts as, or None if it is no answer.

        A value that only the shared fact has counts as `OTHER`, if that is a choice.
        """
        if value in self.answers:
            return value
        return OTHER if shared is not None and value in shared.choices and OTHER in self.choices else None

    def spoken(self) -> Mapping[str, str]:
        """Return the tokens of the listed choices by the words that people say for them."""
        listed = {token_of_choice(choice) for choice in self.choices}
        return {word: token for token, words in self.words.items() if token in listed for word in words}


def token_of_choice(choice: Value) -> str:
    """Return a choice as the text by which `words` and buttons refer to it."""
    return ("true" if choice else "false") if isinstance(choice, bool) else str(choice)


@dataclass(frozen=True, slots=True)
class DetailSpec:
    """A declared detail of an order.

    `identifies`: it identifies the order in a list. `offered`: it is put into drafts that need no details, if
    it is known, so that the reader can find the order. `words` are what people call it. `remembered` and
    `columns` are as for a fact.
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
    """A way to cancel; `handoff` tells whether the agents have anything to do."""

    id: str
    draft: Draft
    handoff: bool


@dataclass(frozen=True, slots=True)
class ListWords:
    """The words by which order lists are read, of all languages together; `months` has twelve entries."""

    totals: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    around_days: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    months: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that programs share, in the order of the file."""

    facts: Mapping[Fact, FactSpec]
    details: Mapping[Detail, DetailSpec]
    routes: Mapping[str, RouteSpec]
    names: tuple[Name, ...]
    issuers: tuple[Issuer, ...] = ()
    certificate_policies: tuple[CertificatePolicy, ...] = ()
    order_lists: ListWords = ListWords()

    def meaning(self, means: Means) -> FactSpec | None:
        """Return the shared fact that is marked with this meaning, or None."""
        return next((fact for fact in self.facts.values() if fact.means is means), None)
