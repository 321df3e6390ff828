"""What people write about keys or send that is not a key."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator

from tests.reading.keys import PEM_WRAPS, TEXT_WRAPS, of, public_texts

PROSE = (
    "Wrong CSR -- end user lost the private key, so please order a reissue.",
    "cancel it -- begin again with a new private key",
    "DEK-Info: what is that?",
    "`-----BEGIN RSA PRIVATE KEY-----` is how it starts, right?",
    "-----BEGIN RSA PRIVATE KEY----- is how it starts, right?",
    "It begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----. The right one?",
    "the file says:\n-----BEGIN RSA PRIVATE KEY-----\nand I need a -----BEGIN CERTIFICATE REQUEST-----",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\n[redacted]\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY----- MIIE... -----END EC PRIVATE KEY----- is what it looks like",
    "-----BEGIN ENCRYPTED PRIVATE KEY----- for order 1234567890 of www.example.com?",
    "CSR WRONG -- END USER LOST THE PRIVATE KEY, PLEASE REISSUE",
    "order 8FK29DJ38SKD92KDKS -- end user lost the private key",
    "PLEASE SEND PRIVATE KEY INSTRUCTIONS TO THE END USER. PRIVATE KEY IS LOST.",
    "do I need to send private key?",
    "in the end, private keys matter",
    "I begin with a private key and go on",
    "at the end private key and all",
    "is my private key lost?",
    "private key: lost on 2026-11-03",
    "Private-Lines: what does it mean?",
    "PuTTY-User-Key-File-3: is in the first line, should I convert it?",
    "Proc-Type: 4,ENCRYPTED is in line two, why?",
    "DEK-Info: AES-256-CBC,0123456789ABCDEF0123456789ABCDEF is in line three, is it safe to show?",
    "AGE-SECRET-KEY-1... is that a leak?",
    "prime1: is that part of the key?",
    'the member "d" of a JWK is private, "n" is not',
    "sha256 of the private key: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "fingerprint of the private key: 4f:3c:aa:01:9e:bb:20:77:4f:3c:aa:01:9e:bb:20:77",
    "it begins with MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    "MIIE",
    "MAIL MARKETING MANAGER at MADE UP MACHINES, MIDDLE OF MARCH, MAYBE MIDNIGHT",
    "Der private Schlüssel ist weg -- am Ende hilft nur ein neuer. BEGIN PRIVATE KEY steht in der Datei.",
    "El usuario final perdió la clave privada -- ¿empezamos de nuevo con otra?",
    "L'utilisateur a perdu la clé privée -- on recommence avec une nouvelle ?",
    "https://files.example.net/download?id=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4&key=private",
    "",
)


def _json(value: object) -> str:
    return json.dumps(value, indent=1)


def others() -> Iterator[tuple[str, str]]:
    """Yield what is long and random, or looks like keys from afar."""
    chance = of("what is no key")
    octets = chance.randbytes
    encode = lambda size: base64.urlsafe_b64encode(octets(size)).decode().rstrip("=")  # noqa: E731
    yield "hashes", "\n".join(f"{octets(size).hex()}  file-{size}.zip" for size in (16, 20, 32, 48, 64))
    yield (
        "fingerprints",
        f"SHA256 Fingerprint={octets(32).hex(':').upper()}\nSHA256:{encode(32)} rosa@example",
    )
    yield "UUIDs", "\n".join(str(uuid.UUID(bytes=octets(16))) for _ in range(50))
    yield "a JWT", ".".join((encode(40), encode(300), encode(256)))
    yield (
        "license keys",
        "\n".join("-".join(octets(3).hex().upper()[:5] for _ in range(5)) for _ in range(20)),
    )
    yield (
        "ordinary JSON",
        _json({"d": "2026-11-03", "p": 3, "q": "refund", "k": encode(32), "id": encode(64)}),
    )
    yield "JSON with a long d", _json({"d": encode(32), "name": "www.example.com"})
    yield "a log of git", "\n".join(f"{octets(20).hex()} Mend the private key's reader" for _ in range(200))
    yield "an order list", "order;domain;issued;price\n" + "\n".join(
        f"{chance.getrandbits(32)};www{at}.example.com;2026-11-{at % 28 + 1:02};12.50"
        for at in range(300)
    )  # fmt: skip
    yield "a page of HTML", "<p>One</p><D>two</D>" * 100 + "<p>the private key stays with you</p>"
    yield "a picture", f"data:image/png;base64,{base64.b64encode(octets(20_000)).decode()}"
    yield "coordinates", ", ".join(str(chance.randrange(256)) for _ in range(3_000))


def harmless() -> Iterator[tuple[str, str, str]]:
    """Yield everything that is no key, in every wrapping: what, wrapping, text."""
    for text in PROSE:
        yield text, "as it is", text
    for what, text in (*others(), *public_texts()):
        for how, wrapped in (TEXT_WRAPS | PEM_WRAPS).items():
            yield what, how, wrapped(text)
