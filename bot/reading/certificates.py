"""Inspect a certificate, or a file of them: its maker, validation level, names and validity dates.

What a certificate cannot prove stays open: it never names the seller's program, only its policies prove the
level, and its first day is only a hint, since a reissue gets a new one. No signature is checked: nobody gains
by showing the desk a forged certificate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.reading.certificate_extraction import Contents, opens_without_key
from bot.reading.host_names import ascii_host_name
from bot.reading.inspected_certificates import Inspected, Kind
from bot.reading.private_keys import holds_private_key
from policy.facts import Fact, Value
from policy.issuers import certain_of_issuer, certain_of_policies
from policy.vocabulary import Vocabulary

LARGEST: Final = 2 * 1024 * 1024  # bytes: a chain has a few thousand, a bundle of all roots about 250,000

_HOST: Final = re.compile(
    r"(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,40}[a-z0-9-]{2,63}", re.IGNORECASE
)

# Extended key usages of a host's certificate: server authentication, any, and two that old servers used.
_SERVER_USAGES: Final = frozenset(
    {"1.3.6.1.5.5.7.3.1", "2.5.29.37.0", "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"}
)
_ONE_DAY: Final = timedelta(days=1)

T = TypeVar("T")
E = TypeVar("E", bound=x509.ExtensionType)


class TooLargeError(ValueError):
    """The file is larger than any certificate chain."""


def inspected(content: bytes, vocabulary: Vocabulary, today: date) -> Inspected:
    """Return what a file says about the certificate in it.

    Raises:
        TooLargeError: The file is larger than `LARGEST` and was not read.
    """
    if len(content) > LARGEST:
        raise TooLargeError(len(content))
    with_key = holds_private_key(content) and not opens_without_key(content)
    if with_key:
        return Inspected(_kind_with_key(Contents(content)), has_private_key=True)
    return told_by(content, vocabulary, today)


def told_by(content: bytes, vocabulary: Vocabulary, today: date) -> Inspected:
    """Return what a file without a private key says; the caller has checked that there is none."""
    contents = Contents(content)
    if contents.certificates:
        return _of_certificates(contents, vocabulary, today)
    if contents.is_store:
        return Inspected(Kind.PKCS12, is_locked=True)
    if contents.requests:
        return _of_requests(contents.requests)
    return Inspected(Kind.PUBLIC_KEY if contents.has_public_key else Kind.NONE)


def leaves_of(content: bytes) -> list[bytes]:
    """Return the DER of each certificate in a file that is not an authority's."""
    return [each.public_bytes(Encoding.DER) for each in _leaves(Contents(content).certificates)]


def _kind_with_key(contents: Contents) -> Kind:
    if contents.is_store:
        return Kind.PKCS12
    return Kind.BUNDLE if contents.certificates else Kind.PRIVATE_KEY


def _of_certificates(contents: Contents, vocabulary: Vocabulary, today: date) -> Inspected:
    every = contents.certificates
    leaves = _leaves(every)
    kind = Kind.BUNDLE if len(leaves) > 1 else Kind.CHAIN if len(every) > 1 else Kind.CERTIFICATE
    kind = Kind.PKCS12 if contents.is_store else kind
    if not leaves:  # certificates of authorities, which nobody ordered
        return Inspected(kind, expired=all(_is_expired(each, today) for each in every), is_authority=True)
    inspected_leaves = [_of_leaf(kind, each, vocabulary, today) for each in leaves]
    if len(inspected_leaves) == 1:
        return inspected_leaves[0]
    return Inspected(
        kind,
        facts=_common_facts([each.facts for each in inspected_leaves]),
        name=_common([each.name for each in inspected_leaves]),
        sans=_common([each.sans for each in inspected_leaves]) or (),
        not_before=_common([each.not_before for each in inspected_leaves]),
        expired=all(each.expired for each in inspected_leaves),
        self_signed=all(each.self_signed for each in inspected_leaves),
        is_for_no_host=all(each.is_for_no_host for each in inspected_leaves),
        begins_later=all(each.begins_later for each in inspected_leaves),
    )


