"""The HTTP side: Slack's calls where there is no Socket Mode, and health for whoever watches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

Probe = Callable[[], Awaitable[dict[str, str]]]
Asgi = Callable[..., Awaitable[None]]


def web_app(probe: Probe, slack: Asgi | None) -> Starlette:
    """Return the app: `/healthz` says that the process lives, `/readyz` whether it can work.

    `probe` returns what is wrong by name, nothing where all is well.
    """

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        wrong = await probe()
        return JSONResponse({"status": "ok" if not wrong else "not ready", "wrong": wrong}, 503 if wrong else 200)

    routes: list[Route | Mount] = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if slack is not None:
        routes.append(Mount("/", app=_quiet(slack)))
    return Starlette(routes=routes)


def _quiet(slack: Asgi) -> Asgi:
    """Answer a request that Bolt cannot even parse with 400, without a traceback."""

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's own
        started = False

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await slack(scope, receive, noting)
        except (ValueError, UnicodeError, TypeError, AttributeError, KeyError):
            if started:
                raise
            await JSONResponse({"error": "unreadable"}, 400)(scope, receive, send)

    return app


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """Return a uvicorn server that leaves logging and signals to its caller."""
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=10
    )
    return uvicorn.Server(config)
