"""Slack's request signatures: what the headers claim, and the proof over the body.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

FRESH_SECONDS: Final = 5 * 60  # how old, or how far ahead, a timestamp may be

_TIMESTAMP: Final = re.compile(rb"[1-9][0-9]{0,11}")
_SIGNATURE: Final = re.compile(rb"v0=[0-9a-f]{64}")


class Refusal(StrEnum):
    """Why a request is refused: the label of the metric, too."""

    UNSIGNED = "unsigned"  # without a signature or timestamp in Slack's form
    STALE = "stale"
    FORGED = "forged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    ENCODED = "encoded"
    ABANDONED = "abandoned"
    MALFORMED = "malformed"
    CROWDED_OUT = "crowded_out"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request's headers claim about who sent it and when, in seconds since the epoch."""

    at: int
    timestamp: bytes
    signature: bytes = field(repr=False)

    def is_fresh(self, now: float) -> bool:
        """Tell whether the timestamp is near enough to `now`."""
        return abs(self.at - now) <= FRESH_SECONDS


def claim_of(headers: Iterable[tuple[bytes, bytes]]) -> Claim | None:
    """Return what the headers claim, None unless they claim it once and in Slack's form."""
    timestamps, signatures = [], []
    for name, value in headers:
        if name == b"x-slack-request-timestamp":
            timestamps.append(value)
        elif name == b"x-slack-signature":
            signatures.append(value)
    match timestamps, signatures:
        case [timestamp], [signature] if _TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature):
            return Claim(int(timestamp), timestamp, signature)
        case _:
            return None


class Proof:
    """The signature of a body that arrives in pieces."""

    def __init__(self, secret: str, claim: Claim) -> None:
        self._signature = claim.signature
        self._made = hmac.new(secret.encode(), b"v0:" + claim.timestamp + b":", hashlib.sha256)

    def add(self, piece: bytes) -> None:
        """Add the next piece of the body."""
        self._made.update(piece)

    def holds(self) -> bool:
        """Tell whether the claimed signature is that of the body."""
        return hmac.compare_digest(b"v0=" + self._made.hexdigest().encode(), self._signature)
