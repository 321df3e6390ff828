"""Recognize a pasted private key, before anything keeps, logs or passes on the text that holds it.

A key is known by the words around it, or, where these were left out, by how its base64 begins: as DER, which
says what it is. Certificates, requests (CSR) and public keys begin otherwise and are none.
"""

from __future__ import annotations

import base64
import re
from typing import Final

# What comes between the pieces of a pasted text: white space, Slack's marks for quotes and code, characters
# that nobody sees, line ends that were spelled out.
_BETWEEN: Final = r"(?:&gt;|\\[nr]|[\s>`*|~\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])"
_LABELS: Final = "ANY|DSA|EC|ENCRYPTED|OPENSSH|PGP|RSA|SSH2"
# PEM (RFC 7468), OpenSSH's and PuTTY's files; also where the dashes were eaten or altered on the way.
_WORDS: Final = re.compile(
    rf"(?-i:(?<![A-Z])(?:BEGIN|END){_BETWEEN}*(?:(?:{_LABELS}){_BETWEEN}*)*PRIVATE{_BETWEEN}*KEY)"
    rf"|[-\u2010-\u2015\u2212]{{2}}{_BETWEEN}*(?:BEGIN|END)[A-Z0-9\s]{{0,32}}PRIVATE{_BETWEEN}*KEY"
    r"|PuTTY-User-Key-File|Private-Lines:|Proc-Type: ?4,ENCRYPTED|DEK-Info:",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(f"{_BETWEEN}+")
_OPENSSH: Final = base64.b64encode(b"openssh-key-v1\0").decode().rstrip("=")
# Base64 of a DER sequence, as much of it as tells what it is; what is shorter holds no secret yet.
_DER: Final = re.compile("(?=(M[A-P][A-Za-z0-9+/]{38,62}))")

_SEQUENCE, _OID, _OCTETS = 0x30, 0x06, b"\4"
# PKCS #5's and PKCS #12's ways of encrypting a key: 1.2.840.113549.1.5 and 1.2.840.113549.1.12.1
_ENCRYPTIONS: Final = (bytes.fromhex("2a864886f70d0105"), bytes.fromhex("2a864886f70d010c01"))


def holds_private_key(text: str) -> bool:
    """Tell whether a text holds a private key or the beginning of one."""
    if _WORDS.search(text) is not None:
        return True
    plain = _NOISE.sub("", text)
    return _OPENSSH in plain or any(_begins_key(found[1]) for found in _DER.finditer(plain))


def _begins_key(encoded: str) -> bool:
    """Tell whether this is how a key begins: PKCS #1, PKCS #8 (encrypted or not), SEC 1 or PKCS #12."""
    outer, whole, _ = _opened(base64.b64decode(encoded[: len(encoded) // 4 * 4]))
    first, version, rest = _opened(whole)
    if outer != _SEQUENCE:
        return False
    if first == _SEQUENCE:
        oid, way, _ = _opened(version)
        return oid == _OID and way.startswith(_ENCRYPTIONS)
    second, content, last = _opened(rest)
    match first, version, second:
        case (0x02, b"\0", 0x02) | (0x02, b"\1", 0x04):  # the modulus; the key itself
            return True
        case 0x02, b"\0" | b"\3", 0x30:  # the algorithm; the kind of content
            return _opened(content)[0] == _OID
        case 0x02, b"\1", 0x30:  # a list of revoked certificates begins so, but goes on otherwise
            return _opened(content)[0] == _OID and last[:1] == _OCTETS
        case _:
            return False


def _opened(der: bytes) -> tuple[int | None, bytes, bytes]:
    """Return the tag that DER begins with, what it holds and what comes after it, as far as it is there."""
    if len(der) < len(b"\0\0"):
        return None, b"", b""
    more = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + more]) if more else der[1]
    inside = der[2 + more :]
    return der[0], inside[:length], inside[length:]
