"""Recognize private keys in text formats that name them: PEM and the like, JWK, XML, output of tools.

A name alone is not a key, since people write about keys. Something that looks like a key must be where the
name says it is; or the name is all there is, as in the first of several messages.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable
from typing import Final

_NOISE: Final = r"[\s>|*`~_+\"',;:#\\]"
_LABELS: Final = frozenset(
    {"ANY", "DSA", "EC", "ECDSA", "ED25519", "ED448", "ENCRYPTED", "OPENSSH", "OPENSSL", "PGP", "RSA", "SSH2"}
    | {"X25519", "X448"}
)
_MOST_LABELS: Final = 2
_NEAR: Final = 48  # characters between BEGIN and KEY
_LOOKED_AT: Final = 600  # characters before and after a name
_TOLD_BY: Final = 72  # characters that are enough to tell a key from prose

_NAME: Final = re.compile(
    rf"PRIVATE{_NOISE}{{0,8}}+KEY(?:{_NOISE}{{1,4}}+BLOCK)?+(?![A-Za-z])(?P<after>[\s\-]*+)", re.IGNORECASE
)
_EDGE: Final = re.compile(r"(?<![A-Za-z0-9])(BEGIN|END)(?![A-Za-z0-9])", re.IGNORECASE)
_HEADERS: Final = re.compile(
    r"(?:\s*+(?:Proc-Type:\s*4,\s*ENCRYPTED|DEK-Info:\s*[\w-]+,\s*[0-9A-Fa-f]+"
    r"|(?:Version|Comment|Charset|Hash|MessageID|Subject|X-[\w-]+):[^\n]{0,300}\n))+",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"-{2,}\s*(?:BEGIN|END)\b|\b(?:BEGIN|END) [A-Z0-9 ]{2,30}-{2}", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=]+")
_NO_WORDS: Final = re.compile(r"(?![a-z]+$|[A-Z][a-z]+$)[A-Za-z0-9+/=]*")
_WORD: Final = re.compile(r"[A-Z]?[a-z=]+|[A-Z=]+")
_FEWEST_ODD: Final = 40
_SHORT_TOKENS: Final = 2.7  # characters, on average: hex in pairs, or letter by letter
_MIXED: Final = re.compile(r"[a-z][A-Z]|[A-Z][a-z]{1,8}[A-Z]")
_OCTAL_RUN: Final = re.compile(r"(?:\\[0-3][0-7]{2}|[ \t\n]{1,9}+[0-3][0-7]{2}\b){16,}+")
_HEX_RUN: Final = re.compile(r"(?:[0-9a-f]{2}[\s:>|,-]{0,24}+){16,}|(?:[0-9A-F]{2}[\s:>|,-]{0,24}+){16,}")


def is_encoded(token: str) -> bool:
    """Return whether a run of letters and digits looks like base64 rather than a word."""
    digit = any(map(str.isdigit, token))
    if len(token) >= 8 and digit and not (token.isupper() or token.islower()):  # noqa: PLR2004
        return any(map(str.isupper, token)) and any(map(str.islower, token))
    return len(token) >= 16 and len(_MIXED.findall(token)) > 2  # noqa: PLR2004


def encoded_share(text: str) -> tuple[int, float]:
    """Return how many characters of a text look like base64 or hex, and their share of it, 0 to 1."""
    hexed = sum(len(found[0]) for found in _HEX_RUN.finditer(text))
    tokens = _TOKEN.findall(_HEX_RUN.sub(" ", text))
    encoded = hexed + sum(len(token) for token in tokens if is_encoded(token))
    return encoded, encoded / max(1, hexed + sum(map(len, tokens)))


def has_encoded_data(text: str) -> bool:
    """Return whether a text has enough encoded characters for a key, and not only words and numbers.

    Prose may quote how a key begins, but that is too short to contain a secret. Groups of hex may happen to
    be all decimal digits, so a run of them always counts.
    """
    if _HEX_RUN.search(text) is not None or _OCTAL_RUN.search(text) is not None:
        return True
    tokens = _TOKEN.findall(text)
    odd = sum(len(token) for token in tokens if not (token.isdigit() or _WORD.fullmatch(token)))
    return odd >= _FEWEST_ODD or sum(map(len, tokens)) < _SHORT_TOKENS * len(tokens)


def _is_material(text: str) -> bool:
    length, share = encoded_share(text)
    return length >= 12 and share > 0.5  # noqa: PLR2004


def _without_headers(rest: str) -> str:
    headers = _HEADERS.match(rest)
    return rest[headers.end() :] if headers is not None else rest


def _follows(rest: str) -> bool:
    """Return whether a key begins in the text after a name."""
    rest = _without_headers(rest).lstrip(" \t\r\n>|*`~_+\"',;:#\\-=")
    if mark := _MARK.search(rest):
        rest = rest[: mark.start()]
    return _is_material(rest[:_TOLD_BY])


def _precedes(before: str) -> bool:
    """Return whether a key ends in the text before a name."""
    before = before[-_LOOKED_AT:].rstrip(" \t\r\n>|*`~_+\"',;:#\\-")
    return _is_material(before[before.rfind("--") + 1 :][-_TOLD_BY:])


def _bare(text: str) -> str:
    return text.strip(" \t\r\n>|*`~_+\"',;:#\\-=")


def has_pem(text: str) -> bool:
    """Return whether a text has a private key in PEM, RFC 4716 or OpenPGP armor, or either end of one."""
    return any(_is_named(text, name) for name in _NAME.finditer(text))


def _is_named(text: str, name: re.Match[str]) -> bool:
    start = max(0, name.start() - _NEAR)
    edges = [*_EDGE.finditer(text, start, name.start())]
    if not edges:
        return False
    edge = edges[-1]
    dashed = text[max(0, edge.start() - 4) : edge.start()].rstrip().endswith("--") or "--" in name["after"]
    if not _is_label(text[edge.start() : name.end()], text[edge.end() : name.start()], dashed=dashed):
        return False
    before = text[max(0, edge.start() - _LOOKED_AT) : edge.start()]
    rest = text[name.end() : name.end() + _LOOKED_AT]
    if edge[1].upper() == "END":
        return _precedes(before) or not (_bare(before) or _bare(rest))
    alone = not _bare(before.rpartition("\n")[2]) and _NO_WORDS.fullmatch(_bare(_without_headers(rest)))
    return bool(alone) or _follows(rest)


def _is_label(whole: str, label: str, *, dashed: bool) -> bool:
    words = re.findall(r"[A-Za-z0-9]+", label)
    if whole.isupper():
        return len(words) <= _MOST_LABELS or {*words} <= _LABELS
    return dashed and {word.upper() for word in words} <= _LABELS


# --- key headers other than BEGIN

_HEADS: Final = re.compile(
    r"Private-Lines:\s*\d++|PuTTY-User-Key-File-\d:\s*(?:ssh|ecdsa)-[\w@.-]++(?:\s+Encryption:\s*(?P<sure>\S+))?+"
    r"|Proc-Type:\s*4,\s*ENCRYPTED|DEK-Info:\s*[A-Z0-9-]{3,20}+,\s*[0-9A-F]{4,32}+",
    re.IGNORECASE,
)


def has_head(text: str) -> bool:
    """Return whether a text has the header of a PuTTY or RFC 1421 key, with a key or nothing else."""
    for head in _HEADS.finditer(text):
        rest = text[head.end() : head.end() + _LOOKED_AT]
        before = text[max(0, head.start() - _LOOKED_AT) : head.start()].rpartition("\n")[2]
        if head["sure"] or _follows(rest) or not (_bare(before) or _bare(rest)):
            return True
    return False


# --- JSON and XML

_VALUE = r"[A-Za-z0-9+/_-]"
_JSON: Final = re.compile(
    rf"""(?<![\w+/=-])["']?(d|p|q|dp|dq|qi|k|priv)["']?\s{{0,9}}[:=][ \t]{{0,9}}["']?({_VALUE}{{20,}}+)"""
)
_JWK: Final = re.compile(r"""\b(?:kty|crv|key_ops)["']?\s{0,9}[:=]""")
_OCT: Final = re.compile(r"""\bkty["']?\s{0,9}[:=]\s{0,9}["']?oct\b""")
_NEAR_OBJECT: Final = 8_000
_LONG: Final = 40


