"""Facts as a test's table writes them: "opensrs reseller issued sectigo day-12 validation?"."""

from __future__ import annotations

from datetime import date, timedelta

import policy
from policy.facts import PROGRAM, UNKNOWN, Fact, Value

TODAY = date(2026, 11, 23)

_WORDS: dict[str, tuple[Fact, Value]] = {
    "opensrs": (PROGRAM, "opensrs"),
    "trustico": (PROGRAM, "trustico"),
    "other-program": (PROGRAM, "other"),
    "reseller": (Fact("requester"), "reseller"),
    "holder": (Fact("requester"), "certificate_holder"),
    "issued": (Fact("issued"), True),
    "not-issued": (Fact("issued"), False),
    "other": (Fact("provider"), "other"),
    **{each: (Fact("provider"), each) for each in ("sectigo", "geotrust", "symantec", "thawte", "trustwave")},
    **{validation: (Fact("validation"), validation) for validation in ("dv", "ov", "ev")},
    **{account: (Fact("account"), account) for account in ("partner", "retail")},
    "certificate": (Fact("subject"), "certificate"),
    "balance": (Fact("subject"), "prepaid_balance"),
    **{f"{fact}?": (fact, UNKNOWN) for fact in policy.load().vocabulary.facts},
}


def facts(words: str) -> dict[Fact, Value]:
    """Read facts from words; `day-12` is a fulfillment 12 days before TODAY."""
    return dict(_fact(word) for word in words.split())


def _fact(word: str) -> tuple[Fact, Value]:
    if word.startswith("day-"):
        return Fact("fulfilled_on"), TODAY - timedelta(days=int(word.removeprefix("day-")))
    return _WORDS[word]
