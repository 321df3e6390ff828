"""The HTTP server: the Web API, response URLs, Socket Mode and the page, on a loopback address only."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from .app_answers import respond
from .encoding import compact, parse
from .errors import Refusal, StandInError
from .files import SIGN_IN
from .methods import answer
from .page import Page
from .seam import Outcome, Passage, Raw, Way, pass_through

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .faults import Faults
    from .hub import Hub
    from .people import People

BODY_LIMIT: Final = 2 * 1024 * 1024
BYTE_SECONDS: Final = 0.05


def check_host(host: str) -> None:
    """Refuse to listen on an address that other machines can reach.

    Raises:
        StandInError: the host is not a loopback address.
    """
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise StandInError(f"the stand-in listens on loopback only, not on {host!r}")


class Server:
    """Serves one hub until it is stopped."""

    def __init__(self, hub: Hub, people: People, faults: Faults, page_dir: Path | None) -> None:
        self._hub = hub
        self._page_dir = page_dir
        self._page = Page(hub, people, faults)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port."""
        check_host(host)
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/commands/{rest:.*}", self._response_url)
        app.router.add_post("/actions/{rest:.*}", self._response_url)
        app.router.add_post("/app/{rest:.*}", self._response_url)
        app.router.add_get("/files-pri/{file}/{rest:.*}", self._download)
        app.router.add_post("/upload/v1/{secret}", self._upload)
        app.router.add_get("/link/", self._socket_mode)
        app.router.add_get("/page/info", self._page_only(self._page.info))
        app.router.add_get("/page/ws", self._page_only(self._page.socket))
        app.router.add_post("/page/files", self._page_only(self._page.put_file))
        app.router.add_get("/page/files/{file}", self._page_only(self._page.get_file))
        if self._page_dir is not None:
            app.router.add_get("/", self._index)
            app.router.add_static("/", self._page_dir)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound: int = self._runner.addresses[0][1]
        self._hub.response_urls.base = self._hub.world.base = f"http://{host}:{bound}"
        return bound

    async def stop(self) -> None:
        """Close the page's connections and stop listening."""
        await self._page.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            raw = await _arguments(request)
        except Refusal as refusal:
            return web.json_response(refusal.answer())
        token = _bearer(request) or str(raw.get("token") or "") or None

        async def proceed() -> Outcome:
            return answer(self._hub, name, raw, token)

        passage = Passage(Way.CALL, name, raw)
        outcome = await pass_through(self._hub.courier.around, passage, proceed)
        if outcome.status is not None and request.transport is not None:
            self._hub.hear(outcome.body)
        return await _reply(request, outcome)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Return a file if the token may read it; else, as Slack does, a sign-in page with status 200."""
        token = self._hub.world.tokens.get(_bearer(request) or "")
        file = self._hub.world.files.get(request.match_info["file"].partition("-")[2])

        async def proceed() -> Outcome:
            if token is None or token.revoked or "files:read" not in token.scopes:
                return Outcome(200, Raw(SIGN_IN.encode(), "text/html"))
            return Outcome(404, "") if file is None else Outcome(200, Raw(file.data, file.mimetype))

        passage = Passage(Way.CALL, "file_download", {"path": request.path})
        return await _reply(request, await pass_through(self._hub.courier.around, passage, proceed))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """Accept the raw bytes of a file."""
        ticket = self._hub.uploads.at(request.match_info["secret"])
        data = bytearray()
        async for chunk in request.content.iter_any():
            data += chunk

        async def proceed() -> Outcome:
            if ticket is None:
                return Outcome(404, "")
            ticket.data = bytes(data)
            return Outcome(200, f"OK - {len(data)}")

        passage = Passage(Way.CALL, "file_upload", {"path": request.path})
        return await _reply(request, await pass_through(self._hub.courier.around, passage, proceed))

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        text = await request.text()

        async def proceed() -> Outcome:
            try:
                target = self._hub.response_urls.use(path)
                await respond(self._hub, target, _read_json(text))
            except Refusal as refusal:
                gone = refusal.code in {"expired_url", "used_url", "invalid_url"}
                return Outcome(404 if gone else 400, refusal.answer())
            return Outcome(200, "ok")

        passage = Passage(Way.RESPONSE_URL, path, {"body": text})
        return await _reply(request, await pass_through(self._hub.courier.around, passage, proceed))

    async def _socket_mode(self, request: web.Request) -> web.StreamResponse:
        return await self._hub.courier.socket_mode.handle(request)

    def _page_only(self, handler: Any) -> Any:  # noqa: ANN401 - aiohttp's handlers
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not _from_here(request):
                return web.Response(status=403, text="the playground answers its own page only")
            response: web.StreamResponse = await handler(request)
            return response

        return guarded

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        if self._page_dir is None:
            raise web.HTTPNotFound
        return web.FileResponse(self._page_dir / "index.html", headers={"Cache-Control": "no-store"})


def _bearer(request: web.Request) -> str | None:
    given = request.headers.get("Authorization", "")
    return given.removeprefix("Bearer ").strip() if given.startswith("Bearer ") else None


def _from_here(request: web.Request) -> bool:
    """Tell whether a request comes from our own page, or from no page at all."""
    here = request.host
    if urlsplit(f"//{here}").hostname not in {"127.0.0.1", "localhost", "::1"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"http://{here}"


async def _reply(request: web.Request, outcome: Outcome) -> web.StreamResponse:
    if outcome.status is None:
        return _broken(request)
    if isinstance(outcome.body, Raw):
        return await _raw(request, outcome.status, outcome.body, outcome.headers)
    if isinstance(outcome.body, str):
        return web.Response(status=outcome.status, text=outcome.body, headers=dict(outcome.headers))
    text = compact(outcome.body if outcome.body is not None else {})
    return web.Response(
        status=outcome.status,
        text=text,
        content_type="application/json",
        headers=dict(outcome.headers),
    )


def _broken(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _raw(request: web.Request, status: int, raw: Raw, headers: Mapping[str, str]) -> web.StreamResponse:
    """Send a body as it is, at once or byte by byte."""
    response = web.StreamResponse(status=status, headers=headers)
    response.content_type = raw.content_type
    if raw.seconds is None:
        response.content_length = len(raw.data)
    await response.prepare(request)
    if raw.seconds is None:
        await response.write(raw.data)
        await response.write_eof()
        return response
    loop = asyncio.get_running_loop()
    until = loop.time() + raw.seconds
    with contextlib.suppress(ConnectionError):
        await response.write(raw.data)
        while loop.time() < until and request.transport is not None:
            await response.write(b" ")
            await asyncio.sleep(min(BYTE_SECONDS, raw.seconds))
    _broken(request)
    return response


def _read_json(text: str) -> object:
    try:
        return parse(text)
    except ValueError:
        raise Refusal("invalid_payload") from None


async def _arguments(request: web.Request) -> dict[str, Any]:
    query = dict(request.query)
    kind = request.content_type
    if request.method == "GET" or not request.body_exists:
        return query
    if kind == "application/json":
        text = await request.text()
        if not text.strip():
            return query
        body = _json_arguments(text)
        return query | body
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.post()
        return query | {key: value for key, value in form.items() if isinstance(value, str)}
    raise Refusal("invalid_post_type")


def _json_arguments(text: str) -> dict[str, Any]:
    try:
        body = parse(text)
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body
