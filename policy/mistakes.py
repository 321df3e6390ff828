"""Mistakes in a policy file whose form is right: where they are, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.errors import Finding
from policy.toml_file import Place, TomlFile

__all__ = ["Mistake", "findings_at"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong at a place in a file; `rule` if it is in a rule."""

    place: Place
    message: str
    rule: str | None = None


def findings_at(file: TomlFile, mistakes: Iterable[Mistake], program: str | None = None) -> list[Finding]:
    """Return mistakes as findings with file and line."""
    return [
        Finding(file.path, mistake.rule, mistake.message, file.line(mistake.place), program)
        for mistake in mistakes
    ]
