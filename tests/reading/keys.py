"""Private keys in every form, and content that is not a key: generated, the same in each run, none committed."""
# ruff: noqa: E501  tables, a row a line

from __future__ import annotations

import base64
import functools
import gzip
import json
import quopri
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from textwrap import wrap
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
    pkcs12,
)
from cryptography.x509.oid import NameOID

# How far the next primes are from the numbers that chance gives: to look for them takes seconds.
PRIMES = {1024: (92, 458), 2048: (622, 440), 4096: (622, 482)}
DSA_ORDER, DSA_FACTOR = 250, 2260
LOCKED = BestAvailableEncryption(b"password")
OPEN = NoEncryption()
TRADITIONAL = PrivateFormat.TraditionalOpenSSL


def of(what: str) -> Random:
    """Return a chance of its own for each thing: the same in every run, whatever was made before it."""
    return Random(what)  # noqa: S311  chance, not secrecy


def odd(what: str, bits: int) -> int:
    """Return an odd number of so many bits, the upper two of them set."""
    return of(what).getrandbits(bits) | 3 << (bits - 2) | 1


@functools.cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    p, q = (
        odd(f"{name} of RSA {bits}", bits // 2) + far for name, far in zip("pq", PRIMES[bits], strict=True)
    )
    d = pow(65537, -1, (p - 1) * (q - 1))
    rest = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, *rest, rsa.RSAPublicNumbers(65537, p * q))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)  # they are primes, whose proof takes long


@functools.cache
def ec_key(curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(of(curve.name).getrandbits(curve().key_size - 1), curve())


@functools.cache
def dsa_key() -> dsa.DSAPrivateKey:
    q = odd("q of DSA", 256) + DSA_ORDER
    factor = (odd("p of DSA", 2048) // q & ~1) + DSA_FACTOR
    p = q * factor + 1
    g, x = pow(2, factor, p), of("x of DSA").randrange(q)
    public = dsa.DSAPublicNumbers(pow(g, x, p), dsa.DSAParameterNumbers(p, q, g))
    return dsa.DSAPrivateNumbers(x, public).private_key()


@functools.cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(of("Ed25519").randbytes(32))


def number(value: int, octets: int | None = None) -> str:
    raw = value.to_bytes(octets or (value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@functools.cache
def certificate(signer: str = "rsa") -> x509.Certificate:
    key = rsa_key() if signer == "rsa" else ec_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.example.com")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    built = built.not_valid_before(now).not_valid_after(now + timedelta(days=90)).public_key(key.public_key())
    return built.sign(key, hashes.SHA256(), ecdsa_deterministic=_is_same(signer))


def _is_same(signer: str) -> bool | None:
    """Tell whether a signature is to be made without chance, which only one kind of key has."""
    return True if signer == "ec" else None


@functools.cache
def csr(signer: str = "rsa") -> x509.CertificateSigningRequest:
    key = rsa_key() if signer == "rsa" else ec_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.example.com")])
    built = x509.CertificateSigningRequestBuilder().subject_name(name)
    return built.sign(key, hashes.SHA256(), ecdsa_deterministic=_is_same(signer))


@functools.cache
def crl() -> x509.CertificateRevocationList:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateRevocationListBuilder().issuer_name(certificate().subject).last_update(now)
    gone = x509.RevokedCertificateBuilder().serial_number(77).revocation_date(now).build()
    built = built.next_update(now + timedelta(days=7)).add_revoked_certificate(gone)
    return built.sign(rsa_key(), hashes.SHA256())


# --- PEM and DER


@functools.cache
def pems() -> dict[str, str]:
    """Return every kind of PEM that a library writes."""
    made = {
        "PKCS #1, RSA 1024": rsa_key(1024).private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "PKCS #1, RSA 2048": rsa_key().private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "PKCS #1, RSA 4096": rsa_key(4096).private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "PKCS #1, encrypted by RFC 1421": rsa_key().private_bytes(Encoding.PEM, TRADITIONAL, LOCKED),
        "PKCS #8, RSA": rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN),
        "PKCS #8, RSA, encrypted": rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, LOCKED),
        "PKCS #8, P-256": ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN),
        "PKCS #8, P-256, encrypted": ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, LOCKED),
        "PKCS #8, Ed25519": ed_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN),
        "PKCS #8, Ed448": ed448.Ed448PrivateKey.from_private_bytes(of("Ed448").randbytes(57)).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, OPEN
        ),
        "PKCS #8, X25519": x25519.X25519PrivateKey.from_private_bytes(
            of("X25519").randbytes(32)
        ).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN),
        "PKCS #8, DSA": dsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN),
        "DSA": dsa_key().private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "SEC 1, P-256": ec_key().private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "SEC 1, P-384": ec_key(ec.SECP384R1).private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "SEC 1, P-521": ec_key(ec.SECP521R1).private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "SEC 1, secp256k1": ec_key(ec.SECP256K1).private_bytes(Encoding.PEM, TRADITIONAL, OPEN),
        "SEC 1, encrypted by RFC 1421": ec_key().private_bytes(Encoding.PEM, TRADITIONAL, LOCKED),
        "OpenSSH, RSA": rsa_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, OPEN),
        "OpenSSH, P-256": ec_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, OPEN),
        "OpenSSH, Ed25519": ed_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, OPEN),
    }
    made |= {name: text.encode() for name, text in _of_tools().items()}
    return {name: pem.decode() for name, pem in made.items()}


