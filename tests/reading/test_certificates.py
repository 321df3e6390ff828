"""What is read from a certificate in every format, and what stays open."""

from __future__ import annotations

import base64
import html
import itertools
import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.certificate_extraction import Contents
from bot.reading.certificates import LARGEST, TooLargeError, inspected
from bot.reading.inspected_certificates import Inspected, Kind
from policy import PolicyError, load
from policy.facts import Fact
from tests.conftest import shipped
from tests.reading import certificates as c

TODAY = date(2026, 11, 23)
VOCABULARY = shipped().vocabulary
PROVIDER, VALIDATION = Fact("provider"), Fact("validation")
LEAF, ISSUER, ROOT = c.chain()
SHA256 = LEAF.fingerprint(hashes.SHA256()).hex()


def read(content: bytes, today: date = TODAY) -> Inspected:
    return inspected(content, VOCABULARY, today)


@pytest.mark.parametrize("issued", c.ISSUED, ids=lambda issued: f"{issued.organization}: {issued.issuer}")
def test_maker_and_level(issued: c.Issued) -> None:
    told = read(c.pem(*reversed(c.chain(issued))))
    assert (told.facts.get(PROVIDER), told.facts.get(VALIDATION)) == (issued.provider, issued.validation)
    assert (told.kind, told.name, told.sans) == (Kind.CHAIN, c.HOSTS[0], c.HOSTS)


@pytest.mark.parametrize("issued", c.ISSUED[:3], ids=lambda issued: issued.issuer)
def test_a_self_signed_certificate_has_no_maker(issued: c.Issued) -> None:
    own = c.name(issued.organization, issued.issuer)
    told = read(c.der(c.made(own, own)))
    assert (told.kind, told.facts) == (Kind.CERTIFICATE, {})


# --- forms

BARE = base64.b64encode(c.der(LEAF)).decode()
PEM = c.pem(LEAF).decode()
FORMS = {
    "PEM": PEM,
    "PEM with Windows' line ends": PEM.replace("\n", "\r\n"),
    "PEM in one line": PEM.replace("\n", ""),
    "PEM with escaped line ends": f'{{"cert": "{PEM.encode("unicode_escape").decode()}"}}',
    "PEM that a word processor has made nice": PEM.replace("-----", "\N{EM DASH}-\N{EN DASH}"),
    "PEM that is quoted in a mail": "".join(f"> {line}\n" for line in PEM.splitlines()),
    "PEM without its end": PEM.partition("-----END")[0],
    "PEM between words": f"Hi, MI team,\nhere it is:\n{PEM}\nThanks, Rosa",
    "PEM in UTF-16": PEM.encode("utf-16"),
    "PEM in UTF-16 without a mark": PEM.encode("utf-16-le"),
    "PEM in a page, line by line": f"<p>{'</p><p>'.join(PEM.splitlines())}</p>",
    "PEM in a page with breaks": html.escape(PEM).replace("\n", "<br>\n"),
    "PEM in a table of a page": PEM.replace("\n", '</td></tr>\n<tr><td class="line">'),
    "PEM in a fence of Slack": f"```\n{PEM}```",
    "PEM that Slack quotes": "".join(f"&gt; {line}\n" for line in PEM.splitlines()),
    "PEM below its bag's attributes": f"Bag Attributes\n    localKeyID: 01 00\nsubject=CN = a\n{PEM}",
    "PEM in YAML": "tls:\n  crt: |\n" + "".join(f"    {line}\n" for line in PEM.splitlines()),
    "PEM in YAML, in one line": f'tls.crt: "{PEM.encode("unicode_escape").decode()}"',
    "PEM with blanks for line ends": PEM.replace("\n", " "),
    "base64 with blanks": " ".join(PEM.splitlines()[1:-1]),
    "base64 in XML": f"<ds:X509Certificate>{BARE}</ds:X509Certificate>",
    "PEM with a mark": b"\xef\xbb\xbf" + PEM.encode(),
    "a trusted certificate": PEM.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
    "an X.509 certificate": PEM.replace("CERTIFICATE", "X509 CERTIFICATE"),
    "base64 without its lines": BARE,
    "base64 in lines": "\n".join(BARE[at : at + 76] for at in range(0, len(BARE), 76)),
    "base64 for addresses": BARE.replace("+", "-").replace("/", "_").rstrip("="),
    "base64 between words": f"the certificate is\n{BARE}\nplease cancel it",
    "base64 in a JWK": f'{{"x5c": ["{BARE}"]}}',
    "base64 of a PEM": base64.b64encode(PEM.encode()),
    "base64 of a PEM, in lines": base64.encodebytes(PEM.encode()),
    "hex": c.der(LEAF).hex(),
    "hex in pairs": c.der(LEAF).hex(":", 1).upper(),
    "DER": c.der(LEAF),
    "DER twice": c.der(LEAF) * 2,
    "PKCS #7": pkcs7.serialize_certificates([LEAF], Encoding.DER),
    "PKCS #7 in PEM": pkcs7.serialize_certificates([LEAF], Encoding.PEM),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_format_is_read(form: str | bytes) -> None:
    told = read(form.encode() if isinstance(form, str) else form)
    facts = {PROVIDER: "sectigo", VALIDATION: "dv"}
    assert told == Inspected(
        Kind.CERTIFICATE, facts, c.HOSTS[0], c.HOSTS, c.NOT_BEFORE.date(), expired=False, leaf=SHA256
    )


@pytest.mark.parametrize("order", [*itertools.permutations((LEAF, ISSUER, ROOT, LEAF))][:12])
def test_the_leaf_is_found_in_any_order(order: Sequence[x509.Certificate]) -> None:
    forms = (
        c.pem(*order),
        b"".join(map(c.der, order)),
        pkcs7.serialize_certificates([*order], Encoding.DER),
        " and ".join(base64.b64encode(c.der(each)).decode() for each in order).encode(),
    )
    assert {(read(form).kind, read(form).leaf) for form in forms} == {(Kind.CHAIN, SHA256)}


OPEN, LOCKED = NoEncryption(), BestAvailableEncryption(b"password")
EMPTY = pkcs12.serialize_java_truststore([pkcs12.PKCS12Certificate(LEAF, b"shop")], OPEN)
KEY = c.key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN)
PUBLIC = c.key().public_key()