def has_jwk(text: str) -> bool:
    """Return whether a text has a private JWK (RFC 7517), or private members of one."""
    whole, secret = _places(_JWK, text), _places(_OCT, text)
    named: set[str] = set()
    for member in _JSON.finditer(text):
        name = member[1]
        if _is_near(secret if name == "k" else whole, member.start()):
            return True
        if len(member[2]) >= _LONG:
            named.add(name)
    return len(named & {"d", "p", "q"}) > 1 or bool(named & {"dp", "dq", "qi"})


def _places(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in pattern.finditer(text)]


def _is_near(places: list[int], at: int) -> bool:
    """Return whether any of the places, which are sorted, is near an index."""
    after = bisect(places, at)
    return any(abs(place - at) < _NEAR_OBJECT for place in places[max(0, after - 1) : after + 1])


_XML: Final = re.compile(r"<(?:\w{1,20}:)?(D|P|Q|DP|DQ|InverseQ|X)>\s{0,9}[A-Za-z0-9+/]{20}")
_RSA_XML: Final = re.compile(r"RSAKeyValue|RSAParameters|<(?:\w{1,20}:)?Modulus>")


def has_xml(text: str) -> bool:
    """Return whether a text has a private key in the XML of .NET."""
    names = {found[1] for found in _XML.finditer(text)}
    if names & {"DP", "DQ", "InverseQ"}:
        return True
    return bool(names & {"D", "P", "Q"} and _RSA_XML.search(text)) or ("X" in names and "DSAKeyValue" in text)


