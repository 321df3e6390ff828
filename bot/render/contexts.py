"""The exact context of each template: a field for each of its variables, and none besides.

A test compares the two; `certdesk doctor` does so for an operator's own templates. Plain strings are shown
literally, whatever they hold; `Trusted` ones come from the operator's files. Each module `contexts_…` here
has the contexts of one subject.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from bot import render
from bot.render.environment import Context

MODULES: Final = frozenset(
    import_module(f"{render.__name__}.{module.name}").__name__
    for module in iter_modules(render.__path__)
    if module.name.startswith("contexts_")
)


def every() -> list[type[Context]]:
    """Return every context of certdesk's, one for each template."""
    found: list[type[Context]] = []
    left = Context.__subclasses__()
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if "template" in vars(kind) and kind.__module__ in MODULES:
            found.append(kind)
    return sorted(found, key=lambda kind: kind.template)
