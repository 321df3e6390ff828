"""Recognize private keys in binary data: files, and decoded base64 and hex.

Each form has a pattern that is rare by chance and, where that is not enough, a check of the structure around
it. A match may begin anywhere, and the end may be cut off, so a piece of a key is found as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.reading.der import INTEGER, OCTET_STRING, OID, SEQUENCE, sequence_before, value_at
from bot.reading.key_stores import holds_bks_key, holds_jks_key, holds_pgp_key

FEWEST: Final = 24  # bytes from the beginning of a key; fewer contain no secret yet

_PKCS: Final = "2a864886f70d01"
# Prefixes of OIDs: RSA, RSA-PSS, RSA-OAEP, DH, EC, DSA, X9.42, X25519 to Ed448, ML-DSA, ML-KEM
_KEY_OIDS: Final = tuple(
    bytes.fromhex(oid)
    for oid in (
        f"{_PKCS}0101",
        f"{_PKCS}010a",
        f"{_PKCS}0107",
        f"{_PKCS}0301",
        "2a8648ce3d0201",
        "2a8648ce380401",
        "2a8648ce3e0201",
        "2b656e",
        "2b656f",
        "2b6570",
        "2b6571",
        "6086480165030403",
        "6086480165030404",
    )
)
# PKCS #5; only `_PBES` of its algorithms encrypt, the others derive keys or make MACs.
_PKCS5: Final = bytes.fromhex(f"{_PKCS}05")
_PKCS12_PBE: Final = bytes.fromhex(f"{_PKCS}0c01")
_AES: Final = bytes.fromhex("0609608648016503")
_PBES: Final = frozenset(b"\x01\x03\x04\x06\x0a\x0b\x0d")
_DATA: Final = bytes.fromhex(f"0609{_PKCS}07")
_SEALED: Final = (_DATA + b"\x06", _DATA + b"\x03")  # contents that are encrypted
_KEY_BAGS: Final = tuple(bytes.fromhex(f"060b{_PKCS}0c0a010{kind}") for kind in (1, 2))

_SMALLEST_PRIME: Final = 48  # bytes
_LARGEST: Final = 4096  # bytes of any integer of a key
_EC_KEYS: Final = range(20, 81)  # bytes
_OIDS: Final = range(3, 17)  # bytes
_CHECK: Final = 4


def _pkcs1(data: bytes, at: int) -> bool:
    """Return whether a version is followed by a large integer, as in the RSA and DSA key formats."""
    whole, modulus = sequence_before(data, at), value_at(data, at + 3)
    return (
        whole is not None
        and modulus is not None
        and modulus.tag == INTEGER
        and _SMALLEST_PRIME < modulus.length < min(_LARGEST, whole.length)
    )


def _pkcs8(data: bytes, at: int) -> bool:
    """Return whether a version, an algorithm and an octet string follow each other: PKCS #8, not a CRL."""
    whole, algorithm = sequence_before(data, at), value_at(data, at + 3)
    if whole is None or algorithm is None or algorithm.tag != SEQUENCE:
        return False
    oid = value_at(data, algorithm.start)
    if oid is None or oid.tag != OID or oid.length not in _OIDS:
        return False
    if not oid.end <= algorithm.end < whole.end:
        return False
    if algorithm.end < len(data):
        return data[algorithm.end] == OCTET_STRING
    return data.startswith(_KEY_OIDS, oid.start)


def _sec1(data: bytes, at: int) -> bool:
    """Return whether version 1, a key and optionally a curve and public key follow: an EC key."""
    whole, key = sequence_before(data, at), value_at(data, at + 3)
    if whole is None or key is None or key.length not in _EC_KEYS or whole.end < key.end:
        return False
    return key.end >= len(data) or key.end == whole.end or data[key.end] in (0xA0, 0xA1)