# --- output of tools

_PAIRS = r"[\s>|]{0,40}+(?:[0-9a-f]{2}[\s:>|]{1,40}+){8}"
_PRINTED: Final = re.compile(
    rf"\b(?:private[ _-]?exponent|prime ?[12]|exp(?:onent)?[ _-]?[12]|coefficient|priv)[ \t]?:{_PAIRS}",
    re.IGNORECASE,
)
_ASN1: Final = re.compile(r"INTEGER\s{1,20}:[0-9A-F]{56}", re.IGNORECASE)
_ASN1_OTHER: Final = re.compile(
    r"INTEGER\s{1,20}:0[01]\s*\n[^\n]{0,80}"
    r"(?:SEQUENCE\s*\n(?:[^\n]{0,80}d=2[^\n]{0,80}\n{1,2}){1,3}[^\n]{0,80})?"
    r"OCTET STRING\s{1,9}\[HEX DUMP\]:[0-9A-F]{32}",
    re.IGNORECASE,
)
_FEWEST_INTEGERS: Final = 4
_EXPRESSION: Final = re.compile(
    r"\([\s>|]{0,9}(?:\d\d:)?(?:protected-)?private-key[\s>|]{0,40}\(", re.IGNORECASE
)
_OWN_MARK: Final = re.compile(
    r"AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{40}"
    r"|\bRWRTY0Iy[A-Za-z0-9+/]{60}|\bRWRCS[w-z0-9+/][A-Za-z0-9+/]{80}",
    re.IGNORECASE,
)
_HASHED: Final = re.compile(r"hash|sha-?\d|md5|digest|fingerprint|modulus|checksum|thumbprint", re.IGNORECASE)
_CALLED: Final = re.compile(
    r"""\bprivate[ _-]?(?:key|exponent)["']?\s{0,9}[:=]\s{0,9}["']?"""
    r"(?:(?:0x)?[0-9a-f]{64}(?![0-9a-z])|[A-Za-z0-9+/_-]{40}|(?:[0-9a-f]{2}[\s:>|]{1,40}+){16})",
    re.IGNORECASE,
)


def has_printed(text: str) -> bool:
    """Return whether a text has a private key as openssl, gpg and the like print it."""
    if any(pattern.search(text) for pattern in (_PRINTED, _EXPRESSION, _ASN1_OTHER)):
        return True
    return sum(1 for _ in _ASN1.finditer(text)) >= _FEWEST_INTEGERS


def has_prefixed(text: str) -> bool:
    """Return whether a text has a key with a prefix of its own: age, minisign, signify."""
    return _OWN_MARK.search(text) is not None


def has_labeled(text: str) -> bool:
    """Return whether a value labeled as a private key looks like one, as in WireGuard and DNSSEC files."""
    return any(
        not _HASHED.search(text, max(0, found.start() - 40), found.start()) and _looks_random(found[0])
        for found in _CALLED.finditer(text)
    )


def _looks_random(called: str) -> bool:
    value = re.split(r"[:=]", called, maxsplit=1)[1]
    return _is_material(value) or any(map(str.isdigit, value))


Recognizer = Callable[[str], bool]

# form, words of which it always contains at least one (in lower case), and its test
FORMS: Final[tuple[tuple[str, tuple[str, ...], Recognizer], ...]] = (
    ("pem", ("private",), has_pem),
    ("head", ("private-lines", "putty-user", "proc-type", "dek-info"), has_head),
    ("jwk", (":", "="), has_jwk),
    ("xml", ("</", "<d", "<p", "<q", "<i"), has_xml),
    ("printed", ("prime", "exponent", "coefficient", "priv", "integer"), has_printed),
    ("prefixed", ("age-secret-key", "rwrty0iy", "rwrcs"), has_prefixed),
    ("labeled", ("private",), has_labeled),
)


def key_form_in_text(text: str) -> str | None:
    """Return the form of a private key that a text names, or None if there is none."""
    lower = text.lower()
    for form, words, recognizer in FORMS:
        if any(word in lower for word in words) and recognizer(text):
            return form
    return None
