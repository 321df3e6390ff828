"""A program's own facts, details and names are read if the text or the case names the program."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import policy
from bot.reading.sentences import read

EXAMPLES = Path(policy.__file__).parent / "examples"
TODAY = date(2026, 11, 23)
PURCHASED, ISSUED_ON = date(2026, 11, 3), date(2026, 11, 5)

SAID = [
    (
        "bought on 3 Nov 2026 at Namecheap, not issued yet",
        None,
        {"program": "namecheap", "purchased_on": PURCHASED, "issued": False},
        {},
    ),
    (
        "Namecheap: purchased 2026-11-03 and issued 2026-11-05, certificate id 123456",
        None,
        {"program": "namecheap", "purchased_on": PURCHASED, "issued": True, "fulfilled_on": ISSUED_ON},
        {"certificate_id": "123456"},
    ),
    ("bought on 3 Nov 2026", "namecheap", {"purchased_on": PURCHASED}, {}),
    ("bought on 3 Nov 2026, certificate id 123456", None, {}, {}),
    (
        "GoGetSSL: it was revoked by the CA, issued 5 Nov",
        None,
        {"program": "gogetssl", "fault": "revoked", "issued": True, "fulfilled_on": ISSUED_ON},
        {},
    ),
    ("no, at GoGetSSL, neither", None, {"program": "gogetssl"}, {}),
]


@pytest.fixture(scope="module")
def core() -> policy.Policy:
    return policy.load([EXAMPLES])


@pytest.mark.parametrize(("text", "program", "facts", "details"), SAID, ids=[row[0] for row in SAID])
def test_a_programs_own_words_are_read(
    core: policy.Policy, text: str, program: str | None, facts: dict[str, object], details: dict[str, str]
) -> None:
    found = read(core, text, TODAY, program)
    assert (dict(found.facts), dict(found.details)) == (facts, details)


@pytest.mark.long
def test_a_programs_own_brand_outranks_a_shared_one(tmp_path: Path) -> None:
    own = '\n[[brand]]\nname = "Sectigo"\nprovider = "other"\n'
    text = (EXAMPLES / "namecheap.toml").read_text("utf-8") + own
    (tmp_path / "namecheap.toml").write_text(text, "utf-8")
    core = policy.load([tmp_path])
    assert read(core, "a Sectigo from Namecheap", TODAY).facts["provider"] == "other"  # type: ignore[index]
    assert read(core, "a Sectigo, pending", TODAY).facts["provider"] == "sectigo"  # type: ignore[index]


RECAP = "Program: OpenSRS\nRole: Reseller\nIssued: Yes\nProvider: Trustwave\nValidation: EV\nFulfilled: 3 Nov"
TICKET = """\
Hello OpenSRS support,

please cancel this certificate and refund it.

Provider: Sectigo
Fulfilled: 3 November 2026
Reseller username: acme-hosting
Supplier order ID: 10493321
Common name: shop.example.com

The request is made within the refund window, which ends on 3 December 2026.

Please confirm when it is canceled. Our reference: K7P2.
"""
DESK_WROTE = [
    (
        "I read: Sectigo · PositiveSSL (DV) · issued Tue 17 Nov · order 1234567890",
        {"provider": "sectigo", "validation": "dv", "issued": True, "fulfilled_on": date(2026, 11, 17)},
        {},
    ),
    (
        TICKET,
        {"program": "opensrs", "provider": "sectigo", "issued": True, "fulfilled_on": PURCHASED},
        {
            "reseller_username": "acme-hosting",
            "supplier_order_id": "10493321",
            "common_name": "shop.example.com",
        },
    ),
    (
        RECAP,
        {
            "program": "opensrs",
            "requester": "reseller",
            "issued": True,
            "provider": "trustwave",
            "validation": "ev",
            "fulfilled_on": PURCHASED,
        },
        {},
    ),
    (
        "Program: Trustico\nAccount: Retail\nRefund for: A certificate\nIssued: No",
        {"program": "trustico", "account": "retail", "subject": "certificate", "issued": False},
        {},
    ),
]


@pytest.mark.parametrize(("text", "facts", "details"), DESK_WROTE)
def test_the_desks_own_wording_is_read_back(
    shipped: policy.Policy, text: str, facts: dict[str, object], details: dict[str, str]
) -> None:
    found = read(shipped, text, TODAY)
    assert (dict(found.facts), dict(found.details)) == (facts, details)
