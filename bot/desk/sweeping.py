"""Forget what nobody needs any more: receipts of deliveries that cannot come again, effects long sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.mishap import mishap
from bot.store import Store

# Slack repeats an event for some hours at the most, and a person's click for seconds.
RECEIPTS_KEPT: Final = timedelta(days=7)
SENT_KEPT: Final = timedelta(days=30)
EVERY_SECONDS: Final = 3600.0

log = structlog.get_logger("certdesk.sweep")


async def sweep(store: Store, clock: Callable[[], datetime]) -> None:
    """Sweep every hour until canceled."""
    while True:
        try:
            await sweep_once(store, clock())
        except Exception as error:  # noqa: BLE001  the database is away for a while; the next hour will do
            log.error("sweep_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
        await asyncio.sleep(EVERY_SECONDS)


async def sweep_once(store: Store, at: datetime) -> tuple[int, int]:
    """Forget what is old; returns how many receipts and how many effects."""
    receipts = await store.write(lambda unit: unit.forget_receipts(at - RECEIPTS_KEPT))
    effects = await store.write(lambda unit: unit.outbox.forget(at - SENT_KEPT))
    if receipts or effects:
        log.info("swept", receipts=receipts, effects=effects)
    return receipts, effects
