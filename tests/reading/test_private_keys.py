"""What is recognized as a private key, in every form, and what is not."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.private_keys import OVERLAP, WINDOW, KeyScanner, form_of, holds_private_key, may_be_piece
from tests.reading import keys
from tests.reading.texts import PROSE, harmless

ADVERSE_SECONDS = 0.1
LONGEST = 40_000  # characters of a message
MARK = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"

pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")


@pytest.mark.long
def test_every_form_is_recognized_in_every_encoding() -> None:
    missed = Counter((form, how) for form, how, content in keys.cases() if not holds_private_key(content))
    assert missed == Counter()


def test_a_recognizable_piece_is_recognized_alone() -> None:
    missed = [(form, which) for form, which, piece in keys.pieces() if not holds_private_key(piece)]
    assert missed == []


@pytest.mark.long
def test_harmless_content_is_not_a_key() -> None:
    taken = [(what, how, form) for what, how, text in harmless() if (form := form_of(text))]
    assert taken == []


@pytest.mark.parametrize("text", PROSE)
def test_prose_about_keys_is_not_a_key(text: str) -> None:
    assert form_of(text) is None
    assert form_of(f"Hello,\n{text}\nThanks, Rosa") is None


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
        "here is the first part:\n-----BEGIN RSA PRIVATE KEY-----",
        "—–-BEGIN PRIVATE KEY—–-",
        "\N{EN DASH}BEGIN PRIVATE KEY",
        "-----BEGIN RSA\nPRIVATE\nKEY-----",
        "-----BEGIN\N{NO-BREAK SPACE}PRIVATE\N{ZERO WIDTH SPACE} KEY-----",
        "&gt; -----BEGIN\n&gt; PRIVATE KEY-----",
        "*-----BEGIN* *PRIVATE KEY-----*",
        "-----BEGIN RSA PRIVATE KEY----- MIIE",
        "-----END RSA PRIVATE KEY-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
        "Private-Lines: 14",
        "Proc-Type: 4,ENCRYPTED",
        "DEK-Info: AES-256-CBC,55A12F",
    ],
)
def test_a_lone_first_line_of_a_key_counts(text: str) -> None:
    assert holds_private_key(text)


def test_a_keystore_with_only_certificates_is_not_a_key() -> None:
    assert form_of(keys.jks(2)) is None
    assert form_of(keys.jks(1)) == "java"


@pytest.mark.parametrize("key", [True, False])
def test_pkcs12_is_a_key_unless_it_can_be_seen_to_hold_none(key: bool) -> None:  # noqa: FBT001
    assert (form_of(keys.p12(key=key, encryption=keys.OPEN)) is not None) is key


@pytest.mark.long
@pytest.mark.parametrize(
    ("what", "encode"),
    [
        ("base64 in lines", base64.encodebytes),
        ("base64", base64.b64encode),
        ("hex", lambda octets: octets.hex().encode()),
        ("octets", bytes),
    ],
)
def test_random_data_is_not_a_key(what: str, encode: Callable[[bytes], bytes]) -> None:
    """A tenth of what `tests.reading.key_figures` tries, where it is 10 MB each."""
    scanner = KeyScanner()
    scanner.feed(encode(Random(what).randbytes(700_000)))  # noqa: S311
    assert not scanner.close()


@pytest.mark.parametrize("before", [0, WINDOW - 900, WINDOW - 30, 3 * WINDOW, WINDOW - OVERLAP - 12])
@pytest.mark.parametrize("chunk", [997, 8_192, 200_000])
def test_a_key_is_found_across_chunks_of_a_file(before: int, chunk: int) -> None:
    filling = ("not a key\n" * (before // 10 + 1))[:before].encode()
    for content in (keys.pems()["PKCS #8, RSA"].encode(), keys.binaries()["PKCS #8, RSA, DER"]):
        file, scanner = filling + content + filling, KeyScanner()
        for at in range(0, len(file), chunk):
            scanner.feed(file[at : at + chunk])
        assert scanner.close()


ADVERSE = {
    "dashes": "-" * LONGEST,
    "BEGIN": "-----BEGIN " * 3_600,
    "names": "PRIVATE KEY " * 3_300,
    "marks": "-----BEGIN RSA PRIVATE KEY----- x " * 1_200,
    "headers": "-----BEGIN PRIVATE KEY-----\n" + "Version: a\n" * 3_500,
    "heads": "DEK-Info: " * 4_000,
    "one letter": "V" * LONGEST,
    "line ends": "\n" * LONGEST,
    "soft breaks": "=\n" * 20_000,
    "backslashes": "\\" * LONGEST,
    "entities": "&amp;" * 8_000,
    "percent": "%25" * 13_000,
    "pairs": "ab:" * 13_000,
    "numbers": "48, " * 10_000,
    "members": '"d":"aaaaaaaaaaaaaaaaaaaaaaaaa",' * 1_200,
    "a long member": '"d":"' + "a" * LONGEST,
    "tags": "<D>" * 13_000,
    "invisible": "\u200b" * LONGEST,
    "beginnings": "MIIEvQIBADANBgkqhkiG9w0B" * 1_600,
    "versions": "0201003002" * 4_000,
    "a dump": "abcdef01: ab cd ef " * 2_000,
    "expressions": "(private-key " * 3_000,
    "JSON": "{" * LONGEST,
}


def nested() -> str:
    inner = b"x" * 100
    while len(inner) < LONGEST:
        inner = base64.b64encode(inner)
    return inner.decode()[:LONGEST]


@pytest.mark.parametrize("what", [*ADVERSE, "base64 within base64"])
def test_content_made_to_be_slow_is_searched_in_time(what: str) -> None:
    text = ADVERSE.get(what) or nested()
    seconds = []
    for _ in range(3):  # the machine may be busy
        began = time.process_time()
        form_of(text)
        seconds.append(time.process_time() - began)
    assert min(seconds) < ADVERSE_SECONDS


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_key_is_recognized_whatever_text_surrounds_it(data: st.DataObject) -> None:
    pem = keys.pems()[data.draw(st.sampled_from(sorted(keys.pems())))]
    before = data.draw(st.text(st.characters(codec="utf-8", exclude_characters="\\%&"), max_size=200))
    after = data.draw(st.text(max_size=200))
    assert holds_private_key(f"{before}\n{pem}\n{after}")


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_any_content_is_searched_without_raising(content: str | bytes) -> None:
    form_of(content)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        (lambda: keys.body(keys.pems()["PKCS #8, RSA, encrypted"])[300:700], True),
        (lambda: keys.rsa_text()[200:500], True),
        (lambda: keys.certificate().public_bytes(keys.Encoding.PEM).decode(), False),
        (lambda: keys.body(keys.csr().public_bytes(keys.Encoding.PEM).decode()), False),
        (lambda: "please cancel order 10493321 for www.example.com", False),
        (lambda: "1234567890", False),
        (lambda: "acme", False),
    ],
)
def test_a_possible_piece_is_mostly_base64_or_hex(text: Callable[[], str], piece: bool) -> None:  # noqa: FBT001
    assert may_be_piece(text()) is piece
