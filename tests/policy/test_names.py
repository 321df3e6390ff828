from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import Ambiguous, NotRecognized, Policy, Recognized
from policy.facts import Fact

KNOWN = [
    # typed                                      provider     level that the name makes certain
    ("Sectigo", "sectigo", None),
    ("sectigo ssl", "sectigo", None),
    ("Comodo", "sectigo", None),
    ("COMODO CA", "sectigo", None),
    ("Comodo certificate", "sectigo", None),
    ("PositiveSSL", "sectigo", "dv"),
    ("positive ssl", "sectigo", "dv"),
    ("Positive-SSL", "sectigo", "dv"),
    ("PositiveSSL™ Wildcard", "sectigo", "dv"),
    ("Comodo PositiveSSL Multi-Domain", "sectigo", "dv"),
    ("PositiveSSL by Sectigo", "sectigo", "dv"),
    ("PositiveSSL EV", "sectigo", "ev"),
    ("positive ssl ev multi domain", "sectigo", "ev"),
    ("EssentialSSL", "sectigo", None),
    ("Essential SSL Wildcard", "sectigo", None),
    ("InstantSSL", "sectigo", None),
    ("Instant SSL Pro", "sectigo", None),
    ("Sectigo PremiumSSL Wildcard", "sectigo", None),
    ("Comodo Premium SSL", "sectigo", None),
    ("Sectigo EV", "sectigo", "ev"),
    ("Comodo Extended Validation SSL", "sectigo", "ev"),
    ("Sectigo Organization Validated", "sectigo", "ov"),
    ("GeoTrust", "geotrust", None),
    ("Geo Trust", "geotrust", None),
    ("QuickSSL", "geotrust", "dv"),
    ("GeoTrust QuickSSL Premium", "geotrust", "dv"),
    ("QuickSSL Premium Wildcard", "geotrust", "dv"),
    ("True BusinessID", "geotrust", "ov"),
    ("True Business ID", "geotrust", "ov"),
    ("GeoTrust® True BusinessID Wildcard", "geotrust", "ov"),
    ("True BusinessID with EV", "geotrust", "ev"),
    ("TrueBusinessID EV", "geotrust", "ev"),
    ("True BusinessID with Extended Validation", "geotrust", "ev"),
    ("Thawte", "thawte", None),
    ("SSL123", "thawte", "dv"),
    ("thawte ssl 123", "thawte", "dv"),
    ("SSL Web Server", "thawte", None),
    ("Thawte SSL Web Server Certificate", "thawte", None),
    ("SSL Web Server with EV", "thawte", "ev"),
    ("SGC SuperCerts", "thawte", None),
    ("Thawte SGC SuperCert", "thawte", None),
    ("Symantec", "symantec", None),
    ("Secure Site", "symantec", None),
    ("Symantec Secure Site Pro", "symantec", None),
    ("Secure Site with EV", "symantec", "ev"),
    ("Secure Site Pro with EV", "symantec", "ev"),
    ("Trustwave", "trustwave", None),
    ("TrustWave SSL", "trustwave", None),
    ("Trustwave DV", "trustwave", "dv"),
    ("Trustwave Domain Validated SSL", "trustwave", "dv"),
    ("Trustwave EV", "trustwave", "ev"),
    ("Trustwave Premium SSL", "trustwave", "ov"),
    ("Premium SSL from Trustwave", "trustwave", "ov"),
    ("Trustwave Premium EV SSL", "trustwave", "ev"),
    ("Premium EV SSL", "trustwave", "ev"),
    ("Trustwave Premium Wildcard SSL", "trustwave", "ov"),
    ("RapidSSL", "other", None),
    ("Rapid SSL Wildcard", "other", None),
    ("DigiCert", "other", None),
    ("Let's Encrypt", "other", None),
    ("lets encrypt", "other", None),
    ("Let\N{RIGHT SINGLE QUOTATION MARK}s Encrypt", "other", None),
    ("GlobalSign", "other", None),
    ("SSL.com", "other", None),
]


@pytest.mark.parametrize(("typed", "provider", "level"), KNOWN, ids=[row[0] for row in KNOWN])
def test_known(shipped: Policy, typed: str, provider: str, level: str | None) -> None:
    found = shipped.recognize(typed)
    assert isinstance(found, Recognized), found
    assert dict(found.facts) == {Fact("provider"): provider} | ({Fact("validation"): level} if level else {})


def test_a_level_that_contradicts_the_product_proves_none(shipped: Policy) -> None:
    found = shipped.recognize("QuickSSL EV")
    assert isinstance(found, Recognized)
    assert dict(found.facts) == {Fact("provider"): "geotrust"}


@pytest.mark.parametrize("typed", ["Premium SSL", "premiumssl", "Premium Wildcard SSL certificate"])
def test_one_name_of_two_products_is_asked_back(shipped: Policy, typed: str) -> None:
    found = shipped.recognize(typed)
    assert found == Ambiguous(("Sectigo PremiumSSL", "Trustwave Premium SSL"))
    assert [shipped.recognize(name).facts[Fact("provider")] for name in found.names] == [
        "sectigo",
        "trustwave",
    ]


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Sectgo", "Sectigo"),
        ("geotrsut", "GeoTrust"),
        ("True Busines ID", "True BusinessID"),
        ("PositvSSL", "PositiveSSL"),
        ("trust wafe", "Trustwave"),
        ("", None),
        ("   ", None),
        ("EV", None),
        ("wildcard", None),
        ("🔒", None),
        ("zzzzzz", None),
        ("a" * 10_000, None),
        ("DigiCert Secure Site", None),  # another maker's
        ("digicert secure sit pro", None),
        ("rapidssl true businessid", None),
        ("Trustwave Premum SSL", "Trustwave Premium SSL"),
        ("true businesid", "True BusinessID"),  # not the one with EV
        ("true businesid ev", "True BusinessID with EV"),
    ],
)
def test_similar_is_suggested_and_never_taken(shipped: Policy, typed: str, nearest: str | None) -> None:
    assert shipped.recognize(typed) == NotRecognized(nearest)


@given(st.text())
def test_anything_can_be_typed(shipped: Policy, typed: str) -> None:
    assert isinstance(shipped.recognize(typed), Recognized | Ambiguous | NotRecognized)


def test_each_name_is_recognized_as_itself(shipped: Policy) -> None:
    for program in shipped.programs.values():
        for brand in program.names:
            found = shipped.recognize(brand.name)
            assert isinstance(found, Recognized)
            assert found.name == brand.name
