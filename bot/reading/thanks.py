"""Recognize messages that say thanks and nothing else.

Every word must belong to a phrase of `languages/thanks.toml` or be a person's name. So a message that says
anything more (*thanks, but it still fails*) is not thanks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final

from bot.reading.languages import FOLDER, languages
from bot.reading.languages import words as words_of
from bot.reading.phrases import Phrases
from bot.reading.short_messages import NAMED, emoji_named, is_emoji, own_words, pieces
from bot.reading.tokens import Kind, Token, folded

LONGEST: Final = 400  # characters
MOST_NAMES: Final = 3
LONGEST_NAME: Final = 3  # words

_ASKS: Final = re.compile(r"[?\u00bf\u061f\uff1f]")
_MARKS: Final = frozenset(".,;:!\u00a1-\u2013\u2014\u2026&~*_`'\"\u2019\u201c\u201d\u201e()/|+<>^=\\")
_ENDS: Final = frozenset(".!\u2026\n")
_TITLE_CASE: Final = re.compile(r"(?:[^\W\d_a-z]['\u2019]?[^\W\d_]*[^\W\d_A-Z]|[^\W\d_a-z])")


class Said(Enum):
    """The tables of `languages/thanks.toml`, which explains them."""

    THANKS = "thanks"
    FINE = "fine"
    SETTLED = "settled"
    OPENING = "opening"
    BESIDE = "beside"


def is_thanks(text: str, not_names: Container[str] = ()) -> bool:
    """Return whether a text, with Slack's markup, is thanks or the like and asks for nothing.

    `not_names` are words in lower case that are not names of people even if capitalized, such as products.
    """
    return bool(_said(text, not_names))


def may_answer(text: str) -> bool:
    """Return whether thanks can also be the answer to a question: *ok, thanks*, a thumbs-up."""
    return not _said(text, ()).isdisjoint({Said.FINE, Said.SETTLED})


@dataclass(frozen=True, slots=True)
class _State:
    """How a message is understood up to one of its words."""

    thanked: bool = False
    owes: bool = False  # a yes or no came, which is an answer unless a `settled` phrase follows
    names: int = 0


def _said(text: str, not_names: Container[str]) -> frozenset[Said]:
    """Return the tables that the phrases of a message of thanks are in; empty if it is not thanks."""
    plain = own_words(text)
    if not plain or len(plain) > LONGEST or _ASKS.search(plain):
        return frozenset()
    known = _known()
    words = pieces(plain, known.words)
    hits: dict[int, list[tuple[int, Said]]] = {}
    for hit in known.phrases.find(words):
        hits.setdefault(hit.start, []).append((hit.end, hit.tag))
    for at, word in enumerate(words):
        if is_emoji(word) and word.norm not in known.emoji:
            hits.setdefault(at, []).append((at + 1, Said.BESIDE))
    names = _Names(plain, words, known, not_names)
    reached: list[set[_State]] = [set() for _ in range(len(words) + 1)]
    reached[0].add(_State())
    for at in range(len(words)):
        for state in reached[at]:
            for end, said in hits.get(at, ()):
                reached[end].add(_after(state, said))
            if words[at].norm in _MARKS or words[at].kind is Kind.LINE_END:
                reached[at + 1].add(state)
            if state.names < MOST_NAMES:
                for end in names.ends(at):
                    reached[end].add(replace(state, names=state.names + 1))
    if not any(state.thanked and not state.owes for state in reached[-1]):
        return frozenset()
    return frozenset(said for each in hits.values() for _, said in each)


def _after(state: _State, said: Said) -> _State:
    match said:
        case Said.THANKS | Said.FINE:
            return replace(state, thanked=True)
        case Said.SETTLED:
            return replace(state, thanked=True, owes=False)
        case Said.OPENING:
            return replace(state, owes=True)
        case Said.BESIDE:
            return state


class _Names:
    """Finds the names of people among the words of a message."""

    def __init__(self, plain: str, words: Sequence[Token], known: _Known, not_names: Container[str]) -> None:
        self.plain, self.words, self.known, self.not_names = plain, words, known, not_names

    def ends(self, at: int) -> list[int]:
        """Return the places where a name that begins at a word can end."""
        found: list[int] = []
        for end in range(at, min(at + LONGEST_NAME, len(self.words))):
            if not self._is_name(end, after_name=end > at):
                break
            found.append(end + 1)
        return found

    def _is_name(self, at: int, *, after_name: bool) -> bool:
        word = self.words[at]
        if word.norm == NAMED or word.norm in self.known.given:
            return True
        if word.kind is not Kind.WORD or (self._begins(at) and not after_name):
            return False  # any word is capitalized there
        written = self.plain[word.start : word.end]
        ordinary = word.norm in self.known.ordinary or word.norm in self.not_names
        return not ordinary and _TITLE_CASE.fullmatch(written) is not None

    def _begins(self, at: int) -> bool:
        """Return whether a sentence begins at a word; the dot of *Dr.* does not end one."""
        before = self.words[at - 1].norm if at else "\n"
        titled = before == "." and at > 1 and self.words[at - 2].norm in words_of("abbreviations")
        return before in _ENDS and not titled


@dataclass(frozen=True)
class _Known:
    """The tables of `languages/thanks.toml`, and the `ordinary` words, which are not names."""

    phrases: Phrases[Said]
    words: frozenset[str]
    given: frozenset[str]
    ordinary: frozenset[str]
    emoji: frozenset[str]


@lru_cache(maxsize=1)
def _known() -> _Known:
    read = tomllib.loads((FOLDER / "thanks.toml").read_text("utf-8"))
    emoji = {table: [emoji_named(each) for each in line.split()] for table, line in read.pop("emoji").items()}
    names = {
        table: frozenset(folded(each) for each in text.split()) for table, text in read.pop("names").items()
    }
    phrases: Phrases[Said] = Phrases()
    for table, shown in emoji.items():
        for each in shown if table != "none" else ():
            phrases.add(Said(table), each, {})
    for tables in read.values():
        classes = tables.pop("classes")
        for table, said in tables.items():
            for phrase in said:
                phrases.add(Said(table), phrase, classes)
    words = phrases.words()
    ordinary = words | _ordinary() | names["not"]
    return _Known(phrases, words, names["given"], ordinary, frozenset().union(*emoji.values()))


def _ordinary() -> frozenset[str]:
    """Return every word of the languages' tables."""
    found: set[str] = set()
    for language in languages():
        for tables in (language.classes, language.phrases, language.words, language.intents):
            found.update(
                word for said in tables.values() for phrase in said for word in re.split(r"[ /]", phrase)
            )
    return frozenset(map(folded, found))
