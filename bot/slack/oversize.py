"""Payloads that are larger than any of Slack's: none is parsed, but whose it was is written down and told.

Such a payload is known by its edges: what Slack says of the person and of the delivery stands at its ends.
Typed text cannot pretend to be that: in JSON its quotes are escaped, in a form its `=` and `&`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

import structlog

from bot.desk.desk import Desk
from bot.desk.intents import Delivery, Oversized, Sort
from bot.slack import payloads

LARGEST: Final = 2 * 1024 * 1024  # octets
FARTHEST: Final = 16 * 1024 * 1024  # of what is larger still not even the signature is worth its reading
EDGE: Final = 64 * 1024
FRESH_SECONDS: Final = 5 * 60  # how old Slack's signatures may be

log = structlog.get_logger("certdesk.slack")


@dataclass(frozen=True, slots=True)
class Remains:
    """What is kept of a payload that was too large: its length and SHA-256, and for a moment its ends."""

    length: int
    digest: str
    edges: str


def remains_of(raw: str) -> Remains:
    """Return what is kept of a payload that has been read whole."""
    return Remains(len(raw), payloads.digest(raw), f"{raw[:EDGE]}\n{raw[-EDGE:]}")


@dataclass(frozen=True, slots=True)
class Signed:
    """Who claims to have sent a request: its timestamp and signature, as the headers give them."""

    secret: str = field(repr=False)
    timestamp: str
    signature: str

    def is_fresh(self) -> bool:
        """Tell whether the timestamp is of now."""
        return self.timestamp.isdecimal() and abs(time.time() - int(self.timestamp)) <= FRESH_SECONDS


async def read(body: AsyncIterator[bytes], signed: Signed) -> bytes | Remains | None:
    """Return a body, or what is kept of one that is too large; None where that is unsigned or has no end.

    A body that is not too large is returned unproven. https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    kept, tail, length = bytearray(), b"", 0
    whole = hashlib.sha256()
    proof = hmac.new(signed.secret.encode(), f"v0:{signed.timestamp}:".encode(), hashlib.sha256)
    async for chunk in body:
        length += len(chunk)
        if length > FARTHEST:
            return None
        whole.update(chunk)
        proof.update(chunk)
        tail = (tail + chunk)[-EDGE:]
        kept += chunk[: max(0, LARGEST + 1 - len(kept))]
    if length <= LARGEST:
        return bytes(kept)
    right = f"v0={proof.hexdigest()}".encode()
    if not signed.is_fresh() or not hmac.compare_digest(right, signed.signature.encode()):
        return None
    ends = bytes(kept[:EDGE]) + b"\n" + tail
    return Remains(length, whole.hexdigest(), ends.decode("utf-8", "replace"))


class TooLarge:
    """Take payloads that are too large, for an app installed by the team `home`."""

    def __init__(self, desk: Desk, home: str, secret: str) -> None:
        self._desk = desk
        self._home = home
        self.secret = secret

    async def take(self, remains: Remains) -> None:
        """Record that there was one, and have the person told; where nobody is named in it, log it.

        Raises what `Desk.receive` does.
        """
        delivery = delivery_of(remains, self._home)
        log.warning("payload_too_large", length=remains.length, known=delivery is not None)
        if delivery is not None:
            await self._desk.receive(delivery)


def delivery_of(remains: Remains, home: str) -> Delivery | None:
    """Return what is recorded of a payload, None where it does not say whose it was."""
    edges = remains.edges
    if not edges.startswith("{"):
        form = dict(parse_qsl(edges.replace("\n", "&", 1)))
        edges = unquote_plus(edges) if "payload" in form else _as_json(form)
    key, user, team = _named(edges, "trigger_id"), _named(edges, "user_id"), _named(edges, "team_id")
    if clicker := _CLICKER.search(edges):
        user, team = clicker[1], clicker[2]
    elif not key and not _named(edges, "bot_id"):  # an event, and not of what the bot has said itself
        key, user = _named(edges, "event_id"), _named(edges, "user")
        team = _named(edges, "user_team") or _named(edges, "team")
    what = Oversized(Sort.PAYLOAD, remains.length, remains.digest)
    return payloads.oversized(key, (home, team or "", user), what)


# Who clicked or submitted; in an event the user is a mere id.
_CLICKER: Final = re.compile(
    r'"user"\s*:\s*\{\s*"id"\s*:\s*"(\w+)"(?:[^{}]*"team_id"\s*:\s*"(\w+)")?', re.ASCII
)


def _as_json(form: dict[str, str]) -> str:
    """Return a command's form as it comes by Socket Mode."""
    return "{" + ",".join(f'"{name}":"{value}"' for name, value in form.items() if '"' not in value)


def _named(edges: str, name: str) -> str:
    found = re.search(rf'"{name}"\s*:\s*"([^"\\]{{1,255}})"', edges)
    return found[1] if found else ""
