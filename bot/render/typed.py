"""What a user typed, on its way through a template: opaque, so that no template can parse or alter it.

Text is of two kinds, and every string in a template is one of them:

- *typed*: any plain `str`. It is printed as a placeholder and put in, as a literal, after the Markdown has
  been parsed. String literals in template expressions and what filters return are of this kind too.
- *trusted*: the template's own Markdown, `StrEnum` members, and what Python code wrapped in `trusted`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache
from typing import Any, Final, NoReturn, TypeAlias

from markupsafe import Markup

from bot.render.document import Reference
from bot.render.stated import Stated

__all__ = [
    "CLOSE",
    "OPEN",
    "REPLACEMENT",
    "ForgedPlaceholderError",
    "Placeholders",
    "Trusted",
    "Typed",
    "guard",
    "neutral",
    "trusted",
    "typed",
]

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# Of a supplementary private-use plane: letters to CommonMark (neither space nor punctuation), so that
# `**{{ name }}**` is bold, and used by no font that anybody has.
OPEN: Final = "\U000f5a3c"
CLOSE: Final = "\U000f5a3d"

_NEWLINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls but tab and newline; directional embeddings, overrides and isolates; halves of surrogate pairs;
# the two noncharacters that XML forbids; our own delimiters. Marks (LRM, RLM) and joiners stay.
_UNSAFE = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff{OPEN}{CLOSE}]"
)
_PLACEHOLDER = re.compile(f"{OPEN}([0-9]{{18}})([0-9]+){CLOSE}|[{OPEN}{CLOSE}]")

_REFUSAL: Final = "typed text can only be printed as it is, not altered or joined to other text"

Trusted: TypeAlias = Markup


def neutral(text: str) -> str:
    """Return text that can neither steer a terminal nor reorder what is around it.

    Every kind of line end becomes a newline; control characters other than the tab, directional embeddings,
    overrides and isolates, unpaired surrogates and the placeholder's delimiters each become a visible
    replacement character. Everything else stays, right-to-left letters and emoji included.
    """
    if text.isascii() and text.isprintable():  # as nearly all is
        return text
    return _UNSAFE.sub(REPLACEMENT, _NEWLINE.sub("\n", text))


class Typed:
    """Text that a user typed, neutralized: to be printed as it is, tested for truth, compared, measured.

    Anything that would make another string of it raises `TypeError`.
    """

    __slots__ = ("literal",)

    def __init__(self, text: str) -> None:
        self.literal: Final = neutral(text)

    def __bool__(self) -> bool:
        return bool(self.literal)

    def __len__(self) -> int:
        return len(self.literal)

    def __eq__(self, other: object) -> bool:
        match other:
            case Typed():
                return self.literal == other.literal
            case str():
                return self.literal == other
            case _:
                return NotImplemented

    def __hash__(self) -> int:
        return hash(self.literal)  # as the string's, so that a mapping's key is found by either

    def __repr__(self) -> str:
        return f"Typed(<{len(self.literal)} characters>)"

    def __str__(self) -> NoReturn:
        raise TypeError(_REFUSAL)

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError(_REFUSAL)

    def __html__(self) -> NoReturn:
        raise TypeError(_REFUSAL)


def typed(text: str) -> Typed:
    """Mark text as typed by a user; in a template's context every plain string already is."""
    return Typed(text)


def trusted(text: str) -> Trusted:
    """Mark text as Markdown that comes from this project or its operator, never from a user."""
    return Markup(text.replace(OPEN, REPLACEMENT).replace(CLOSE, REPLACEMENT))  # noqa: S704 - that is its point


def guard(value: object) -> object:
    """Return the value with every plain string in it made `Typed`; other objects are left as they are."""
    return _guarding(type(value))(value)  # type: ignore[arg-type]  # a type is hashable, whatever mypy says


@cache
def _guarding(kind: type) -> Callable[[Any], object]:
    """Return how values of a type are guarded; to ask the abstract types for each value takes much longer."""
    for known, guarded in _GUARDS:
        if issubclass(kind, known):
            return guarded
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value


def _tuple(values: tuple[object, ...]) -> object:
    made = map(guard, values)
    return values._make(made) if hasattr(values, "_make") else tuple(made)


# The first that fits: marked texts are strings too, and strings are sequences.
_GUARDS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], object]], ...]] = (
    ((Markup, StrEnum, range, bytes), _as_it_is),
    (str, Typed),
    (Mapping, lambda values: {guard(key): guard(inner) for key, inner in values.items()}),
    (AbstractSet, lambda values: frozenset(map(guard, values))),
    (tuple, _tuple),
    (Sequence, lambda values: tuple(map(guard, values))),
)


class ForgedPlaceholderError(ValueError):
    """A text has a placeholder, or half of one, that this rendering did not make."""


class Placeholders:
    """The typed texts of one rendering; nobody can guess another's placeholders, or reuse them later."""

    __slots__ = ("_literals", "_nonce")

    def __init__(self) -> None:
        self._nonce = f"{secrets.randbelow(10**18):018}"  # digits only: no change of case harms them
        self._literals: list[str | Reference | Stated] = []

    def hold(self, value: Typed | Reference | Stated) -> Trusted:
        """Return the placeholder for a typed text, a mention, a moment or marked words."""
        self._literals.append(value.literal if isinstance(value, Typed) else value)
        return Markup(f"{OPEN}{self._nonce}{len(self._literals) - 1}{CLOSE}")  # noqa: S704 - digits

    def settle(self, source: str) -> tuple[str, tuple[str | Reference | Stated, ...]]:
        """Return the source with its placeholders renumbered 0, 1, … as they stand, and their texts.

        So the same template gives the same source whatever was typed.

        Raises:
            ForgedPlaceholderError: there is a placeholder's character that is not of this rendering.
        """
        used: list[str | Reference | Stated] = []

        def renumber(found: re.Match[str]) -> str:
            if found[1] != self._nonce or int(found[2]) >= len(self._literals):
                raise ForgedPlaceholderError
            used.append(self._literals[int(found[2])])
            return f"{OPEN}{len(used) - 1}{CLOSE}"

        return _PLACEHOLDER.sub(renumber, source), tuple(used)
