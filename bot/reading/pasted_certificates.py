"""Find certificates pasted into a message, and separate them from the words around them.

PEM with its chain, base64 without line breaks, requests, PKCS #7, base64 of a PEM; the text that `openssl`
prints around them is ignored. Callers check for private keys first.

What reads a certificate is imported only when there is one to read: `cryptography` takes seven megabytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.reading.der import SEQUENCE, value_at
from bot.reading.encodings import TAG
from bot.reading.inspected_certificates import Inspected, Kind
from policy.vocabulary import Means, Vocabulary

LONGEST: Final = 60_000  # characters that a file may become
MOST_OF_FILE: Final = 4  # certificates of one file; of several, only common facts are read
MOST: Final = 40  # certificates in one message; Slack sends 40,000 characters at most

_DASHES: Final = "[-\u2010-\u2015]{1,8}"
_START: Final = re.compile(
    r"(?:(?<=\\[nr])|(?<![A-Za-z0-9+/_=])(?<![A-Za-z0-9+/_=]-))(?:MI[A-Za-z0-9+/_-]{6}|LS0tLS1C)"
)
_BETWEEN: Final = rf"(?:[\s>]|\\[nr]|&gt;|(?i:{TAG}))"  # between two lines, quoted, escaped or in HTML
_BEGINS: Final = re.compile(rf"{_DASHES}[ ]?BEGIN [A-Z0-9 #]{{1,40}}{_DASHES}{_BETWEEN}{{0,9}}\Z")
_ENDS: Final = re.compile(rf"(?:=|{_BETWEEN}){{0,9}}{_DASHES}[ ]?END [A-Z0-9 #]{{1,40}}{_DASHES}|={{1,2}}")
_TOKEN: Final = re.compile(rf"{_BETWEEN}{{0,9}}([A-Za-z0-9+/_-]+)")
_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]+")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_HEAD: Final = 12  # digits, enough for tag and length
_SHORTEST: Final = 160  # digits of a certificate, a request or a key
_SHORTEST_LINE: Final = 40  # digits; a shorter line before the end must not look like a word
_LAST_LINE: Final = re.compile(r"[a-z][A-Z].*[a-z][A-Z]|[0-9+/].*[A-Za-z]|[A-Za-z].*[0-9+/]")
_MAY_HOLD_ONE: Final = re.compile("MI[A-Za-z0-9+/_-]{6}|LS0tLS1C")
_WIDTH: Final = 64
_PRINTED: Final = re.compile(
    r"^Certificate(?: Request)?:[ \t]*\n(?=[ \t]+Data:)[\s\S]*?(?=\n[-\u2010-\u2015]+ ?BEGIN|\Z)"
    r"|^(?:subject|issuer)[ \t]*=.*$|^Certificate chain$|^Server certificate$|^Bag Attributes.*$"
    r"|^[ \t]+(?:localKeyID|friendlyName):.*$|^[ \t]{0,4}(?:\d{1,3} )?[siav]:.*$",
    re.MULTILINE,
)


class Note(StrEnum):
    """What to say about a certificate besides its facts; worded in `templates/words/certificate_notes.md`."""

    EXPIRED = "expired"
    AUTHORITY = "authority"
    SELF_SIGNED = "self_signed"
    OTHER_USE = "other_use"
    NOT_YET = "not_yet"
    REQUEST = "request"
    SEVERAL = "several"
    LOCKED = "locked"
    MAKER_OPEN = "maker_open"
    PUBLIC_KEY = "public_key"
    DAMAGED = "damaged"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted certificate says, and the text `beside` it, with blanks in its place."""

    told: Inspected
    beside: str

    @property
    def has_words(self) -> bool:
        """Return whether there are words beside the certificate."""
        return re.search(r"\w", self.beside) is not None


def pasted_in(text: str, vocabulary: Vocabulary, today: date) -> Pasted | None:
    """Return the certificates in a text as one, or None if there are none."""
    spans = _spans_in(text)
    if not spans:
        return None
    from bot.reading.certificates import told_by  # noqa: PLC0415  see above

    content = "\n".join(text[start:end] for start, end in spans).encode("utf-8", "replace")
    return Pasted(told_by(content, vocabulary, today), without_certificates(text))


def holds_certificate(text: str) -> bool:
    """Return whether a text contains a certificate, or part of one."""
    return bool(_spans_in(text))


def without_certificates(text: str) -> str:
    """Return a text with blanks in place of certificates, so that all other words keep their offsets."""
    spans = _spans_in(text)
    if not spans:
        return text
    kept = list(text)
    for start, end in (*spans, *(found.span() for found in _PRINTED.finditer(text))):
        kept[start:end] = ["\n" if each == "\n" else " " for each in kept[start:end]]
    return "".join(kept)


