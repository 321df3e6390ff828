"""Split a short message into words, marks and emoji, in which set phrases can be found.

For what people say in passing (*thanks*, *an agent, please*); `bot.reading.sentences` reads sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from bot.reading.tokens import Kind, Token, folded

NAMED: Final = "@"  # a person, a group or everybody, as Slack marks them
SMILE: Final = ":slightly_smiling_face:"
FROWN: Final = ":slightly_frowning_face:"

_QUOTED: Final = re.compile(r"^[^\S\n]*(?:&gt;|>).*$", re.MULTILINE)
_MENTION: Final = re.compile(r"<(?:@|!subteam\^|!here|!channel|!everyone)[^<>\n]{0,200}>")
_SKIN: Final = re.compile("(?::skin-tone-[1-6]:|[\U0001f3fb-\U0001f3ff\ufe0f\u200d\u2640\u2642])")
_ENTITY: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_FACES: Final = (
    (re.compile(r"(?<![\w:])(?:[:;=8]'?-?[)DPp3\]*]+|<3+|\^_?\^|[xX]D|\(:)(?!\w)"), f" {SMILE} "),
    (re.compile(r"(?<![\w:])(?:>?[:;=]'?-?[(/\\|\[]+|\):)(?!\w)"), f" {FROWN} "),
    (re.compile(r"(?<!\S)\+1(?!\S)"), " :+1: "),
    (re.compile(r"(?<!\S)100 ?%"), " :100: "),
)
_EMOJI: Final = r":(?:[a-z0-9+'][a-z0-9_+'-]{0,60}|-1):"
_ALONE: Final = re.compile(rf"(?<!\S){_EMOJI}(?!\S)")
_PIECES: Final = re.compile(
    rf"""
    (?P<emoji>{_EMOJI})
  | (?P<named>@(?:[\w.-]{{1,80}})?)
  | (?P<word>[^\W\d_]+(?:['\u2019\u00b4`][^\W\d_]+)*)
  | (?P<number>\d+)
  | (?P<end>\n)
  | (?P<mark>[^\w\s])
    """,
    re.VERBOSE,
)
_APOSTROPHES: Final = str.maketrans("", "", "'\u2019\u00b4`")
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")
_DOUBLED: Final = re.compile(r"(.)\1+")


def own_words(text: str) -> str:
    """Return a message without quotations and Slack's markup; people become `@`, faces emoji."""
    plain = _MENTION.sub(f" {NAMED} ", _QUOTED.sub("", text))
    for entity, mark in _ENTITY.items():
        plain = plain.replace(entity, mark)
    plain = _SKIN.sub("", plain)
    for face, emoji in _FACES:
        plain = face.sub(emoji, plain)
    return plain.strip()


def without_emoji(text: str) -> str:
    """Return a text without the emoji that stand by themselves in it, unless it is nothing else."""
    plain = _ALONE.sub(" ", _SKIN.sub("", text))
    words = "".join(" " if unicodedata.category(character) == "So" else character for character in plain)
    return words if words.strip() else text


def pieces(plain: str, known: Collection[str] = ()) -> list[Token]:
    """Return the words, emoji and marks of a text from `own_words`, in order.

    Apostrophes in words are dropped. A drawn-out word (thaaanks) becomes the word of `known` that is meant.
    """
    found = []
    for piece in _PIECES.finditer(plain):
        start, end = piece.span()
        match piece.lastgroup:
            case "word":
                found.append(Token(_word(piece[0], known), start, end, Kind.WORD))
            case "emoji":
                found.append(Token(emoji_named(piece[0][1:-1]), start, end, Kind.WORD))
            case "number":
                found.append(Token(piece[0], start, end, Kind.WORD))
            case "named":
                found.append(Token(NAMED, start, end, Kind.WORD))
            case "end":
                found.append(Token("\n", start, end, Kind.LINE_END))
            case _:
                drawn = unicodedata.category(piece[0]) == "So"
                found.append(Token(piece[0], start, end, Kind.WORD if drawn else Kind.MARK))
    return found


def emoji_named(name: str) -> str:
    """Return an emoji, given by its short name or as a character, in the form that `pieces` returns."""
    return f":{name.replace('-', '_')}:" if name.isascii() else _SKIN.sub("", name)


def is_emoji(token: Token) -> bool:
    """Return whether a piece is an emoji."""
    return token.kind is Kind.WORD and (token.norm[:1] == ":" or unicodedata.category(token.norm[0]) == "So")


def _word(typed: str, known: Collection[str]) -> str:
    norm = folded(typed.translate(_APOSTROPHES))
    if norm in known or not _DRAWN_OUT.search(norm):
        return norm
    shorter = (_DRAWN_OUT.sub(r"\1\1", norm), _DRAWN_OUT.sub(r"\1", norm), _DOUBLED.sub(r"\1", norm))
    return next((each for each in shorter if each in known), norm)
