"""A refund program: what one file of `policy/programs` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policy.decision import Citation, PolicyRef
from policy.facts import Detail, Fact
from policy.names import Name
from policy.rules import Tables
from policy.vocabulary import DetailSpec, FactSpec, RouteSpec

__all__ = ["Links", "Program"]


@dataclass(frozen=True, slots=True)
class Links:
    """Where this installation's people go; empty until an operator fills it in, as neither page says."""

    portal: str = ""
    support_form: str = ""
    support_email: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """One program, checked row by row; whether the rows cover everything is for `policy.check` to prove.

    `effective` is the day from which the file is held to be right, and its version. `facts` are what it asks,
    in the order of asking, the program first; `details` and `routes` what it may use, `own` what of all this
    it declares itself. `citations` are all that the file defines, by key; `lines` tells where in the file a
    rule (by its ref), `cite.<key>`, `ask.<fact>` and so on stands.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    effective: date
    support: str
    file: str
    links: Links
    facts: Mapping[Fact, FactSpec] = field(repr=False)
    details: Mapping[Detail, DetailSpec] = field(repr=False)
    routes: Mapping[str, RouteSpec] = field(repr=False)
    own: frozenset[str] = field(repr=False)
    tables: Tables = field(repr=False)
    citations: Mapping[str, Citation] = field(repr=False)
    names: tuple[Name, ...] = field(default=(), repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    @property
    def ref(self) -> PolicyRef:
        """Name the file and its version, as a decision does."""
        return PolicyRef(self.id, self.effective.isoformat())
