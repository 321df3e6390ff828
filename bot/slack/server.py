"""The HTTP side: Slack's calls where there is no Socket Mode, and health for whoever watches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from bot.mishap import mishap
from bot.slack.app import EVENTS_PATH

Probe = Callable[[], Awaitable[dict[str, str]]]
Asgi = Callable[..., Awaitable[None]]

LARGEST_BODY: Final = 2 * 1024 * 1024
SHUTDOWN_SECONDS: Final = 5

log = structlog.get_logger("certdesk.http")


def web_app(probe: Probe, slack: Asgi | None) -> Starlette:
    """Return the app: `/healthz` says that the process lives, `/readyz` whether it can work.

    `probe` returns what is wrong by name, nothing where all is well.
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
        routes.append(Route(EVENTS_PATH, endpoint=_Endpoint(slack), methods=["POST"]))
    return Starlette(routes=routes)


class _Endpoint:
    """Answer what nobody signed with 401, what is too big with 413, and what Bolt cannot parse with 400."""

    def __init__(self, slack: Asgi) -> None:
        self._slack = slack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():
            await JSONResponse({"error": "unsigned"}, 401)(scope, receive, send)
            return
        body = await _body(request)
        if body is None:
            await JSONResponse({"error": "too large"}, 413)(scope, receive, send)
            return

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            await self._slack(scope, again, send)
        except Exception as error:  # noqa: BLE001  listeners answer for themselves, so this was no payload
            log.warning("request_unreadable", **mishap(error))
            await JSONResponse({"error": "unreadable"}, 400)(scope, receive, send)


async def _body(request: Request) -> bytes | None:
    """Return a request's body, None where it is longer than any that Slack sends."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST_BODY:
            return None
    return bytes(read)


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """Return a uvicorn server that leaves logging and signals to its caller."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return uvicorn.Server(config)
