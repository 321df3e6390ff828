from __future__ import annotations

import pytest

import policy


@pytest.fixture(scope="session")
def shipped() -> policy.Policy:
    return policy.load()