def store(key: bool, locked: bool) -> bytes:  # noqa: FBT001
    return pkcs12.serialize_key_and_certificates(
        b"shop", c.key() if key else None, LEAF, [ISSUER], LOCKED if locked else OPEN
    )


def request(*hosts: str) -> x509.CertificateSigningRequest:
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    builder = x509.CertificateSigningRequestBuilder().subject_name(c.name("Example", hosts[0].upper()))
    return builder.add_extension(names, critical=False).sign(c.key(), hashes.SHA256())


CSR = request(*c.HOSTS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (EMPTY, (Kind.PKCS12, c.HOSTS[0], SHA256)),
        (CSR.public_bytes(Encoding.PEM), (Kind.CSR, c.HOSTS[0], None)),
        (CSR.public_bytes(Encoding.DER), (Kind.CSR, c.HOSTS[0], None)),
        (CSR.public_bytes(Encoding.PEM) + c.pem(LEAF), (Kind.CERTIFICATE, c.HOSTS[0], SHA256)),
        (PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), (Kind.PUBLIC_KEY, None, None)),
        (PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), (Kind.PUBLIC_KEY, None, None)),
        (PUBLIC.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH), (Kind.PUBLIC_KEY, None, None)),
        (b"", (Kind.NONE, None, None)),
        (b"order,domain\n1,shop.example.com\n", (Kind.NONE, None, None)),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), (Kind.NONE, None, None)),
        (b"PK\x03\x04" + bytes(2000), (Kind.NONE, None, None)),
        (c.der(LEAF)[:-40], (Kind.NONE, None, None)),
        (c.pem(LEAF)[:300], (Kind.NONE, None, None)),
        (
            b"-----BEGIN CERTIFICATE-----\nMIIhello, this is none\n-----END CERTIFICATE-----",
            (Kind.NONE, None, None),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",  # keys are new in every process
)
def test_other_files(content: bytes, told: tuple[Kind, str | None, str | None]) -> None:
    found = read(content)
    assert (found.kind, found.name, found.leaf) == told
    assert not found.has_private_key
    assert found.sans == (c.HOSTS if told[1] else ())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (KEY, Kind.PRIVATE_KEY),
        (KEY + CSR.public_bytes(Encoding.PEM), Kind.PRIVATE_KEY),
        (KEY + c.pem(LEAF), Kind.BUNDLE),
        (c.pem(LEAF, ISSUER) + KEY, Kind.BUNDLE),
        (store(key=True, locked=False), Kind.PKCS12),
        (store(key=True, locked=True), Kind.PKCS12),
        (store(key=False, locked=True), Kind.PKCS12),  # nobody can see that it holds no key
        (EMPTY + KEY, Kind.PKCS12),
    ],
    ids=map(str, itertools.count()),  # keys are new in every process
)
def test_only_the_kind_of_a_file_with_a_key_is_reported(content: bytes, kind: Kind) -> None:
    assert read(content) == Inspected(kind, has_private_key=True)


