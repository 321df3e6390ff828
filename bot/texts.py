"""Everything that certdesk says, in the operator's words where there are any."""

from __future__ import annotations

from bot.render.environment import Renderer
from bot.render.texts import Texts
from bot.settings import Settings


def texts_of(settings: Settings) -> Texts:
    """Return the texts: an operator's own templates before the shipped ones."""
    return Texts(Renderer(settings.templates_dirs))
