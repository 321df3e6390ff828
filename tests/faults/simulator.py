"""The simulator: people, agents, the real bot, the stand-in, and whatever is to go wrong.

`await run(Plan(seed, harms, http=…))` returns a `Report`: what was hit, and what did not hold afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.conversation.case import Case
from bot.playground.standin import Fault, Message, StandIn, text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed, Way
from bot.store import Site, Unit
from bot.store.coding import CASE
from tests.conftest import Clock, settings_for
from tests.faults.actors import LONG, PATIENCE, Agent, ByMessage, ByModal, StuckError, together
from tests.faults.life import Life, keep_tasks

DIED_BEFORE: Final = "died_before"
DIED_AFTER: Final = "died_after"
DIED: Final = "died"
SCALE: Final = 0.2  # of Slack's three seconds and its retries
SHORT: Final = 0.05  # real seconds, before a connection breaks or a late answer comes
NEXT_LOOK: Final = 0.02
STEP: Final = 10  # seconds that pass when nothing happens
MODALS, MESSAGES = ("rosa", "mia"), ("dan", "lea")
ASKING: Final = (*MODALS, *MESSAGES)
ANSWERING: Final = ("ada", "ben")


@dataclass(frozen=True)
class Harm:
    """What goes wrong: at the passage of `site` that follows `after` unharmed ones."""

    site: str
    fault: str
    after: int = 0

    def __str__(self) -> str:
        return f"{self.site} / {self.fault} after {self.after}"


@dataclass(frozen=True)
class Plan:
    """One run, whole: the same plan gives the same actors, chances and harms."""

    seed: int
    harms: tuple[Harm, ...] = ()
    http: bool = False
    around: Any = None  # one more function around every passage, for what a rule cannot say

    def __str__(self) -> str:
        way = "HTTP" if self.http else "Socket Mode"
        return f"seed {self.seed}, {way}: {'; '.join(map(str, self.harms)) or 'no harm'}"


@dataclass
class Report:
    """What a run came to. `broken` names each invariant that did not hold."""

    plan: Plan
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    lives: int = 0

    def __str__(self) -> str:
        return "\n  ".join((str(self.plan), *(self.broken or ["all invariants hold"])))


class Simulator:
    """One run's world."""

    def __init__(self, plan: Plan, slack: StandIn, clock: Clock, folder: Path) -> None:
        self.plan, self.slack, self.clock, self.folder = plan, slack, clock, folder
        self.random = Random(f"actors/{plan.seed}")  # noqa: S311  chance, not secrecy
        self.settings = settings_for(slack, folder)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.passed: Counter[str] = Counter()
        self.cards: dict[int, Message] = {}
        self.lives = 0
        self._moved = 0.0
        self.life: Life | None = None
        self.requesters = [
            *(ByModal(self, name) for name in MODALS),
            *(ByMessage(self, name) for name in MESSAGES),
        ]
        self.agents = [Agent(self, name) for name in ANSWERING]
        self._deaths = [h for h in plan.harms if h.fault in {DIED, DIED_BEFORE, DIED_AFTER}]

    # --- what people and checks look at

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database beside the bot."""
        with contextlib.closing(sqlite3.connect(self.folder / "certdesk.db")) as connection:
            return connection.execute(query).fetchall()

    async def cases(self) -> list[Case]:
        """Return every case as it is stored."""
        try:
            found = self.rows("SELECT state FROM cases ORDER BY id")
        except sqlite3.OperationalError:
            return []  # nobody has made the tables yet
        return [CASE.load(state) for (state,) in found]

    def case_in(self, card: Message) -> int:
        """Return the number of the case that a message names."""
        found = re.search(r"C-(\d+)", text_of(card))
        assert found is not None
        return int(found[1])

    # --- time

    async def pause(self) -> None:
        """Wait until something happens; where nothing does, time passes."""
        changed = self.slack.world.subscribe()
        try:
            await asyncio.wait_for(changed.wait(), NEXT_LOOK)
        except TimeoutError:
            self._idle()
        finally:
            self.slack.world.unsubscribe(changed)
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # which `wait_for` can swallow as its time runs out
            raise asyncio.CancelledError

    def _idle(self) -> None:
        """Let time pass, for all who wait alike, and not while a bot is starting."""
        now = asyncio.get_running_loop().time()
        if self.life is not None and self.life.up.is_set() and now - self._moved >= NEXT_LOOK:
            self._moved = now
            self.forward(STEP)

    async def patience(self, times: int = 1) -> AsyncIterator[int]:
        """Yield the number of each look at the screen, as long as a person bothers."""
        since, look = self.clock.at, 0
        while look < PATIENCE or (self.clock.at - since).total_seconds() < times * LONG:
            yield look
            await self.pause()
            look += 1

    def forward(self, seconds: float) -> None:
        """Let time pass, and the outbox look whether something is due."""
        self.clock.forward(seconds=seconds)
        if self.life is not None and self.life.bot is not None and not self.life.dead:
            self.life.bot.outbox.wake()

    # --- harm

    def arm(self) -> None:
        """Put what is to go wrong in its places."""
        for harm in self.plan.harms:
            if harm not in self._deaths:
                delay = SHORT if harm.fault != Fault.RATE_LIMITED else 1
                scaled = delay if harm.fault == Fault.RATE_LIMITED else delay / SCALE
                self.slack.inject(harm.site, Fault(harm.fault), delay=scaled, after=harm.after)
        self.slack.faults.append(self._around)
        if self.plan.around is not None:
            self.slack.faults.append(self.plan.around(self))

    async def _around(self, passage: Passage, proceed: Proceed) -> Outcome:
        name = "slash_command" if passage.name.startswith("/") else passage.name
        site = "response_url" if passage.way is Way.RESPONSE_URL else f"{passage.way}:{name}"
        index = self.passed[site]
        self.passed[site] += 1
        for harm in self._deaths:
            if (harm.site, harm.after) == (site, index) and harm.fault != DIED and self.life is not None:
                self.counts[site, harm.fault] += 1
                if harm.fault == DIED_AFTER:
                    await proceed()
                self.life.die()
                return Outcome(None)
        return await proceed()

    def _dies(self, site: Site) -> bool:
        index = self.passed[f"database:{site}"]
        self.passed[f"database:{site}"] += 1
        hit = Harm(f"database:{site}", DIED, index) in self._deaths
        self.counts[f"database:{site}", DIED] += hit
        return hit

    # --- the run

    async def watch(self) -> None:
        """Start the bot again whenever it has died, as whatever runs it does."""
        while True:
            self.lives += 1
            self.life = Life(self.slack, self.settings, self.clock, http=self.plan.http, dies=self._dies)
            await self.life.live()
            await asyncio.sleep(0.01)

    async def people(self) -> None:
        """Let everybody do what they came for."""
        work = [requester.run() for requester in self.requesters]
        await together(*work, *(agent.run(len(self.requesters)) for agent in self.agents))

    async def quiesce(self) -> None:
        """End the harm, and let time pass until nothing is left to do."""
        self.slack.faults.clear()
        self._deaths.clear()
        for _ in range(60):
            assert self.life is not None
            await asyncio.wait_for(self.life.up.wait(), 5)
            bot = self.life.bot
            if bot is None or self.life.dead:
                await asyncio.sleep(0.01)
                continue
            await bot.listeners.drain()
            await bot.desk.store.write(self._retry_dead)
            bot.outbox.wake()
            await bot.outbox.drain()
            if not self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'leased')"):
                return
            self.forward(100)

    def _retry_dead(self, unit: Unit) -> None:
        """Do what an operator does once Slack is well again: retry what was given up."""
        for letter in unit.outbox.letters(["dead"], 100):
            if letter.error not in {"message_not_found", "there is no message to update"}:
                unit.outbox.retry(letter.id, self.clock())


@asynccontextmanager
async def _world(plan: Plan) -> AsyncIterator[Simulator]:
    clock = Clock()
    options = {"commands": ["/certdesk"], "app_name": "certdesk", "time_scale": SCALE, "seed": plan.seed}
    with tempfile.TemporaryDirectory(prefix="certdesk-faults-") as folder:
        async with StandIn.serving(clock=clock.epoch, **options) as slack:
            for name in ASKING[1:]:
                user = slack.add_user(name, role="requester")
                slack.world.channel("ssl-support").members.add(user.id)
                slack.world.open_im(user.id)
            sim = Simulator(plan, slack, clock, Path(folder))
            watching = asyncio.create_task(sim.watch())
            try:
                yield sim
            finally:
                if sim.life is not None:
                    sim.life.die()
                    await asyncio.sleep(0)
                    await _gone(sim.life)
                watching.cancel()


async def _gone(life: Life) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):
            while life.tasks:
                await asyncio.sleep(0.01)


async def run(plan: Plan, most: float = 40.0) -> Report:
    """Run a plan to its end and check what must hold."""
    from tests.faults import invariants

    loop = asyncio.get_running_loop()
    loop.set_task_factory(keep_tasks)
    loop.set_exception_handler(lambda *_: None)  # the dead leave exceptions that nobody collects
    report = Report(plan)
    async with _world(plan) as sim:
        sim.arm()
        try:
            async with asyncio.timeout(most):
                await sim.people()
                await sim.quiesce()
        except* (StuckError, TimeoutError) as stuck:
            report.broken += [f"stuck: {error!r}" for error in stuck.exceptions]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(10):
                    await sim.quiesce()
        report.broken += await invariants.check(sim)
        report.counts = sim.counts + Counter(
            {(s, str(f)): n for (s, f), n in sim.slack.faults.counts.items()}
        )
        report.passed, report.lives = sim.passed, sim.lives
    loop.set_task_factory(None)
    return report
