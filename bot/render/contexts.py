"""The exact context of each template: a field for each of its variables, and none besides.

A test holds the two together; `certdesk doctor` does so for an operator's own templates. Plain strings are
shown literally, whatever they hold; `Trusted` ones come from the operator's files. The contexts stand in the
modules named here, by what their templates speak of.
"""

from __future__ import annotations

from typing import Final

from bot.render import (
    contexts_answers,
    contexts_cards,
    contexts_desk,
    contexts_home,
    contexts_lines,
    contexts_lists,
    contexts_mentions,
    contexts_notices,
    contexts_passing,
    contexts_problems,
)
from bot.render.environment import Context

MODULES: Final = frozenset(
    module.__name__
    for module in (
        contexts_answers,
        contexts_cards,
        contexts_desk,
        contexts_home,
        contexts_lines,
        contexts_lists,
        contexts_mentions,
        contexts_notices,
        contexts_passing,
        contexts_problems,
    )
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
