"""Days go by: reminders come due, and people do something about what came."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.sweep import sweep_once
from tests.faults.actors import together
from tests.faults.life import LIFE, Life
from tests.faults.talking import answer_reminders

if TYPE_CHECKING:
    from bot.wiring import Bot
    from tests.faults.simulator import Simulator

# Over an unclaimed case's hour, an idle day, two and seven, a credit's five working days, and the window's
# third and first day from its end; it never opens a new question, since the window is open to the end.
JUMPS: Final = tuple(timedelta(**by) for by in ({"hours": 2}, *({"days": n} for n in (1, 2, 2, 3, 6, 2))))
CALM: Final = 60  # looks, until what is on its way has arrived
LOOKS: Final = 5


async def days(sim: Simulator) -> None:
    """Let days go by, one step after the other, as long as all that is on its way arrives in between."""
    for jump in JUMPS:
        if not await _calm(sim):
            return
        sim.fold()
        sim.forward(jump.total_seconds())
        await remind(sim)
        for number in sim.left:
            sim.left[number] = sim.random.randint(0, 1)
        cases = await sim.cases()
        await together(
            *(answer_reminders(who) for who in sim.requesters), *(agent.work(cases) for agent in sim.agents)
        )


async def remind(sim: Simulator) -> None:
    """Let every bot look at once whether something is due, until nothing is."""
    for _ in range(LOOKS):
        await sim.ready(20)
        looking = [asyncio.create_task(_look(life)) for life in sim.well()]
        await asyncio.wait(looking)
        if not sim.overdue():
            return


async def _look(life: Life) -> None:
    LIFE.set(life)
    if life.bot is not None:
        looking = asyncio.create_task(_hourly(life.bot))  # dies with it
        await asyncio.wait({looking})
        if not looking.cancelled():
            looking.exception()


async def _hourly(bot: Bot) -> None:
    """Do what the bot does by itself at intervals."""
    await bot.desk.come_due()
    await sweep_once(bot.desk.store, bot.desk.clock())
    await bot.outbox.set_aside()


async def _calm(sim: Simulator) -> bool:
    """Wait until nothing is to be sent and all that Slack sent is taken; tells whether it came to that."""
    for _ in range(CALM):
        with contextlib.suppress(TimeoutError):
            await sim.ready(20)
        if not sim.unsent() and not sim.untaken():
            return True
        await sim.repeat_untaken()
        await sim.idle()
    return False
