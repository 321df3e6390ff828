"""Payloads that are larger than any of Slack's: none is parsed, but whose it was is written down and told.

Such a payload is known by its edges: what Slack says of the person and of the delivery stands at its ends.
Typed text cannot pretend to be that: in JSON its quotes are escaped, in a form its `=` and `&`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

import structlog

from bot.desk.deliveries import Delivery, Oversized, Sort
from bot.desk.desk import Desk
from bot.slack.inbound import payloads

LARGEST: Final = 2 * 1024 * 1024  # octets
FARTHEST: Final = 16 * 1024 * 1024  # what is larger still is not worth reading for its signature
EDGE: Final = 64 * 1024

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
