"""Find phrases, given as patterns, among tokens.

A pattern is words separated by spaces. `a/b` is either word, `x?` is optional, and `<name>` is any phrase of
a class. `…` is up to four words, none of them a stop word such as a preposition; `...` is up to seven words
of any kind. `<host>`, `<email>`, `<number>` and `<day>` stand for such a token, any other mark, such as `:`,
for itself, and `<end>` for the end of a clause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, Generic, TypeAlias, TypeVar

from bot.reading.tokens import Kind, Token, folded

LONGEST_GAP: Final = 4
LONGEST_FREE_GAP: Final = 7
LONGEST_PHRASE: Final = 24  # tokens, including the marks between words
_GAP: Final = "…"
_FREE_GAP: Final = "..."
_AT_END: Final = frozenset({"<end>"})
_ENDS: Final = (Kind.MARK, Kind.LINE_END)
_KINDS: Final = {
    "<host>": Kind.HOST,
    "<number>": Kind.NUMBER,
    "<day>": Kind.DAY,
    "<email>": Kind.EMAIL,
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found in the tokens from `start` up to, not including, `end`, and what it stands for."""

    tag: T
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    words: frozenset[str]
    optional: bool = False
    gap: int = 0
    free: bool = False
    kind: Kind | None = None


_Tail: TypeAlias = tuple[T, tuple[_Part, ...], frozenset[str]]
_SAID: Final = (Kind.WORD, Kind.MARK)


class _Tails(Generic[T]):
    """The phrases that begin with one word, by the word that must come next."""

    __slots__ = ("_next", "_open", "all")

    def __init__(self) -> None:
        self.all: list[_Tail[T]] = []
        self._next: dict[str, list[_Tail[T]]] = {}
        self._open: list[_Tail[T]] = []

    def add(self, tail: _Tail[T]) -> None:
        self.all.append(tail)
        parts = tail[1]
        if len(parts) > 1 and parts[1].words not in (frozenset(), _AT_END) and not parts[1].optional:
            for word in parts[1].words:
                self._next.setdefault(word, []).append(tail)
        else:
            self._open.append(tail)

    def before(self, word: str) -> Sequence[_Tail[T]]:
        """Return the phrases whose next word may be this one."""
        closed = self._next.get(word)
        return self._open + closed if closed else self._open


class Phrases(Generic[T]):
    """A set of phrases that are found in one pass over the tokens."""

    def __init__(self, stops: Iterable[str] = ()) -> None:
        self._stops = frozenset(folded(stop) for stop in stops)
        self._by_word: defaultdict[str, _Tails[T]] = defaultdict(_Tails)
        self._by_kind: dict[Kind, list[_Tail[T]]] = {}

    def add(self, tag: T, phrase: str, classes: Mapping[str, Sequence[str]]) -> None:
        """Add a phrase; `classes` are the classes that it may refer to."""
        for words in _expanded(phrase.split(), classes):
            parts = tuple(map(_part, words))
            for number, part in enumerate(parts):
                tail = (tag, parts[number:], _last_words(parts[number:]))
                if part.kind is not None:
                    self._by_kind.setdefault(part.kind, []).append(tail)
                for word in part.words:
                    self._by_word[word].add(tail)
                if not part.optional:
                    break

    def words(self, wanted: Callable[[T], bool] = lambda _: True) -> frozenset[str]:
        """Return every word of the phrases with a wanted tag."""
        tails = [tail for tails in self._by_word.values() for tag, tail, _ in tails.all if wanted(tag)]
        return frozenset(word for tail in tails for part in tail for word in part.words)

    def find(self, tokens: Sequence[Token]) -> Iterator[Hit[T]]:
        """Yield the phrases that begin at each token; of several with the same tag, the longest."""
        for start, token in enumerate(tokens):
            kinds = self._by_kind.get(token.kind, ())
            known = self._by_word.get(token.norm) if token.kind in _SAID else None
            if known is None and not kinds:
                continue
            after = _past_joint(tokens, start + 1)
            tails = known.before(tokens[after].norm if after < len(tokens) else "") if known else ()
            ahead = {each.norm for each in tokens[start : start + LONGEST_PHRASE]}
            longest: dict[T, int] = {}
            for tag, parts, last in (*tails, *kinds):
                if last and last.isdisjoint(ahead):
                    continue
                end = self._match(tokens, start, parts, 0)
                if end > longest.get(tag, start):
                    longest[tag] = end
            yield from (Hit(tag, start, end) for tag, end in longest.items())

    def _match(self, tokens: Sequence[Token], at: int, parts: tuple[_Part, ...], number: int) -> int:
        """Return where the parts from `number` on end if they match at a token, else -1."""
        while number < len(parts):
            part = parts[number]
            if part.words == _AT_END:
                return at if at >= len(tokens) or tokens[at].kind in _ENDS else -1
            if part.gap:
                return self._after_gap(tokens, at, parts, number)
            at_word = _past_joint(tokens, at) if number else at
            if at_word < len(tokens) and _fits(part, tokens[at_word]):
                end = self._match(tokens, at_word + 1, parts, number + 1)
                if end >= 0 or not part.optional:
                    return end
            elif not part.optional:
                return -1
            number += 1
        return at

    def _after_gap(self, tokens: Sequence[Token], at: int, parts: tuple[_Part, ...], number: int) -> int:
        passed, gap = 0, parts[number]
        while at < len(tokens) and passed <= gap.gap:
            if (end := self._match(tokens, at, parts, number + 1)) >= 0:
                return end
            token = tokens[at]
            if token.kind is Kind.MARK and token.norm in "-/_'\"" and token.norm:
                at += 1
                continue
            if token.kind not in (Kind.WORD, Kind.HOST, Kind.NUMBER) or (
                not gap.free and token.norm in self._stops
            ):
                return -1
            at, passed = at + 1, passed + 1
        return -1


def _last_words(parts: Sequence[_Part]) -> frozenset[str]:
    """Return the words of which a phrase must contain one, as its last required word; empty if open."""
    required = [part.words for part in parts if not part.optional and not part.gap]
    return required[-1] if required and required[-1] != _AT_END else frozenset()


def _fits(part: _Part, token: Token) -> bool:
    if part.kind is not None:
        return token.kind is part.kind
    return token.norm in part.words


def _past_joint(tokens: Sequence[Token], at: int) -> int:
    """Return the token after a hyphen or quote that joins two words."""
    while at < len(tokens) and tokens[at].kind is Kind.MARK and tokens[at].norm in ("-", "_", '"', "'"):
        at += 1
    return at


def _expanded(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield a phrase with its classes replaced by each of their phrases."""
    choices: list[list[list[str]]] = []
    for word in words:
        name = word.rstrip("?")
        if name.startswith("<") and name[1:-1] in classes:
            each = [inner for phrase in classes[name[1:-1]] for inner in _expanded(phrase.split(), classes)]
            choices.append([*each, []] if word.endswith("?") else each)
        else:
            choices.append([[word]])
    for combination in product(*choices):
        yield [word for part in combination for word in part]


@cache  # the same words stand in thousands of phrases, for each program anew
def _part(word: str) -> _Part:
    if word == _GAP:
        return _Part(frozenset(), gap=LONGEST_GAP)
    if word == _FREE_GAP:
        return _Part(frozenset(), gap=LONGEST_FREE_GAP, free=True)
    optional = word.endswith("?") and len(word) > 1
    plain = word[:-1] if optional else word
    if plain in _KINDS:
        return _Part(frozenset(), optional, kind=_KINDS[plain])
    return _Part(frozenset(folded(each) if each else "/" for each in plain.split("/")), optional)
