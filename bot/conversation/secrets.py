"""Recognize a pasted private key, before anything keeps, logs or passes on the text that holds it."""

from __future__ import annotations

import re
from typing import Final

# PEM (RFC 7468), OpenSSH's and PuTTY's files; also where the dashes were eaten on the way.
_PRIVATE_KEY: Final = re.compile(
    r"BEGIN[A-Z0-9 ]*PRIVATE\s+KEY|PuTTY-User-Key-File|Private-Lines:", re.IGNORECASE
)


def holds_private_key(text: str) -> bool:
    """Tell whether a text holds a private key or the beginning of one."""
    return _PRIVATE_KEY.search(text) is not None
