"""The Bolt app: who it is, which client it uses, and its two ways of being called."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

import aiohttp
import structlog
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.asgi.http_request import AsgiHttpRequest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.conversation.people import case_name
from bot.safe_errors import mishap
from bot.slack.app.access import AppEvents
from bot.slack.app.listeners import Dispatch, Listeners
from bot.slack.app.socket import Handler
from bot.slack.app.too_large import TooLarge
from bot.slack.inbound.fields import case_of
from bot.slack.outbound.response_urls import ResponseUrls
from bot.slack.outbound.web_api import CALL_SECONDS, WebApi

log = structlog.get_logger("certdesk.slack")

EVENTS_PATH: Final = "/slack/events"

# These print request and response bodies at DEBUG: tokens, and whatever people typed.
CHATTY: Final = ("slack_bolt", "slack_sdk", "aiohttp", "urllib3", "uvicorn.access", "markdown_it")
# This logs a line for each request that is not HTTP; they are counted.
NOISY: Final = ("uvicorn.error",)

_QUIET: Final = logging.getLogger("slack_bolt")


def silence_libraries() -> None:
    """Keep libraries that print bodies quiet, whatever the log level."""
    for name in CHATTY + NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is, by `auth.test` at start; `team` is the workspace or organization that installed it."""

    token: str
    team: str
    bot_id: str
    bot_user: str
    url: str


async def identify(client: WebApi) -> Identity:
    """Ask Slack once who the bot is. Raises CallError if the token is not accepted."""
    found = await client.auth_test()
    return Identity(
        token=client.token or "",
        team=_installation(found),
        bot_id=str(found.get("bot_id") or ""),
        bot_user=str(found.get("user_id") or ""),
        url=str(found.get("url") or ""),
    )


def _installation(found: AsyncSlackResponse) -> str:
    """Return the team that installed certdesk, or the organization that did so for all of its teams."""
    organization = found.get("enterprise_id") if found.get("is_enterprise_install") is True else None
    return str(organization or found.get("team_id") or "")


def http_session() -> aiohttp.ClientSession:
    """Return the session that all calls to Slack share, without cookies, which the Web API does not use."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=CALL_SECONDS)
    )


def build(
    client: WebApi, identity: Identity, secret: str, listeners: Listeners, events: AppEvents
) -> AsyncApp:
    """Return the app. Authorization is answered from memory rather than by asking Slack for each request."""
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
        name="certdesk",  # otherwise Bolt reads the source of everything on the stack to find one
        client=client,
        authorize=authorize,
        signing_secret=secret,
        process_before_response=True,
        request_verification_enabled=bool(secret),
        logger=_QUIET,
    )
    app.error(failed)
    # No listener sees, and so nothing stores, an address that may not be posted to.
    first = ResponseUrls(client).strip
    interactions = listeners.interactions | events.interactions
    app.middleware(Dispatch(interactions, listeners.events | events.events, first))
    return app


async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer a delivery that could not be recorded: unacknowledged, so that Slack repeats it or says so.

    Neither the error's text nor the payload is logged: both can contain what somebody typed.
    """
    case = case_of(body)
    log.error("delivery_failed", case=case_name(case) if case else None, **mishap(error))
    return BoltResponse(status=503, body="")


def http_handler(app: AsyncApp) -> AsyncSlackRequestHandler:
    """Return the app as ASGI, for `EVENTS_PATH`."""
    return _Handler(app, path=EVENTS_PATH)


class _Handler(AsyncSlackRequestHandler):
    """Bolt's handler, given a form's payload as JSON: decoding it takes Bolt an eighth of a step's time."""

    async def dispatch(self, request: AsgiHttpRequest) -> BoltResponse:
        """Hand one request to the app."""
        signed = await request.get_raw_body()
        made = AsyncBoltRequest(
            body=payload_of(signed) or signed, query=request.query_string, headers=request.get_headers()
        )
        made.raw_body = signed
        return await self.app.async_dispatch(made)


# The escapes that JSON is full of. The percent sign is not among them: decoded here, it could begin another.
_OFTEN: Final = {
    "%22": '"',
    "%3A": ":",
    "%2C": ",",
    "%7B": "{",
    "%7D": "}",
    "%5B": "[",
    "%5D": "]",
    "%5C": "\\",
    "%2F": "/",
    "%3F": "?",
}


def payload_of(form: str) -> str | None:
    """Return the JSON object that is the only field of a form, `payload`; None if the form is another."""
    name, _, value = form.partition("=")
    if name != "payload" or "&" in value:
        return None
    for escape, character in _OFTEN.items():  # urllib decodes escapes one by one, in Python
        value = value.replace(escape, character)
    value = unquote_plus(value)
    return value if value.startswith("{") else None


def socket_handler(app: AsyncApp, app_token: str, api_url: str, too_large: TooLarge) -> Handler:
    """Return the app behind Socket Mode, whose client needs the app-level token and the same address."""
    own = WebApi(app_token, api_url)
    return Handler(app, own, too_large, _wordless("certdesk.socket"))


def _wordless(name: str) -> logging.Logger:
    """Return a logger for a library that says what went wrong, but not with which payload."""

    def without_words(record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "trouble"
        record.msg, record.args = f"{kind} in {record.funcName}", ()
        record.exc_info = record.exc_text = None
        return True

    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    logger.filters[:] = [without_words]
    return logger