def _of_tools() -> dict[str, str]:
    """Return PEM that openssl and ssh-keygen write, where they are installed."""
    made = {}
    if tool := shutil.which("openssl"):
        for way in ("PBE-SHA1-3DES", "PBE-MD5-DES"):
            args = [tool, "pkcs8", "-topk8", "-v1", way, "-passout", "pass:password", "-provider", "legacy"]
            args += ["-provider", "default"]
            done = subprocess.run(args, input=_plain(), capture_output=True, check=False)
            if done.returncode == 0:
                made[f"PKCS #8, {way}"] = done.stdout.decode()
    return made


def _plain() -> bytes:
    return rsa_key().private_bytes(Encoding.PEM, TRADITIONAL, OPEN)


def pgp() -> str:
    """Return OpenPGP's armor around the packet of an RSA key (RFC 9580), as gpg exports it."""
    numbers = rsa_key().private_numbers()

    def mpi(value: int) -> bytes:
        return value.bit_length().to_bytes(2) + value.to_bytes((value.bit_length() + 7) // 8)

    public = b"\4" + (1_780_000_000).to_bytes(4) + b"\1" + mpi(numbers.public_numbers.n) + mpi(65537)
    secret = b"".join(map(mpi, (numbers.d, numbers.p, numbers.q, numbers.iqmp)))
    body = public + b"\0" + secret + b"\0\0"
    packet = b"\x95" + len(body).to_bytes(2) + body
    return armor("PGP PRIVATE KEY BLOCK", packet, "Version: GnuPG v2\n\n")


def armor(label: str, octets: bytes, head: str = "", width: int = 64, dashes: str = "-----") -> str:
    body = "\n".join(wrap(base64.b64encode(octets).decode(), width))
    return f"{dashes}BEGIN {label}{dashes}\n{head}{body}\n{dashes}END {label}{dashes}\n"


def body(pem: str) -> str:
    """Return the base64 of a PEM, in lines."""
    return "\n".join(line for line in pem.splitlines() if line and "-----" not in line and ": " not in line)


def der(pem: str) -> bytes:
    return base64.b64decode("".join(body(pem).split()))


# --- everything else that names itself


@functools.cache
def jwks() -> dict[str, dict[str, object]]:
    r, e = rsa_key().private_numbers(), ec_key().private_numbers()
    n, x = r.public_numbers, e.public_numbers
    raw = ed_key().private_bytes(Encoding.Raw, PrivateFormat.Raw, OPEN)
    return {
        "RSA": {"kty": "RSA", "kid": "a", "n": number(n.n), "e": "AQAB", "d": number(r.d), "p": number(r.p), "q": number(r.q),
                "dp": number(r.dmp1), "dq": number(r.dmq1), "qi": number(r.iqmp)},
        "RSA, d alone": {"d": number(r.d), "e": "AQAB", "n": number(n.n), "kty": "RSA"},
        "EC": {"crv": "P-256", "d": number(e.private_value, 32), "kty": "EC", "x": number(x.x, 32), "y": number(x.y, 32)},
        "OKP": {"kty": "OKP", "crv": "Ed25519", "x": number(int.from_bytes(raw), 32), "d": number(int.from_bytes(raw), 32)},
        "oct": {"kty": "oct", "alg": "HS256", "k": number(of("oct").getrandbits(256), 32)},
    }  # fmt: skip


def public_jwks() -> dict[str, dict[str, object]]:
    secret = {"d", "p", "q", "dp", "dq", "qi"}
    return {
        name: {member: value for member, value in jwk.items() if member not in secret}
        for name, jwk in jwks().items()
        if name != "oct"
    }


def xml(*, private: bool = True) -> str:
    r = rsa_key().private_numbers()
    members = {"Modulus": r.public_numbers.n, "Exponent": 65537}
    if private:
        members |= {"P": r.p, "Q": r.q, "DP": r.dmp1, "DQ": r.dmq1, "InverseQ": r.iqmp, "D": r.d}
    encode = lambda value: base64.b64encode(value.to_bytes((value.bit_length() + 7) // 8)).decode()  # noqa: E731
    return "<RSAKeyValue>" + "".join(f"<{n}>{encode(v)}</{n}>" for n, v in members.items()) + "</RSAKeyValue>"


def colons(value: int) -> str:
    pairs = wrap(value.to_bytes(value.bit_length() // 8 + 1).hex(), 2)
    return "\n".join("    " + ":".join(pairs[at : at + 15]) + ":" for at in range(0, len(pairs), 15)).rstrip(
        ":"
    )


def rsa_text() -> str:
    """Return what `openssl rsa -text` prints."""
    r = rsa_key().private_numbers()
    named = {"privateExponent": r.d, "prime1": r.p, "prime2": r.q, "exponent1": r.dmp1, "exponent2": r.dmq1,
             "coefficient": r.iqmp}  # fmt: skip
    head = f"Private-Key: (2048 bit, 2 primes)\nmodulus:\n{colons(r.public_numbers.n)}\npublicExponent: 65537 (0x10001)\n"
    return head + "".join(f"{name}:\n{colons(value)}\n" for name, value in named.items())


def ec_text() -> str:
    """Return what `openssl ec -text` prints."""
    e = ec_key().private_numbers()
    return f"Private-Key: (256 bit)\npriv:\n{colons(e.private_value)}\npub:\n{colons((4 << 512) | e.public_numbers.x)}\nASN1 OID: prime256v1\n"


def asn1_text() -> str:
    """Return what `openssl asn1parse` prints."""
    r = rsa_key().private_numbers()
    numbers = (r.public_numbers.n, 65537, r.d, r.p, r.q, r.dmp1, r.dmq1, r.iqmp)
    return "\n".join(f"   11:d=1  hl=4 l= 257 prim: INTEGER           :{value:X}" for value in numbers)


def ppk(version: int = 2, encryption: str = "none") -> str:
    private = of("ppk").randbytes(600)
    public = base64.b64encode(b"\0\0\0\7ssh-rsa\0\0\0\3\1\0\1" + of("ppk public").randbytes(260)).decode()
    lines = wrap(base64.b64encode(private).decode(), 64)
    return "\n".join([
        f"PuTTY-User-Key-File-{version}: ssh-rsa", f"Encryption: {encryption}", "Comment: rsa-key-20261101",
        f"Public-Lines: {len(wrap(public, 64))}", *wrap(public, 64), f"Private-Lines: {len(lines)}", *lines,
        f"Private-MAC: {of('ppk MAC').randbytes(20).hex()}",
    ])  # fmt: skip


def ssh2() -> str:
    return armor("SSH2 ENCRYPTED PRIVATE KEY", bytes.fromhex("3f6ff9eb000003c8") + of("ssh2").randbytes(900),
                 'Comment: "rsa-key"\n', 70, "---- ").replace("----  ", "---- ").replace(" \n", "\n")  # fmt: skip


def dnssec() -> str:
    r = rsa_key().private_numbers()
    encode = lambda value: base64.b64encode(value.to_bytes((value.bit_length() + 7) // 8)).decode()  # noqa: E731
    return (
        f"Private-key-format: v1.3\nAlgorithm: 8 (RSASHA256)\nModulus: {encode(r.public_numbers.n)}\n"
        f"PublicExponent: AQAB\nPrivateExponent: {encode(r.d)}\nPrime1: {encode(r.p)}\n"
    )


def p12(*, key: bool = True, encryption: object = LOCKED) -> bytes:
    private = rsa_key() if key else None
    return pkcs12.serialize_key_and_certificates(
        b"www", private, certificate() if key else None, [certificate("ec")], encryption
    )  # type: ignore[arg-type]


def jks(kind: int) -> bytes:
    word = lambda text: len(text).to_bytes(2) + text.encode()  # noqa: E731
    head = (
        b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1" + kind.to_bytes(4) + word("www") + (1_780_000_000_000).to_bytes(8)
    )
    if kind == 1:
        inside = of("jks").randbytes(1200)
        return head + len(inside).to_bytes(4) + inside + of("jks digest").randbytes(20)
    inside = certificate().public_bytes(Encoding.DER)
    return head + word("X.509") + len(inside).to_bytes(4) + inside + of("jks digest").randbytes(20)


def bks() -> bytes:
    return (b"\0\0\0\2\0\0\0\x14" + of("bks salt").randbytes(20) + b"\0\0\x06\x40\x04\0\x03www"
            + (1_780_000_000_000).to_bytes(8) + b"\0\0\0\0\0\0\x05\0" + of("bks").randbytes(1280))  # fmt: skip


def named() -> dict[str, str]:
    """Return texts that are a private key in a form of their own."""
    raw32 = base64.b64encode(of("WireGuard").randbytes(32)).decode()
    found = {
        "OpenPGP": pgp(),
        "PuTTY 2": ppk(),
        "PuTTY 3, encrypted": ppk(3, "aes256-cbc"),
        "SSH2 (RFC 4716)": ssh2(),
        "RSA in XML": xml(),
        "openssl rsa -text": rsa_text(),
        "openssl ec -text": ec_text(),
        "openssl asn1parse": asn1_text(),
        "openssl asn1parse, EC": "    0:d=0  hl=2 l= 119 cons: SEQUENCE\n    2:d=1  hl=2 l=   1 prim: INTEGER           :01\n"
        f"    5:d=1  hl=2 l=  32 prim: OCTET STRING      [HEX DUMP]:{of('asn1 EC').randbytes(32).hex().upper()}\n",
        "openssl asn1parse, Ed25519": "    2:d=1  hl=2 l=   1 prim: INTEGER           :00\n    5:d=1  hl=2 l=   5 cons: SEQUENCE\n"
        "    7:d=2  hl=2 l=   3 prim: OBJECT            :ED25519\n"
        f"   12:d=1  hl=2 l=  34 prim: OCTET STRING      [HEX DUMP]:0420{of('asn1 Ed25519').randbytes(32).hex().upper()}\n",
        "DNSSEC": dnssec(),
        "WireGuard": f"[Interface]\nPrivateKey = {raw32}\nAddress = 10.0.0.2/32\n",
        "age": f"# created: 2026-11-01\nAGE-SECRET-KEY-1{''.join(of('age').choices('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', k=58))}",
        "minisign": "untrusted comment: minisign encrypted secret key\n"
        + base64.b64encode(b"EdScB2" + of("minisign").randbytes(152)).decode(),
        "signify": "untrusted comment: signify secret key\n"
        + base64.b64encode(b"EdBK" + of("signify").randbytes(100)).decode(),
        "a service account": json.dumps({"type": "service_account", "private_key": pems()["PKCS #8, RSA"]}),
        "gpg's s-expression": f"(private-key\n (rsa\n  (n #00{rsa_key().private_numbers().d:X}#)\n",
        "a called hex number": f"private_key: 0x{of('hex number').randbytes(32).hex()}",
    }
    for name, jwk in jwks().items():
        found[f"JWK {name}, pretty"] = json.dumps(jwk, indent=2)
        found[f"JWK {name}, compact, backwards"] = json.dumps(
            dict(reversed([*jwk.items()])), separators=(",", ":")
        )
        found[f"JWKS with {name}"] = json.dumps({"keys": [jwk]})
        found[f"JWK {name} within JSON"] = json.dumps({"jwk": json.dumps(jwk)})
    return found


@functools.cache
def binaries() -> dict[str, bytes]:
    """Return files that hold a private key."""
    found = {f"{name}, DER": der(pem) for name, pem in pems().items() if "RFC 1421" not in name}
    return found | {
        "PKCS #12, encrypted": p12(),
        "PKCS #12, open": p12(encryption=OPEN),
        "JKS": jks(1),
        "JCEKS": b"\xce" * 4 + jks(1)[4:],
        "BKS": bks(),
        "PVK": b"\x1e\xf1\xb5\xb0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\x94\4\0\0\7\2\0\0\0\xa4\0\0RSA2"
        + of("PVK").randbytes(1100),
        "OpenPGP, packet": der(pgp()),
    }


# --- how it comes

TEXT_WRAPS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in a sentence": lambda key: f"this is what I have: {key} what now?",
    "after lines of text": lambda key: f"Hello,\nhere it is:\n\n{key}\nthanks!",
    "in a code block": lambda key: f"```\n{key}\n```",
    "quoted": lambda key: "&gt; " + key.replace("\n", "\n&gt; "),
    "indented": lambda key: "    " + key.replace("\n", "\n      "),
    "with CRLF": lambda key: key.replace("\n", "\r\n"),
    "in a form's lines": lambda key: key.replace("\n", "\n\n"),
    "escaped, as in JSON": lambda key: json.dumps({"file": key}),
    "escaped twice": lambda key: json.dumps(json.dumps({"file": key})),
    "percent-encoded": quote,
    "with entities": lambda key: key.replace("&", "&amp;").replace("-", "&#45;").replace("<", "&lt;").replace(">", "&gt;"),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64, wrapped": lambda key: base64.encodebytes(key.encode()).decode(),
    "base64, in YAML": lambda key: f"data:\n  tls.key: {base64.b64encode(key.encode()).decode()}\n",
    "base64 twice": lambda key: base64.b64encode(base64.b64encode(key.encode())).decode(),
    "base64 of UTF-16": lambda key: base64.b64encode(key.encode("utf-16-le")).decode(),
    "gzip in base64": lambda key: base64.b64encode(gzip.compress(key.encode())).decode(),
    "hex": lambda key: key.encode().hex(),
    "quoted-printable": lambda key: quopri.encodestring(key.encode()).decode(),
}  # fmt: skip

# what is done to the lines of PEM
PEM_WRAPS: dict[str, Callable[[str], str]] = {
    "joined by spaces": lambda pem: pem.replace("\n", " "),
    "joined by commas": lambda pem: pem.replace("\n", ","),
    "joined by nothing": lambda pem: pem.replace("\n", ""),
    "with \\n": lambda pem: pem.replace("\n", "\\n"),
    "with \\\\r\\\\n": lambda pem: pem.replace("\n", "\\\\r\\\\n"),
    "in quotes, a line each": lambda pem: "\n".join(f'"{line}\\n" +' for line in pem.splitlines()),
    "with soft hyphens and joiners": lambda pem: pem.replace("KEY", "K\u200bE\u00adY").replace("A", "A\u2060"),
    "with other dashes": lambda pem: pem.replace("-----", "\N{EM DASH}\N{EN DASH}-"),
    "with em dashes": lambda pem: pem.replace("-----", "\N{EM DASH}"),
    "with no-break spaces": lambda pem: pem.replace(" ", "\N{NO-BREAK SPACE}"),
    "soft-wrapped": lambda pem: "\n".join(wrap(pem.replace("\n", " "), 31)),
    "its label broken": lambda pem: pem.replace(" ", "\n"),
    "emphasized": lambda pem: pem.replace("-----BEGIN", "*-----BEGIN").replace("KEY-----", "KEY-----*"),
    "without BEGIN": lambda pem: pem.partition("\n")[2],
    "without END": lambda pem: pem.rstrip().rsplit("\n", 1)[0],
    "without BEGIN and END": body,
    "with spaces after its dashes": lambda pem: pem.replace("-----BEGIN", "----- BEGIN").replace("KEY-----", "KEY -----"),
    "as a diff": lambda pem: "\n".join(f"+{line}" for line in pem.splitlines()),
}  # fmt: skip

OCTET_WRAPS: dict[str, Callable[[bytes], str | bytes]] = {
    "octets": bytes,
    "octets after others": lambda key: b"some file\0\1\2" + key,
    "base64 in one line": lambda key: base64.b64encode(key).decode(),
    "base64, wrapped": lambda key: base64.encodebytes(key).decode(),
    "base64 at 41": lambda key: "\n".join(wrap(base64.b64encode(key).decode(), 41)),
    "base64, safe for URLs": lambda key: base64.urlsafe_b64encode(key).decode().rstrip("="),
    "base64 in prose": lambda key: f"my file says {base64.b64encode(key).decode()}, is that right?",
    "hex": lambda key: key.hex(),
    "hex, upper": lambda key: key.hex().upper(),
    "hex with colons": lambda key: key.hex(":"),
    "hex with spaces": lambda key: key.hex(" "),
    "hex in lines": lambda key: "\n".join(wrap(key.hex(), 60)),
    "hex as in C": lambda key: ", ".join(f"0x{octet:02x}" for octet in key),
    "hex as in Python": lambda key: "".join(f"\\x{octet:02x}" for octet in key),
    "percent": lambda key: "".join(f"%{octet:02X}" for octet in key),
    "a dump": lambda key: "\n".join(
        f"{at:08x}: {key[at : at + 16].hex(' ', 2)}  {'.' * len(key[at : at + 16])}" for at in range(0, len(key), 16)
    ),
    "words, as hexdump prints them": lambda key: "\n".join(
        f"{at:07x} " + " ".join(f"{line[i + 1]:02x}{line[i]:02x}" for i in range(0, len(line) - 1, 2))
        for at in range(0, len(key), 16) for line in (key[at : at + 16],)
    ),
    "octal, as od prints it": lambda key: "\n".join(
        f"{at:07o} " + " ".join(f"{octet:03o}" for octet in key[at : at + 16]) for at in range(0, len(key), 16)
    ),
    "octal escapes": lambda key: "".join(f"\\{octet:03o}" for octet in key),
    "octets as Python shows them": repr,
    "base32": lambda key: base64.b32encode(key).decode(),
    "numbers": lambda key: str(list(key)),
    "gzip in base64": lambda key: base64.b64encode(gzip.compress(key)).decode(),
    "base64 twice": lambda key: base64.b64encode(base64.b64encode(key)).decode(),
}  # fmt: skip


def cases() -> Iterator[tuple[str, str, str | bytes]]:
    """Yield every form in every wrapping: form, wrapping, what comes in."""
    for form, pem in pems().items():
        for how, wrapped in (TEXT_WRAPS | PEM_WRAPS).items():
            if "RFC 1421" in form and how == "without BEGIN and END":
                continue  # nothing but chance is left
            yield form, how, wrapped(pem)
    for form, text in named().items():
        for how, wrapped in TEXT_WRAPS.items():
            yield form, how, wrapped(text)
    for form, octets in binaries().items():
        for how, wrapped_octets in OCTET_WRAPS.items():
            if form == "OpenPGP, packet" and how != "octets":
                continue  # told by its first octets alone
            yield form, how, wrapped_octets(octets)


def pieces() -> Iterator[tuple[str, str, str]]:
    """Yield pieces of keys that are told by themselves: form, which piece, the piece."""
    for form in (
        "PKCS #1, RSA 1024",
        "PKCS #1, RSA 2048",
        "PKCS #1, RSA 4096",
        "PKCS #8, RSA",
        "OpenSSH, RSA",
    ):
        pem = pems()[form]
        third = len(pem) // 3
        for at, shift in enumerate((0, 5, 17)):
            yield form, f"middle third, {at}", pem[third + shift : 2 * third + shift]
        yield form, "without its first line, BEGIN and END", "\n".join(body(pem).splitlines()[1:])
        yield form, "first line alone", body(pem).splitlines()[0]
    for form in ("SEC 1, P-256", "SEC 1, P-384", "SEC 1, P-521", "OpenSSH, Ed25519", "OpenSSH, P-256"):
        yield form, "without its first line, BEGIN and END", "\n".join(body(pems()[form]).splitlines()[1:])
        yield form, "first line alone", body(pems()[form]).splitlines()[0]
    for form in ("PKCS #8, RSA, encrypted", "PKCS #8, P-256, encrypted", "PKCS #8, Ed25519"):
        yield form, "first line alone", body(pems()[form]).splitlines()[0]
    text = rsa_text()
    yield "openssl rsa -text", "middle third", text[len(text) // 3 : 2 * len(text) // 3]
    jwk = json.dumps(jwks()["RSA"])
    yield "JWK RSA", "middle third", jwk[len(jwk) // 3 : 2 * len(jwk) // 3]
    yield "JWK RSA", "last third", jwk[2 * len(jwk) // 3 :]
    yield (
        "base64 of PEM",
        "middle third",
        (b64 := base64.b64encode(pems()["PKCS #8, RSA"].encode()).decode())[
            len(b64) // 3 : 2 * len(b64) // 3
        ],
    )


# --- what is none


def public_texts() -> Iterator[tuple[str, str]]:
    """Yield what people send along that is no private key."""
    for signer in ("rsa", "ec"):
        yield f"a certificate, {signer}", certificate(signer).public_bytes(Encoding.PEM).decode()
        yield f"a request, {signer}", csr(signer).public_bytes(Encoding.PEM).decode()
    yield "a chain", "".join(certificate(s).public_bytes(Encoding.PEM).decode() for s in ("rsa", "ec"))
    yield "a list of revoked certificates", crl().public_bytes(Encoding.PEM).decode()
    yield "PKCS #7", pkcs7.serialize_certificates([certificate()], Encoding.PEM).decode()
    for name, key in (("RSA", rsa_key()), ("EC", ec_key()), ("Ed25519", ed_key()), ("DSA", dsa_key())):
        public = key.public_key()
        yield f"public {name}", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        if name == "DSA":
            continue  # OpenSSH has given it up
        yield f"public {name}, SSH", public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    yield (
        "public RSA, PKCS #1",
        rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
    )
    yield "DH parameters", armor("DH PARAMETERS", _dh_parameters())
    generator = (1 << 2047) | of("X9.42").getrandbits(2000)
    yield "DH parameters, X9.42", armor("X9.42 DH PARAMETERS", _dh_parameters(generator, (1 << 255) | 1))
    yield "DSA parameters", armor("DSA PARAMETERS", _dsa_parameters())
    yield "EC parameters", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    kind = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + of("SSH signature").randbytes(32)
    yield (
        "a signature of SSH",
        armor(
            "SSH SIGNATURE",
            b"SSHSIG\0\0\0\1" + len(kind).to_bytes(4) + kind + of("SSH signature's end").randbytes(90),
        ),
    )
    yield "public RSA in XML", xml(private=False)
    for name, jwk in public_jwks().items():
        yield f"public JWK {name}", json.dumps(jwk)
        yield f"public JWKS {name}", json.dumps({"keys": [jwk]}, indent=2)


def _dh_parameters(*more: int) -> bytes:
    return _sequence((1 << 2047) | of("DH").getrandbits(2047) | 1, *(more or (2,)))


def _dsa_parameters() -> bytes:
    p = dsa_key().parameters().parameter_numbers()
    return _sequence(p.p, p.q, p.g)


def _value(tag: int, content: bytes) -> bytes:
    size = len(content)
    head = bytes([tag, size]) if size < 128 else bytes([tag, 0x82]) + size.to_bytes(2)
    return head + content


def _sequence(*values: int) -> bytes:
    return _value(0x30, b"".join(_value(2, v.to_bytes(v.bit_length() // 8 + 1)) for v in values))
