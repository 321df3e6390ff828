"""Check the details of an order by kind. A check returns the value as it goes into a draft, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import idna
from email_validator import EmailNotValidError, validate_email

from bot.conversation.clean_text import cleaned, shown
from bot.conversation.problems import Problem, Trouble
from policy.facts import Detail
from policy.vocabulary import DetailKind

# The longest of each kind: host names by DNS (RFC 1035), addresses by RFC 5321.
LONGEST: Final = {
    DetailKind.DIGITS: 20,
    DetailKind.HOST: 253,
    DetailKind.EMAIL: 254,
    DetailKind.NAME: 64,
    DetailKind.TEXT: 300,
}

_DIGITS = re.compile(r"[0-9]{1,20}")
# Letters, digits and inner hyphens (RFC 1123); certificates allow no underscore (CA/Browser Forum, 2018).
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAME = re.compile(r"[^\s<>\"'`|]{1,64}")

# IDNA 2003 and 2008 turn these into different names, and the letters do not tell which of the two the
# certificate has.
_DEVIATING: Final = frozenset("\u00df\u1e9e\u03c2\u200c\u200d")


def digits(text: str) -> str | None:
    """Return a number such as an order's, which is digits; a leading # is dropped."""
    plain = text.strip().removeprefix("#").strip()
    return plain if _DIGITS.fullmatch(plain) else None


def host_name(text: str) -> str | None:
    """Return a host name or wildcard in lower case, internationalized labels in their ASCII form."""
    plain = text.strip().lower().removesuffix(".")
    star, rest = ("*.", plain[2:]) if plain.startswith("*.") else ("", plain)
    if len(plain) > LONGEST[DetailKind.HOST] or _DEVIATING & set(rest):
        return None
    try:
        ascii_form = rest if rest.isascii() else idna.encode(rest, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    *parents, top = ascii_form.split(".")
    good = parents and all(map(_LABEL.fullmatch, [*parents, top])) and not top.isdecimal()
    whole = star + ascii_form
    return whole if good and len(whole) <= LONGEST[DetailKind.HOST] else None


def email(text: str) -> str | None:
    """Return an email address as it was written. No mail server is asked."""
    plain = text.strip()
    if len(plain) > LONGEST[DetailKind.EMAIL] or not plain.isprintable():
        return None
    try:
        found = validate_email(plain, check_deliverability=False, strict=True, test_environment=True)
    except EmailNotValidError:
        return None
    return plain if host_name(found.domain) else None


def name(text: str) -> str | None:
    """Return a name such as a username: one word, at most 64 characters, printable."""
    plain = text.strip()
    return plain if _NAME.fullmatch(plain) and plain.isprintable() else None


def words(text: str) -> str | None:
    """Return a text on one line, at most 300 characters."""
    plain = " ".join(cleaned(text).split())
    return plain if 0 < len(plain) <= LONGEST[DetailKind.TEXT] else None


_CHECKS: Final[dict[DetailKind, tuple[Callable[[str], str | None], Trouble]]] = {
    DetailKind.DIGITS: (digits, Trouble.NOT_AN_ORDER_ID),
    DetailKind.HOST: (host_name, Trouble.NOT_A_HOST_NAME),
    DetailKind.EMAIL: (email, Trouble.NOT_AN_EMAIL),
    DetailKind.NAME: (name, Trouble.NOT_A_USERNAME),
    DetailKind.TEXT: (words, Trouble.DETAIL_TOO_LONG),
}


def check(detail: Detail, kind: DetailKind, text: str) -> str | Problem:
    """Return the detail in the form that goes into the draft, or what is wrong with it."""
    if not text.strip():
        return Problem(Trouble.NO_ANSWER, detail)
    normalize, trouble = _CHECKS[kind]
    return normalize(text) or Problem(trouble, detail, shown(text))
