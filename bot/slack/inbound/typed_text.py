"""Text that a person typed: refused if it holds a private key or is too long."""

from __future__ import annotations

import hashlib
from typing import Final

from bot.conversation.clean_text import LONGEST_TYPED
from bot.reading.pasted_certificates import holds_certificate, shortened, without_certificates
from bot.reading.private_keys import holds_private_key

LONGEST_CERTIFICATE: Final = 5000  # characters: one with some eighty names
SEARCHED: Final = 100_000  # characters searched for a private key; Slack sends 40,000 at most


def without_key(text: str) -> str | None:
    """Return a typed text, or None if it holds a private key."""
    return None if holds_private_key(text[:SEARCHED]) else text


def fitted(text: str) -> str:
    """Return a text that the desk reads: of a chain that would be too long its leaf alone."""
    return shortened(text) if len(text) > LONGEST_TYPED and holds_certificate(text) else text


def is_too_long(text: str) -> bool:
    """Tell whether a text is longer than the desk reads; a certificate in it has room of its own."""
    if len(text) <= LONGEST_TYPED:
        return False
    if len(text) > LONGEST_TYPED + LONGEST_CERTIFICATE or not holds_certificate(text):
        return True
    return len(without_certificates(text).strip()) > LONGEST_TYPED


def digest(text: str) -> str:
    """Return the SHA-256 that is kept in place of a text that is not read."""
    return hashlib.sha256(text.encode()).hexdigest()
