"""Socket Mode: the connection over which Slack calls, supervised, restored and reported."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.background import Background
from bot.safe_errors import mishap
from bot.slack.app.admission import Admission, Caller
from bot.slack.app.too_large import TooLarge
from bot.slack.inbound.oversize import LARGEST, Remains, remains_of
from bot.slack.outbound.web_api import WebApi

# aiohttp drops a peer that answers no ping within half of this; the SDK alone would wait four times as long.
PING_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.5
ENDING_SECONDS: Final = 3.0  # after that Slack no longer waits for an acknowledgment
CLOSING_SECONDS: Final = 0.5
EVENT: Final = "events_api"  # an envelope's type; for all others somebody is waiting

log = structlog.get_logger("certdesk.socket")


async def try_token(app_token: str, api_url: str) -> None:
    """Ask Slack for a connection without using it: with a bad token, the SDK would ask for ever.

    Raises CallError.
    """
    client = WebApi(app_token, api_url)
    await client.apps_connections_open(app_token=app_token)


class Handler(AsyncSocketModeHandler):
    """Bolt's handler, which also keeps what is too large, and finishes what it took."""

    def __init__(
        self, app: AsyncApp, web_client: AsyncWebClient, too_large: TooLarge, logger: logging.Logger
    ) -> None:
        super().__init__(app, web_client.token, logger=logger, web_client=web_client)
        self.admission = Admission()
        self._too_large = too_large
        self._remains: dict[str, Remains] = {}  # by envelope
        self._running: set[asyncio.Task[Any]] = set()
        self._ending = False
        self.client.message_listeners.append(self._measure)
        self.client.on_error_listeners.append(self._broken)

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Take one envelope, unless the process is stopping or too much comes.

        Slack gives unacknowledged envelopes to another connection.
        """
        task = asyncio.current_task()
        caller = Caller.EVENT if req.type == EVENT else Caller.PERSON
        if self._ending or task is None or not self.admission.lets_in(caller):
            self._remains.pop(req.envelope_id, None)
            return
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        remains = self._remains.pop(req.envelope_id, None)
        if remains is None:
            with self.admission.under_way():
                await super().handle(client, req)  # type: ignore[arg-type]
            return
        await self._too_large.take(remains)
        if req.type == EVENT:  # for the others, Slack tells the person that it failed
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id))

    async def end(self) -> None:
        """Take nothing more, and wait for what was taken."""
        self._ending = True
        if self._running:
            await asyncio.wait(set(self._running), timeout=ENDING_SECONDS)

    async def _measure(self, _: object, message: dict[str, Any], raw: str | None) -> None:
        if raw is not None and len(raw) > LARGEST:
            self._remains[str(message.get("envelope_id"))] = remains_of(raw)

    async def _broken(self, message: aiohttp.WSMessage) -> None:
        if getattr(message.data, "code", None) == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
            log.warning("payload_too_large", known=False)


@asynccontextmanager
async def connected(handler: Handler, background: Background) -> AsyncIterator[Callable[[], bool]]:
    """Connect, and stay connected until the block ends; yields whether there is a connection.

    A connection that is gone or silent is replaced at once, not at the SDK's next check; both are logged.
    """
    handler.client.ping_interval = PING_SECONDS
    await handler.connect_async()  # type: ignore[no-untyped-call]
    state = _State()
    watching = background.keep("socket", lambda well: _watch(handler, state, well))
    try:
        yield lambda: state.up
    finally:
        await watching.end()
        await handler.end()
        await _close(handler)


async def _close(handler: Handler) -> None:
    """Close, without waiting long for an answer from a silent Slack."""
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            await handler.close_async()  # type: ignore[no-untyped-call]
    except TimeoutError:
        await handler.close_async()  # type: ignore[no-untyped-call]  # our end counts as closed; this does the rest


class _State:
    """Whether there is a connection, as last seen."""

    def __init__(self) -> None:
        self.up = True

    def see(self, *, up: bool) -> None:
        """Note the state, and log a change."""
        if up != self.up:
            (log.info if up else log.warning)("socket_back" if up else "socket_lost")
        self.up = up


async def _watch(handler: Handler, state: _State, well: Callable[[], None]) -> None:
    pause = LOOK_SECONDS
    while True:
        await asyncio.sleep(pause)
        up = await _works(handler.client)
        state.see(up=up)
        pause = LOOK_SECONDS if up else min(pause * 2, 30.0)
        if not up:
            try:
                deaf = await handler.client.is_connected()
                await handler.client.connect_to_new_endpoint(force=deaf)
            except Exception as error:  # noqa: BLE001  whatever it is, the next look tries again
                log.warning("socket_not_back", **mishap(error))
            state.see(up=await _works(handler.client))
        well()


async def _works(client: SocketModeClient) -> bool:
    """Tell whether the connection works and the SDK's own tasks run: one that reads, one that dispatches.

    The SDK starts the dispatching task only once, so if it has ended it is started again here.
    """
    if client.message_processor.done():
        client.message_processor = asyncio.ensure_future(client.process_messages())  # type: ignore[no-untyped-call]
    reading = client.message_receiver is not None and not client.message_receiver.done()
    return await client.is_connected() and reading
