"""A seller's refund program, as one file of `policy/programs` describes it."""

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
    """Where people go to cancel; empty until an operator fills them in, since neither page gives them."""

    portal: str = ""
    support_form: str = ""
    support_email: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """One program, checked row by row; `policy.check` proves that the rows together cover everything.

    `effective` is the day from which the file holds, and its version. `facts` are those it asks, in the order
    of asking, the program first; `details` and `routes` are those it may use; `own` has the ids that it
    declares itself. `citations` are the file's sections by key. `lines` maps a rule's ref, `cite.<key>`,
    `ask.<fact>` and so on to a line of the file.
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
        """The program's id and version, as a decision gives them."""
        return PolicyRef(self.id, self.effective.isoformat())
