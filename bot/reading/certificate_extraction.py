"""Extract certificates, requests and public keys from a file, whatever encoding they are in.

PEM, DER, PKCS #7, PKCS #12, base64 and hex with or without line breaks, and base64 of a PEM; any number of
them, in any order. Callers check for private keys first.
"""

from __future__ import annotations

import binascii
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key, pkcs7, pkcs12

from bot.reading.der import INTEGER, OCTET_STRING, SEQUENCE, Value, value_at
from bot.reading.encodings import TAG, plain

MOST_OBJECTS: Final = 2_000
MOST_DECODED: Final = 4 * 1024 * 1024  # bytes decoded for one file, in all
MOST_ITERATIONS: Final = 1_000_000  # of a key derivation function: about a second's work
DEEPEST: Final = 2  # layers of base64: a PEM that was encoded once more

_SIGNED: Final = bytes.fromhex("06092a864886f70d010702")
_DATA: Final = bytes.fromhex("06092a864886f70d0107")
_SCRYPT: Final = bytes.fromhex("06092b06010401da47040b")
_STORE_VERSION: Final = b"\x03"
_CONSTRUCTED: Final = 0x20
_DEEPEST_VALUE: Final = 24

_TAG: Final = re.compile(TAG, re.IGNORECASE)

T = TypeVar("T")


class Contents:
    """The certificates and requests in a file, each once, in the file's order.

    `is_store`: the file is PKCS #12. The contents of one with a password are not seen.
    """

    def __init__(self, content: bytes) -> None:
        self.certificates: list[x509.Certificate] = []
        self.requests: list[x509.CertificateSigningRequest] = []
        self.has_public_key = False
        self.is_store = False
        self._objects = 0
        self._left = MOST_DECODED
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about certificates that break a rule: nothing to be done here
            self._look_into(content, DEEPEST)
        self.certificates = [*dict.fromkeys(self.certificates)]

    def _look_into(self, data: bytes, depth: int) -> None:
        before, at = self._objects, 0
        while self._objects < MOST_OBJECTS and (value := value_at(data, at)) is not None:
            if value.tag != SEQUENCE or value.end > len(data):
                break
            self._take(data[value.at : value.end])
            at = value.end
        if self._objects == before and depth:
            self._look_into_text(plain(_decoded(data)), depth)

    def _take(self, der: bytes) -> None:
        """Add one whole DER value to what it turns out to be."""
        if (certificate := _loaded(x509.load_der_x509_certificate, der)) is not None:
            self.certificates.append(certificate)
        elif (request := _loaded(x509.load_der_x509_csr, der)) is not None:
            self.requests.append(request)
        elif _SIGNED in der[:24]:
            self.certificates += _loaded(pkcs7.load_der_pkcs7_certificates, der) or []
        elif _is_store(der):
            self.is_store = True
            if (store := _opened(der)) is not None:
                inside = [*filter(None, [store.cert]), *store.additional_certs]
                self.certificates += [each.certificate for each in inside]
        elif _loaded(load_der_public_key, der) is not None:
            self.has_public_key = True
        else:
            return
        self._objects += 1

    def _look_into_text(self, text: str, depth: int) -> None:
        before = self._objects
        for block in _PEM.finditer(text):
            self._look_into(_from_base64(_TAG.sub("\n", _HEADER.sub("", block[1]))), 0)
        if self._objects == before:
            self._look_into_runs(text, depth)
        self.has_public_key = self.has_public_key or _SSH.search(text) is not None

    def _look_into_runs(self, text: str, depth: int) -> None:
        """Find base64 or hex among other words; the first bytes of the DER say how long it is."""
        for pattern, decode, digits in ((_BASE64, _from_base64, 4 / 3), (_HEX, _from_hex, 2.0)):
            at = 0
            while self._left > 0 and (start := pattern.search(text, at)) is not None:
                at, first = start.end(), start.start()
                head = value_at(decode(text[first : first + _FIRST]), 0)
                if head is None:
                    continue
                digits_wanted = int(head.end * digits) + 4
                data = decode(text[first : first + digits_wanted * _MARKS_AMONG_DIGITS])[: head.end]
                self._left -= len(data) + _FIRST
                before = self._objects
                self._look_into(data, 0)
                if self._objects > before:
                    at = first + digits_wanted - 4
        if depth > 1 and (packed := _PACKED_PEM.search(text)) is not None:
            self._look_into(_from_base64(text[packed.start() :]), depth - 1)