def shortened(text: str) -> str:
    """Return a text with only the leaf in place of a chain: certificates that nobody ordered are not kept."""
    from bot.reading.certificates import leaves_of  # noqa: PLC0415  see above

    spans = _spans_in(text)
    leaves = leaves_of("\n".join(text[start:end] for start, end in spans).encode("utf-8", "replace"))
    if not leaves:
        return text
    first, _ = spans[0]
    blank = without_certificates(text)
    pem = "\n".join(map(_pem, leaves))
    return re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "\n", f"{blank[:first]}\n{pem}\n{blank[first:]}").strip()


def as_text(content: bytes) -> str | None:
    """Return a file's certificates as PEM: the leaves, else one of an authority, else the requests.

    None if there are none, or the text would be longer than `LONGEST`.
    """
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  see above

    from bot.reading.certificate_extraction import Contents  # noqa: PLC0415
    from bot.reading.certificates import leaves_of  # noqa: PLC0415

    found = Contents(content)
    ders = leaves_of(content) or [each.public_bytes(Encoding.DER) for each in found.certificates[:1]]
    pems = [*map(_pem, ders[:MOST_OF_FILE])]
    if not pems:
        pems = [each.public_bytes(Encoding.PEM).decode("ascii") for each in found.requests[:MOST_OF_FILE]]
    text = "\n".join(pems)
    return text if 0 < len(text) <= LONGEST else None


def notes_of(told: Inspected, vocabulary: Vocabulary) -> tuple[Note, ...]:
    """Return what to say about a certificate besides its facts."""
    maker = vocabulary.meaning(Means.MAKER)
    match told.kind:
        case Kind.NONE | Kind.PRIVATE_KEY:
            return (Note.DAMAGED,)
        case Kind.PUBLIC_KEY:
            return (Note.PUBLIC_KEY,)
        case Kind.CSR:
            return (Note.REQUEST,)
        case Kind.PKCS12 if told.is_locked:
            return (Note.LOCKED,)
        case _ if told.is_authority:
            return (Note.AUTHORITY,)
        case _ if told.self_signed:
            return (Note.SELF_SIGNED,)
        case _ if told.is_for_no_host:
            return (Note.OTHER_USE,)
        case _:
            pass
    several = told.kind is Kind.BUNDLE
    said = (
        (Note.SEVERAL, several),
        (Note.EXPIRED, told.expired),
        (Note.NOT_YET, told.begins_later),
        (Note.MAKER_OPEN, not several and maker is not None and maker.id not in told.facts),
    )
    return tuple(note for note, holds in said if holds)


@lru_cache(maxsize=64)
def _spans_in(text: str) -> tuple[tuple[int, int], ...]:
    if _MAY_HOLD_ONE.search(text) is None:
        return ()
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at, found = 0, 0
    while found < MOST and (start := _START.search(text, at)) is not None:
        first = start.start()
        end = _end_of(text, first)
        if end is None:
            at = start.end()
            continue
        found, at = found + 1, end
        before = _BEGINS.search(text, max(0, first - 80), first)
        after = _ENDS.match(text, end)
        yield (before.start() if before else first, after.end() if after else end)


def _end_of(text: str, first: int) -> int | None:
    """Return where the base64 that begins at an index ends, by the length in its first bytes.

    If it is cut off, that is where it is cut off. None if it is not DER.
    """
    wanted = _digits_wanted(text[first : first + _HEAD])
    if wanted is None:
        return None
    at, digits = first, 0
    while digits < wanted and (token := _TOKEN.match(text, at)) is not None:
        length = len(token[1])
        is_last = length >= wanted - digits
        if not is_last and length < _SHORTEST_LINE and not _LAST_LINE.search(token[1]):
            break
        at = token.start(1) + min(length, wanted - digits)
        digits += min(length, wanted - digits)
    return at if digits >= min(wanted, _SHORTEST) else None


def _digits_wanted(head: str) -> int | None:
    if head.startswith("LS0tLS1C"):
        return len(head) << 20  # a PEM in base64: up to its end, wherever that is
    digits = _NO_BASE64.sub("", head.translate(_URL_SAFE))
    digits = digits[: len(digits) // 4 * 4]
    try:
        value = value_at(binascii.a2b_base64(digits), 0)
    except binascii.Error:
        return None
    if value is None or value.tag != SEQUENCE:
        return None
    wanted = -(-value.end * 4 // 3)
    return wanted if wanted >= _SHORTEST else None


def _pem(der: bytes) -> str:
    digits = base64.b64encode(der).decode("ascii")
    lines: Sequence[str] = [digits[at : at + _WIDTH] for at in range(0, len(digits), _WIDTH)]
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"))
