"""Payloads that are too large: recorded, and their sender told."""

from __future__ import annotations

import structlog

from bot.desk.desk import Desk
from bot.slack.inbound import oversize
from bot.slack.inbound.oversize import Remains

log = structlog.get_logger("certdesk.slack")


class TooLarge:
    """Record payloads that are too large, for an app installed by the team `home`."""

    def __init__(self, desk: Desk, home: str, secret: str) -> None:
        self._desk = desk
        self._home = home
        self.secret = secret

    async def take(self, remains: Remains) -> None:
        """Record one, and tell the person; if it names nobody, log it.

        Raises what `Desk.receive` does.
        """
        delivery = oversize.read(remains, self._home)
        log.warning("payload_too_large", length=remains.length, known=delivery is not None)
        if delivery is not None:
            await self._desk.receive(delivery)
