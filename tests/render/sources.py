"""Templates given as text."""

from __future__ import annotations

import jinja2

from bot.render.document import Document
from bot.render.environment import Renderer, _document, _template_error


def render_source(renderer: Renderer, source: str, /, **values: object) -> Document:
    """Return the document of a template given as text; raise as the renderer does."""
    try:
        template = renderer._environment.from_string(source)  # noqa: SLF001
    except jinja2.TemplateError as error:
        raise _template_error("<source>", error) from error
    return _document(template, "<source>", values)
