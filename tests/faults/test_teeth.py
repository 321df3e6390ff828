"""The simulator has teeth: with a safeguard taken out of a copy of the bot, it fails, and says why."""

from __future__ import annotations

from typing import Final

import pytest

from tests.faults.toothless import EDITS, Edit, without

SHOWN: Final = "receipt key"  # the others are in `make proof-long`
ROWS: Final = [
    pytest.param(edit, id=edit.name, marks=() if edit.name == SHOWN else pytest.mark.long) for edit in EDITS
]


@pytest.mark.parametrize("edit", ROWS)
def test_what_is_taken_away_is_missed(edit: Edit) -> None:
    ran = without(edit)
    assert ran.returncode == (1 if edit.breaks else 0), ran.stdout + ran.stderr
    assert edit.breaks in ran.stdout
    assert "Error:" not in ran.stderr
