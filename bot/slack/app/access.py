"""Whether Slack accepts the bot's token, and the events that say so: uninstalled, revoked, rate-limited.

While it does not, nothing is called but `auth.test`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import metrics
from bot.slack.app.listeners import Listener
from bot.slack.inbound import events
from bot.slack.outbound.errors import Course, advice_on
from bot.slack.outbound.web_api import CallError, WebApi

FIRST_PAUSE: Final = 1.0
LAST_PAUSE: Final = 180.0
TRYING: Final = "auth.test"
TOKEN_REVOKED: Final = "token_revoked"  # noqa: S105  an error code
UNINSTALLED: Final = "app_uninstalled"
TOKENS_REVOKED: Final = "tokens_revoked"
LIMITED: Final = "app_rate_limited"

log = structlog.get_logger("certdesk.slack")


class Access:
    """Lost when a call is refused because of its token, or when Slack says that the app was uninstalled.

    It is regained by the next `auth.test` that succeeds; `regained` is called then.
    """

    def __init__(self, regained: Callable[[], None] = lambda: None) -> None:
        self.regained = regained
        self._lost = asyncio.Event()
        self._why = ""

    @property
    def lost(self) -> str | None:
        """Return why nothing is sent, None if Slack accepts the token."""
        return self._why if self._lost.is_set() else None

    def is_accepted(self) -> bool:
        """Tell whether Slack accepts the token."""
        return not self._lost.is_set()

    def lose(self, why: str) -> None:
        """Send nothing from now on. `why` is Slack's code or event; it is logged once."""
        if self._lost.is_set():
            return
        self._why = why
        self._lost.set()
        metrics.ACCESS.set(0)
        log.error("slack_access_lost", why=why, todo=advice_on(TOKEN_REVOKED))

    def before(self, method: str) -> None:
        """Refuse a call while the token is not accepted. Raises CallError."""
        if self._lost.is_set() and method != TRYING:
            raise CallError(method, self._why, Course.STOPS)

    def note(self, error: CallError) -> None:
        """Note a call that failed."""
        if error.course is Course.STOPS:
            self.lose(error.code)

    async def watch(self, client: WebApi, well: Callable[[], None] = lambda: None) -> None:
        """Try the token while it is not accepted, at growing intervals, until canceled."""
        while True:
            await self._lost.wait()
            await self._try_until_taken(client)
            self._lost.clear()
            metrics.ACCESS.set(1)
            log.info("slack_access_back")
            self.regained()
            well()

    async def _try_until_taken(self, client: WebApi) -> None:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            try:
                await client.auth_test()
            except CallError:
                pause = min(pause * 2, LAST_PAUSE)
            else:
                return


class AppEvents:
    """The listeners of these events. They are signed like all others, or they do not get here."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @property
    def interactions(self) -> dict[str, Listener]:
        """Return who takes what comes in place of events, by the payload's type."""
        return {LIMITED: self.on_rate_limited}

    @property
    def events(self) -> dict[str, Listener]:
        """Return who takes them, by the event's type."""
        return {UNINSTALLED: self.on_uninstalled, TOKENS_REVOKED: self.on_revoked}

    async def on_uninstalled(self, ack: AsyncAck, _: dict[str, Any]) -> None:
        """Stop sending."""
        await ack()
        self._access.lose(UNINSTALLED)

    async def on_revoked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Stop sending if it is the bot's token; certdesk uses nobody else's."""
        await ack()
        if events.revokes_bot_token(body):
            self._access.lose(TOKENS_REVOKED)

    async def on_rate_limited(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Tell the operator that Slack withholds events."""
        await ack()
        metrics.RATE_LIMITED.inc()
        log.error(
            LIMITED,
            minute=events.rate_limited_minute(body),
            todo="Slack drops what is over 30,000 events an hour: what people wrote may be missing",
        )
