"""Payloads that are larger than any of Slack's: not parsed, but recorded under whoever sent them.

Such a payload is known by its ends: there Slack names the person and the delivery. Typed text cannot pretend
to be that: in JSON its quotes are escaped, in a form its `=` and `&`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from bot.desk.deliveries import Delivery, Oversized, Sort
from bot.slack.inbound.fields import key as receipt_key
from bot.slack.inbound.fields import person
from bot.slack.inbound.slack_text import digest

LARGEST: Final = 2 * 1024 * 1024  # octets
FARTHEST: Final = 16 * 1024 * 1024  # what is larger still is not worth reading for its signature
EDGE: Final = 64 * 1024

# Who clicked or submitted; in an event the user is a mere id.
_CLICKER: Final = re.compile(
    r'"user"\s*:\s*\{\s*"id"\s*:\s*"(\w+)"(?:[^{}]*"team_id"\s*:\s*"(\w+)")?', re.ASCII
)


@dataclass(frozen=True, slots=True)
class Remains:
    """What is kept of a payload that was too large: its length and SHA-256, and for a moment its ends."""

    length: int
    digest: str
    edges: str


def remains_of(raw: str) -> Remains:
    """Return what is kept of a payload that has been read whole."""
    return Remains(len(raw), digest(raw), f"{raw[:EDGE]}\n{raw[-EDGE:]}")


def read(remains: Remains, home: str) -> Delivery | None:
    """Return what is recorded of a payload, None if it does not say whose it is."""
    edges = remains.edges
    if not edges.startswith("{"):
        form = dict(parse_qsl(edges.replace("\n", "&", 1)))
        edges = unquote_plus(edges) if "payload" in form else _as_json(form)
    key, user, team = _named(edges, "trigger_id"), _named(edges, "user_id"), _named(edges, "team_id")
    if clicker := _CLICKER.search(edges):
        user, team = clicker[1], clicker[2]
    elif not key and not _named(edges, "bot_id"):  # an event, and not one of the bot's own messages
        key, user = _named(edges, "event_id"), _named(edges, "user")
        team = _named(edges, "user_team") or _named(edges, "team")
    who = person(home, team or "", user)
    if not key or who is None:
        return None
    oversized = Oversized(Sort.PAYLOAD, remains.length, remains.digest)
    return Delivery(receipt_key("oversized", key), who, oversized)


def _as_json(form: dict[str, str]) -> str:
    """Return a command's form as it comes by Socket Mode."""
    return "{" + ",".join(f'"{name}":"{value}"' for name, value in form.items() if '"' not in value)


def _named(edges: str, name: str) -> str:
    found = re.search(rf'"{name}"\s*:\s*"([^"\\]{{1,255}})"', edges)
    return found[1] if found else ""
