"""Build the `Vocabulary` from its files: an operator's entries add to the shipped ones or replace them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from policy.declarations import brand, certificate_policy, detail, every_language, issuer, own_fact, route
from policy.errors import Finding
from policy.facts import Detail, Fact
from policy.issuers import CertificatePolicy, Issuer
from policy.mistakes import Mistake, findings_at
from policy.names import Name
from policy.schema import VocabularyFile
from policy.toml_file import TomlFile
from policy.vocabulary import DetailSpec, FactSpec, ListWords, RouteSpec, Vocabulary

__all__ = ["build_vocabulary"]

T = TypeVar("T")


def build_vocabulary(
    files: Sequence[tuple[TomlFile, VocabularyFile]], findings: list[Finding]
) -> Vocabulary | None:
    """Return what the files declare, later files over earlier; None if there are `findings`."""
    facts: dict[Fact, FactSpec] = {}
    details: dict[Detail, DetailSpec] = {}
    routes: dict[str, RouteSpec] = {}
    names: dict[str, Name] = {}
    issuers: dict[str, Issuer] = {}
    policies: dict[str, CertificatePolicy] = {}
    for file, contents in files:
        mistakes = [*_twice(contents)]
        for index, ask in enumerate(contents.ask):
            _put(own_fact(ask, index), lambda made: facts.update({made.id: made}), mistakes)
        details |= {Detail(row.id): detail(row) for row in contents.detail}
        routes |= {row.id: route(row) for row in contents.route}
        for index, row in enumerate(contents.brand):
            _put(brand(row, index, facts), lambda made: names.update({made.name: made}), mistakes)
        for index, family in enumerate(contents.issuer):
            _put(issuer(family, index, facts), lambda made: issuers.update({made.name: made}), mistakes)
        for index, each in enumerate(contents.certificate_policy):
            _put(
                certificate_policy(each, index, facts),
                lambda made: policies.update({made.oid: made}),
                mistakes,
            )
        mistakes += [
            Mistake(("detail", index), f"{row.id} is a fact's name already; give the detail another")
            for index, row in enumerate(contents.detail)
            if row.id in facts
        ]
        findings += findings_at(file, mistakes)
    if findings:
        return None
    brands, families = tuple(names.values()), tuple(issuers.values())
    words = _list_words([read for _, read in files])
    return Vocabulary(facts, details, routes, brands, families, tuple(policies.values()), words)


def _list_words(files: Sequence[VocabularyFile]) -> ListWords:
    """Return the words of all files and languages together, by kind."""
    tables = [read.order_lists for read in files]
    months = [names for table in tables for names in table.months.values()]
    return ListWords(
        totals=tuple(word for table in tables for word in every_language(table.totals)),
        empty=tuple(word for table in tables for word in every_language(table.empty)),
        around_days=tuple(word for table in tables for word in every_language(table.around_days)),
        terms=tuple(word for table in tables for word in every_language(table.terms)),
        months=tuple(zip(*months, strict=True)),
    )


def _put(made: T | list[Mistake], keep: Callable[[T], None], mistakes: list[Mistake]) -> None:
    if isinstance(made, list):
        mistakes += made
    else:
        keep(made)


def _twice(contents: VocabularyFile) -> Iterator[Mistake]:
    """Find the ids that one file declares twice."""
    tables: dict[str, list[str]] = {
        "ask": [row.fact for row in contents.ask],
        "detail": [row.id for row in contents.detail],
        "route": [row.id for row in contents.route],
        "brand": [row.name for row in contents.brand],
        "issuer": [row.name for row in contents.issuer],
        "certificate_policy": [row.oid for row in contents.certificate_policy],
    }
    for table, ids in tables.items():
        for index, name in enumerate(ids):
            if name in ids[:index]:
                yield Mistake((table, index), f"{name} is declared twice; leave one out")
