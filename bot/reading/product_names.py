"""Find the loaded programs' brand and product names among tokens, allowing for a typo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.reading.languages import words
from bot.reading.spelling import Spelling
from bot.reading.tokens import Kind, Token, tokens
from policy.names import Name

MOST_PIECES: Final = 7
SHORTEST_MISSPELLED: Final = 6
_PASSED: Final = frozenset({"with", "mit", "avec", "con"})


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in the tokens from `start` up to, not including, `end`, and the products it can stand for."""

    names: tuple[Name, ...]
    start: int
    end: int


class ProductNames:
    """Finds names; those in `outranking` replace others with the same words. `real` words are not typos."""

    def __init__(self, names: Iterable[Name], outranking: Iterable[Name], real: Iterable[str]) -> None:
        self._joined: dict[str, list[Name]] = {}
        self._spelled: dict[tuple[str, ...], list[Name]] = {}
        self._begins: set[str] = set()
        for name in names:
            self._add(name)
        for name in outranking:
            self._outrank(name)
        self._begins = {key[:length] for key in self._joined for length in range(2, len(key) + 1)}
        self._spelling = Spelling((key for key in self._joined if len(key) >= SHORTEST_MISSPELLED), real)

    @property
    def pieces(self) -> frozenset[str]:
        """Return every word of the names."""
        return frozenset(piece for pieces in self._spelled for piece in pieces)

    def find(self, found: Sequence[Token], known: Mapping[int, bool]) -> list[NameMatch]:
        """Return the names in a text, the longest at each place. `known`: the tokens that are known words."""
        hits: list[NameMatch] = []
        at = 0
        while at < len(found):
            hit = self._at(found, at, known)
            if hit is None:
                at += 1
            else:
                hits.append(hit)
                at = hit.end
        return hits

    def _add(self, name: Name) -> None:
        for said in (name.name, *name.aliases):
            pieces = _pieces(said)
            for names in (self._joined.setdefault("".join(pieces), []), self._spelled.setdefault(pieces, [])):
                if name not in names:
                    names.append(name)

    def _outrank(self, name: Name) -> None:
        for said in (name.name, *name.aliases):
            self._joined["".join(_pieces(said))] = [name]
            self._spelled[_pieces(said)] = [name]

    def _at(self, found: Sequence[Token], at: int, known: Mapping[int, bool]) -> NameMatch | None:
        """Return the longest name that begins at a token, or None."""
        best: NameMatch | None = None
        token = found[at]
        if token.kind is not Kind.HOST and token.norm not in self._begins and known.get(at, True):
            return None
        for pieces, end in _runs(found, at):
            joined = "".join(pieces)
            names = (self._spelled.get(tuple(pieces)) if len(pieces) == 1 else None) or self._joined.get(
                joined
            )
            if names is None and _may_be_typo(found, at, end, known):
                names = self._misspelled(joined)
            if names:
                best = NameMatch(tuple(names), at, end)
        return best if best and not self._is_prose(found, best) else None

    def _misspelled(self, joined: str) -> list[Name] | None:
        """Return what a misspelled name stands for, or None if it could be several products."""
        meant = [self._joined[key] for key in self._spelling.meant(joined)]
        facts = {name.facts for names in meant for name in names}
        return meant[0] if len(facts) == 1 else None

    def _is_prose(self, found: Sequence[Token], hit: NameMatch) -> bool:
        """Return whether the words are ordinary prose, as in *quick SSL question*."""
        pieces = [found[at].norm for at in range(hit.start, hit.end) if found[at].kind is Kind.WORD]
        if not all(piece in words("name_like") for piece in pieces):
            return False
        after = found[hit.end].norm if hit.end < len(found) else ""
        return after in words("after_prose")


def _pieces(said: str) -> tuple[str, ...]:
    return tuple(
        each.norm.strip("'")
        for each in tokens(said.replace(".", " "))
        if each.kind in (Kind.WORD, Kind.NUMBER) and each.norm not in _PASSED
    )


def _runs(found: Sequence[Token], at: int) -> Iterable[tuple[list[str], int]]:
    """Yield ever longer runs of words from a token on, across marks that names contain, and their ends."""
    pieces: list[str] = []
    if found[at].kind is Kind.HOST:
        yield found[at].norm.split("."), at + 1
        return
    for end in range(at, min(len(found), at + MOST_PIECES)):
        token = found[end]
        if token.kind in (Kind.WORD, Kind.NUMBER):
            if token.norm in _PASSED and pieces:
                continue
            pieces.append(token.norm.strip("'"))
            yield pieces, end + 1
        elif not (token.kind is Kind.MARK and token.norm in "-_®™©'" and pieces):
            return


def _may_be_typo(found: Sequence[Token], at: int, end: int, known: Mapping[int, bool]) -> bool:
    """Return whether a run of one or two words can be a misspelled name: one of them is unknown."""
    if end - at > 2 or (end - at == 2 and found[at + 1].kind is not Kind.WORD):  # noqa: PLR2004
        return False
    return any(not known.get(each, True) for each in range(at, end))
