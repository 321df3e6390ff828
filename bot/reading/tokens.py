"""Split a text into tokens: words, numbers, numeric dates, hosts, email addresses and marks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final

LONGEST_WORD: Final = 60
MOST_TOKENS: Final = 10_000


class Kind(Enum):
    """What a token is, by its form."""

    WORD = auto()
    NUMBER = auto()
    DAY = auto()
    HOST = auto()
    EMAIL = auto()
    MARK = auto()
    LINE_END = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text, from offset `start` up to, not including, `end`.

    `norm` is its text folded for comparison: lower case, without accents. `spaced`: a space or line end
    precedes it.
    """

    norm: str
    start: int
    end: int
    kind: Kind
    spaced: bool = True


_PIECES: Final = re.compile(
    r"""
    (?P<blank>[^\S\n]+)
  | (?P<end>\n)
  | (?P<blob>[A-Za-z0-9+/=]{80,})
  | (?P<email>[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-]))
  | (?P<host>(?:https?://|ftp://)(?P<named>[^\s/<>"'()|,;]{1,253})(?:[/?\#][^\s<>"'|]{0,2000})?)
  | (?P<address>\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))
  | (?P<day>
        (?:\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}
          |\d{4}\u5e74\s?\d{1,2}\u6708\s?\d{1,2}\u65e5
          |\d{1,2}(?P<sep>[-/.])\ ?(?:\d{1,2})(?P=sep)\ ?(?:\d{4}|\d{2})
          |\d{1,2}\.\ ?[IVXivx]{1,4}\.\ ?\d{4}
          |\d{1,2}/\d{1,2}(?![\d/])
          |\d{1,2}\.\d{1,2}\.(?!\d)
          |20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])
        )(?!\d)
    )
  | (?P<name>
        (?:\*\.)?[^\W_](?:[\w-]{0,62}\.){1,8}(?:xn--[\w-]{1,59}|[^\W\d_]{2,24})(?![\w-]|\.\w)
        (?:/[^\s<>"'|]{0,300})?
    )
  | (?P<number>\d+(?:[.,]\d+)*)
  | (?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)
  | (?P<mark>[^\w\s]|_)
    """,
    re.VERBOSE,
)
_SPELLED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ELISION: Final = re.compile(r"(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu)'(?=\w\w)")
_CLITIC: Final = re.compile(r"(?<=\w)'(?:s|re|m|ve|d|ll)$")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return a text folded for comparison: lower case, without accents."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    plain = plain.translate(_SPELLED)
    split = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in split if not unicodedata.combining(each))


def tokens(text: str, most: int = MOST_TOKENS) -> list[Token]:
    """Return the tokens of a text, in order, up to a number of them."""
    found: list[Token] = []
    spaced = True
    for piece in _PIECES.finditer(text):
        if len(found) >= most:
            break
        kind, start, end = piece.lastgroup, piece.start(), piece.end()
        if kind == "blank":
            spaced = True
            continue
        match kind:
            case "end":
                found.append(Token("\n", start, end, Kind.LINE_END))
            case "word":
                found += _words(text[start:end], start, spaced=spaced)
            case "host" | "named" | "name":
                found.append(_host(piece, spaced=spaced))
            case "email":
                found.append(Token(text[start:end].casefold(), start, end, Kind.EMAIL, spaced))
            case "day" | "sep":
                found.append(Token(text[start:end], start, end, Kind.DAY, spaced))
            case "number":
                found.append(Token(text[start:end], start, end, Kind.NUMBER, spaced))
            case "mark":
                found.append(Token(text[start:end], start, end, Kind.MARK, spaced))
            case _:
                found.append(Token("", start, end, Kind.NOTHING, spaced))
        spaced = kind == "end"
    return found


def _host(piece: re.Match[str], *, spaced: bool) -> Token:
    start = piece.start("named") if piece["named"] else piece.start()
    whole = piece["named"] or piece[0]
    name = re.split(r"[/?#:]", whole, maxsplit=1)[0].rpartition("@")[2].rstrip(".")
    start += whole.find(name)
    return Token(name.casefold(), start, start + len(name), Kind.HOST, spaced)


def _words(text: str, start: int, *, spaced: bool) -> list[Token]:
    """Return a word as one token, or two if French or English joins two words by an apostrophe."""
    if len(text) > LONGEST_WORD:
        return [Token("", start, start + len(text), Kind.NOTHING, spaced)]
    low = text.lower()
    if len(low) != len(text) or "'" not in low:
        return [Token(folded(text), start, start + len(text), Kind.WORD, spaced)]
    cut = _ELISION.match(low)
    found = _CLITIC.search(low) if cut is None else None
    at = cut.end() if cut else found.start() if found else len(text)
    parts = [(0, at), (at, len(text))] if 0 < at < len(text) else [(0, len(text))]
    return [
        Token(folded(text[begin:end]), start + begin, start + end, Kind.WORD, spaced and begin == 0)
        for begin, end in parts
    ]
