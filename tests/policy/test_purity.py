"""The core reads no clock and knows nothing of the system, Slack, databases or templates."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import policy

SOURCES = sorted(Path(policy.__file__).parent.glob("*.py"))
ALLOWED = {
    *("__future__", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "functools"),
    *("itertools", "json", "math", "pathlib", "re", "tomllib", "types", "typing", "unicodedata"),
    *("dateutil", "pydantic", "pydantic_core", "policy"),
}
CLOCKS = {"today", "now", "utcnow", "fromtimestamp"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_imports_and_clocks(source: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                imported |= {alias.name for alias in names}
            case ast.ImportFrom(module=str(module)):
                imported.add(module)
            case ast.Call(func=ast.Attribute(attr=attr)):
                assert attr not in CLOCKS, f"{source.name}:{node.lineno} reads a clock"
    assert {name.split(".")[0] for name in imported} <= ALLOWED
