"""HTTP connections: how many there may be, and how long each may take.

uvicorn limits neither. Here a request's headers must arrive within `HEADER_SECONDS` and its body in few
pieces; an answer must be read within `ANSWER_SECONDS`; and at the limit on connections, the one that has gone
longest without a proven request makes room for the next.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import h11
import structlog
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.metrics import REFUSED
from bot.slack.app.early_refusals import ANSWER, EarlyRefusals
from bot.slack.app.signing import Refusal
from bot.slack.once_a_minute import OncePerMinute

HEADER_SECONDS: Final = 10.0
HEADER_BYTES: Final = 16 * 1024
ANSWER_SECONDS: Final = 10.0
LINGER_SECONDS: Final = 1.0
LINGERED: Final = 4 * 1024 * 1024  # bytes that are discarded so that the sender can read the answer
PIPELINED: Final = 64 * 1024  # bytes of requests after the one being answered

# A body may come in this many pieces, and one more for each so many bytes.
PIECES: Final = 2_048
PIECE_BYTES: Final = 256

AT_ONCE: Final = 64  # connections that asyncio accepts in one go
TURNS: Final = 4  # of the event loop, in which it accepts more before the first is counted
OWN_FILES: Final = 128  # the database, the log, calls to Slack
MOST: Final = 4_096

PROVEN: Final = "certdesk.proven"  # in the scope: what to call once a request is known to be Slack's

log = structlog.get_logger("certdesk.http")


def accepted_at_once() -> int:
    """Return how many connections asyncio may accept at once."""
    return max(min(_files() // 16, AT_ONCE), 1)


def most_connections() -> int:
    """Return how many connections there may be, so that files remain for everything else."""
    spare = OWN_FILES + TURNS * accepted_at_once()
    return min(max(_files() - spare, _files() // 4), MOST)


def _files() -> int:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2 * MOST if files == resource.RLIM_INFINITY else files


class Connections:
    """The open connections. Those with a proven request under way are never closed to make room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._unproven: dict[BoundedProtocol, None] = {}  # longest without a proven request first
        self._proven: set[BoundedProtocol] = set()
        self._full = OncePerMinute()

    def add(self, connection: BoundedProtocol) -> None:
        """Take a new connection; at the limit the oldest makes room."""
        self._unproven[connection] = None
        if len(self._unproven) + len(self._proven) <= self._most:
            return
        oldest = next(iter(self._unproven))
        del self._unproven[oldest]
        oldest.transport.abort()
        REFUSED.labels(Refusal.CROWDED_OUT).inc()
        if closed := self._full.due():
            log.warning("connections_full", limit=self._most, closed=closed)

    def prove(self, connection: BoundedProtocol) -> None:
        """Keep a connection while its request is worked on."""
        if connection in self._unproven:
            del self._unproven[connection]
            self._proven.add(connection)

    def rest(self, connection: BoundedProtocol) -> None:
        """Count a connection whose request was answered as the youngest of those that may be closed."""
        if connection in self._proven:
            self._proven.discard(connection)
            self._unproven[connection] = None

    def remove(self, connection: BoundedProtocol) -> None:
        """Forget a connection that is closed."""
        self._unproven.pop(connection, None)
        self._proven.discard(connection)


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol for one connection, with limits."""

    def __init__(
        self,
        *,
        connections: Connections,
        early: EarlyRefusals | None,
        **uvicorns: Any,  # noqa: ANN401  uvicorn's own
    ) -> None:
        super().__init__(**uvicorns)
        self.conn = _Counted(h11.SERVER, HEADER_BYTES)
        self.app = self._with_proof(self.app)
        self._connections = connections
        self._early = early
        self._refused = 0  # bytes still to come of requests refused early
        self._reading = _Timer(self.loop)
        self._writing = _Timer(self.loop)
        self._lingered: int | None = None
        self._half_closed = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, and wait for its first request."""
        super().connection_made(transport)
        self._connections.add(self)
        self._reading.start(HEADER_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._connections.remove(self)
        self._reading.stop()
        self._writing.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Continue reading, unless nothing more is wanted from this connection."""
        if self._lingered is not None:
            self._lingered += len(data)
            if self._lingered > LINGERED:
                self.transport.abort()
            return
        if self._early is not None and not (data := self._without_refused(data, self._early)):
            return
        if not self._reading.runs and self.conn.their_state is h11.IDLE:
            self._reading.start(HEADER_SECONDS, self._give_up)
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._reading.stop()
        if len(data) > PIPELINED and self.conn.their_state is h11.DONE:
            self._bound_pipeline()

    def _without_refused(self, data: bytes, early: EarlyRefusals) -> bytes:
        """Answer requests that are refused early, and return what is left for the parser."""
        while data:
            if not self._refused and self._is_between():
                self._refused = early.length(data)
                if self._refused:
                    self._unset_keepalive_if_required()
                    self.transport.write(ANSWER)
            if not self._refused:
                break
            rest = self._refused - len(data)
            data, self._refused = data[self._refused :], max(rest, 0)
            if self._refused:
                if not self._reading.runs:
                    self._reading.start(HEADER_SECONDS, self._give_up)
            else:
                self._rest_from_refusal()
        return data

    def _is_between(self) -> bool:
        """Tell whether the next byte begins a request, and answers are being read."""
        answered = self.cycle is None or self.cycle.response_complete
        idle = answered and self.conn.states == {h11.CLIENT: h11.IDLE, h11.SERVER: h11.IDLE}
        return idle and not self.conn.trailing_data[0] and not self.flow.write_paused

    def _rest_from_refusal(self) -> None:
        self._reading.stop()
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn never keeps it open
        """Answer a sender that has finished sending; returns whether the connection stays open."""
        self._half_closed = self._answering()
        return self._half_closed

    def _answering(self) -> bool:
        whole = self.conn.their_state in {h11.DONE, h11.MUST_CLOSE}
        return whole and self.cycle is not None and not self.cycle.response_complete

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP; uvicorn's own method raises if an answer has begun."""
        REFUSED.labels(Refusal.MALFORMED).inc()
        begun = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if begun or self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
        else:
            super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """Continue with the next request, or close if the answered one was not read to its end."""
        self._connections.rest(self)
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._linger()
            return
        super().on_response_complete()
        if self._half_closed and not self._answering():
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing more came; uvicorn's own method may raise."""
        self.transport.close()

    def pause_writing(self) -> None:
        """Wait for a peer that does not read the answer, but not for ever."""
        super().pause_writing()
        self._writing.start(ANSWER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Continue writing."""
        self._writing.stop()
        super().resume_writing()

    def _with_proof(self, app: Any) -> Callable[[Scope, Receive, Send], Any]:  # noqa: ANN401  uvicorn's own
        def run(scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401
            scope[PROVEN] = partial(self._connections.prove, self)
            return app(scope, receive, send)

        return run

    def _give_up(self) -> None:
        REFUSED.labels(Refusal.TOO_SLOW).inc()
        self.transport.abort()

    def _bound_pipeline(self) -> None:
        waiting, _ = self.conn.trailing_data
        if len(waiting) > PIPELINED:
            REFUSED.labels(Refusal.TOO_LARGE).inc()
            self.transport.abort()

    def _linger(self) -> None:
        """Send no more, and discard what still comes, because closing at once could lose the answer."""
        self._lingered = 0
        self._reading.start(LINGER_SECONDS, self.transport.abort)
        self.transport.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()


class _Counted(h11.Connection):
    """A parser that refuses a body in too many pieces, each of which costs as much as a large one."""

    _pieces = 0
    _bytes = 0

    def next_event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        """Return the next event. Raises RemoteProtocolError as h11 does."""
        event = super().next_event()
        match event:
            case h11.Request():
                self._pieces = self._bytes = 0
                _check(event)
            case h11.Data():
                self._pieces += 1
                self._bytes += len(event.data)
                if self._pieces > PIECES + self._bytes // PIECE_BYTES:
                    raise h11.RemoteProtocolError("too many pieces", 413)
        return event


def _check(request: h11.Request) -> None:
    """Refuse headers that are too large, or that two parsers could read as two different lengths."""
    names = [name for name, _ in request.headers]
    if sum(len(name) + len(value) for name, value in request.headers) > HEADER_BYTES:
        raise h11.RemoteProtocolError("headers too large", 431)
    if b"content-length" in names and b"transfer-encoding" in names:
        raise h11.RemoteProtocolError("two lengths")


class _Timer:
    """A callback after some seconds, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        return self._handle is not None

    def start(self, seconds: float, then: Callable[[], None]) -> None:
        self.stop()
        self._handle = self._loop.call_later(seconds, then)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


def protocol(connections: Connections, early: EarlyRefusals | None = None) -> Any:  # noqa: ANN401  uvicorn's own
    """Return the factory with which uvicorn makes a protocol for each connection."""
    return partial(BoundedProtocol, connections=connections, early=early)
