"""What can be wrong with the files an operator edits, and with facts that come from a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from policy.facts import Fact, Value
from policy.wording import shown

__all__ = ["Finding", "PolicyError", "Severity", "TableHasGapError", "UnknownValueError"]


class Severity(StrEnum):
    """Whether the policy can be used as it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a policy file, worded for whoever edits it.

    `file` is a path as text, empty for what no file defines, `line` counts from 1, None where no line is to
    blame; `rule` is "refund/<id>" or None where no rule is, `program` an id.
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
    """The policy files cannot be loaded: `findings` says all that is wrong, `file` and so on the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        self.findings = tuple(findings)
        self.file = self.findings[0].file
        self.rule = self.findings[0].rule
        self.message = self.findings[0].message

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class TableHasGapError(Exception):
    """No rule of a table holds; `policy check` finds this before anybody meets it."""

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
