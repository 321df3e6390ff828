from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.sweep import RECEIPTS_KEPT, SENT_KEPT, sweep_once

if TYPE_CHECKING:
    from tests.conftest import World


@pytest.mark.long
async def test_what_is_old_is_forgotten_and_the_cases_stay(world: World) -> None:
    await world.slack.slash("rosa", "ssl-support", "/certdesk", "")
    await world.slack.say("rosa", world.slack.im("rosa"), "Is a refund possible?")
    await world.settle()
    assert world.bot is not None
    store, began = world.bot.desk.store, world.clock()
    assert await sweep_once(store, began + RECEIPTS_KEPT) == (0, 0)
    world.clock.forward(seconds=1)
    receipts, effects = await sweep_once(store, world.clock() + RECEIPTS_KEPT)
    assert (receipts, effects) == (2, 0)
    receipts, effects = await sweep_once(store, world.clock() + SENT_KEPT)
    assert receipts == 0
    assert effects > 0
    delivery = await world.slack.slash("rosa", "ssl-support", "/certdesk", "cases")
    assert "C-1001" not in str(delivery.response)  # opened and left without an answer or a word
    assert "C-1002" in str(delivery.response)
