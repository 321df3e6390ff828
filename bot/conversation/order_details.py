"""Check the details of an order by kind. A check returns the value as it goes into a draft, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.conversation.clean_text import cleaned, shown
from bot.conversation.problems import Problem, Trouble
from bot.reading.host_names import ascii_host_name
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
_NAME = re.compile(r"[^\s<>\"'`|]{1,64}")


def digits(text: str) -> str | None:
    """Return a number such as an order's, which is digits; a leading # is dropped."""
    plain = text.strip().removeprefix("#").strip()
    return plain if _DIGITS.fullmatch(plain) else None


def email(text: str) -> str | None:
    """Return an email address as it was written. No mail server is asked."""
    plain = text.strip()
    if len(plain) > LONGEST[DetailKind.EMAIL] or not plain.isprintable():
        return None
    # Importing it compiles large patterns: two megabytes, and a sixtieth of the time that a start takes.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        found = validate_email(plain, check_deliverability=False, strict=True, test_environment=True)
    except EmailNotValidError:
        return None
    return plain if ascii_host_name(found.domain) else None


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
    DetailKind.HOST: (ascii_host_name, Trouble.NOT_A_HOST_NAME),
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
