"""Recognize host names, and normalize them."""

from __future__ import annotations

import re
from typing import Final

import idna

LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
LONGEST: Final = 253  # characters
_LABEL: Final = re.compile(LABEL)
# IDNA 2003 and 2008 encode these differently, and nothing tells which of the two the certificate has.
_AMBIGUOUS: Final = frozenset("\u00df\u1e9e\u03c2\u200c\u200d")
_HOST: Final = re.compile(rf"(?:\*\.)?(?:{LABEL}\.)+(?!\d+$){LABEL}")


def host_name(text: str) -> str | None:
    """Return a host name in lower case, with its letters as written, or None if it is not a host name."""
    plain = text.strip().lower().rstrip(".")
    star, rest = ("*.", plain[2:]) if plain.startswith("*.") else ("", plain)
    if not rest.isascii():
        return star + rest if _in_ascii(rest) is not None else None
    labels = rest.split(".")
    good = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    return star + rest if good and len(rest) <= LONGEST else None


def ascii_host_name(text: str) -> str | None:
    """Return a host name or wildcard in lower case, with non-ASCII labels as `xn--` ones.

    None if it is not a host name, or its ASCII form is not certain.
    """
    name = text.strip().lower().removesuffix(".")
    if len(name) > LONGEST or _AMBIGUOUS & set(name):
        return None
    if not name.isascii():
        star, rest = ("*.", name[2:]) if name.startswith("*.") else ("", name)
        if (converted := _in_ascii(rest)) is None:
            return None
        name = star + converted
    return name if len(name) <= LONGEST and _HOST.fullmatch(name) else None


def _in_ascii(name: str) -> str | None:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
