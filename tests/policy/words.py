"""Facts as a test's table writes them: "opensrs reseller issued sectigo day-12 validation?"."""

from __future__ import annotations

from datetime import date, timedelta

from policy.facts import UNKNOWN, Account, Fact, Provider, Requester, Subject, Validation, Value

TODAY = date(2026, 11, 23)

_WORDS: dict[str, tuple[Fact, Value]] = {
    "opensrs": (Fact.PROGRAM, "opensrs"),
    "trustico": (Fact.PROGRAM, "trustico"),
    "other-program": (Fact.PROGRAM, "other"),
    "reseller": (Fact.REQUESTER, Requester.RESELLER),
    "holder": (Fact.REQUESTER, Requester.CERTIFICATE_HOLDER),
    "issued": (Fact.ISSUED, True),
    "not-issued": (Fact.ISSUED, False),
    "other": (Fact.PROVIDER, Provider.OTHER),
    **{provider: (Fact.PROVIDER, provider) for provider in Provider if provider is not Provider.OTHER},
    **{validation: (Fact.VALIDATION, validation) for validation in Validation},
    **{account: (Fact.ACCOUNT, account) for account in Account},
    "certificate": (Fact.SUBJECT, Subject.CERTIFICATE),
    "balance": (Fact.SUBJECT, Subject.PREPAID_BALANCE),
    **{f"{fact}?": (fact, UNKNOWN) for fact in Fact},
}


def facts(words: str) -> dict[Fact, Value]:
    """Read facts from words; `day-12` is a fulfillment 12 days before TODAY."""
    return dict(_fact(word) for word in words.split())


def _fact(word: str) -> tuple[Fact, Value]:
    if word.startswith("day-"):
        return Fact.FULFILLED_ON, TODAY - timedelta(days=int(word.removeprefix("day-")))
    return _WORDS[word]
