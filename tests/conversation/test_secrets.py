"""What is taken for a private key, in whatever form it is pasted, and what is not."""

from __future__ import annotations

import base64
from random import Random
from textwrap import wrap

import pytest

from bot.conversation.secrets import holds_private_key

RANDOM = Random(7)  # noqa: S311  chance, not secrecy: no key of these opens anything


def der(tag: int, *parts: bytes) -> bytes:
    """Return one value of DER (X.690)."""
    content = b"".join(parts)
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, size] if size < 128 else [tag, 0x80 | len(length), *length]) + content


def integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1))


def big(size: int) -> bytes:
    """Return a large integer, as a key's modulus is, of so many octets."""
    return integer(int.from_bytes(b"\x90" + RANDOM.randbytes(size - 1)))


def oid(hexadecimal: str) -> bytes:
    return der(6, bytes.fromhex(hexadecimal))


RSA = der(0x30, oid("2a864886f70d010101"), der(5))
EC = der(0x30, oid("2a8648ce3d0201"), oid("2a8648ce3d030107"))
ED25519 = der(0x30, oid("2b6570"))
SIGNED = der(0x30, oid("2a864886f70d01010b"), der(5))
NAME = der(0x30, der(0x31, der(0x30, oid("550403"), der(0x0C, b"www.example.com"))))
DAYS = der(0x30, der(0x17, b"260101000000Z"), der(0x17, b"270101000000Z"))


