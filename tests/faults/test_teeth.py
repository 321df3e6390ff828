"""The simulator has teeth: with a safeguard taken out of a copy of the bot, it fails, and says why."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.faults.toothless import EDITS, Edit, without
from tests.postgres import server

Ran = Future[subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def copies() -> Iterator[dict[str, Ran]]:
    """Run all, two at a time, once the server is there that some want."""
    server()
    with ThreadPoolExecutor(2) as pool:
        yield {edit.name: pool.submit(without, edit) for edit in EDITS}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_what_is_taken_away_is_missed(edit: Edit, copies: dict[str, Ran]) -> None:
    ran = copies[edit.name].result()
    assert ran.returncode == (1 if edit.breaks else 0), ran.stdout + ran.stderr
    assert edit.breaks in ran.stdout
    assert "Error:" not in ran.stderr
