"""Socket Mode: the connection over which Slack calls, watched, mended, and its state told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.mishap import mishap

# What answers no ping within half of this is dead to aiohttp; the SDK alone would wait four times as long.
PING_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.5

log = structlog.get_logger("certdesk.socket")


async def try_token(app_token: str, api_url: str) -> None:
    """Ask Slack for a connection and leave it: the SDK would ask for ever with a token that is not taken.

    Raises SlackApiError or a network error.
    """
    client = AsyncWebClient(app_token, base_url=api_url, retry_handlers=[])
    await client.apps_connections_open(app_token=app_token)


@asynccontextmanager
async def connected(handler: AsyncSocketModeHandler) -> AsyncIterator[Callable[[], bool]]:
    """Connect, and stay connected until the block ends; yields what tells whether there is a connection.

    A connection that is gone or silent is replaced at once, not at the SDK's next look; both are logged.
    """
    handler.client.ping_interval = PING_SECONDS
    await handler.connect_async()  # type: ignore[no-untyped-call]
    state = _State()
    watching = asyncio.create_task(_watch(handler, state), name="certdesk-socket")
    try:
        yield lambda: state.up
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await handler.close_async()  # type: ignore[no-untyped-call]


class _State:
    """Whether there is a connection, as last seen."""

    def __init__(self) -> None:
        self.up = True

    def see(self, *, up: bool) -> None:
        """Take note, and log a change."""
        if up != self.up:
            (log.info if up else log.warning)("socket_back" if up else "socket_lost")
        self.up = up


async def _watch(handler: AsyncSocketModeHandler, state: _State) -> None:
    pause = LOOK_SECONDS
    while True:
        await asyncio.sleep(pause)
        up = await handler.client.is_connected()
        state.see(up=up)
        pause = LOOK_SECONDS if up else min(pause * 2, 30.0)
        if up:
            continue
        try:
            await handler.client.connect_to_new_endpoint()
        except Exception as error:  # noqa: BLE001  whatever it is, the next look tries again
            log.warning("socket_not_back", **mishap(error))
        state.see(up=await handler.client.is_connected())
