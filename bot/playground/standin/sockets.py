"""Socket Mode: the WebSockets that the app has opened, and the faults that can befall them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp import web

from .encoding import compact, parse
from .fault_kinds import Fault
from .seam import Outcome
from .transport import Kind, Retry
from .world import APP_ID

if TYPE_CHECKING:
    from .ids import Seed
    from .schema import Json
    from .world import World

HELLO_SECONDS: Final = 18_060
LOOK_SECONDS: Final = 0.05

Hazard = Callable[[], tuple[Fault, float] | None]


@dataclass(eq=False, slots=True)
class Connection:
    """One WebSocket of the app, and its faults.

    `leaving`: it gets no more payloads. `silent`: it is dead, but not closed. `cut_at_ack`: it breaks at the
    app's next acknowledgment.
    """

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    leaving: bool = False
    silent: bool = False
    cut_at_ack: bool = False

    def abort(self) -> None:
        """Break the connection without a closing handshake."""
        self.leaving = True
        if self.transport is not None:
            self.transport.abort()

    async def tell(self, message: Json) -> None:
        """Send a message, unless the connection is dead or closed."""
        if not self.silent and not self.socket.closed:
            await self.socket.send_str(compact(message))

    async def ended(self) -> None:
        """Wait until the other side disconnects, without answering it."""
        while self._dead():  # noqa: ASYNC110 - a transport tells nobody that it closes
            await asyncio.sleep(LOOK_SECONDS)

    def _dead(self) -> bool:
        return self.silent and self.transport is not None and not self.transport.is_closing()


class SocketMode:
    """The WebSockets that the app has opened; each payload goes to one of them at random."""

    def __init__(self, world: World, later: Callable[[Coroutine[Any, Any, None]], None], seed: Seed) -> None:
        self._world = world
        self._later = later
        self._tickets: set[str] = set()
        self._all: list[Connection] = []
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}
        self._random = random.Random(seed)  # noqa: S311 - a fair share, no secret
        self.hazard: Hazard = lambda: None

    @property
    def connections(self) -> int:
        """Return how many WebSockets the app has open."""
        return len(self._all)

    @property
    def open(self) -> list[Connection]:
        """Return the connections that payloads may go to, including dead ones, which look alive."""
        return [connection for connection in self._all if not connection.leaving]

    def ticket(self) -> str:
        """Return a ticket that admits one connection."""
        new = self._world.ids.text(16)
        self._tickets.add(new)
        return new

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it closes."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False, autoclose=False)
        await socket.prepare(request)
        await socket.send_str(compact(self._hello()))
        connection = Connection(socket, request.transport)
        self._all.append(connection)
        self._world.ring()
        try:
            await self._listen(connection)
        finally:
            self._all.remove(connection)
            self._world.ring()
        await socket.close()
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.silent:
                continue
            if message.type is aiohttp.WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.TEXT:
                self._acknowledged(connection, message.data)
        await connection.ended()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._all) + 1,
            "debug_info": {
                "host": "standin",
                "build_number": 1,
                "approximate_connection_time": HELLO_SECONDS,
            },
            "connection_info": {"app_id": APP_ID},
        }

    def _acknowledged(self, connection: Connection, data: str) -> None:
        try:
            answer = parse(data)
            waiting = self._waiting.get(answer["envelope_id"])
            payload = answer.get("payload")
        except (ValueError, TypeError, KeyError, AttributeError):
            self._world.problems.append(f"Socket Mode got what is no acknowledgment: {data[:200]}")
            return
        if connection.cut_at_ack:
            connection.abort()
        if waiting is not None and not waiting.done():
            lost = Outcome(None, "connection_lost")
            waiting.set_result(lost if connection.cut_at_ack else Outcome(200, payload or None))

    async def send(self, kind: Kind, body: Json, retry: Retry | None, seconds: float) -> Outcome:
        """Deliver over one of the connections; the status is None without an acknowledgment in time."""
        connection = await self._choose()
        if connection is None:
            return Outcome(None, "no_connection")
        envelope = self._envelope(kind, body, retry)
        envelope_id = envelope["envelope_id"]
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await connection.tell(envelope)
            return await asyncio.wait_for(self._waiting[envelope_id], seconds)
        except (TimeoutError, ConnectionError):
            return Outcome(None, "timeout")
        finally:
            del self._waiting[envelope_id]

    async def _choose(self) -> Connection | None:
        """Return the connection to deliver over, after any fault has been applied to it."""
        if not self.open:
            return None
        chosen = self._random.choice(self.open)
        befalls = self.hazard()
        if befalls is not None:
            await self.disturb(chosen, *befalls)
        if not chosen.leaving:
            return chosen
        return self._random.choice(self.open) if self.open else None

    def _envelope(self, kind: Kind, body: Json, retry: Retry | None) -> Json:
        envelope: Json = {
            "envelope_id": self._world.ids.hex(16),
            "payload": body,
            "type": str(kind),
            "accepts_response_payload": kind is not Kind.EVENT,
        }
        if kind is Kind.EVENT:
            envelope["retry_attempt"] = retry.num if retry else 0
            envelope["retry_reason"] = retry.reason if retry else ""
        return envelope

    async def disturb(self, connection: Connection, fault: Fault, seconds: float) -> None:
        """Apply a fault to a connection; a warned one is closed after `seconds`."""
        match fault:
            case Fault.WARNED:
                await connection.tell(_goodbye("warning"))
                self._later(self._close_after(connection, seconds))
            case Fault.REFRESHED:
                await self._send_away(connection, "refresh_requested")
            case Fault.DROPPED:
                connection.abort()
            case Fault.DROPPED_AFTER:
                connection.cut_at_ack = True
            case _:
                connection.silent = True

    async def _close_after(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        connection.leaving = True
        await connection.socket.close()

    async def _send_away(self, connection: Connection, reason: str) -> None:
        connection.leaving = True
        await connection.tell(_goodbye(reason))
        if not connection.silent:
            await connection.socket.close()

    async def disconnect(self, reason: str) -> None:
        """Warn every connection, as Slack does before it closes one, and close it."""
        for connection in self.open:
            await self._send_away(connection, reason)

    async def close(self) -> None:
        """Close every connection, the dead ones without a closing handshake."""
        for connection in list(self._all):
            if connection.silent:
                connection.abort()
            else:
                await connection.socket.close()


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}}
