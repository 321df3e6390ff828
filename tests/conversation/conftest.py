from __future__ import annotations

import pytest

import policy
from bot.conversation.case import Surface
from bot.conversation.derive import Rules
from bot.render.environment import Renderer
from bot.render.texts import Texts
from tests.conversation.transcript import Dialog


@pytest.fixture(scope="session")
def texts(core: policy.Policy) -> Texts:
    return Texts(Renderer(), core)


@pytest.fixture(scope="session")
def rules(core: policy.Policy) -> Rules:
    return Rules(core, agents=True)


@pytest.fixture(scope="session")
def alone(core: policy.Policy) -> Rules:
    return Rules(core, agents=False)


@pytest.fixture
def dm(rules: Rules, texts: Texts) -> Dialog:
    """A conversation in a direct message, at its first question."""
    return Dialog(rules, texts).begin()


@pytest.fixture
def modal(rules: Rules, texts: Texts) -> Dialog:
    """A conversation in a modal, at its first question."""
    return Dialog(rules, texts, surface=Surface.MODAL).begin()
