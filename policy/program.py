"""A refund program: what one file of `policy/programs` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policy.decision import Citation, PolicyRef
from policy.names import Name
from policy.rules import Tables

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

    `effective` is the day from which the file is held to be right, and its version; `citations` are all that
    the file defines, by key.
    """

    id: str
    name: str
    effective: date
    file: str
    links: Links
    tables: Tables = field(repr=False)
    citations: Mapping[str, Citation] = field(repr=False)
    names: tuple[Name, ...] = field(default=(), repr=False)

    @property
    def ref(self) -> PolicyRef:
        """Name the file and its version, as a decision does."""
        return PolicyRef(self.id, self.effective.isoformat())
