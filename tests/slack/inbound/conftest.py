"""Payloads are read as plain data: these tests need no stand-in for Slack."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _strict() -> None:
    """Take the place of what watches the stand-in in the tests around."""
