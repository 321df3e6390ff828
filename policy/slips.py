"""What is legal key by key and yet makes no sense: where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from policy.errors import Finding
from policy.toml_file import Place, TomlFile

__all__ = ["Slip", "Slips", "findings_at"]


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing wrong at a place in a file; `rule` where a rule is to blame."""

    place: Place
    message: str
    rule: str | None = None


Slips: TypeAlias = Callable[[Slip], None]


def findings_at(file: TomlFile, slips: Iterable[Slip], program: str | None = None) -> list[Finding]:
    """Return slips as findings with file and line."""
    return [Finding(file.path, slip.rule, slip.message, file.line(slip.place), program) for slip in slips]
