"""What docs/house.md says of files: each that it names is there, and each room is in its table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/house.md").read_text(encoding="utf-8")
PATH = re.compile(r"`((?:bot|policy|templates|tests|docs)/[\w/.<>*-]+)`")


@pytest.mark.parametrize("path", sorted({*PATH.findall(PAGE)}))
def test_a_file_that_is_named_is_there(path: str) -> None:
    pattern = re.sub("<[^>]+>", "*", path.rstrip("/"))
    assert any(ROOT.glob(pattern)), f"docs/house.md names {path}, which is not there"


def test_every_room_is_in_the_table() -> None:
    rooms = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    rooms |= {f"slack/{path.parent.name}" for path in (ROOT / "bot/slack").glob("*/__init__.py")} - {
        "slack/slack"
    }
    assert {room for room in rooms - {"slack"} if f"`bot/{room}/`" not in PAGE} == set()


CHANGES = PAGE.partition("## I want to change …")[2].partition("\n## ")[0]


@pytest.mark.parametrize("row", [line for line in CHANGES.splitlines() if line.startswith("| ")][2:])
def test_every_change_has_its_files_and_lines(row: str) -> None:
    what, files, lines = (cell.strip() for cell in row.strip("|").split(" | "))
    assert what
    assert "`" in files
    assert re.search(r"\d", lines), f"docs/house.md does not say how many lines it takes to change {what}"
