"""Delete what nobody needs any more: receipts of deliveries that cannot come again, and old sent effects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.store import Store, Unit

# Slack repeats an event for a few hours at most, and a click for seconds.
RECEIPTS_KEPT: Final = timedelta(days=7)
SENT_KEPT: Final = timedelta(days=30)
AT_ONCE: Final = 500  # a delivery that comes meanwhile waits for this many at most

log = structlog.get_logger("certdesk.sweep")


async def sweep_once(store: Store, at: datetime) -> tuple[int, int]:
    """Delete what is old; returns how many receipts and how many effects.

    Of several processes, each takes rows that no other is deleting.
    """
    receipts = await _forgotten(store, lambda unit: unit.receipts.forget(at - RECEIPTS_KEPT, AT_ONCE))
    effects = await _forgotten(store, lambda unit: unit.outbox.forget(at - SENT_KEPT, AT_ONCE))
    if receipts or effects:
        log.info("swept", receipts=receipts, effects=effects)
    return receipts, effects


async def _forgotten(store: Store, some: Callable[[Unit], int]) -> int:
    """Delete some at a time until there are no more; returns how many."""
    count = 0
    while gone := await store.write(some):
        count += gone
    return count
