"""Recognize brand and product names: whose certificate it is, and how far that proves its validation.

A name counts only as it stands in the table, apart from case, spaces, hyphens, marks such as ®, and words for
the form of a certificate (wildcard, multi-domain). What is merely similar is suggested, never taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from policy.facts import Fact, Provider, Validation, Value
from policy.wording import nearest

__all__ = ["Ambiguous", "Name", "Names", "NotRecognized", "Recognized", "Recognizing"]


@dataclass(frozen=True, slots=True)
class Name:
    """A brand or product: whose it is, its level where the name alone makes that certain, its other names."""

    name: str
    provider: Provider
    validation: Validation | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognized:
    """The name as its maker writes it, and the facts that it makes certain."""

    name: str
    facts: Mapping[Fact, Value]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several products go by that name; each of these names alone is recognized."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotRecognized:
    """No known name; the nearest one to suggest, None where none is near."""

    nearest: str | None


Recognizing: TypeAlias = Recognized | Ambiguous | NotRecognized

_LONGEST: Final = 80
_MARKS: Final = str.maketrans("", "", "™®©'`\N{RIGHT SINGLE QUOTATION MARK}")
_LEVELS: Final = (
    (re.compile(r"\bextended validat(?:ion|ed)\b"), "ev"),
    (re.compile(r"\borgani[sz]ation(?:al)? (?:validat(?:ion|ed)|vetted)\b"), "ov"),
    (re.compile(r"\bdomain (?:validat(?:ion|ed)|vetted)\b"), "dv"),
)
_FORMS: Final = re.compile(
    r"\b(?:wildcard|multi ?domains?|mdc|ucc|san|unified communications?|certificates?|certs?|tls)\b"
    r"|\b(?:with|by|from)\b"
)
_SSL: Final = re.compile(r"(?<=.)ssl(?!\d)")


class Names:
    """The names of all the loaded programs."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._named: dict[str, list[Name]] = {}
        for name in names:
            for key in dict.fromkeys(_key(_words(alias)) for alias in (name.name, *name.aliases)):
                if key and name not in self._named.setdefault(key, []):
                    self._named[key].append(name)

    def recognize(self, text: str) -> Recognizing:
        """Say what product or brand the text names, for certain or not at all."""
        words = _words(text) if len(text) <= _LONGEST else []
        found = self._find(words) or self._find_leveled(words)
        if len(found) == 1:
            return _recognized(found[0])
        if found:
            return Ambiguous(tuple(name.name for name in found))
        return NotRecognized(self._nearest(words))

    def _find(self, words: Sequence[str]) -> list[Name]:
        """Return the products of that name, alone or with its maker's name before or after it."""
        if known := self._named.get(_key(words)):
            return known
        for cut in range(1, len(words)):
            for maker, product in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                makers = {name.provider for name in self._named.get(_key(maker), []) if not name.validation}
                products = self._named.get(_key(product), [])
                if found := [name for name in products if name.provider in makers]:
                    return found
        return []

    def _find_leveled(self, words: Sequence[str]) -> list[Name]:
        """Return what is named without its level, at that level where nothing about it speaks against it."""
        levels = {Validation(word) for word in words if word in set(Validation)}
        bare = self._find([word for word in words if word not in levels]) if levels else []
        return [_at(levels, name) for name in bare]

    def _nearest(self, words: Sequence[str]) -> str | None:
        key = nearest(_key(words), self._named) if words else None
        return self._named[key][0].name if key else None


def _at(levels: set[Validation], name: Name) -> Name:
    """Return the name at the level that was said with it, at none where the two disagree."""
    certain = levels | ({name.validation} if name.validation else set())
    [level, *others] = certain
    said = " ".join(sorted(level.upper() for level in levels))
    return Name(f"{name.name} {said}", name.provider, None if others else level)


def _recognized(name: Name) -> Recognized:
    facts: dict[Fact, Value] = {Fact.PROVIDER: name.provider}
    if name.validation:
        facts[Fact.VALIDATION] = name.validation
    return Recognized(name.name, MappingProxyType(facts))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).casefold()
    plain = " ".join(re.findall(r"[^\W_]+", plain))
    for pattern, level in _LEVELS:
        plain = pattern.sub(level, plain)
    return _FORMS.sub(" ", plain).split()


def _key(words: Sequence[str]) -> str:
    return _SSL.sub("", "".join(words))
