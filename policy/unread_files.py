"""Find files in an operator's policy folder that certdesk does not read, such as a misspelled name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from policy.errors import Finding, Severity
from policy.loading import FRONT, SHIPPED, VOCABULARY
from policy.wording import nearest, shown

__all__ = ["unread_files"]

_DOCUMENTS: Final = (".md", ".txt", ".json", ".html")  # notes for people, expected beside the rules


def unread_files(directories: Sequence[Path]) -> Iterator[Finding]:
    """Yield a warning for each file that is not read, with the nearest name that would be."""
    shipped = [path.name for path in (SHIPPED / "programs").glob("*.toml")]
    for folder in directories:
        try:
            found = sorted(folder.iterdir())
        except OSError:
            continue
        for path in found:
            if message := _why_unread(path, [*shipped, VOCABULARY, FRONT]):
                yield Finding(str(path), None, message, severity=Severity.WARNING)


def _why_unread(path: Path, known: Sequence[str]) -> str | None:
    """Return why a file is not read; None if it is read, or is not expected to be."""
    if path.name.startswith(".") or path.suffix in _DOCUMENTS:
        return None
    if path.is_dir():
        rules = sorted(each.name for each in path.glob("*.toml"))
        return f"is not read: move {', '.join(rules)} to {path.parent}" if rules else None
    if path.suffix == ".toml":
        return None
    own = [f"{path.stem}.toml"]
    near = nearest(path.name, [*known, *own])
    hint = f"; did you mean {shown(near)}?" if near else ""
    return f"is not read: a policy file's name ends in .toml{hint}"
