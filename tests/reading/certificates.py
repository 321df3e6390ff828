"""Certificates as real issuers make them, generated in each run with only their names, policies and dates."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

EV, DV, OV = "2.23.140.1.1", "2.23.140.1.2.1", "2.23.140.1.2.2"
IV, ANY = "2.23.140.1.2.3", "2.5.29.32.0"
NOT_BEFORE = datetime(2026, 11, 3, tzinfo=UTC)
NOT_AFTER = datetime(2027, 11, 3, 23, 59, 59, tzinfo=UTC)
HOSTS = ("shop.example.com", "www.shop.example.com")


@dataclass(frozen=True)
class Issued:
    """A certificate as an issuer makes it, and what is to be read from it."""

    organization: str | None
    issuer: str
    policies: tuple[str, ...]
    provider: str | None
    validation: str | None


DIGICERT = "DigiCert Inc"
ISSUED = [
    Issued(
        "Sectigo Limited",
        "Sectigo RSA Domain Validation Secure Server CA",
        ("1.3.6.1.4.1.6449.1.2.2.7", DV),
        "sectigo",
        "dv",
    ),
    Issued(
        "Sectigo Limited",
        "Sectigo RSA Organization Validation Secure Server CA",
        ("1.3.6.1.4.1.6449.1.2.1.3.4", OV),
        "sectigo",
        "ov",
    ),
    Issued(
        "Sectigo Limited",
        "Sectigo RSA Extended Validation Secure Server CA",
        ("1.3.6.1.4.1.6449.1.2.1.5.1", EV),
        "sectigo",
        "ev",
    ),
    Issued("Sectigo Limited", "Sectigo Public Server Authentication CA DV R36", (DV,), "sectigo", "dv"),
    Issued(
        "COMODO CA Limited",
        "COMODO RSA Domain Validation Secure Server CA",
        ("1.3.6.1.4.1.6449.1.2.2.7", DV),
        "sectigo",
        "dv",
    ),
    Issued("Comodo CA Limited", "PositiveSSL CA 2", (), "sectigo", None),
    Issued("The USERTRUST Network", "UTN-USERFirst-Hardware", (), "sectigo", None),
    Issued("GeoTrust Inc.", "GeoTrust SSL CA - G3", (OV,), "geotrust", "ov"),
    Issued("GeoTrust, Inc.", "GeoTrust DV SSL CA", (), "geotrust", None),
    Issued(DIGICERT, "GeoTrust RSA CA 2018", (OV, "2.16.840.1.114412.1.1"), "geotrust", "ov"),
    Issued("DigiCert, Inc.", "GeoTrust TLS RSA CA G1", (DV,), "geotrust", "dv"),
    Issued("GeoTrust Inc.", "RapidSSL SHA256 CA", (DV,), "other", "dv"),
    Issued(DIGICERT, "RapidSSL TLS RSA CA G1", (DV,), "other", "dv"),
    Issued(
        "Symantec Corporation",
        "Symantec Class 3 Secure Server CA - G4",
        ("2.16.840.1.113733.1.7.54", OV),
        "symantec",
        "ov",
    ),
    Issued(
        "Symantec Corporation",
        "Symantec Class 3 EV SSL CA - G3",
        (EV, "2.16.840.1.113733.1.7.23.6"),
        "symantec",
        "ev",
    ),
    Issued("VeriSign, Inc.", "VeriSign Class 3 Extended Validation SSL SGC CA", (), "symantec", None),
    Issued("thawte, Inc.", "thawte SSL CA - G2", (OV,), "thawte", "ov"),
    Issued("Thawte Consulting (Pty) Ltd.", "Thawte SGC CA", (), "thawte", None),
    Issued(DIGICERT, "Thawte EV RSA CA G2", (EV,), "thawte", "ev"),
    Issued(
        "Trustwave Holdings, Inc.",
        "Trustwave Organization Validation SHA256 CA, Level 1",
        (OV, "2.16.840.1.114404.2.2.2"),
        "trustwave",
        "ov",
    ),
    Issued(
        "Trustwave Holdings, Inc.", "Trustwave Domain Validation SHA256 CA, Level 1", (DV,), "trustwave", "dv"
    ),
    Issued(
        "Trustwave Holdings, Inc.",
        "Trustwave Extended Validation SHA256 CA, Level 1",
        (EV,),
        "trustwave",
        "ev",
    ),
    Issued(
        "Trustwave Holdings, Inc.",
        "Trustwave Extended Validation CA, Level 1",
        ("2.16.840.1.114404.1.1.2.4.1",),
        "trustwave",
        None,
    ),
    Issued(DIGICERT, "DigiCert TLS RSA SHA256 2020 CA1", (OV,), None, "ov"),
    Issued(DIGICERT, "DigiCert SHA2 Extended Validation Server CA", (EV,), None, "ev"),
    Issued(DIGICERT, "DigiCert Secure Site ECC CA-1", (OV,), None, "ov"),
    Issued(DIGICERT, "Encryption Everywhere DV TLS CA - G2", (DV,), "other", "dv"),
    Issued("Let's Encrypt", "R11", (DV,), "other", "dv"),
    Issued("GlobalSign nv-sa", "AlphaSSL CA - SHA256 - G4", (DV,), "other", "dv"),
    Issued("Entrust, Inc.", "Entrust Certification Authority - L1K", (OV,), "other", "ov"),
    Issued("GoDaddy.com, Inc.", "Go Daddy Secure Certificate Authority - G2", (DV,), "other", "dv"),
    Issued("cPanel, Inc.", "cPanel, Inc. Certification Authority", (DV,), "other", "dv"),
    Issued("ZeroSSL", "ZeroSSL RSA Domain Secure Site CA", (DV,), "other", "dv"),
    # what proves nothing
    Issued("Example Internal", "GeoTrust RSA CA 2018", (ANY,), None, None),
    Issued("Example, O=Symantec Corporation", "Symantec, O=Sectigo Limited EV CA", (IV,), None, None),
    Issued(None, "Sectigo RSA Extended Validation Secure Server CA", (), None, None),
    Issued("Sectigo Limited", "Two levels at once", (DV, OV), "sectigo", None),
]


@functools.cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def name(organization: str | None, common_name: str | None) -> x509.Name:
    parts = ((NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text is not None])


def made(  # noqa: PLR0913  what a certificate is made of
    issuer: x509.Name,
    subject: x509.Name,
    policies: Sequence[str] = (),
    hosts: Sequence[str] = HOSTS,
    *,
    ca: bool | None = False,
    begins: datetime = NOT_BEFORE,
    ends: datetime = NOT_AFTER,
    uses: Sequence[x509.ObjectIdentifier] = (),
) -> x509.Certificate:
    builder = x509.CertificateBuilder().issuer_name(issuer).subject_name(subject)
    builder = builder.public_key(key().public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(min(begins, ends - timedelta(days=1))).not_valid_after(ends)
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    if uses:
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    if policies:
        information = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in policies]
        builder = builder.add_extension(x509.CertificatePolicies(information), critical=False)
    if hosts:
        names: list[x509.GeneralName] = [
            x509.IPAddress(ipaddress.ip_address(host))
            if host.replace(".", "").isdigit()
            else x509.DNSName(host)
            for host in hosts
        ]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key(), hashes.SHA256())


def leaf(issued: Issued = ISSUED[0], host: str = HOSTS[0], **more: datetime) -> x509.Certificate:
    issuer = name(issued.organization, issued.issuer)
    return made(
        issuer, name("Trustwave Holdings, Inc.", host), issued.policies, (host, f"www.{host}"), **more
    )


def chain(issued: Issued = ISSUED[0], host: str = HOSTS[0]) -> list[x509.Certificate]:
    """Return a leaf, its issuer and the root."""
    root = name("The USERTRUST Network", "USERTrust RSA Certification Authority")
    issuer = name(issued.organization, issued.issuer)
    return [leaf(issued, host), made(root, issuer, hosts=(), ca=True), made(root, root, hosts=(), ca=True)]


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
