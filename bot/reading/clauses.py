"""Split tokens into clauses, and record each clause's sentence, its line and whether it is quoted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bot.reading.date_words import date_words
from bot.reading.languages import words
from bot.reading.message_parts import Line, Part
from bot.reading.phrases import Hit
from bot.reading.tokens import Kind, Token

_ITEM: Final = re.compile(r"\s*(?:\d{1,2}[.)]|[a-z][.)]|[-*\u2022])\s")
SOFT_WRAP: Final = 45  # characters: a shorter line ends its sentence
LONGEST_CLAUSE: Final = 60  # tokens: a longer run is split


@dataclass(slots=True)
class Clause:
    """The tokens from `start` up to, not including, `end`.

    `opened` and `closed` are the mark or word before it and the mark after it; `number` counts clauses,
    `sentence` sentences; `marks` holds the grammar's matches in it, by table.
    """

    start: int
    end: int
    number: int
    sentence: int
    quoted: bool
    line: int
    closed: str = ""
    opened: str = ""
    marks: dict[str, list[Hit[str]]] = field(default_factory=dict)

    def has(self, *tables: str) -> bool:
        """Return whether a word of any of these grammar tables is in the clause."""
        return any(table in self.marks for table in tables)


@dataclass(frozen=True, slots=True)
class Text:
    """A message as tokens and clauses, in order; `of` gives the number of the clause of each token."""

    tokens: Sequence[Token]
    clauses: Sequence[Clause]
    of: Sequence[int]

    def clause(self, at: int) -> Clause:
        """Return the clause that a token is in, or that it closes."""
        return self.clauses[self.of[at]]

    def sentence(self, clause: Clause) -> list[Clause]:
        """Return all clauses of the sentence that a clause is in."""
        first, last = clause.number, clause.number
        while first > 0 and self.clauses[first - 1].sentence == clause.sentence:
            first -= 1
        while last + 1 < len(self.clauses) and self.clauses[last + 1].sentence == clause.sentence:
            last += 1
        return list(self.clauses[first : last + 1])

    def asks(self, clause: Clause) -> bool:
        """Return whether the clause's sentence ends with a question mark."""
        return self.sentence(clause)[-1].closed == "?"


def tokens_that_speak(tokens: Sequence[Token], lines: Sequence[Line]) -> list[tuple[Token, int]]:
    """Return the tokens of lines that can state something, each with the number of its line."""
    starts = [line.start for line in lines]
    kept: list[tuple[Token, int]] = []
    for token in tokens:
        number = max(bisect_right(starts, token.start) - 1, 0)
        if token.kind is Kind.LINE_END or (lines[number].speaks and token.start >= lines[number].start):
            kept.append((token, number))
    return kept


def split(kept: Sequence[tuple[Token, int]], lines: Sequence[Line]) -> Text:
    """Return tokens, each with the number of its line, split into clauses."""
    splitter = _Splitter([token for token, _ in kept], [number for _, number in kept], lines)
    return splitter.text()


