"""A certificate among other words is found in every format, and no word around it is lost."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Use
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.pasted_certificates import (
    Note,
    holds_certificate,
    notes_of,
    pasted_in,
    shortened,
    without_certificates,
)
from bot.reading.sentences import read
from tests.conftest import shipped
from tests.reading import certificates as c
from tests.reading.test_certificates import CSR, FORMS

POLICY = shipped()
VOCABULARY = POLICY.vocabulary
TODAY = date(2026, 11, 23)
CHAIN = c.chain()
PEM = c.pem(CHAIN[0]).decode()
TEXTS = {name: form for name, form in FORMS.items() if isinstance(form, str) and "hex" not in name.casefold()}
EXPIRED = c.leaf(ends=datetime(2026, 11, 1, tzinfo=UTC))
OWN = c.name("Example", "shop.example.com")
SERVER_GATED = x509.ObjectIdentifier("2.16.840.1.113730.4.1")


def used(
    *uses: x509.ObjectIdentifier, hosts: Sequence[str] = c.HOSTS, begins: datetime = c.NOT_BEFORE
) -> x509.Certificate:
    issuer = c.name("Sectigo Limited", "Sectigo Public Code Signing CA R36")
    return c.made(issuer, c.name("Example GmbH", "Rosa"), hosts=hosts, begins=begins, uses=uses)


PRINTED = """Certificate:
    Data:
        Version: 3 (0x2)
        Issuer: C=GB, O=Sectigo Limited, CN=Sectigo RSA Domain Validation Secure Server CA
        Validity
            Not Before: Nov  3 00:00:00 2025 GMT
        Subject: CN=other.example.com
"""


@pytest.mark.parametrize("form", TEXTS)
def test_a_pasted_certificate_is_found_in_every_format(form: str) -> None:
    pasted = pasted_in(TEXTS[form], VOCABULARY, TODAY)
    assert pasted is not None
    assert pasted.told.name == "shop.example.com"
    assert len(pasted.beside) == len(TEXTS[form])
    assert "MII" not in pasted.beside


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        (f"please cancel this:\n{PEM}It was ordered twice.", "please cancel this: It was ordered twice."),
        (f"{base64.b64encode(c.der(CHAIN[0])).decode()} MIT", "MIT"),
        (f"MISSISSIPPI\n{c.pem(*CHAIN).decode()}\nMINNESOTA", "MISSISSIPPI MINNESOTA"),
        (f"cut off:\n{PEM[:300]}\nthe end", "cut off: the end"),
        (f"subject=CN = shop.example.com\nissuer=O = Sectigo Limited\n\n{PEM}", ""),
        (f"{PRINTED}{PEM}bye", "bye"),
        (f" 0 s:CN = shop.example.com\n   i:O = Sectigo Limited\n{PEM}", ""),
    ],
)
def test_the_words_around_a_certificate_are_kept(text: str, beside: str) -> None:
    assert " ".join(without_certificates(text).split()) == beside


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (PEM, ()),
        (c.pem(*reversed(CHAIN)).decode(), ()),
        (c.pem(EXPIRED).decode(), (Note.EXPIRED,)),
        (c.pem(*CHAIN[1:]).decode(), (Note.AUTHORITY,)),
        (c.pem(c.made(OWN, OWN)).decode(), (Note.SELF_SIGNED,)),
        (CSR.public_bytes(Encoding.PEM).decode(), (Note.REQUEST,)),
        (c.pem(c.leaf(), c.leaf(host="www.example.org")).decode(), (Note.SEVERAL,)),
        (
            c.pem(c.leaf(next(e for e in c.ISSUED if e.issuer.startswith("DigiCert TLS")))).decode(),
            (Note.MAKER_OPEN,),
        ),
        (c.pem(used(Use.EMAIL_PROTECTION), used(Use.SERVER_AUTH)).decode(), (Note.SEVERAL,)),
        (c.pem(used(Use.EMAIL_PROTECTION, Use.CLIENT_AUTH, hosts=())).decode(), (Note.OTHER_USE,)),
        (c.pem(used(Use.CODE_SIGNING, hosts=())).decode(), (Note.OTHER_USE,)),
        (c.pem(used(Use.TIME_STAMPING, hosts=())).decode(), (Note.OTHER_USE,)),
        (c.pem(used(Use.CLIENT_AUTH), used(Use.CODE_SIGNING)).decode(), (Note.OTHER_USE,)),
        (c.pem(used(Use.SERVER_AUTH, Use.CLIENT_AUTH)).decode(), ()),
        (c.pem(used(Use.ANY_EXTENDED_KEY_USAGE)).decode(), ()),
        (c.pem(used(SERVER_GATED)).decode(), ()),
        (c.pem(used(begins=datetime(2027, 1, 1, tzinfo=UTC))).decode(), (Note.NOT_YET,)),
        (c.pem(used(begins=datetime(2026, 11, 24, 12, tzinfo=UTC))).decode(), ()),  # today, east of here
        (PEM[:400], (Note.DAMAGED,)),
        (PEM.replace(PEM[100:140], "A" * 40), (Note.DAMAGED,)),
    ],
)
def test_notes_about_a_certificate(text: str, notes: tuple[Note, ...]) -> None:
    pasted = pasted_in(text, VOCABULARY, TODAY)
    assert pasted is not None
    assert notes_of(pasted.told, VOCABULARY) == notes


def test_only_the_leaf_of_a_long_chain_is_kept() -> None:
    long = f"please cancel\n{c.pem(*CHAIN[::-1]).decode()}\nthanks"
    short = shortened(long)
    assert len(short) < len(long) / 2
    assert pasted_in(short, VOCABULARY, TODAY) is not None
    assert " ".join(without_certificates(short).split()) == "please cancel thanks"
    assert pasted_in(short, VOCABULARY, TODAY).told.leaf == pasted_in(long, VOCABULARY, TODAY).told.leaf  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    ["MIIB", "MISSISSIPPI " * 30, "order MI12345678 for shop.example.com", "LS0tLS1C", "BEGIN CERTIFICATE"],
)
def test_other_text_is_not_a_certificate(text: str) -> None:
    assert not holds_certificate(text)
    assert without_certificates(text) == text


def test_the_sentence_beside_a_certificate_is_read_and_the_certificate_is_not() -> None:
    text = f"{PRINTED}{PEM}OpenSRS, PositiveSSL for shop.example.com"
    found = read(POLICY, text, TODAY)
    assert found.facts == read(POLICY, "OpenSRS, PositiveSSL for shop.example.com", TODAY).facts
    assert all(text[each.start : each.end] == each.text for each in found.found)


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, len(PEM)))
def test_any_text_keeps_its_length(before: str, after: str, cut: int) -> None:
    text = f"{before}\n{PEM[:cut]}\n{after}"
    assert len(without_certificates(text)) == len(text)
    pasted_in(text, VOCABULARY, TODAY)
    shortened(text)
