"""Do reminders when their moment comes; they wait as rows, so that a restart forgets none."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.mishap import mishap

LOOK_SECONDS: Final = 15.0

log = structlog.get_logger("certdesk.reminders")


async def remind(desk: Desk) -> None:
    """Do what is due, every few seconds until canceled."""
    while True:
        try:
            await desk.remind()
        except Exception as error:  # noqa: BLE001  the database is away for a while; the next look will do
            log.error("reminders_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
        await asyncio.sleep(LOOK_SECONDS)
