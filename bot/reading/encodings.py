"""Decode what text may be wrapped in: escapes, HTML entities, look-alike characters, base64, hex, gzip.

Every function takes any text and returns something; the caller decides whether it makes sense.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

LARGEST_UNPACKED: Final = 64 * 1024
ROUNDS: Final = 3  # of escapes within escapes

# An HTML tag, as it may stand between the lines of a certificate.
TAG: Final = r"</?(?:p|br|b|wbr|td|tr|th|table|tbody|div|span|font|li|ul|ol|pre|code)\b[^<>]{0,80}>"

# Invisible characters: soft hyphens, joiners, direction marks, variation selectors, tags.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
_WIDE: Final = re.compile("[\uff01-\uff5e]")
_WIDE_BY: Final = 0xFEE0
_SPACES: Final = re.compile("[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_QUOTES: Final = re.compile("[\u00ab\u00bb\u2018-\u201f]")
_SHORT_DASHES: Final = re.compile("[\u2010\u2011\u2043\ufe63]")
_LONG_DASHES: Final = re.compile(
    "[\u2012-\u2015\u2212\u2500\u2501\u2e3a\u2e3b\ufe58\ufe31]"
)  # as wide as two hyphens

_ESCAPE: Final = re.compile(r"""(?<!\\)\\++(?:u00([0-9a-fA-F]{2})|([nrt])|(["'/`\\]))""")
_PERCENT: Final = re.compile("%[0-9a-fA-F]{2}")
_SOFT_BREAK: Final = re.compile(r"=(?:3D|2B|2F|2D|\r?\n(?![-\s]))")
_DUMPED: Final = re.compile(
    r"^[ \t>|]{0,9}+[0-9a-fA-F]{4,16}+:?[ \t]{1,3}+((?:[0-9a-fA-F]{2,8}+[ \t-]{1,3}+){2,16}+)", re.MULTILINE
)
# The default output of od and hexdump: two-byte words in little-endian order, and octal numbers.
_WORDS: Final = re.compile(r"^[0-9a-fA-F]{6,8}+((?:[ \t]{1,9}+[0-9a-fA-F]{4}+){1,8}+)[ \t]*+$", re.MULTILINE)
_OCTAL: Final = re.compile(r"^[0-7]{6,8}+((?:[ \t]{1,9}+[0-7]{3}+){1,16}+)[ \t]*+$", re.MULTILINE)
_ESCAPED: Final = re.compile(r"(?:\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2}|\\[0abfnrtv'\"\\]|[ -~]){24,}+")
_ESCAPED_BYTE: Final = re.compile(r"\\x([0-9a-fA-F]{2})|\\([0-3][0-7]{2})|\\(.)|(.)")
_BY_LETTER: Final = dict(zip("0abfnrtv", b"\0\a\b\f\n\r\t\v", strict=True))
_BASE32: Final = re.compile(r"[A-Z2-7](?:[A-Z2-7\s]{64,}+)")
_NUMBERS: Final = re.compile(r"(?<!\d)(?:-?\d{1,3}[,;\s]{1,9}+){24,}+")

_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_HEX: Final = b"0123456789abcdefABCDEF"
_EVERY: Final = bytes(range(256))
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_NOT_BASE64: Final = _EVERY.translate(None, _BASE64 + b"-_")
_NOT_HEX: Final = _EVERY.translate(None, _HEX)


_LONG: Final = 24  # characters
_TEXT: Final = re.compile(rb"[\t\n\r -~]{24,}+")
_WIDE_TEXT: Final = re.compile(rb"(?:[\t\n\r -~]\x00){24,}+")
_PRINTABLE: Final = bytes(120 if byte in b"\t\n\r" or 32 <= byte < 127 else 0 for byte in range(256))  # noqa: PLR2004


def plain(text: str) -> str:
    """Return a text with escapes decoded and look-alike characters replaced by ASCII ones."""
    for _ in range(ROUNDS):
        before = text
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
        if _PERCENT.search(text):
            text = unquote(text, errors="replace")
        if text == before:
            break
    return text if text.isascii() else _ascii(text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return "\n" if found[2] else found[3]


def _ascii(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    text = _WIDE.sub(lambda wide: chr(ord(wide[0]) - _WIDE_BY), text)
    text = _LONG_DASHES.sub("--", _SHORT_DASHES.sub("-", text))
    return _QUOTES.sub('"', _SPACES.sub(" ", text))


def unquoted(text: str) -> str | None:
    """Return quoted-printable text decoded, or None if it is not quoted-printable."""
    if _SOFT_BREAK.search(text) is None:
        return None
    return quopri.decodestring(text.encode("ascii", "ignore")).decode("ascii", "ignore")


def bytes_in(text: str) -> Iterator[bytes]:
    """Yield a text decoded as base64, as hex, as numbers and more, whatever other text is around it.

    Characters that the encoding does not use are skipped, so line ends, marks and labels do no harm. The
    position of the first digit is unknown, so each alignment is tried.
    """
    raw = text.encode("ascii", "ignore")
    digits = raw.translate(_URL_SAFE, _NOT_BASE64)
    for first in range(4):
        here = digits[first : len(digits) - ((len(digits) - first) % 4 == 1)]  # without a lone last digit
        yield binascii.a2b_base64(here + b"=" * (-len(here) % 4))
    yield from _hex(raw.replace(b"0x", b""))
    if _DUMPED.search(text):
        yield from _hex("".join(found[1] for found in _DUMPED.finditer(text)).encode())
    for numbers in _NUMBERS.finditer(text):
        yield bytes(int(number) & 0xFF for number in re.findall(r"-?\d+", numbers[0]))
    yield from _rarer(text)


def _rarer(text: str) -> Iterator[bytes]:
    """Yield a text decoded as a dump of words or octal numbers, as escapes, and as base32."""
    if words := "".join(found[1] for found in _WORDS.finditer(text)).split():
        yield bytes.fromhex("".join(word[2:] + word[:2] for word in words))
    if octal := "".join(found[1] for found in _OCTAL.finditer(text)).split():
        yield bytes(int(number, 8) & 0xFF for number in octal)
    if "\\x" in text or "\\0" in text:
        yield from (_of_escapes(found[0]) for found in _ESCAPED.finditer(text))
    for found in _BASE32.finditer(text):
        digits = "".join(found[0].split())
        yield base64.b32decode(digits[: len(digits) // 8 * 8])


def _of_escapes(text: str) -> bytes:
    """Decode text with escapes as C and Python write them."""
    return bytes(
        int(by_hex, 16) if by_hex else int(octal, 8) if octal else _BY_LETTER.get(one, ord(one or plain))
        for by_hex, octal, one, plain in _ESCAPED_BYTE.findall(text)
    )


def _hex(raw: bytes) -> Iterator[bytes]:
    digits = raw.translate(None, _NOT_HEX)
    for first in range(2):
        yield binascii.unhexlify(digits[first : first + (len(digits) - first) // 2 * 2])


def texts_in(data: bytes) -> Iterator[str]:
    """Yield the long runs of ASCII or UTF-16 text in binary data."""
    if data.translate(_PRINTABLE).find(b"x" * _LONG) >= 0:  # quicker than a pattern
        yield from (found[0].decode("ascii") for found in _TEXT.finditer(data))
    if any(half.find(bytes(_LONG)) >= 0 for half in (data[::2], data[1::2])):
        yield from (found[0].decode("utf-16-le") for found in _WIDE_TEXT.finditer(data))


def unpacked(data: bytes, at: int) -> bytes:
    """Decompress gzip data from an index on, up to `LARGEST_UNPACKED` bytes, or as far as it goes."""
    machine, kept = zlib.decompressobj(zlib.MAX_WBITS | 16), b""
    try:
        kept = machine.decompress(data[at:], LARGEST_UNPACKED)
    except zlib.error:
        return b""
    return kept