def _of_leaf(kind: Kind, leaf: x509.Certificate, vocabulary: Vocabulary, today: date) -> Inspected:
    issuer, subject = _issuer(leaf), _subject(leaf)
    facts: dict[Fact, Value] = {}
    if issuer is not None and issuer != subject:
        organizations = _attributes(issuer, NameOID.ORGANIZATION_NAME)
        called = _attributes(issuer, NameOID.COMMON_NAME)
        facts |= certain_of_issuer(vocabulary.issuers, organizations, called[0] if called else "")
    policies = _extension(leaf, x509.CertificatePolicies)
    begins = _day(lambda: leaf.not_valid_before_utc)
    oids = [each.policy_identifier.dotted_string for each in policies or ()]
    facts |= certain_of_policies(vocabulary.certificate_policies, oids)
    return Inspected(
        kind,
        facts,
        _common_name(subject),
        _alternative_names(_extension(leaf, x509.SubjectAlternativeName)),
        begins,
        _is_expired(leaf, today),
        leaf.fingerprint(hashes.SHA256()).hex(),
        self_signed=issuer is not None and issuer == subject,
        is_for_no_host=not _serves(leaf),
        begins_later=begins is not None and begins > today + _ONE_DAY,
    )


def _of_requests(requests: Sequence[x509.CertificateSigningRequest]) -> Inspected:
    """Return the names in the requests, where they all have the same."""
    names = [_common_name(_subject(each)) for each in requests]
    sans = [_alternative_names(_extension(each, x509.SubjectAlternativeName)) for each in requests]
    return Inspected(Kind.CSR, name=_common(names), sans=_common(sans) or ())


# --- which is the leaf


def _leaves(every: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificates that are not an authority's, whatever the order of the chain."""
    names = [(_subject(each), _issuer(each)) for each in every]
    issuers = {issuer for subject, issuer in names if issuer is not None and issuer != subject}
    return [
        each
        for each, (subject, _) in zip(every, names, strict=True)
        if subject not in issuers and _is_for_a_host(each)
    ]


def _is_for_a_host(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is a host's, even if marked as an authority's, as openssl does."""
    basic = _extension(certificate, x509.BasicConstraints)
    if basic is None or not basic.ca:
        return True
    if _alternative_names(_extension(certificate, x509.SubjectAlternativeName)):
        return True
    name = _common_name(_subject(certificate))
    return name is not None and _HOST.fullmatch(name) is not None


def _serves(certificate: x509.Certificate) -> bool:
    """Return whether a server may use a certificate: one that names no usages may be used for everything."""
    uses = _extension(certificate, x509.ExtendedKeyUsage)
    return uses is None or not _SERVER_USAGES.isdisjoint(each.dotted_string for each in uses)


# --- fields of a certificate, each of which may be damaged


def _subject(signed: x509.Certificate | x509.CertificateSigningRequest) -> x509.Name | None:
    return _read(lambda: signed.subject)


def _issuer(certificate: x509.Certificate) -> x509.Name | None:
    return _read(lambda: certificate.issuer)


def _day(read: Callable[[], datetime]) -> date | None:
    moment = _read(read)
    return moment.astimezone(UTC).date() if moment is not None else None


def _read(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (ValueError, OverflowError):
        return None


def _attributes(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    values = [attribute.value for attribute in name.get_attributes_for_oid(oid)]
    return [value for value in values if isinstance(value, str)]


def _common_name(subject: x509.Name | None) -> str | None:
    """Return the common name, or None if there is none or there are two different ones."""
    every = _attributes(subject, NameOID.COMMON_NAME) if subject is not None else []
    names = {*map(_plain, every)}
    return next(iter(names)) if len(names) == 1 else None


def _plain(name: str) -> str:
    stripped = name.strip().removesuffix(".")
    host = ascii_host_name(stripped) or stripped
    return host.lower() if _HOST.fullmatch(host) else stripped


def _alternative_names(names: x509.SubjectAlternativeName | None) -> tuple[str, ...]:
    if names is None:
        return ()
    hosts = [_plain(each) for each in names.get_values_for_type(x509.DNSName)]
    addresses = [str(each) for each in names.get_values_for_type(x509.IPAddress)]
    return tuple(dict.fromkeys(hosts + addresses))


def _extension(signed: x509.Certificate | x509.CertificateSigningRequest, kind: type[E]) -> E | None:
    try:
        return signed.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return None


def _is_expired(certificate: x509.Certificate, today: date) -> bool:
    ends = _day(lambda: certificate.not_valid_after_utc)
    return ends is not None and ends < today


# --- what several have in common


def _common(values: Iterable[T | None]) -> T | None:
    once = {*values}
    return next(iter(once)) if len(once) == 1 else None


def _common_facts(every: Sequence[Mapping[Fact, Value]]) -> Mapping[Fact, Value]:
    first, *rest = every
    return {fact: value for fact, value in first.items() if all(each.get(fact) == value for each in rest)}