def opens_without_key(content: bytes) -> bool:
    """Return whether a PKCS #12 file opens with no password or an empty one and holds no key."""
    whole = value_at(content, 0)
    if whole is None or whole.end != len(content) or not _is_store(content):
        return False
    store = _opened(content)
    return store is not None and store.key is None


# --- PKCS #12


def _is_store(der: bytes) -> bool:
    whole = value_at(der, 0)
    version = value_at(der, whole.start) if whole is not None and whole.tag == SEQUENCE else None
    if version is None or version.tag != INTEGER or der[version.start : version.end] != _STORE_VERSION:
        return False
    contents = value_at(der, version.end)
    return contents is not None and der.startswith(_DATA, contents.start)


def _opened(der: bytes) -> pkcs12.PKCS12KeyAndCertificates | None:
    if _SCRYPT in der or any(count > MOST_ITERATIONS for count in _iterations(der)):
        return None
    return _loaded(lambda data: pkcs12.load_pkcs12(data, None), der) or _loaded(
        lambda data: pkcs12.load_pkcs12(data, b""), der
    )


def _iterations(der: bytes) -> Iterator[int]:
    """Yield every integer right after an octet string, as an iteration count follows its salt."""
    waiting = [(0, len(der), 0)]
    while waiting:
        at, end, depth = waiting.pop()
        before: Value | None = None
        while at < end and (value := value_at(der, at)) is not None and value.end <= end:
            if value.tag == INTEGER and before is not None and before.tag == OCTET_STRING:
                yield int.from_bytes(der[value.start : value.end])
            if depth < _DEEPEST_VALUE and _holds_values(der, value):
                waiting.append((value.start, value.end, depth + 1))
            before, at = value, value.end


def _holds_values(der: bytes, value: Value) -> bool:
    if value.tag != OCTET_STRING:
        return bool(value.tag & _CONSTRUCTED)
    inner = value_at(der, value.start)
    return inner is not None and inner.tag == SEQUENCE and inner.end == value.end


def _loaded(load: Callable[[bytes], T], der: bytes) -> T | None:
    try:
        return load(der)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


# --- texts

_PEM: Final = re.compile(r"(?<!-)-{3,}+\s{0,3}BEGIN[A-Z0-9 ]{0,40}\s{0,3}-{3,}+([^-]{24,})")
_HEADER: Final = re.compile(r"^[A-Za-z0-9-]{1,40}: .{0,200}$", re.MULTILINE)
_SSH: Final = re.compile(r"\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[\w-]{1,40}) AAAA[A-Za-z0-9+/]{20}")
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/_=-])MI[A-Za-z0-9+/_-]{6}")
_HEX: Final = re.compile(r"(?<![0-9A-Fa-f])30[\s:]?8[1-3](?=[\s:]?[0-9A-Fa-f]{2})")
_PACKED_PEM: Final = re.compile(r"(?<![A-Za-z0-9+/_=-])LS0tLS1C")
_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]+")
_NO_HEX: Final = re.compile(r"[^0-9A-Fa-f]+")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_FIRST: Final = 40  # characters: enough for tag and length even with separators between the digits
_MARKS_AMONG_DIGITS: Final = 2  # read twice the length: at most one separator for each digit


def _from_base64(text: str) -> bytes:
    digits = _NO_BASE64.sub("", text.translate(_URL_SAFE))
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]  # a single left-over digit makes no byte
    return binascii.a2b_base64(digits + "=" * (-len(digits) % 4))


def _from_hex(text: str) -> bytes:
    digits = _NO_HEX.sub("", text)
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "ignore")
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if data[first::2].count(0) > len(data) // 3:
            return data.decode(encoding, "ignore")
    return data.decode("utf-8", "ignore")