class _Splitter:
    def __init__(self, tokens: list[Token], numbers: list[int], lines: Sequence[Line]) -> None:
        self.tokens, self.numbers, self.lines = tokens, numbers, lines
        self.clauses: list[Clause] = []
        self.of: list[int] = []
        self.sentence = 0
        self.start = 0
        self.opened = ""

    def text(self) -> Text:
        for at, token in enumerate(self.tokens):
            if token.kind is Kind.LINE_END:
                if self._ends_line(at):
                    self._close(at, "\n", ends=True)
                else:
                    self.of.append(len(self.clauses))
                    continue
                self._skip(at)
            elif token.kind is Kind.MARK and (mark := self._mark(at)):
                self._close(at, mark, ends=mark in ".!?")
                self._skip(at)
            else:
                if at > self.start and (self._starts_clause(at) or at - self.start >= LONGEST_CLAUSE):
                    self._close(at, token.norm, ends=False)
                    self.opened = token.norm
                self.of.append(len(self.clauses))
        self._close(len(self.tokens), "", ends=True)
        self.of = [min(number, len(self.clauses) - 1) for number in self.of]
        return Text(self.tokens, self.clauses, self.of)

    def _close(self, at: int, mark: str, *, ends: bool) -> None:
        if at > self.start or not self.clauses:
            line = self.numbers[self.start] if self.start < len(self.numbers) else 0
            quoted = bool(self.lines) and self.lines[line].part is Part.QUOTED
            self.clauses.append(
                Clause(self.start, at, len(self.clauses), self.sentence, quoted, line, mark, self.opened)
            )
        elif mark in (".", "!", "?") and self.clauses[-1].sentence == self.sentence:
            self.clauses[-1].closed = mark
        if ends and self.clauses[-1].sentence == self.sentence:
            self.sentence += 1
        self.start = at
        self.opened = mark

    def _skip(self, at: int) -> None:
        self.of.append(max(len(self.clauses) - 1, 0))
        self.start = at + 1

    def _ends_line(self, at: int) -> bool:
        """Return whether a line end also ends a sentence: not where a long line goes on in lower case."""
        line = self.numbers[at]
        if line + 1 >= len(self.lines) or at + 1 >= len(self.tokens):
            return True
        this, following = self.lines[line], self.lines[line + 1]
        first = following.text.lstrip()[:1]
        if this.text.rstrip().endswith(":") or _ITEM.match(following.text):
            return True
        return not (
            len(this.text.strip()) >= SOFT_WRAP
            and this.part is following.part
            and this.depth == following.depth
            and (first.islower() or first.isdigit())
        )

    def _mark(self, at: int) -> str:
        """Return the mark that ends a clause at a token, or "" if none does."""
        token = self.tokens[at]
        before = self.tokens[at - 1] if at else None
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        apart = after is None or after.spaced or after.kind in (Kind.LINE_END, Kind.MARK)
        match token.norm:
            case "." if before is not None and not token.spaced and after is not None and apart:
                return "" if self._abbreviates(before, after, at) else "."
            case "." | "!" | "?":
                return token.norm if apart or token.norm != "." else "."
            case "," | ";" | "(" | ")" | "|" | "[" | "]" | "{" | "}" | "\u00b7" | "\u2022":
                return "," if token.norm in "|[]{}\u00b7\u2022" else token.norm
            case "=" if token.spaced and apart:
                return ":"
            case ":" if not (
                before is not None
                and after is not None
                and before.kind is Kind.NUMBER
                and after.kind is Kind.NUMBER
            ):
                return ":"
            case "-" | "/" | ">" | "+" if token.spaced and apart:
                return "-" if token.norm != "/" else "/"
            case "-" if at == self.start:
                return "-"
            case _:
                return ""

    def _abbreviates(self, before: Token, after: Token, at: int) -> bool:
        if before.kind is Kind.NUMBER and len(before.norm) <= 2 and after.kind is Kind.WORD:  # noqa: PLR2004
            return after.norm in date_words().months
        if before.kind is Kind.NUMBER and after.norm == "-" and len(before.norm) <= 2:  # noqa: PLR2004
            return True
        if before.kind is not Kind.WORD:
            return False
        if len(before.norm) == 1 and before.norm not in ("i", "a", "y", "o", "u", "n"):
            return True
        if before.norm not in words("abbreviations"):
            return False
        if before.norm in date_words().months or before.norm in date_words().weekdays:
            return after.kind in (Kind.NUMBER, Kind.MARK)
        negates = before.norm == "no" and not (
            after.kind in (Kind.NUMBER, Kind.MARK) or after.norm in ("is", "was")
        )
        return not negates and after.kind is not Kind.LINE_END and at > 0

    def _starts_clause(self, at: int) -> bool:
        word = self.tokens[at].norm
        if word in words("contrast"):
            return True
        if at == self.start + 1 and self.tokens[self.start].norm in words("interjections"):
            subjects = words("new_subject") | words("subject_after_interjection")
            return word in subjects  # *no it was*, for *no, it was*
        if word in words("and") and at + 1 < len(self.tokens):
            return self.tokens[at + 1].norm in words("new_subject")
        if word not in words("subordinators") or at + 1 >= len(self.tokens):
            return False
        after = self.tokens[at + 1]
        timeless = word in words("timeless") or after.norm not in _times()
        if word in words("complementizers"):
            if after.norm in words("prepositions"):
                return False  # *cancel that for us*
            subjects = words("definite") | words("it") | words("own_voice") | words("new_subject")
            demonstrative = self.tokens[at - 1].norm in words("be") and after.norm not in subjects
            timeless = after.norm in words("determiners") or (timeless and not demonstrative)
        return after.kind is Kind.WORD and timeless


@lru_cache(maxsize=1)
def _times() -> frozenset[str]:
    return date_words().every | words("seasons")


def mark_clauses(text: Text, hits: Iterable[Hit[str]]) -> None:
    """Record each match of the grammar in the clause where it begins."""
    for hit in hits:
        text.clause(hit.start).marks.setdefault(hit.tag, []).append(hit)
