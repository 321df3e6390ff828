"""The HTTP side: Slack's deliveries without Socket Mode, and health checks."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from bot.metrics import REFUSED
from bot.safe_errors import mishap
from bot.slack.app.admission import Admission, Caller
from bot.slack.app.bolt import EVENTS_PATH
from bot.slack.app.connections import PROVEN, Connections, accepted_at_once, most_connections, protocol
from bot.slack.app.early_refusals import EarlyRefusals
from bot.slack.app.request_bodies import BODY_SECONDS, Bodies, pieces
from bot.slack.app.signature_failures import Keep, SignatureFailures
from bot.slack.app.signing import Claim, Proof, Refusal, claim_of
from bot.slack.app.too_large import TooLarge
from bot.slack.inbound.commands import is_ssl_check
from bot.slack.inbound.oversize import FARTHEST, Remains

Probe = Callable[[], Awaitable[dict[str, str]]]
Asgi = Callable[..., Awaitable[None]]

SHUTDOWN_SECONDS: Final = 3  # Slack waits no longer for an answer
WAITING: Final = 1_024  # connections that the kernel queues until they are accepted
CHECK_BYTES: Final = 1_024
FORM: Final = "application/x-www-form-urlencoded"

log = structlog.get_logger("certdesk.http")


def web_app(probe: Probe, slack: Endpoint | None) -> Starlette:
    """Return the app: `/healthz` says that the process lives, `/readyz` whether it can work.

    `probe` returns what is wrong by name, nothing if all is well.
    """

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        wrong = await probe()
        return JSONResponse(
            {"status": "ok" if not wrong else "not ready", "wrong": wrong}, 503 if wrong else 200
        )

    routes: list[Route] = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if slack is not None:
        routes += [Route(EVENTS_PATH, slack, methods=["POST"]), Route(EVENTS_PATH, fetched, methods=["GET"])]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False  # it would redirect strangers to any host they name
    return app


class Endpoint:
    """Where Slack calls. Nothing is believed, and little is kept, before its signature is proven.

    What is refused by its headers alone costs no reading of the body, so checks that need no body belong in
    `_claim`. `keep` records why requests are refused, for other processes to see.
    """

    def __init__(self, slack: Asgi, too_large: TooLarge, keep: Keep | None = None) -> None:
        self.admission = Admission()
        self._slack = slack
        self._too_large = too_large
        self._bodies = Bodies()
        self._failures = SignatureFailures(keep)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(scope, receive, send)
        if response is not None:
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Return the answer, None if Bolt has given it."""
        claim = self._claim(Headers(scope=scope))
        if claim is Refusal.UNSIGNED and await _is_ssl_check(scope, receive):
            return Response()
        if isinstance(claim, Refusal):
            return refused(claim)
        if not self.admission.lets_in(_caller(scope)):
            return _BUSY
        body = await self._bodies.read(receive, Proof(self._too_large.secret, claim))
        if body is Refusal.FORGED:
            self._failures.forged()
        if isinstance(body, Refusal):
            return refused(body)
        self._failures.believed()
        scope.get(PROVEN, lambda: None)()
        if isinstance(body, Remains):
            return await self._record(body)
        with self.admission.under_way():
            return await self._hand_over(body, scope, send)

    def _claim(self, headers: Headers) -> Claim | Refusal:
        """Return what the headers claim, or why the request is refused."""
        claim = claim_of(headers.raw)
        if claim is None:
            return Refusal.UNSIGNED
        if not claim.is_fresh(now := time.time()):
            self._failures.stale(now - claim.at)
            return Refusal.STALE
        if headers.get("content-encoding", "identity") != "identity":
            return Refusal.ENCODED
        length = headers.get("content-length", "0")
        return claim if length.isdecimal() and int(length) <= FARTHEST else Refusal.TOO_LARGE

    async def _hand_over(self, body: bytes, scope: Scope, send: Send) -> Response | None:
        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            await self._slack(scope, again, send)
        except Exception as error:  # noqa: BLE001  listeners answer for themselves, so this was no payload
            log.warning("request_unreadable", **mishap(error))
            return JSONResponse({"error": "unreadable"}, 400)
        return None

    async def _record(self, remains: Remains) -> Response:
        """Record what is too large, and refuse it; repeating it would not help."""
        try:
            await self._too_large.take(remains)
        except Exception as error:  # noqa: BLE001  whatever it is, nothing was recorded, so Slack may repeat it
            log.error("delivery_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
            return JSONResponse({"error": "not recorded"}, 503)
        return refused(Refusal.TOO_LARGE)


STATUSES: Final = {
    Refusal.TOO_LARGE: 413,
    Refusal.TOO_SLOW: 408,
    Refusal.ENCODED: 415,
    Refusal.ABANDONED: 400,
}
UNBELIEVED: Final = 401


_BUSY: Final = Response(status_code=503)


def _caller(scope: Scope) -> Caller:
    """Tell by a request's headers whether a person waits for its answer: only events come as JSON."""
    return Caller.EVENT if (b"content-type", b"application/json") in scope["headers"] else Caller.PERSON


def refused(why: Refusal) -> Response:
    """Return the answer to a request that is refused."""
    REFUSED.labels(why).inc()
    repeating = {"X-Slack-No-Retry": "1"} if why is Refusal.TOO_LARGE else None
    return JSONResponse({"error": why.replace("_", " ")}, STATUSES.get(why, UNBELIEVED), repeating)


async def fetched(request: Request) -> Response:
    """Answer Slack's check of the certificate if it comes as GET; nothing else does."""
    if is_ssl_check(request.scope["query_string"]):
        return Response()
    return PlainTextResponse("Method Not Allowed", 405, {"Allow": "POST"})


async def _is_ssl_check(scope: Scope, receive: Receive) -> bool:
    """Tell whether a request is Slack's check of the certificate: a small unsigned form."""
    headers, body = Headers(scope=scope), b""
    length = headers.get("content-length", "0")
    if not headers.get("content-type", "").lower().startswith(FORM) or len(length) > len(str(CHECK_BYTES)):
        return False
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in pieces(receive):
                body += piece
                if len(body) > CHECK_BYTES:
                    return False
            return is_ssl_check(body)
    return False


def server(app: Asgi, host: str, port: int, admission: Admission | None = None) -> uvicorn.Server:
    """Return a uvicorn server that leaves logging and signals to its caller.

    With the `admission` of its endpoint it refuses what that would refuse before parsing it.
    """
    early = EarlyRefusals(admission, EVENTS_PATH) if admission is not None else None
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=protocol(Connections(most_connections()), early),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        backlog=accepted_at_once(),
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and let the kernel queue more connections than asyncio accepts at once."""
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(WAITING)
