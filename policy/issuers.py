"""Tell a certificate's facts from its issuer's name and from the policy identifiers in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.facts import Fact, Value

__all__ = ["CertificatePolicy", "Issuer", "certain_of_issuer", "certain_of_policies"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer, and the facts that it settles.

    It is recognized by organization and, where one organization issues for several brands, by the words that
    the issuer's common name begins with.
    """

    name: str
    facts: tuple[tuple[Fact, Value], ...]
    organizations: tuple[str, ...]
    common_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificatePolicy:
    """A certificate policy, by its object identifier, and the facts that it settles."""

    oid: str
    facts: tuple[tuple[Fact, Value], ...]


def certain_of_issuer(
    issuers: Iterable[Issuer], organizations: Iterable[str], name: str
) -> Mapping[Fact, Value]:
    """Return the facts that an issuer's name settles: none if it is unknown or ambiguous.

    An entry that matches by common name too outranks one that matches by organization alone.
    """
    said = {_plain(organization) for organization in organizations}
    called = f"{_plain(name)} "
    known = [each for each in issuers if said & {*map(_plain, each.organizations)}]
    named = [each for each in known if any(called.startswith(f"{_plain(c)} ") for c in each.common_names)]
    general = [each for each in known if not each.common_names]
    return _agreed(each.facts for each in named or general)


def certain_of_policies(policies: Iterable[CertificatePolicy], oids: Iterable[str]) -> Mapping[Fact, Value]:
    """Return the facts that a certificate's policies settle: none where they contradict each other."""
    named = {*oids}
    return _agreed(each.facts for each in policies if each.oid in named)


def _agreed(every: Iterable[tuple[tuple[Fact, Value], ...]]) -> Mapping[Fact, Value]:
    """Return the facts on which all agree that state them."""
    values: dict[Fact, set[Value]] = {}
    for fact, value in (pair for facts in every for pair in facts):
        values.setdefault(fact, set()).add(value)
    return {fact: next(iter(said)) for fact, said in values.items() if len(said) == 1}


def _plain(name: str) -> str:
    """Return a name normalized for comparison: case, punctuation and character width do not matter."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold()))
