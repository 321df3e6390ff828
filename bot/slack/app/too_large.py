"""What is done with a payload that is too large: recorded, and the person is told."""

from __future__ import annotations

import structlog

from bot.desk.desk import Desk
from bot.slack.inbound import oversize
from bot.slack.inbound.oversize import Remains

log = structlog.get_logger("certdesk.slack")


class TooLarge:
    """Take payloads that are too large, for an app installed by the team `home`."""

    def __init__(self, desk: Desk, home: str, secret: str) -> None:
        self._desk = desk
        self._home = home
        self.secret = secret

    async def take(self, remains: Remains) -> None:
        """Record that there was one, and have the person told; if it names nobody, log it.

        Raises what `Desk.receive` does.
        """
        delivery = oversize.read(remains, self._home)
        log.warning("payload_too_large", length=remains.length, known=delivery is not None)
        if delivery is not None:
            await self._desk.receive(delivery)
