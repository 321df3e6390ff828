"""Recognize brand and product names: who makes the certificate, and at what validation level.

A name must match one in the table, apart from case, spaces, hyphens, marks such as ®, and words for the form
of a certificate (wildcard, multi-domain). A name that is merely similar is suggested, never assumed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

from policy.facts import Fact, Value
from policy.wording import nearest

__all__ = ["Ambiguous", "Levels", "Name", "Names", "NotRecognized", "Recognition", "Recognized"]


@dataclass(frozen=True, slots=True)
class Name:
    """A brand or product, the facts that its name settles, and its other names."""

    name: str
    facts: tuple[tuple[Fact, Value], ...]
    aliases: tuple[str, ...] = ()

    def get(self, fact: Fact | None) -> Value | None:
        """Return what the name says about a fact, or None if it says nothing."""
        return next((value for each, value in self.facts if each == fact), None)


@dataclass(frozen=True, slots=True)
class Levels:
    """Which facts are a product's maker and its level, and what people say for each level."""

    maker: Fact | None = None
    level: Fact | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognized:
    """The name as its maker writes it, and the facts that it settles."""

    name: str
    facts: Mapping[Fact, Value]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several products go by this name; `names` are fuller names, each recognized by itself."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotRecognized:
    """Not a known name; `nearest` is one to suggest, or None."""

    nearest: str | None


Recognition: TypeAlias = Recognized | Ambiguous | NotRecognized

_MAX_NAME_LENGTH: Final = 80
_MARKS: Final = str.maketrans("", "", "™®©'`\N{RIGHT SINGLE QUOTATION MARK}")
_FORMS: Final = re.compile(
    r"\b(?:wildcard|multi ?domains?|mdc|ucc|san|unified communications?|certificates?|certs?|tls)\b"
    r"|\b(?:with|by|from)\b"
)
_SSL: Final = re.compile(r"(?<=.)ssl(?!\d)")


class Names:
    """Recognizes brands and products as people type them.

    `outranking` names win over others of the same words. `clashing` names belong to some program alone: a
    shared name of the same words that means something else is then ambiguous.
    """

    def __init__(
        self,
        names: Iterable[Name],
        levels: Levels,
        *,
        outranking: Iterable[Name] = (),
        clashing: Iterable[Name] = (),
    ) -> None:
        self._levels = levels
        self._phrases = _phrases(levels)
        self._named = self._keyed(names)
        for key, clashes in self._keyed(clashing).items():
            if key in self._named:
                known = [name.facts for name in self._named[key]]
                self._named[key] += [name for name in clashes if name.facts not in known]
        self._named |= self._keyed(outranking)

    def recognize(self, text: str) -> Recognition:
        """Return the brand or product that the whole text names."""
        words = self._words(text) if len(text) <= _MAX_NAME_LENGTH else []
        found = self._find(words) or self._find_leveled(words)
        if len(found) == 1:
            return Recognized(found[0].name, MappingProxyType(dict(found[0].facts)))
        if found:
            return Ambiguous(tuple(dict.fromkeys(name.name for name in found)))
        return NotRecognized(self._nearest(words))

    def _keyed(self, names: Iterable[Name]) -> dict[str, list[Name]]:
        keyed: dict[str, list[Name]] = {}
        for name in names:
            for key in dict.fromkeys(_key(self._words(alias)) for alias in (name.name, *name.aliases)):
                if key and name not in keyed.setdefault(key, []):
                    keyed[key].append(name)
        return keyed

    @cached_property
    def _suggested(self) -> list[tuple[str, set[str], set[Value | None]]]:
        """Return each key with the levels that its names say and their makers."""
        return [
            (key, set().union(*map(self._levels_of, names)), {name.get(self._levels.maker) for name in names})
            for key, names in self._named.items()
        ]

    def _levels_of(self, name: Name) -> set[str]:
        words = {word for each in (name.name, *name.aliases) for word in self._words(each)}
        return words & set(self._levels.words)

    def _find(self, words: Sequence[str]) -> list[Name]:
        """Return the products of this name, given alone or with the maker's name before or after it."""
        if known := self._named.get(_key(words)):
            return known
        for cut in range(1, len(words)):
            for maker, product in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                makers = self._makers(self._named.get(_key(maker), []))
                products = self._named.get(_key(product), [])
                if found := [name for name in products if name.get(self._levels.maker) in makers]:
                    return found
        return []

    def _makers(self, names: Iterable[Name]) -> set[Value]:
        """Return the makers of those names that are makers' names rather than products'."""
        makers = (name.get(self._levels.maker) for name in names if name.get(self._levels.level) is None)
        return {maker for maker in makers if maker is not None}

    def _find_leveled(self, words: Sequence[str]) -> list[Name]:
        """Return products named together with a level that is no part of their own name."""
        levels = {word for word in words if word in self._levels.words}
        bare = self._find([word for word in words if word not in levels]) if levels else []
        return [self._at(levels, name) for name in bare]

    def _at(self, levels: set[str], name: Name) -> Name:
        """Return the name at the level said with it, or at no level if the name itself says another."""
        own = name.get(self._levels.level)
        [level, *others] = levels | ({str(own)} if own is not None else set())
        said = " ".join(sorted(each.upper() for each in levels))
        facts = tuple((fact, value) for fact, value in name.facts if fact != self._levels.level)
        if self._levels.level is not None and not others:
            facts += ((self._levels.level, level),)
        return Name(f"{name.name} {said}", facts)

    def _nearest(self, words: Sequence[str]) -> str | None:
        """Return the nearest name, but none of another maker or level than the words say."""
        makers, levels = self._makers_in(words), set(words) & set(self._levels.words)
        named = [
            key for key, said, whose in self._suggested if said <= levels and (not makers or whose == makers)
        ]
        key = nearest(_key(words), named) if words else None
        return self._named[key][0].name if key else None

    def _makers_in(self, words: Sequence[str]) -> set[Value]:
        """Return the makers that are named anywhere in the words."""
        spans = [words[a:b] for a in range(len(words)) for b in range(a + 1, len(words) + 1)]
        return {maker for span in spans for maker in self._makers(self._named.get(_key(span), []))}

    def _words(self, text: str) -> list[str]:
        plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).casefold()
        plain = " ".join(re.findall(r"[^\W_]+", plain))
        for pattern, level in self._phrases:
            plain = pattern.sub(level, plain)
        return _FORMS.sub(" ", plain).split()


def _phrases(levels: Levels) -> list[tuple[re.Pattern[str], str]]:
    """Return the phrases of several words that mean a level, as patterns, the longest first."""
    said = [(phrase, level) for level, words in levels.words.items() for phrase in words if " " in phrase]
    said.sort(key=lambda each: -len(each[0]))
    return [(re.compile(rf"\b{re.escape(phrase)}\b"), level) for phrase, level in said]


def _key(words: Sequence[str]) -> str:
    return _SSL.sub("", "".join(words))
