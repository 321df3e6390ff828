"""Recognize messages that interrupt an interview: asking for a person, urgency, *cancel*, *what?*, *back*.

The phrases of all languages are in `languages/interruptions.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from bot.reading.languages import FOLDER
from bot.reading.phrases import Hit, Phrases
from bot.reading.short_messages import NAMED, is_emoji, own_words, pieces
from bot.reading.tokens import Kind, Token, folded

LONGEST: Final = 3_000
LONGEST_ASIDE: Final = 120
FAR: Final = 7


class _Table(Enum):
    """The tables of `languages/interruptions.toml`, which explains them."""

    PERSON = "person"
    WISH = "wish"
    NO = "no"
    NOT_WANTED = "not_wanted"
    NOT_NEGATED = "not_negated"
    URGENT = "urgent"
    NOT_URGENT = "not_urgent"
    BREAK_OFF = "break_off"
    AGAIN = "again"
    BACK = "back"
    BESIDE = "beside"


def asks_for_person(text: str) -> bool:
    """Return whether a text, with Slack's markup, asks for a person instead of the bot."""
    message = _message(text)
    if any(not message.taken_back(hit) for hit in message.hits(_Table.WISH)):
        return True
    return message.is_just(_Table.PERSON)


def is_urgent(text: str) -> bool:
    """Return whether a text says that it is urgent."""
    message = _message(text)
    return any(not message.denied(hit) for hit in message.hits(_Table.URGENT))


def breaks_off(text: str) -> bool:
    """Return whether a text is only *cancel*, *stop* or *never mind*, without saying what to cancel."""
    return _message(text).is_just(_Table.BREAK_OFF)


def wants_question_again(text: str) -> bool:
    """Return whether a text is only *what do you mean?*, *go on* or the like."""
    return _message(text).is_just(_Table.AGAIN)


def wants_back(text: str) -> bool:
    """Return whether a text is only *undo*, *previous question* or the like."""
    return _message(text).is_just(_Table.BACK)


@dataclass(frozen=True)
class _Message:
    """A message and the phrases in it."""

    words: Sequence[Token]
    found: Sequence[Hit[_Table]]
    known: _Known

    def hits(self, table: _Table) -> Iterator[Hit[_Table]]:
        return (hit for hit in self.found if hit.tag is table)

    def is_just(self, table: _Table) -> bool:
        """Return whether a message is phrases of one table and otherwise only words of `beside`."""
        if not self.words or self.words[-1].end > LONGEST_ASIDE:
            return False
        beside, said = {0}, set[int]()  # ends of what is understood, without and with a phrase of the table
        for at, word in enumerate(self.words):
            if at not in beside | said:
                continue
            if word.kind is not Kind.WORD or word.norm == NAMED or is_emoji(word):
                ends = [at + 1]
            else:
                ends = [hit.end for hit in self._starting(at, _Table.BESIDE)]
            said.update(hit.end for hit in self._starting(at, table) if not self.taken_back(hit))
            (said if at in said else beside).update(ends)
        return len(self.words) in said

    def taken_back(self, wish: Hit[_Table]) -> bool:
        """Return whether a wish is negated: *I don't need an agent*."""
        if wish.start in self._ends(_Table.NO):
            return True
        return self._reaches_back(wish.start, self._ends(_Table.NOT_WANTED), self.known.between)

    def denied(self, hit: Hit[_Table]) -> bool:
        return self._reaches_back(hit.start, self._ends(_Table.NOT_URGENT), self.known.hardly)

    def _starting(self, at: int, table: _Table) -> Iterator[Hit[_Table]]:
        return (hit for hit in self.hits(table) if hit.start == at)

    def _ends(self, table: _Table) -> frozenset[int]:
        excused = {at for hit in self.hits(_Table.NOT_NEGATED) for at in range(hit.start, hit.end)}
        return frozenset(hit.end for hit in self.hits(table) if hit.end - 1 not in excused)

    def _reaches_back(self, at: int, ends: Container[int], between: Container[str]) -> bool:
        for start in range(at, max(at - FAR, 0), -1):
            if start in ends:
                return True
            if self.words[start - 1].norm not in between:
                return False
        return False


@dataclass(frozen=True)
class _Known:
    phrases: Phrases[_Table]
    words: frozenset[str]
    between: frozenset[str]
    hardly: frozenset[str]


@lru_cache(maxsize=64)
def _message(text: str) -> _Message:
    """Return a text taken apart; kept, since several questions are asked about each message."""
    known = _known()
    words = pieces(own_words(text[: LONGEST * 2])[:LONGEST], known.words)
    return _Message(words, tuple(known.phrases.find(words)), known)


@lru_cache(maxsize=1)
def _known() -> _Known:
    read = tomllib.loads((FOLDER / "interruptions.toml").read_text("utf-8"))
    phrases: Phrases[_Table] = Phrases()
    plain: dict[str, set[str]] = {"between": set(), "hardly": set()}
    for tables in read.values():
        for table, words in plain.items():
            words.update(folded(word) for line in tables.pop(table) for word in line.split("/"))
        classes = tables.pop("classes")
        for table, said in tables.items():
            for phrase in said:
                phrases.add(_Table(table), phrase, classes)
    return _Known(phrases, phrases.words(), frozenset(plain["between"]), frozenset(plain["hardly"]))
