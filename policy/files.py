"""Find what lies in an operator's folder and is read by nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from policy.errors import Finding, Severity
from policy.loading import FRONT, SHIPPED, VOCABULARY
from policy.wording import nearest, shown

__all__ = ["strays"]

_PAPERS: Final = (
    ".md",
    ".txt",
    ".json",
    ".html",
)  # beside rules, meant for people


def strays(directories: Sequence[Path]) -> Iterator[Finding]:
    """Yield a warning for each file that nobody reads, with the nearest name that would be read."""
    shipped = [path.name for path in (SHIPPED / "programs").glob("*.toml")]
    for folder in directories:
        try:
            found = sorted(folder.iterdir())
        except OSError:
            continue
        for path in found:
            if message := _stray(path, [*shipped, VOCABULARY, FRONT]):
                yield Finding(str(path), None, message, severity=Severity.WARNING)


def _stray(path: Path, known: Sequence[str]) -> str | None:
    """Return why nobody reads a file, None where somebody does, or nobody would expect it."""
    if path.name.startswith(".") or path.suffix in _PAPERS:
        return None
    if path.is_dir():
        rules = sorted(each.name for each in path.glob("*.toml"))
        return f"is read by nobody: move {', '.join(rules)} to {path.parent}" if rules else None
    if path.suffix == ".toml":
        return None
    own = [f"{path.stem}.toml"]
    near = nearest(path.name, [*known, *own])
    hint = f"; did you mean {shown(near)}?" if near else ""
    return f"is read by nobody: a policy file's name ends in .toml{hint}"