def _encrypted(data: bytes, at: int) -> bool:
    """Return whether an encryption algorithm is followed by an octet string: encrypted PKCS #8."""
    oid = value_at(data, at)
    algorithm = sequence_before(data, at)
    whole = sequence_before(data, algorithm.at) if algorithm is not None else None
    if oid is None or algorithm is None or whole is None or whole.end <= algorithm.end:
        return False
    if data.startswith(_PKCS5, oid.start) and data[oid.end - 1] not in _PBES:
        return False
    return algorithm.end >= len(data) or data[algorithm.end] == OCTET_STRING


def _pkcs12(data: bytes, at: int) -> bool:
    """Return whether this is PKCS #12, unless all of it can be read and it holds no key."""
    whole, info = sequence_before(data, at), value_at(data, at + 3)
    if whole is None or info is None or not data.startswith(_DATA, info.start):
        return False
    inside = data[whole.start : whole.end]
    if any(bag in inside for bag in _KEY_BAGS):
        return True
    return whole.end > len(data) or any(sealed in inside for sealed in _SEALED)


def _after_exponent(data: bytes, at: int) -> bool:
    """Return whether a large integer follows the public exponent: an RSA key's private exponent."""
    public = value_at(data, at)
    private = value_at(data, public.end) if public is not None else None
    return private is not None and private.tag == INTEGER and _SMALLEST_PRIME < private.length < _LARGEST


def _primes(data: bytes, at: int) -> bool:
    """Return whether two integers of the same size follow each other, as an RSA key's primes do.

    They must not begin a sequence: Diffie-Hellman parameters begin with two such integers, no key does.
    """
    first = value_at(data, at)
    if first is None or not _SMALLEST_PRIME < first.length < _LARGEST:
        return False
    second = value_at(data, first.end)
    alike = second is not None and second.tag == INTEGER and first.length - 1 <= second.length <= first.length
    return alike and sequence_before(data, at) is None


def _ssh_check(data: bytes, at: int) -> bool:
    """Return whether a number is repeated before the key type, as inside an OpenSSH private key."""
    first, second = data[at - 2 * _CHECK : at - _CHECK], data[at - _CHECK : at]
    return len(first) == _CHECK and first == second


def _ssh_list(data: bytes, at: int) -> bool:
    """Return whether a list of one public key is a private key file's, not an SSH signature's."""
    return not data.endswith(b"SSHSIG", 0, at)


def _ssh_exponent(data: bytes, at: int) -> bool:
    """Return whether an RSA public exponent is a private key's: in a public key, the type precedes it."""
    return at >= FEWEST and not data.endswith(b"ssh-rsa", 0, at)


Check: TypeAlias = Callable[[bytes, int], bool]


def _always(_octets: bytes, _at: int) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Form:
    """How to recognize one form of key.

    `rare` are bytes to search for. From `before` bytes ahead of them, `pattern` must match, `check` must hold
    and at least `fewest` bytes must be left.
    """

    name: str
    rare: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    check: Check = _always
    before: int = 0
    fewest: int = 0


def _form(  # noqa: PLR0913  a row of the table
    name: str,
    rare: tuple[bytes, ...],
    pattern: bytes,
    check: Check = _always,
    *,
    before: int = 0,
    fewest: int = 0,
) -> Form:
    return Form(name, rare, re.compile(pattern, re.DOTALL), check, before, fewest)


