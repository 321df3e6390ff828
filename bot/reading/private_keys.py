"""Recognize private keys in any form, so that nothing containing one is stored, logged or passed on.

A text is read as it is (`key_texts`) and decoded: base64, hex, gzip, also nested. Binary data is recognized
by its structure (`key_bytes`), so a key is found without its first line, and certificates, requests and
public keys are not taken for one. Neither is prose about keys.
"""

from __future__ import annotations

import re
from typing import Final

from bot.reading.der import SEQUENCE, value_at
from bot.reading.encodings import bytes_in, plain, texts_in, unpacked, unquoted
from bot.reading.key_bytes import key_form_in_bytes
from bot.reading.key_texts import encoded_share, has_encoded_data, key_form_in_text

DEEPEST: Final = 3  # base64 of gzip of base64
WINDOW: Final = 64 * 1024  # characters or bytes that are searched together
OVERLAP: Final = 16 * 1024  # of one window with the next: more than the beginning of a key takes

_PGP_LINE: Final = re.compile(r"^[\s>|`]{0,9}((?:l[AQg]|n[AQg]|x[A-Zc])[A-Za-z0-9+/]{38})", re.MULTILINE)
_CONTROLS: Final = bytes(byte for byte in range(1, 32) if byte not in b"\t\n\f\r\x1b")
_GZIP: Final = b"\x1f\x8b\x08"


def holds_private_key(content: str | bytes) -> bool:
    """Return whether a text or file contains a private key, or a piece that is recognizable by itself."""
    return form_of(content) is not None


def form_of(content: str | bytes) -> str | None:
    """Return the form of a private key in a text or file, or None if there is none."""
    if len(content) <= WINDOW:
        return _form_in(content, DEEPEST)
    windows = (content[at : at + WINDOW] for at in range(0, len(content), WINDOW - OVERLAP))
    return next((form for window in windows if (form := _form_in(window, DEEPEST))), None)


class KeyScanner:
    """Looks for a private key in a stream of bytes, in bounded memory."""

    def __init__(self) -> None:
        self._kept = b""
        self.found: str | None = None

    def feed(self, chunk: bytes) -> bool:
        """Search the next bytes, and return whether a key has been found so far."""
        self._kept += chunk
        while self.found is None and len(self._kept) >= WINDOW:
            self.found = form_of(self._kept[:WINDOW])
            self._kept = self._kept[WINDOW - OVERLAP :]
        if self.found is not None:
            self._kept = b""
        return self.found is not None

    def close(self) -> bool:
        """Search the rest, and return whether a key was found."""
        if self.found is None:
            self.found = form_of(self._kept)
        self._kept = b""
        return self.found is not None


def _form_in(content: str | bytes, depth: int) -> str | None:
    return _form_in_text(content, depth) if isinstance(content, str) else _form_in_bytes(content, depth)


def _form_in_text(text: str, depth: int) -> str | None:
    clear = plain(text)
    for shown in filter(None, (clear, unquoted(clear))):
        if form := key_form_in_text(shown) or _pgp_form(shown) or _form_encoded(shown, depth):
            return form
    # the escapes may be the key's bytes: \x30\x82, %30%82
    return _form_encoded(text, depth) if clear != text else None


def _form_encoded(text: str, depth: int) -> str | None:
    if not has_encoded_data(text):
        return None
    every = {*bytes_in(text)}  # a set, since the alignments of a repeated character are all the same
    found = (key_form_in_bytes(data) or _form_within(data, depth) for data in every)
    return next(filter(None, found), None)


def _form_within(data: bytes, depth: int) -> str | None:
    """Return the form of a key in the texts or gzip data inside binary data, or None."""
    if depth == 0:
        return None
    at = data.find(_GZIP)
    if at >= 0 and (inner := unpacked(data, at)) and (form := _form_in(inner, depth - 1)):
        return form
    return next((form for text in texts_in(data) if (form := _form_in_text(text, depth - 1))), None)


def _form_in_bytes(data: bytes, depth: int) -> str | None:
    if form := key_form_in_bytes(data):
        return form
    if data.startswith(_GZIP):
        return _form_in(unpacked(data, 0), depth - 1) if depth else None
    if _is_binary(data):
        return next((form for text in texts_in(data) if (form := _form_in_text(text, depth))), None)
    return _form_in_text(_decoded(data), depth)


