"""The Bolt app: who it is, which client it uses, and its two ways of being called."""

from __future__ import annotations

import logging
from typing import Any, Final
from dataclasses import dataclass

import aiohttp
import structlog
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.listeners import Listeners

log = structlog.get_logger("certdesk.slack")

EVENTS_PATH: Final = "/slack/events"

# These print request and response bodies at DEBUG: tokens, and whatever people typed.
CHATTY: Final = ("slack_bolt", "slack_sdk", "aiohttp", "urllib3", "uvicorn.access", "markdown_it")


_QUIET: Final = logging.getLogger("slack_bolt")


def hush() -> None:
    """Keep libraries that print bodies quiet, whatever the log level."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is, as `auth.test` says at start."""

    token: str
    team: str
    bot_id: str
    bot_user: str
    url: str


async def identify(client: AsyncWebClient) -> Identity:
    """Ask Slack once who the bot is. Raises SlackApiError where the token is not taken."""
    found = await client.auth_test()
    return Identity(
        token=client.token or "",
        team=str(found.get("team_id") or ""),
        bot_id=str(found.get("bot_id") or ""),
        bot_user=str(found.get("user_id") or ""),
        url=str(found.get("url") or ""),
    )


def web_client(token: str, api_url: str, session: aiohttp.ClientSession | None) -> AsyncWebClient:
    """Return a client of Slack's Web API that shares one HTTP session."""
    return AsyncWebClient(token=token, base_url=api_url, session=session, timeout=20)


def build(client: AsyncWebClient, identity: Identity, secret: str, listeners: Listeners) -> AsyncApp:
    """Return the app. Authorization is answered from memory: Slack is not asked again for each request."""
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team,
        bot_token=identity.token,
        bot_id=identity.bot_id,
        bot_user_id=identity.bot_user,
    )

    async def authorize() -> AuthorizeResult:
        return known

    app = AsyncApp(
        client=client,
        authorize=authorize,
        signing_secret=secret,
        process_before_response=True,
        request_verification_enabled=bool(secret),
        logger=_QUIET,
    )
    app.error(failed)
    listeners.register(app)
    return app


async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer a delivery that could not be recorded: not acknowledged, so Slack sends it again or says so.

    Neither the error's text nor the payload is logged: both can hold what somebody typed.
    """
    log.error("delivery_failed", error=type(error).__name__, kind=body.get("type") or body.get("command"))
    return BoltResponse(status=503, body="")


def http_handler(app: AsyncApp) -> AsyncSlackRequestHandler:
    """Return the app as ASGI, for `EVENTS_PATH`."""
    return AsyncSlackRequestHandler(app, path=EVENTS_PATH)


def socket_handler(app: AsyncApp, app_token: str, api_url: str) -> AsyncSocketModeHandler:
    """Return the app behind Socket Mode, whose client needs the app-level token and the same address."""
    return AsyncSocketModeHandler(app, app_token, web_client=AsyncWebClient(app_token, base_url=api_url))
