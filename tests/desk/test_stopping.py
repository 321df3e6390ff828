"""The outbox stops when it is told to, whatever happens in the same instant."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.clock import SteadyClock
from bot.conversation.effects import Effect
from bot.desk.outbox import Outbox
from bot.desk.send_attempts import SendResult, Sent
from bot.store import Queued, Store
from tests.conftest import Clock


async def _send(_queued: Queued, _effect: Effect) -> SendResult:
    return Sent()


async def test_what_is_woken_and_canceled_at_once_ends(tmp_path: Path, clock: Clock) -> None:
    store = Store(f"sqlite:///{tmp_path / 'certdesk.db'}")
    store.upgrade()
    outbox = Outbox(store, _send, SteadyClock(clock, clock.ticks))
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0.1)  # until it waits for work
    outbox.wake()
    running.cancel()
    await asyncio.wait({running}, timeout=2)
    ended = running.cancelled()
    running.cancel()
    await asyncio.wait({running}, timeout=2)
    await store.close()
    assert ended
