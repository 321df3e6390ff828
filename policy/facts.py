"""The vocabulary of the interview: which facts there are and which answers each of them takes.

A fact is *absent* from a mapping when it has not been asked yet, and `UNKNOWN` when the person was asked
and does not know. The two are never mixed up: absent leads to a question, unknown to a rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final, Literal, TypeAlias

__all__ = [
    "CHOICES",
    "UNKNOWN",
    "Account",
    "Fact",
    "Facts",
    "Provider",
    "Requester",
    "Subject",
    "Unknown",
    "Validation",
    "Value",
]


class Fact(StrEnum):
    """What can be asked, in the order in which it is asked."""

    PROGRAM = "program"
    REQUESTER = "requester"
    ACCOUNT = "account"
    SUBJECT = "subject"
    ISSUED = "issued"
    PROVIDER = "provider"
    VALIDATION = "validation"
    FULFILLED_ON = "fulfilled_on"


class Unknown(StrEnum):
    """The one answer that every fact takes: the person does not know."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class Requester(StrEnum):
    """Who asks."""

    RESELLER = "reseller"
    CERTIFICATE_HOLDER = "certificate_holder"


class Provider(StrEnum):
    """Whose certificate it is, as the OpenSRS page groups them."""

    SECTIGO = "sectigo"
    GEOTRUST = "geotrust"
    SYMANTEC = "symantec"
    THAWTE = "thawte"
    TRUSTWAVE = "trustwave"
    OTHER = "other"


class Validation(StrEnum):
    """How far the applicant was checked: domain, organization, extended."""

    DV = "dv"
    OV = "ov"
    EV = "ev"


class Account(StrEnum):
    """What kind of Trustico customer asks."""

    PARTNER = "partner"
    RETAIL = "retail"


class Subject(StrEnum):
    """What a Trustico partner wants money back for."""

    CERTIFICATE = "certificate"
    PREPAID_BALANCE = "prepaid_balance"


# `program` takes the ids of the loaded program files and "other", so its values are plain strings.
Value: TypeAlias = str | bool | date
Facts: TypeAlias = Mapping[Fact, Value]

# Every fact but `program` (its choices are the loaded programs) and `fulfilled_on` (a date).
CHOICES: Final[Mapping[Fact, tuple[Value, ...]]] = {
    Fact.REQUESTER: tuple(Requester),
    Fact.ACCOUNT: tuple(Account),
    Fact.SUBJECT: tuple(Subject),
    Fact.ISSUED: (True, False),
    Fact.PROVIDER: tuple(Provider),
    Fact.VALIDATION: tuple(Validation),
}

FactType: TypeAlias = Literal["choice", "date"]
