"""`blocks.validate`: check a message or view without posting or opening it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blockkit import message_problems, view_problems
from .errors import Refusal
from .method import Arg, Ask, Method, Type

if TYPE_CHECKING:
    from .schema import Json

_KINDS = ("blocks", "message", "view")


def _validate(ask: Ask) -> Json:
    given = [kind for kind in _KINDS if kind in ask.args]
    if len(given) != 1:
        raise Refusal("invalid_arguments")
    [kind] = given
    asked = ask.args[kind]
    blocks = asked.get("blocks") if kind == "message" and isinstance(asked, dict) else asked
    problems = view_problems(asked) if kind == "view" else message_problems(blocks)
    if problems:
        errors = [_error(problem) for problem in problems]
        raise Refusal(f"invalid_{kind}", errors=errors)
    return {}


def _error(problem: str) -> Json:
    """Return a problem in this method's form: what is wrong, and where."""
    message, _, pointer = problem.removesuffix("]").partition(" [json-pointer:")
    return {"pointer": pointer, "code": "failed_constraint", "message": message}


METHODS = (Method("blocks.validate", _validate, {kind: Arg(Type.JSON) for kind in _KINDS}, open=True),)
