"""Findings about the policy files, and the errors that the core raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from policy.facts import Fact, Value
from policy.wording import shown

__all__ = ["Finding", "PolicyError", "Severity", "TableHasGapError", "UnknownValueError"]


class Severity(StrEnum):
    """How bad a finding is: with an error the policy cannot be used, with a warning it can."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a policy file, worded for whoever edits it.

    `file` is a path, empty if no single file is to blame; `line` counts from 1; `rule` is such as
    "refund/<id>"; `program` is an id. Each is None where it does not apply.
    """

    file: str
    rule: str | None
    message: str
    line: int | None = None
    program: str | None = None
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        words = ": ".join(part for part in (place, self.rule, self.message) if part)
        return words if self.severity is Severity.ERROR else f"warning: {words}"


class PolicyError(Exception):
    """The policy files cannot be loaded: `findings` has everything that is wrong, `message` the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        self.findings = tuple(findings)
        self.file = self.findings[0].file
        self.rule = self.findings[0].rule
        self.message = self.findings[0].message

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class TableHasGapError(Exception):
    """No rule of a table holds for the facts given; `policy check` finds every such gap beforehand."""

    def __init__(self, program: str, table: str) -> None:
        super().__init__(program, table)
        self.program = program
        self.table = table

    def __str__(self) -> str:
        return f"{self.program or 'the policy'} has no {self.table} rule for these facts"


class UnknownValueError(ValueError):
    """A fact was given a value that no question offers."""

    def __init__(self, fact: Fact, value: Value) -> None:
        super().__init__(fact, value)
        self.fact = fact
        self.value = value

    def __str__(self) -> str:
        return f"{self.fact} has the unknown value {shown(self.value)}"
