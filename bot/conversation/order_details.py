"""Check the details of an order. Each check returns the value as it goes into a ticket, or a problem."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.conversation.problems import Problem, Trouble
from bot.conversation.typed import shown
from policy.decision import Detail

# What each detail is at its longest; a domain name's limit is DNS's (RFC 1035), an address's RFC 5321's.
LONGEST: Final = {
    Detail.RESELLER_USERNAME: 64,
    Detail.SUPPLIER_ORDER_ID: 20,
    Detail.COMMON_NAME: 253,
    Detail.TECH_EMAIL: 254,
}

_ORDER_ID = re.compile(r"[0-9]{1,20}")
# Letters, digits and inner hyphens (RFC 1123); certificates hold no underscore (CA/Browser Forum, 2018).
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ATOM = r"[^\s@<>\"',;:()\[\]\\.]+"
_EMAIL = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<host>[^\s@]+)")
_USERNAME = re.compile(r"[^\s<>\"'`|]{1,64}")
LONGEST_LOCAL: Final = 64

# IDNA 2003, which Python speaks, makes another name of these than IDNA 2008, which the registries do.
_DEVIATING: Final = frozenset("\u00df\u1e9e\u03c2\u200c\u200d")


def order_id(text: str) -> str | None:
    """Return a supplier order ID, which is digits; a leading # is dropped."""
    plain = text.strip().removeprefix("#").strip()
    return plain if _ORDER_ID.fullmatch(plain) else None


def host_name(text: str) -> str | None:
    """Return a host name or wildcard in lower case, internationalized labels in their ASCII form."""
    plain = text.strip().lower().removesuffix(".")
    star, rest = ("*.", plain[2:]) if plain.startswith("*.") else ("", plain)
    if len(plain) > LONGEST[Detail.COMMON_NAME] or _DEVIATING & set(rest):
        return None
    try:
        ascii_form = rest.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    *parents, top = ascii_form.split(".")
    good = parents and all(map(_LABEL.fullmatch, [*parents, top])) and not top.isdecimal()
    whole = star + ascii_form
    return whole if good and len(whole) <= LONGEST[Detail.COMMON_NAME] else None


def email(text: str) -> str | None:
    """Return an email address: words joined by dots before the @, a host name after it."""
    plain = text.strip()
    found = _EMAIL.fullmatch(plain)
    if not found or not plain.isprintable() or len(plain) > LONGEST[Detail.TECH_EMAIL]:
        return None
    host = "" if found["host"].startswith("*") else host_name(found["host"])
    return plain if host and len(found["local"]) <= LONGEST_LOCAL else None


def username(text: str) -> str | None:
    """Return a reseller username: one word, at most 64 characters, printable."""
    plain = text.strip()
    return plain if _USERNAME.fullmatch(plain) and plain.isprintable() else None


_CHECKS: Final[dict[Detail, tuple[Callable[[str], str | None], Trouble]]] = {
    Detail.RESELLER_USERNAME: (username, Trouble.NOT_A_USERNAME),
    Detail.SUPPLIER_ORDER_ID: (order_id, Trouble.NOT_AN_ORDER_ID),
    Detail.COMMON_NAME: (host_name, Trouble.NOT_A_HOST_NAME),
    Detail.TECH_EMAIL: (email, Trouble.NOT_AN_EMAIL),
}


def check(detail: Detail, text: str) -> str | Problem:
    """Return the detail in the form that goes into the ticket, or what is wrong with it."""
    if not text.strip():
        return Problem(Trouble.NO_ANSWER, detail)
    normalize, trouble = _CHECKS[detail]
    return normalize(text) or Problem(trouble, detail, shown(text))
