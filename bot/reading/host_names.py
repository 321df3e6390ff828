"""Tell the names of hosts from other words, and write them in one way."""

from __future__ import annotations

import re
from typing import Final

import idna

LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
LONGEST: Final = 253  # characters
_LABEL: Final = re.compile(LABEL)
# IDNA 2003 and 2008 turn these into different names, and the letters do not tell which of the two the
# certificate has.
_DEVIATING: Final = frozenset("\u00df\u1e9e\u03c2\u200c\u200d")
_HOST: Final = re.compile(rf"(?:\*\.)?(?:{LABEL}\.)+(?!\d+$){LABEL}")


def host_name(text: str) -> str | None:
    """Return a host's name in lower case, its letters as they were written; None where it is none."""
    plain = text.strip().lower().rstrip(".")
    star, rest = ("*.", plain[2:]) if plain.startswith("*.") else ("", plain)
    if not rest.isascii():
        return star + rest if _in_ascii(rest) is not None else None
    labels = rest.split(".")
    good = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    return star + rest if good and len(rest) <= LONGEST else None


def ascii_host_name(text: str) -> str | None:
    """Return a host's name or a wildcard in small letters, other letters than ASCII in their ASCII form.

    None where it is none, or its letters do not tell its ASCII form for certain.
    """
    name = text.strip().lower().removesuffix(".")
    if len(name) > LONGEST or _DEVIATING & set(name):
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
