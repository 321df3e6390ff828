"""The simulator has teeth: with a safeguard taken out of a copy of the bot, it fails, and says why."""

from __future__ import annotations

import pytest

from tests.faults.toothless import EDITS, Edit, without


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_what_is_taken_away_is_missed(edit: Edit) -> None:
    ran = without(edit)
    assert ran.returncode == (1 if edit.breaks else 0), ran.stdout + ran.stderr
    assert edit.breaks in ran.stdout
    assert "Error:" not in ran.stderr