# --- several, and none that was ordered


def test_several_leaves_give_what_they_have_in_common() -> None:
    other = c.leaf(c.ISSUED[1], "api.example.com")
    told = read(c.pem(LEAF, ISSUER, other))
    expected = Inspected(Kind.BUNDLE, {PROVIDER: "sectigo"}, not_before=c.NOT_BEFORE.date())
    assert told == expected


def test_an_expired_intermediate_alone_is_nobodys_order() -> None:
    issuer, root = ISSUER.subject, ROOT.subject
    alone = c.made(root, issuer, hosts=(), ca=True, ends=datetime(2020, 1, 1, tzinfo=UTC))
    assert read(c.pem(alone)) == Inspected(Kind.CERTIFICATE, expired=True, is_authority=True)
    assert read(c.pem(alone, ROOT)) == Inspected(Kind.CHAIN, is_authority=True)


def test_an_expired_intermediate_does_not_expire_the_leaf() -> None:
    issuer, root = ISSUER.subject, ROOT.subject
    old = c.made(root, issuer, hosts=(), ca=True, ends=datetime(2020, 1, 1, tzinfo=UTC))
    told = read(c.pem(old, LEAF))
    assert (told.leaf, told.expired) == (SHA256, False)


def test_a_host_certificate_that_openssl_marked_as_a_ca_is_a_leaf() -> None:
    own = c.name(None, "Shop.Example.com")
    for hosts in ((), ("shop.example.com",)):
        told = read(c.pem(c.made(own, own, hosts=hosts, ca=True)))
        assert (told.name, told.leaf is not None) == ("shop.example.com", True)


@pytest.mark.parametrize(
    ("today", "expired"), [(c.NOT_AFTER.date(), False), (date(2027, 11, 4), True), (date(2000, 1, 1), False)]
)
def test_a_certificate_is_valid_through_its_last_day(today: date, expired: bool) -> None:  # noqa: FBT001
    assert read(c.pem(LEAF), today).expired is expired


def test_host_names() -> None:
    issuer = c.name("Sectigo Limited", "Sectigo")
    nameless = read(c.pem(c.made(issuer, c.name("Example", None), hosts=("*.Example.com", "192.0.2.7"))))
    assert (nameless.name, nameless.sans) == (None, ("*.example.com", "192.0.2.7"))
    person = read(c.pem(c.made(issuer, c.name(None, "Rosa Example"), hosts=())))
    assert (person.name, person.sans) == ("Rosa Example", ())


def test_a_non_ascii_name_is_reported_in_ascii() -> None:
    issuer, host = c.name("Sectigo Limited", "Sectigo"), "xn--mller-kva.example.de"
    told = read(c.pem(c.made(issuer, c.name(None, "Müller.example.de"), hosts=(host,))))
    assert (told.name, told.sans) == (host, (host,))


CLIENT = """CONNECTED(00000003)
depth=2 C = US, O = Example Root
verify return:1
---
Certificate chain
 0 s:CN = shop.example.com
   i:C = GB, O = Sectigo Limited
{leaf} 1 s:O = Sectigo Limited
   i:O = Example Root
{issuer}---
Server certificate
subject=CN = shop.example.com

issuer=O = Sectigo Limited
---
    Session-ID: 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
    TLS session ticket:
    0000 - 2b 5e 1a 30 82 01 0a 02-82 01 01 00 aa bb cc dd   +^.0............
    0010 - 2b 5e 1a 30 82 01 0a 02-82 01 01 00 aa bb cc dd   +^.0............
"""


def test_s_client_output_is_a_chain_without_a_key() -> None:
    told = read(CLIENT.format(leaf=PEM, issuer=c.pem(ISSUER).decode()).encode())
    assert (told.kind, told.leaf, told.has_private_key) == (Kind.CHAIN, SHA256, False)


