"""Tell whose a certificate is by who issued it, and its level by the policies that it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.facts import Fact, Value

__all__ = ["CertificatePolicy", "Issuer", "certain_of_issuer", "certain_of_policies"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A family of certificates, and the facts that are certain of it.

    It is told by its issuers' organization and, where one organization issues for several brands, by the
    words that the issuer's common name begins with.
    """

    name: str
    facts: tuple[tuple[Fact, Value], ...]
    organizations: tuple[str, ...]
    common_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificatePolicy:
    """A policy that a certificate names by its object identifier, and the facts that it makes certain."""

    oid: str
    facts: tuple[tuple[Fact, Value], ...]


def certain_of_issuer(
    issuers: Iterable[Issuer], organizations: Iterable[str], name: str
) -> Mapping[Fact, Value]:
    """Return what an issuer's name makes certain: nothing where it is unknown or has two meanings.

    A family that is told by its common name too outranks one that is told by the organization alone.
    """
    said = {_plain(organization) for organization in organizations}
    called = f"{_plain(name)} "
    known = [each for each in issuers if said & {*map(_plain, each.organizations)}]
    named = [each for each in known if any(called.startswith(f"{_plain(c)} ") for c in each.common_names)]
    general = [each for each in known if not each.common_names]
    return _agreed(each.facts for each in named or general)


def certain_of_policies(policies: Iterable[CertificatePolicy], oids: Iterable[str]) -> Mapping[Fact, Value]:
    """Return what a certificate's policies make certain: nothing where they contradict each other."""
    named = {*oids}
    return _agreed(each.facts for each in policies if each.oid in named)


def _agreed(every: Iterable[tuple[tuple[Fact, Value], ...]]) -> Mapping[Fact, Value]:
    values: dict[Fact, set[Value]] = {}
    for fact, value in (pair for facts in every for pair in facts):
        values.setdefault(fact, set()).add(value)
    return {fact: next(iter(said)) for fact, said in values.items() if len(said) == 1}


def _plain(name: str) -> str:
    """Return a name as it is compared: case, punctuation and width do not matter."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold()))
