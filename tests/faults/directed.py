"""Plans directed at one safeguard each: `python -m tests.faults.directed [PLAN …] [--postgresql ADDRESS]`.

The address is that of an empty database for the plans that want PostgreSQL. Exit status 1 where one breaks.
"""

# ruff: noqa: T201  it prints what came of it

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
import time
from typing import TYPE_CHECKING, Final

from bot.playground.standin import Fault, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from bot.store import Site
from bot.store.coding import SHELF
from tests.faults.plan import Harm, Plan
from tests.faults.simulator import HASTY, run
from tests.faults.sites import DIED, Write
from tests.faults.workers import MOST, hush

if TYPE_CHECKING:
    from tests.faults.simulator import Simulator

LAPSED: Final = 100  # seconds: a lease is over
MEETING: Final = 4.0  # seconds that a claim waits for its case's owner at the most, on a machine that is busy
WAITING: Final = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND query LIKE 'UPDATE cases%%'"  # not another claim, which waits to read the case
)
FIRST: Final = "trustico"  # what the hasty one says first


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
            async with asyncio.timeout(5):
                await self.second.wait()
            asyncio.get_running_loop().call_later(0.1, self.refused.set)
            return Outcome(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        self.second.set()
        await self.refused.wait()
        self.sim.forward(5)
        await asyncio.sleep(0.2)
        return await proceed()


class Meeting:
    """Let the hasty one reword an answer when a claim is about to commit: both have read the same case.

    Where something else of theirs is being taken just then, they try again at the next deed of an agent.
    """

    def __init__(self, sim: Simulator) -> None:
        self._sim, self._loop = sim, asyncio.get_running_loop()
        self._hasty = sim.slack.user(HASTY)
        self._writing = threading.Event()
        self._met = False

    def __call__(self, write: Write, site: Site) -> None:
        """Do so until they have met once, in a writer's thread."""
        if (write.name, write.user, site) == ("rewrite", self._hasty, Site.BEGUN):
            self._writing.set()
        elif (write.name, site) == ("handle", Site.WRITTEN) and not self._met and self._is_theirs(write.case):
            self._writing.clear()
            asyncio.run_coroutine_threadsafe(self._reword(), self._loop)
            self._met = self._writing.wait(MEETING) and self._is_awaited()

    def _is_awaited(self) -> bool:
        """Tell whether the other has come as far as they get before the claim commits."""
        until = time.monotonic() + MEETING
        while time.monotonic() < until:
            if self._sim.rows(WAITING):
                return True
            time.sleep(0.01)
        return False

    def _is_theirs(self, case: int) -> bool:
        wanted = f"people.\"user\" = '{self._hasty}' AND cases.id = {case - SHELF}"
        joined = "cases JOIN people ON people.id = cases.person_id"
        return bool(self._sim.rows(f"SELECT 1 FROM {joined} WHERE {wanted}"))  # noqa: S608  our own words

    async def _reword(self) -> None:
        im = self._sim.slack.im(HASTY)
        said = next(m for m in self._sim.slack.messages(im, HASTY) if text_of(m).lower() == FIRST)
        await self._sim.slack.edit(HASTY, im, said.ts, text_of(said).swapcase())


def _deaths(write: str, *after: int) -> tuple[Harm, ...]:
    return tuple(Harm(f"database:{write}/{Site.WRITTEN}", DIED, k) for k in after)


TWICE: Final = tuple(Harm(f"delivery:{name}", Fault.DUPLICATE) for name in ("message", "slash_command"))
UNHEARD: Final = tuple(Harm("call:chat.postMessage", Fault.TIMEOUT_AFTER, k) for k in (1, 4, 7))
HALF_WAY: Final = (
    *_deaths("start", 0),
    *_deaths("write", 0, 3),
    *_deaths("act", 2, 9),
    *_deaths("handle", 1),
)

PLANS: Final = {
    plan.name: plan
    for plan in (
        Plan("twice", TWICE, days=False),
        Plan("unheard", UNHEARD, days=False),
        Plan("half way", HALF_WAY, days=False),
        Plan("lapsed", around=Lapse, days=False),
        Plan("at once", squeeze=Meeting, postgresql=True, days=False),
        Plan("unharmed", days=False),
    )
}


def main() -> int:
    """Run those that are named, or all that can be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("plans", nargs="*", choices=[[], *PLANS], metavar="PLAN")
    asked.add_argument("--postgresql", metavar="ADDRESS")
    given = asked.parse_args()
    hush()
    broken = False
    for name in given.plans or PLANS:
        plan = PLANS[name]
        if plan.postgresql and given.postgresql is None:
            print(f"{plan}\n  left out, for want of a PostgreSQL", flush=True)
            continue
        report = asyncio.run(run(plan, given.postgresql if plan.postgresql else None, MOST))
        broken |= bool(report.broken)
        print(report, flush=True)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