def pkcs1(size: int) -> bytes:
    return der(0x30, integer(0), big(size), integer(65537), *(big(size // 2) for _ in range(6)))


def sec1(size: int) -> bytes:
    public = der(0xA1, der(3, b"\0\4" + RANDOM.randbytes(2 * size)))
    return der(0x30, integer(1), der(4, RANDOM.randbytes(size)), public)


def pkcs8(algorithm: bytes, key: bytes, version: int = 0) -> bytes:
    return der(0x30, integer(version), algorithm, der(4, key))


def encrypted(way: str) -> bytes:
    salted = der(0x30, der(4, RANDOM.randbytes(8)), integer(2048))
    return der(0x30, der(0x30, oid(way), salted), der(4, RANDOM.randbytes(1200)))


# what a paste holds that lacks its BEGIN line
KEYS = {
    "RSA 1024": pkcs1(128),
    "RSA 2048": pkcs1(256),
    "RSA 4096": pkcs1(512),
    "RSA in PKCS #8": pkcs8(RSA, pkcs1(256)),
    "P-256": sec1(32),
    "P-521": sec1(66),
    "P-256 in PKCS #8": pkcs8(EC, sec1(32)),
    "Ed25519": pkcs8(ED25519, der(4, RANDOM.randbytes(32))),
    "Ed25519, newer form": pkcs8(ED25519, der(4, RANDOM.randbytes(32)), version=1),
    "encrypted by PBES2": encrypted("2a864886f70d01050d"),
    "encrypted by PKCS #12": encrypted("2a864886f70d010c0103"),
    "PKCS #12": der(0x30, integer(3), der(0x30, oid("2a864886f70d010701"), der(0xA0, RANDOM.randbytes(900)))),
    "OpenSSH": b"openssh-key-v1\0\0\0\0\4none\0\0\0\4none" + RANDOM.randbytes(300),
}


def subject_of(public: bytes, bits: bytes) -> bytes:
    return der(0x30, public, der(3, b"\0" + bits))


def certificate(public: bytes) -> bytes:
    inside = der(0x30, der(0xA0, integer(2)), big(16), SIGNED, NAME, DAYS, NAME, public)
    return der(0x30, inside, SIGNED, der(3, RANDOM.randbytes(257)))


def request(name: bytes, public: bytes, signature: int) -> bytes:
    return der(
        0x30, der(0x30, integer(0), name, public, der(0xA0)), SIGNED, der(3, RANDOM.randbytes(signature))
    )


RSA_PUBLIC = subject_of(RSA, der(0x30, big(256), integer(65537)))
EC_PUBLIC = subject_of(EC, b"\4" + RANDOM.randbytes(64))
# what people are asked for, or send along; of short ones too, whose lengths take other octets
NO_KEYS = {
    "a certificate": certificate(RSA_PUBLIC),
    "a small certificate": certificate(EC_PUBLIC),
    "a request": request(NAME, RSA_PUBLIC, 257),
    "a small request": request(NAME, EC_PUBLIC, 70),
    "a request without a name": request(der(0x30), EC_PUBLIC, 70),
    "a public key": RSA_PUBLIC,
    "a small public key": EC_PUBLIC,
    "an RSA public key alone": der(0x30, big(256), integer(65537)),
    "a list of revoked certificates": der(
        0x30, der(0x30, integer(1), SIGNED, NAME, DAYS), SIGNED, der(3, RANDOM.randbytes(257))
    ),
    "a small list of revoked certificates": der(
        0x30, der(0x30, integer(1), SIGNED, NAME, DAYS), SIGNED, der(3, RANDOM.randbytes(70))
    ),
    "a signature": der(0x30, big(32), big(32)),
    "chance": RANDOM.randbytes(30_000),
}


def lines(content: bytes) -> str:
    return "\n".join(wrap(base64.b64encode(content).decode(), 64))


# how a text comes to the bot that has been pasted into Slack
PASTED = {
    "as it is": "{}",
    "in a sentence": "this is what I have: {} what now?",
    "as code": "```{}```",
    "as code on lines of its own": "hi\n```\n{}\n```",
    "quoted": "&gt; {}",
}


@pytest.mark.parametrize("how", PASTED)
@pytest.mark.parametrize("what", KEYS)
def test_a_key_is_known_without_its_first_line(what: str, how: str) -> None:
    for shown in (
        lines(KEYS[what]),
        lines(KEYS[what]).replace("\n", " "),
        lines(KEYS[what]).replace("\n", ""),
        lines(KEYS[what]).replace("\n", "\r\n"),
        lines(KEYS[what]).replace("\n", "\\n"),
        lines(KEYS[what]).replace("\n", "\n&gt; "),
        lines(KEYS[what]).splitlines()[0],
    ):
        assert holds_private_key(PASTED[how].format(shown))


@pytest.mark.parametrize("how", PASTED)
@pytest.mark.parametrize("what", NO_KEYS)
def test_what_is_no_key_is_not_taken_for_one(what: str, how: str) -> None:
    body = lines(NO_KEYS[what])
    label = "-----{} CERTIFICATE-----"
    assert not holds_private_key(PASTED[how].format(body))
    assert not holds_private_key(PASTED[how].format(body.replace("\n", "\n&gt; ")))
    assert not holds_private_key("\n".join((label.format("BEGIN"), body, label.format("END"))))
    assert not any(holds_private_key(line) for line in body.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "----- BEGIN OPENSSH PRIVATE KEY -----",
        "-----BEGIN SOMETHING NEW PRIVATE KEY-----",
        "-----begin rsa private key-----",
        "BEGIN RSA PRIVATE KEY",
        "here:\nBEGIN EC PRIVATE KEY\nxyz",
        "—–-BEGIN PRIVATE KEY—–-",
        "—BEGIN EC PRIVATE KEY—",
        "\N{EN DASH}BEGIN PRIVATE KEY",
        "-----BEGIN RSA\nPRIVATE\nKEY-----",
        "-----BEGIN\N{NO-BREAK SPACE}PRIVATE\N{ZERO WIDTH SPACE} KEY-----",
        "&gt; -----BEGIN\n&gt; PRIVATE KEY-----",
        "*-----BEGIN* *PRIVATE KEY-----*",
        "the rest of it:\nabcd\n-----END RSA PRIVATE KEY-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
        "Private-Lines: 14",
        "Proc-Type: 4,ENCRYPTED",
        "DEK-Info: AES-256-CBC,55A12F",
    ],
)
def test_a_key_is_known_by_the_words_around_it(text: str) -> None:
    assert holds_private_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "do I need to send private key?",
        "in the end, private keys matter",
        "at the end private key and all",
        "I begin with a private key and go on",
        "is my private key lost?",
        "-----BEGIN CERTIFICATE REQUEST-----",
        "-----BEGIN PUBLIC KEY-----",
        "MIIE",
        "MHcCAQEE",
        "it begins with MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        "MAIL MARKETING MANAGER at MADE UP MACHINES, MIDDLE OF MARCH, MAYBE MIDNIGHT",
        "",
    ],
)
def test_what_people_write_about_keys_is_read(text: str) -> None:
    assert not holds_private_key(text)
