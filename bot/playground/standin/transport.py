"""The two ways in which Slack reaches an app: Socket Mode and signed HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from .seam import Outcome
from .wire import compact, parse
from .world import APP_ID

if TYPE_CHECKING:
    from .schema import Json
    from .world import World

HELLO_SECONDS: Final = 18_060


class Kind(StrEnum):
    """What is delivered, by the name that Socket Mode's envelopes give it."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTION = "interactive"


@dataclass(frozen=True, slots=True)
class Retry:
    """That a delivery is a repeated one, and why."""

    num: int
    reason: str


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's `v0` signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SocketMode:
    """The WebSockets that the app opened; each payload goes to one of them at random."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}
        self._random = random.Random(0)  # noqa: S311 - a fair share, no secret

    @property
    def connections(self) -> int:
        """Return how many WebSockets the app has open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """Return a ticket for one connection."""
        new = secrets.token_urlsafe(16)
        self._tickets.add(new)
        return new

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it closes."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        await socket.send_str(compact(self._hello()))
        self._sockets.append(socket)
        self._world.ring()
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._sockets.remove(socket)
            self._world.ring()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "debug_info": {
                "host": "standin",
                "build_number": 1,
                "approximate_connection_time": HELLO_SECONDS,
            },
            "connection_info": {"app_id": APP_ID},
        }

    def _acknowledged(self, data: str) -> None:
        try:
            answer = parse(data)
            waiting = self._waiting.get(answer["envelope_id"])
            payload = answer.get("payload")
        except (ValueError, TypeError, KeyError, AttributeError):
            self._world.problems.append(f"Socket Mode got what is no acknowledgment: {data[:200]}")
            return
        if waiting is not None and not waiting.done():
            waiting.set_result(Outcome(200, payload or None))

    async def send(self, kind: Kind, body: Json, retry: Retry | None, seconds: float) -> Outcome:
        """Deliver over one of the connections; without an acknowledgment in time the status is None."""
        if not self._sockets:
            return Outcome(None, "no_connection")
        envelope_id = secrets.token_hex(16)
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": body,
            "type": str(kind),
            "accepts_response_payload": kind is not Kind.EVENT,
        }
        if kind is Kind.EVENT:
            envelope["retry_attempt"] = retry.num if retry else 0
            envelope["retry_reason"] = retry.reason if retry else ""
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            socket = self._random.choice(self._sockets)
            await socket.send_str(compact(envelope))
            return await asyncio.wait_for(self._waiting[envelope_id], seconds)
        except (TimeoutError, ConnectionError):
            return Outcome(None, "timeout")
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go, as Slack does before it closes one, and close it."""
        for socket in list(self._sockets):
            goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}}
            if not socket.closed:
                await socket.send_str(compact(goodbye))
                await socket.close()

    async def close(self) -> None:
        """Close every connection."""
        for socket in list(self._sockets):
            await socket.close()


class SignedHttp:
    """The app's request URL, to which each payload is posted with Slack's signature."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, kind: Kind, body: Json, retry: Retry | None, seconds: float) -> Outcome:
        """Post a payload; without an answer in time the status is None."""
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
        """Return the headers that prove a body; the time is the machine's, not the stand-in's clock."""
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
