"""Everything that certdesk says, in the operator's words where there are any."""

from __future__ import annotations

from bot.render.environment import Renderer
from bot.render.texts import Texts
from bot.settings import Settings
from policy import Policy


def texts_of(settings: Settings, policy: Policy, renderer: type[Renderer] = Renderer) -> Texts:
    """Return the texts: an operator's own templates before the shipped ones, and the programs' names."""
    return Texts(renderer(settings.templates_dirs), policy)