_SSH_KINDS: Final = (b"ssh-", b"ecdsa-sha2", b"sk-")
FORMS: Final = (
    _form(
        "pkcs1",
        (b"\2\1\0\2", b"\2\1\1\2"),
        rb"\x02\x01(?:\x00\x02|\x01\x02[\x81\x82])",
        _pkcs1,
        fewest=FEWEST,
    ),
    _form("pkcs8", (b"\2\1\0\x30", b"\2\1\1\x30"), rb"", _pkcs8, fewest=FEWEST),
    _form("sec1", (b"\2\1\1\4",), rb"", _sec1, fewest=FEWEST),
    _form("encrypted", (_PKCS5, _PKCS12_PBE), rb"\x06[\x09\x0a]", _encrypted, before=2, fewest=FEWEST),
    _form("pkcs12", (b"\2\1\3\x30",), rb"", _pkcs12, fewest=FEWEST),
    _form("rsa_exponent", (b"\2\3\1\0\1\2",), rb".{6}[\x81\x82\x40-\x7f]", _after_exponent),
    _form("rsa_exponent", (b"\2\1\3\2\x81", b"\2\1\3\2\x82"), rb"", _after_exponent),
    _form("rsa_primes", (b"\2\x31\0", b"\2\x41\0", b"\2\x61\0"), rb"...[\x80-\xff]", _primes),
    _form("rsa_primes", (b"\2\x81",), rb"..[\x80-\xff]\x00[\x80-\xff]", _primes),
    _form("rsa_primes", (b"\2\x82",), rb"..[\x01-\x04].\x00[\x80-\xff]", _primes),
    _form("ec_public", (b"\xa1\x44\3\x42\0\4", b"\xa1\x64\3\x62\0\4", b"\xa1\x81\x89\3\x81\x86\0\4"), rb""),
    _form("ec_public", (b"\xa1\x24\3\x22\0\2", b"\xa1\x24\3\x22\0\3"), rb""),
    _form("encrypted_rest", (_AES,), rb".{8}\x04\x01[\x02\x16\x2a]\x04\x10.{16}\x04(?:\x81|\x82[\x00-\x10])"),
    _form("openssh", (b"openssh-key-v1\0",), rb""),
    _form("openssh_inside", _SSH_KINDS, rb"\x00\x00\x00[\x07-\x30]", _ssh_check, before=4),
    _form(
        "openssh_list",
        _SSH_KINDS,
        rb"\x00\x00\x00\x01\x00\x00[\x00-\x08].\x00\x00\x00[\x07-\x30]",
        _ssh_list,
        before=12,
    ),
    _form("openssh_rsa", (b"ssh-rsa\0\0",), rb".{9}(?:\x00[\x40-\xff]|[\x01-\x08].)\x00?[\x80-\xff]"),
    _form("openssh_exponent", (b"\0\0\0\3\1\0\1\0\0",), rb".{9}[\x00-\x04].", _ssh_exponent),
    _form("ssh2", (b"\x3f\x6f\xf9\xeb\0\0",), rb""),
    _form("pvk", (b"\x1e\xf1\xb5\xb0\0\0\0\0",), rb".{8}[\x01\x02]\x00\x00\x00"),
    _form("blob", (b"\7\2\0\0\0",), rb".{5}[\x24\xa4]\x00\x00RSA2"),
    _form("java", (b"\xfe\xed\xfe\xed\0\0\0", b"\xce\xce\xce\xce\0\0\0"), rb".{7}[\x01\x02]", holds_jks_key),
    _form(
        "bks",
        (b"\0\0\0\x14",),
        rb"\x00\x00\x00[\x01\x02].{24}\x00\x00..[\x01-\x04]\x00[\x01-\x7f]",
        holds_bks_key,
        before=4,
    ),
)


def key_form_in_bytes(data: bytes) -> str | None:
    """Return the form of a private key, or piece of one, in binary data, or None if there is none."""
    if holds_pgp_key(data):
        return "pgp"
    return next((form.name for form in FORMS if _is_in(form, data)), None)


def _is_in(form: Form, data: bytes) -> bool:
    """Return whether a form occurs anywhere; searching for its rare bytes first is far quicker."""
    for rare in form.rare:
        at = data.find(rare)
        while at >= 0:
            start = at - form.before
            if 0 <= start <= len(data) - form.fewest and _matches(form, data, start):
                return True
            at = data.find(rare, at + 1)
    return False


def _matches(form: Form, data: bytes, start: int) -> bool:
    return form.pattern.match(data, start) is not None and form.check(data, start)
