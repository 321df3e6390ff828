"""A renderer for proofs, which look at the same texts again and again: it renders each once.

What serves people is rendered anew each time, so that nothing that somebody typed is kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

from bot.render.document import Document
from bot.render.environment import Context, Renderer

__all__ = ["KeptRenderer"]


class KeptRenderer(Renderer):
    """Render a template with a context once, and return the same document when both come again."""

    def __init__(self, directories: Sequence[Path] = ()) -> None:
        super().__init__(directories)
        self._kept: dict[Hashable, Document] = {}

    def render_as(self, name: str, context: Context) -> Document:
        """Return the document that a template makes of a context, raise as every renderer does."""
        key = (name, _told(context))
        document = self._kept.get(key)
        if document is None:
            document = self._kept[key] = super().render_as(name, context)
        return document


def _told(value: object) -> Hashable:
    """Return all that a template can see of a value, its type too: equal values may print differently."""
    kind = type(value)
    if isinstance(value, str):
        return value if kind is str else (kind, value)
    if names := _fields(kind):  # type: ignore[arg-type]
        return kind, *(_told(getattr(value, name)) for name in names)
    match value:
        case Mapping():
            return kind, *((_told(key), _told(inner)) for key, inner in value.items())
        case Sequence():
            return kind, *map(_told, value)
        case Hashable():
            return kind, value
    raise TypeError(value)


@cache
def _fields(kind: Hashable) -> tuple[str, ...]:
    return (
        tuple(field.name for field in fields(kind)) if isinstance(kind, type) and is_dataclass(kind) else ()
    )
