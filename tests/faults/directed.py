"""Plans directed at one safeguard each: `python -m tests.faults.directed [PLAN …]`.

Exit status 1 where one breaks.
"""

# ruff: noqa: T201  it prints what came of it

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from bot.playground.standin import Fault
from bot.playground.standin.seam import Outcome, Passage, Proceed
from bot.store import Site
from tests.faults.simulator import DIED, Harm, Plan, run
from tests.faults.soak import hush

if TYPE_CHECKING:
    from tests.faults.simulator import Simulator

LAPSED: Final = 100  # seconds: a lease is over


class Lapse:
    """Hold the first post until its lease lapsed, then refuse it while the next is on its way."""

    def __init__(self, sim: Simulator) -> None:
        self.sim, self.first, self.posts = sim, "", 0
        self.second, self.refused = asyncio.Event(), asyncio.Event()

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        """Do so to the posts of the first effect that is posted."""
        if passage.name != "chat.postMessage":
            return await proceed()
        effect = str(passage.content.get("metadata"))
        self.first = self.first or effect
        self.posts += effect == self.first
        if effect != self.first or self.posts > 2:
            return await proceed()
        if self.posts == 1:
            self.sim.forward(LAPSED)
            await asyncio.wait_for(self.second.wait(), 5)
            asyncio.get_running_loop().call_later(0.1, self.refused.set)
            return Outcome(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        self.second.set()
        await self.refused.wait()
        self.sim.forward(5)
        await asyncio.sleep(0.2)
        return await proceed()


PLANS: Final = (
    Plan(11, tuple(Harm(f"delivery:{name}", Fault.DUPLICATE) for name in ("message", "slash_command"))),
    Plan(12, tuple(Harm("call:chat.postMessage", Fault.TIMEOUT_AFTER, k) for k in (1, 4, 7))),
    Plan(13, tuple(Harm(f"database:{Site.COMMITTED}", DIED, k) for k in range(1, 16, 2))),
    Plan(14, around=Lapse),
)


def main() -> int:
    """Run them all."""
    hush()
    chosen = [PLANS[int(index)] for index in sys.argv[1:]] or PLANS
    reports = [asyncio.run(run(plan, 12)) for plan in chosen]
    for report in reports:
        print(report, flush=True)
    return int(any(report.broken for report in reports))


if __name__ == "__main__":
    sys.exit(main())
