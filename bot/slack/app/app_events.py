"""What Slack says about the app itself: uninstalled, token revoked, too many events in a minute."""

from __future__ import annotations

from typing import Any, Final

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot import metrics
from bot.slack.app.access import Access
from bot.slack.app.dispatch import Listener
from bot.slack.inbound import events

UNINSTALLED: Final = "app_uninstalled"
REVOKED: Final = "tokens_revoked"
LIMITED: Final = "app_rate_limited"

log = structlog.get_logger("certdesk.slack")


class AppEvents:
    """The listeners of these events. They are signed like all others, or they do not get here."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @property
    def events(self) -> dict[str, Listener]:
        """Return who takes them, by the event's type."""
        return {UNINSTALLED: self.on_uninstalled, REVOKED: self.on_revoked}

    async def on_uninstalled(self, ack: AsyncAck, _: dict[str, Any]) -> None:
        """Stop sending."""
        await ack()
        self._access.lose(UNINSTALLED)

    async def on_revoked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Stop sending if it is the bot's token; certdesk uses nobody else's."""
        await ack()
        if events.revokes_bot_token(body):
            self._access.lose(REVOKED)

    def rate_limited(self, body: dict[str, Any]) -> BoltResponse | None:
        """Tell the operator that Slack withholds events; this is no event, so no listener gets it."""
        if not events.is_rate_limited(body):
            return None
        metrics.RATE_LIMITED.inc()
        log.error(
            LIMITED,
            minute=events.rate_limited_minute(body),
            todo="Slack drops what is over 30,000 events an hour: what people wrote may be missing",
        )
        return BoltResponse(status=200, body="")