def _is_binary(data: bytes) -> bool:
    """Return whether data is not plain text. NUL does not count, since UTF-16 has it."""
    return len(data) - len(data.translate(None, _CONTROLS)) > len(data) // 50


def _decoded(data: bytes) -> str:
    """Return a file decoded as UTF-16 or UTF-8, without what cannot be decoded."""
    few = len(data) // 8
    if data[1::2].count(0) > few:
        return data.decode("utf-16-le", "ignore")
    if data[::2].count(0) > few:
        return data.decode("utf-16-be", "ignore")
    return data.decode("utf-8", "ignore")


def _pgp_form(text: str) -> str | None:
    lines = (found[1] for found in _PGP_LINE.finditer(text))
    return next((form for line in lines for data in bytes_in(line) if (form := _pgp(data))), None)


def _pgp(data: bytes) -> str | None:
    return form if (form := key_form_in_bytes(data)) == "pgp" else None


# --- a key in pieces

FEWEST_OF_PIECE: Final = 20  # characters
FEWEST_OF_REST: Final = 16  # characters of a last piece
FEWEST_MARKED: Final = 10  # characters of a run that is replaced
SHARE_OF_PIECE: Final = 0.6
_ENDED: Final = re.compile(r"END[A-Z0-9\s]{1,32}PRIVATE\s{1,4}KEY|Private-(?:MAC|Hash):", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"BEGIN[ \n](?!.{0,40}PRIVATE)[A-Z0-9 ]{0,40}(?:CERT|PUBLIC|CRL|PKCS7|CMS|PARAM)|\bssh-\w+ AAAA"
)
# A member of a JWK, a header of PuTTY, a heading of `openssl pkey -text`.
_PART: Final = re.compile(
    r"\b(?:kty|crv)\b.?\s{0,4}[:=]|[\"'](?:d|p|q|dp|dq|qi)[\"']?\s{0,4}:|^\s{0,4}d\s{0,4}:"
    r"|\bPrivate-(?:Lines|MAC|Hash|Key)\b|^\s{0,4}priv:",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST: Final = re.compile(r"[A-Za-z0-9+/]{20}")


def may_be_piece(text: str) -> bool:
    """Return whether a text could be a piece of a key without being recognizable as one.

    It is mostly base64 or hex, or has a keyword of a key format; it is not labeled as something else and does
    not begin as a certificate or request does.
    """
    return _is_mostly_encoded(text, FEWEST_OF_PIECE) or _PART.search(plain(text)) is not None


def is_rest(text: str) -> bool:
    """Return whether a text could continue a piece of a key: the last piece may be short."""
    return _is_mostly_encoded(text, FEWEST_OF_REST)


def _is_mostly_encoded(text: str, fewest: int) -> bool:
    if len(text) < fewest:
        return False
    clear = plain(text)
    length, share = encoded_share(clear)
    return length >= fewest and share >= SHARE_OF_PIECE and not _is_other(clear)


def joined_hold_key(before: list[str], last: str) -> bool:
    """Return whether texts joined together hold a private key, in this order or with the last one first.

    The key may be split between lines or within one.
    """
    orders = ([*before, last], [last, *before]) if before else ()
    return any(holds_private_key(glue.join(texts)) for texts in orders for glue in ("", "\n"))


def without_pieces(text: str, pieces: list[str]) -> str:
    """Return a text with `MARK` in place of everything in it that belongs to these pieces of a key."""
    digits = [_BARE.sub("", piece) for piece in pieces]

    def mark(found: re.Match[str]) -> str:
        bare = _BARE.sub("", found[0])
        return MARK if len(bare) >= FEWEST_MARKED and any(bare in each for each in digits) else found[0]

    return _DIGITS.sub(mark, text)


MARK: Final = "[…]"
_BARE: Final = re.compile(r"[^A-Za-z0-9+/]")
_DIGITS: Final = re.compile(r"[A-Za-z0-9+/=:_-]{10,}")


def _is_other(text: str) -> bool:
    if _OTHER.search(text) is not None:
        return True
    first = _FIRST.search(text)
    data = next(bytes_in(first[0])) if first is not None else b""
    outer = value_at(data, 0)
    inner = value_at(data, outer.start) if outer is not None else None
    return outer is not None and inner is not None and outer.tag == inner.tag == SEQUENCE


def has_ended(text: str) -> bool:
    """Return whether a text with a key, or a piece of one, contains the key's end."""
    return _ENDED.search(plain(text)) is not None
