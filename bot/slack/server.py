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
from bot.slack import oversize
from bot.slack.app import EVENTS_PATH
from bot.slack.oversize import Remains, Signed, TooLarge

Probe = Callable[[], Awaitable[dict[str, str]]]
Asgi = Callable[..., Awaitable[None]]

SHUTDOWN_SECONDS: Final = 3  # Slack waits no longer for an answer

log = structlog.get_logger("certdesk.http")


def web_app(probe: Probe, slack: Endpoint | None) -> Starlette:
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
        routes.append(Route(EVENTS_PATH, endpoint=slack, methods=["POST"]))
    return Starlette(routes=routes)


class Endpoint:
    """Where Slack calls.

    What nobody signed is answered with 401, what is too large with 413, what Bolt cannot parse with 400.
    """

    def __init__(self, slack: Asgi, too_large: TooLarge) -> None:
        self._slack = slack
        self._too_large = too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        told = request.headers.get
        signed = Signed(
            self._too_large.secret,
            told("x-slack-request-timestamp", ""),
            told("x-slack-signature", ""),
        )
        if not signed.timestamp.isdecimal():
            await JSONResponse({"error": "unsigned"}, 401)(scope, receive, send)
            return
        body = await oversize.read(request.stream(), signed)
        if not isinstance(body, bytes):
            await (await self._refuse(body))(scope, receive, send)
            return

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            await self._slack(scope, again, send)
        except Exception as error:  # noqa: BLE001  listeners answer for themselves, so this was no payload
            log.warning("request_unreadable", **mishap(error))
            await JSONResponse({"error": "unreadable"}, 400)(scope, receive, send)

    async def _refuse(self, remains: Remains | None) -> Response:
        """Refuse a body that is too large, once it is written down if it is Slack's; no repetition helps."""
        if remains is not None:
            try:
                await self._too_large.take(remains)
            except Exception as error:  # noqa: BLE001  whatever it is, nothing was recorded, so Slack may repeat it
                log.error("delivery_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
                return JSONResponse({"error": "not recorded"}, 503)
        return JSONResponse({"error": "too large"}, 413, {"X-Slack-No-Retry": "1"})


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
