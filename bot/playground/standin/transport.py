"""Deliver over signed HTTP, one of the two ways in which Slack reaches an app (`sockets` is the other)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp

from .encoding import compact, parse
from .seam import Outcome

if TYPE_CHECKING:
    from .schema import Json
    from .world import World


class Kind(StrEnum):
    """The kinds of delivery, by their names in Socket Mode's envelopes."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTION = "interactive"


@dataclass(frozen=True, slots=True)
class Retry:
    """The number of a repeated delivery, and the reason for it."""

    num: int
    reason: str


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's `v0` signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """The app's request URL, to which each payload is posted with Slack's signature."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, kind: Kind, body: Json, retry: Retry | None, seconds: float) -> Outcome:
        """Post a payload; the status is None without an answer in time."""
        headers = {"Content-Type": "application/json"}
        if kind is Kind.EVENT:
            data = compact(body).encode()
        else:
            form = body if kind is Kind.COMMAND else {"payload": json.dumps(body)}
            data = urlencode(form).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry.num), "X-Slack-Retry-Reason": retry.reason}
        return await self.post(url, data, self.signed(data) | headers, seconds)

    def signed(self, data: bytes) -> dict[str, str]:
        """Return the headers that sign a body; the time is the machine's, not the stand-in's clock."""
        now = str(int(time.time()))
        return {
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": signature(self._world.signing_secret, now, data),
            "User-Agent": "Slackbot 1.0 (stand-in)",
        }

    async def post(self, url: str, data: bytes, headers: dict[str, str], seconds: float) -> Outcome:
        """Post bytes with exactly these headers."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                url,
                data=data,
                headers=headers,
                timeout=limit,
                allow_redirects=False,
            ) as response:
                text = await response.text()
                return Outcome(response.status, _read(text, response.content_type), dict(response.headers))
        except TimeoutError:
            return Outcome(None, "timeout")
        except aiohttp.ClientError:
            return Outcome(None, "connection_failed")

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _read(text: str, content_type: str) -> object:
    if not text:
        return None
    if content_type == "application/json":
        try:
            return parse(text)
        except ValueError:
            return text
    return text
