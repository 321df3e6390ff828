"""What a certificate file says, as data; separate from what reads it, whose import takes seven megabytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from policy.facts import Fact, Value


class Kind(StrEnum):
    """What a file is. A bundle holds several leaves, or certificates along with their private key."""

    CERTIFICATE = "certificate"
    CHAIN = "chain"
    BUNDLE = "bundle"
    PKCS12 = "pkcs12"
    CSR = "csr"
    PUBLIC_KEY = "public_key"
    PRIVATE_KEY = "private_key"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a certificate file says; what is not certain is None or empty.

    Of a file with a private key, only that and its kind are given. `name` is the common name, in lower case
    where it is a host name; `not_before` is in UTC; `leaf` is the SHA-256 of the leaf's DER, in hex.
    `is_authority`: it holds only certificates of authorities; `self_signed`: subject and issuer are the same;
    `is_locked`: its contents need a password; `is_for_no_host`: it is for mail, code, a client or the like;
    `begins_later`: it is not valid yet, in any time zone.
    """

    kind: Kind
    facts: Mapping[Fact, Value] = field(default_factory=dict)
    name: str | None = None
    sans: tuple[str, ...] = ()
    not_before: date | None = None
    expired: bool = False
    leaf: str | None = None
    has_private_key: bool = False
    is_authority: bool = False
    self_signed: bool = False
    is_locked: bool = False
    is_for_no_host: bool = False
    begins_later: bool = False
