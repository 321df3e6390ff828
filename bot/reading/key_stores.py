"""Recognize keystores and key packets with a header of their own: Java, Bouncy Castle, OpenPGP."""

from __future__ import annotations

from typing import Final

_TRUSTED: Final = 2  # the tag of an entry in a Java keystore that is only a certificate
_BKS_CERTIFICATE: Final = 1
_DATES: Final = (b"\0\0\0", b"\0\0\1", b"\0\0\2")  # as a current timestamp in ms begins
_SECRET_TAGS: Final = (5, 7)  # a secret key and a secret subkey
_OLD, _NEW = 0x80, 0x40
_NATIVE: Final = frozenset({25, 26, 27, 28})  # X25519 to Ed448
_CURVES: Final = frozenset({18, 19, 22})
_NUMBERS: Final = frozenset({1, 2, 3, 16, 17})  # RSA, Elgamal, DSA
_BITS: Final = range(512, 16_385)
_OID_LENGTHS: Final = range(5, 13)
_OID_STARTS: Final = (0x2A, 0x2B)
_PGP_LENGTHS: Final = range(40, 16_384)
_MOST_ENTRIES: Final = 10_000


def holds_jks_key(data: bytes, at: int) -> bool:
    """Return whether a Java keystore (JKS, JCEKS) has an entry that is not just a certificate."""
    entries, at = int.from_bytes(data[at + 8 : at + 12]), at + 12
    for _ in range(min(entries, _MOST_ENTRIES)):
        if at + 4 > len(data):
            return False
        if int.from_bytes(data[at : at + 4]) != _TRUSTED:
            return int.from_bytes(data[at : at + 4]) in (1, 3)
        at = _after_word(data, at + 4) + 8  # the entry's alias and date
        at = _after_word(data, at)  # the certificate's type
        at += 4 + int.from_bytes(data[at : at + 4])
    return False


def _after_word(data: bytes, at: int) -> int:
    return at + 2 + int.from_bytes(data[at : at + 2])


def holds_bks_key(data: bytes, at: int) -> bool:
    """Return whether a Bouncy Castle keystore begins with an entry that is not a certificate."""
    kind = at + 4 + 4 + 20 + 4
    return data[kind] != _BKS_CERTIFICATE and data[_after_word(data, kind + 1) :][:3] in _DATES


def holds_pgp_key(data: bytes) -> bool:
    """Return whether data begins with an OpenPGP secret-key packet (RFC 9580)."""
    body, length = _pgp_body(data[:16])
    if length not in _PGP_LENGTHS or len(data) < body + 9 or data[body] not in (3, 4):
        return False
    algorithm, first = data[body + 5], body + 6
    made = int.from_bytes(data[body + 1 : body + 5])
    if not 0x2A00_0000 < made < 0xC000_0000:  # noqa: PLR2004  1992 to 2072
        return False
    if algorithm in _NUMBERS:
        bits = int.from_bytes(data[first : first + 2])
        return bits in _BITS and bits // 8 < length and data[first + 2].bit_length() == (bits - 1) % 8 + 1
    if algorithm in _CURVES:
        return data[first] in _OID_LENGTHS and data[first + 1] in _OID_STARTS
    return algorithm in _NATIVE


def _pgp_body(head: bytes) -> tuple[int, int]:
    """Return where a secret-key packet's content begins and its length; zeros if it is not one."""
    if len(head) < 6 or not head[0] & _OLD:  # noqa: PLR2004
        return 0, 0
    if head[0] & _NEW:
        return _pgp_new(head) if head[0] & 0x3F in _SECRET_TAGS else (0, 0)
    size = (1, 2, 4, 0)[head[0] & 3]
    if (head[0] >> 2) & 0x0F not in _SECRET_TAGS:
        return 0, 0
    return 1 + size, int.from_bytes(head[1 : 1 + size])


def _pgp_new(head: bytes) -> tuple[int, int]:
    if head[1] < 192:  # noqa: PLR2004
        return 2, head[1]
    if head[1] < 224:  # noqa: PLR2004
        return 3, ((head[1] - 192) << 8) + head[2] + 192
    return 6, int.from_bytes(head[2:6])