def test_an_operators_own_issuers_and_policies(tmp_path: Path) -> None:
    internal = next(each for each in c.ISSUED if each.organization == "Example Internal")
    (tmp_path / "vocabulary.toml").write_text(
        '[[issuer]]\nname = "Mine"\norganizations = ["example INTERNAL"]\nprovider = "trustwave"\n'
        '[[certificate_policy]]\noid = "2.5.29.32.0"\nvalidation = "ov"\n'
    )
    told = inspected(c.pem(c.leaf(internal)), load([tmp_path]).vocabulary, TODAY)
    assert told.facts == {PROVIDER: "trustwave", VALIDATION: "ov"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('name = "Mine"\nprovider = "sectigo"', "organizations: is missing"),
        ('name = "Mine"\norganizations = ["Mine"]', "settles no fact"),
        ('name = "Mine"\norganizations = ["Mine"]\nprovider = "sectgo"', 'did you mean "sectigo"?'),
        ('name = "Mine"\norganizations = ["Mine"]\nprovidr = "sectigo"', 'did you mean "provider"?'),
    ],
)
def test_an_invalid_issuer_row_is_a_finding(tmp_path: Path, row: str, words: str) -> None:
    (tmp_path / "vocabulary.toml").write_text(f"[[issuer]]\n{row}\n")
    with pytest.raises(PolicyError, match=re.escape(words)):
        load([tmp_path])


# --- what somebody may send to do harm


def test_very_many_names_are_all_reported() -> None:
    hosts = [f"a{number}.example.com" for number in range(20_000)]
    told = read(c.pem(c.made(c.name("Sectigo Limited", "Sectigo"), c.name(None, hosts[0]), hosts=hosts)))
    assert len(told.sans) == len(hosts)


def test_a_file_larger_than_any_certificate_is_refused_at_once() -> None:
    with pytest.raises(TooLargeError):
        read(bytes(LARGEST + 1))


ADVERSE = {
    "beginnings of base64": b"MIIhAAAA " * 20_000,
    "beginnings that claim to be long": b"MIMPAAAA " * 20_000,
    "beginnings of hex": b"30 82 ff ff " * 8_000,
    "sequences within sequences": b"\x30\x80" * 90_000,
    "small sequences": b"\x30\x03\x02\x01\x05" * 30_000,
    "dashes": b"-" * 180_000,
    "beginnings of PEM": b"-----BEGIN CERTIFICATE-----\n" * 6_000,
    "packed PEMs": b"LS0tLS1CRUdJTi" * 12_000,
}


@pytest.mark.long
@pytest.mark.parametrize("content", ADVERSE.values(), ids=ADVERSE)
def test_files_made_to_be_slow_are_read_in_time(content: bytes) -> None:
    began = time.process_time()
    found = Contents(content)
    assert time.process_time() - began < 2
    assert found.certificates == []


def value(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return bytes([tag, 0x81, len(content)]) + content


def test_a_store_with_a_huge_iteration_count_is_not_opened() -> None:
    data = bytes.fromhex("06092a864886f70d010701")
    digest = value(0x30, value(0x30, bytes.fromhex("0609608648016503040201"), b"\5\0"), value(4, bytes(32)))
    for rounds in (b"\x02\x04\x7f\xff\xff\xff", b"\x02\x09\x00" + b"\xff" * 8):
        mac = value(0x30, digest, value(4, bytes(8)), rounds)
        content = value(0x30, data, value(0xA0, value(4, value(0x30))))
        began = time.process_time()
        assert read(value(0x30, b"\2\1\3", content, mac)) == Inspected(Kind.PKCS12, is_locked=True)
        assert time.process_time() - began < 1


@given(st.binary(max_size=400), st.integers(0, 800), st.sampled_from(["in place", "cut", "put in"]))
def test_any_bytes_are_inspected_without_raising(noise: bytes, at: int, how: str) -> None:
    whole = c.der(LEAF)
    rest = {"in place": whole[at + len(noise) :], "cut": b"", "put in": whole[at:]}[how]
    for content in (whole[:at] + noise + rest, noise, c.pem(LEAF)[:at] + noise + c.pem(LEAF)[at:]):
        told = read(content)
        assert told.kind in Kind
        assert isinstance(hash((told.name, told.sans)), int)
