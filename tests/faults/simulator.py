"""The simulator: people, agents, the real bot, the stand-in, and whatever is to go wrong.

`await run(plan, address)` returns a `Report`: what was hit, and what did not hold afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import PoolProxiedConnection, create_engine
from sqlalchemy.exc import DBAPIError

from bot.conversation.case import Case
from bot.conversation.derive import Rules
from bot.conversation.handoff import WITH_AGENTS, Standing
from bot.playground.standin import ORGANIZATION, SISTER_TEAM, Fault, Guise, Message, StandIn, text_of
from bot.playground.standin.courier import Delivery
from bot.playground.standin.fault_kinds import site_of
from bot.playground.standin.seam import Outcome, Passage, Proceed
from bot.store import Site, Unit
from bot.store.coding import CASE, SHELF, millis, moment
from tests.conftest import Clock, settings_for, shipped
from tests.faults.actors import ByMessage, ByModal, StuckError, together
from tests.faults.agents import JOBS, Agent, Newcomer
from tests.faults.life import PATIENCE, Life, keep_tasks
from tests.faults.plan import Pending, Plan, Report
from tests.faults.replay import QUERY, Replay, rows
from tests.faults.sites import DIED_AFTER, OWN, write_at_hand
from tests.faults.written import Writings

SCALE: Final = 0.2  # of Slack's three seconds and its retries
SHORT: Final = 0.05  # real seconds, before a connection breaks or a late answer comes
LEAST: Final = 0.005  # real seconds between two looks at the screen
NEXT_LOOK: Final = 0.02
STEP: Final = 10  # seconds that pass when nothing happens
LOOKS: Final = 150  # at the screen at least, before somebody is stuck
HASTY: Final = "lea"
NEW: Final = ("mia", "dan", HASTY)  # Rosa is there already
ANSWERING: Final = ("ada", "ben")
JOINING: Final = "zoe"
RETRY_AFTER: Final = (1, 1, 1, 86_400)  # seconds; nobody is to be believed for a day
# Why Slack refuses: what its reference knows, and what it does not.
CODES: Final = ("fatal_error", "restricted_action", "service_unavailable", "flux_capacitor_empty")
GUISES: Final = (None, Guise(SISTER_TEAM), Guise(ORGANIZATION), Guise(None), Guise(None, whole=True))
ORGANIZED: Final = 0.3  # of the runs are in an organization
REPEATED: Final = 86_400  # seconds, in which Slack repeats what was not acknowledged
BREATH: Final = 1.0  # seconds between two acts of a person, of up to three deliveries: more would be a flood


@lru_cache(4096)
def _case(state: str) -> Case:
    return CASE.load(state)


class Simulator:
    """One run's world.

    `enough` is how long a person waits for an answer before doing it again, `long` after how many seconds
    one is stuck.
    """

    enough = timedelta(minutes=3)
    long = 1200

    def __init__(self, plan: Plan, slack: StandIn, clock: Any, folder: Path, address: str) -> None:  # noqa: ANN401
        self.plan, self.slack, self.clock, self.folder = plan, slack, clock, folder
        self.random = Random(f"actors/{plan.name}")  # noqa: S311  chance, not secrecy
        self.settings = settings_for(slack, folder, CERTDESK_DATABASE_URL=address)
        self.pending = Pending(plan.harms)
        self.cards: dict[int, Message] = {}
        self.born = 0
        self.lives: dict[int, Life] = {}
        self.requesters = [
            ByModal(self, "rosa"),
            ByMessage(self, HASTY, hasty=True),
            ByModal(self, "mia", by_shortcut=True),
            ByMessage(self, "dan"),
        ][: plan.asking]
        self.agents = [Agent(self, name) for name in ANSWERING]
        self.newcomer = Newcomer(self, JOINING)
        self.writings = Writings()
        self.replay = Replay(Rules(shipped(), agents=True))
        self.left: dict[int, int] = {}  # what is to be done about each case
        self._jobs: list[str] = []
        self._guised = self.random.random() < ORGANIZED
        self._moved, self._under_way, self._over = 0.0, 0, False
        self._squeeze = plan.squeeze(self) if plan.squeeze else None
        self._beside = create_engine(address, isolation_level="AUTOCOMMIT")
        self._watching: PoolProxiedConnection | None = None
        self._tries: dict[str, list[Delivery]] = {}
        self._sorted = 0  # of the deliveries, into their tries
        self._cases: list[Case] = []
        self._read_at: int | None = None

    # --- what people and checks look at

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database beside the bot."""
        with self._beside.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    async def cases(self) -> list[Case]:
        """Return every case as it is stored; read anew only where somebody has written since."""
        version = self._data_version()
        if version is None or version != self._read_at:
            try:
                found = self.rows("SELECT state FROM cases ORDER BY id")
            except DBAPIError:
                return []  # nobody has made the tables yet
            self._cases, self._read_at = [_case(state) for (state,) in found], version
        return list(self._cases)

    def _data_version(self) -> int | None:
        """Return what changes with every commit of others to a SQLite file, None on PostgreSQL."""
        if self.plan.postgresql:
            return None
        if self._watching is None:
            self._watching = self._beside.raw_connection()
        cursor = self._watching.cursor()
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])

    def case_in(self, card: Message) -> int:
        """Return the number of the case that a message names."""
        found = re.search(r"C-(\d+)", text_of(card))
        assert found is not None
        return int(found[1])

    def well(self) -> list[Life]:
        """Return the bots that are up."""
        return [life for life in self.lives.values() if life.well]

    def fold(self) -> None:
        """Replay the receipts that have come since; old ones are forgotten as days go by."""
        gone = self.rows("SELECT message, deleted_at FROM words WHERE deleted_at IS NOT NULL")
        self.replay.gone |= {message: moment(at) for message, at in gone}
        for row in rows(self.rows(QUERY)):
            self.replay.take(row)

    def unsent(self) -> bool:
        """Tell whether something is still to be sent."""
        return bool(self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'leased') LIMIT 1"))

    def overdue(self) -> list[tuple[Any, ...]]:
        """Return the reminders that are due and have not come."""
        now = millis(self.clock.at)
        waiting = f"state = 'waiting' AND due_at <= {now}"
        return self.rows(f"SELECT case_id, reminder FROM reminders WHERE {waiting}")  # noqa: S608  a number

    def given_back(self, number: int) -> int:
        """Return how often agents have given a case back to the bot."""
        query = f"SELECT 1 FROM history WHERE case_id = {number - SHELF} AND what = 'give_back'"  # noqa: S608  a number
        return len(self.rows(query))

    def is_known(self, number: int) -> bool:
        """Tell whether every agent knows whose a case is; from then on it is worked on."""
        return all(number in agent.known for agent in self.agents)

    def workable(self, case: Case) -> bool:
        """Tell whether there is something left to be done by agents about a case as it stands."""
        left = self.left.setdefault(case.number, self.random.randint(3, 6))
        return left > 0 and self.is_known(case.number) and case.standing is not Standing.NEW

    def draw(self) -> str:
        """Return what an agent does next: chance has it, but each thing comes around."""
        if not self._jobs:
            self._jobs = self.random.sample(JOBS, len(JOBS))
        return self._jobs.pop()

    def unfinished(self, case: Case) -> bool:
        """Tell whether agents may still find something to do about a case."""
        talking = any(not who.quiet for who in self.requesters)
        return talking or (case.standing in WITH_AGENTS and self.workable(case))

    # --- time

    async def breath(self) -> None:
        """Let as much time pass as a person takes to do one thing after the other."""
        self.clock.forward(seconds=BREATH)
        self._disguise()

    def _disguise(self) -> None:
        """Let payloads name another team beside somebody from now on, as in an organization."""
        if self._guised:
            people = [*self.requesters, *self.agents]
            self.slack.names(self.random.choice(people).name, self.random.choice(GUISES))

    async def glances(self, looks: int) -> AsyncIterator[int]:
        """Yield the number of each look at the screen, as long as a person waits for a window."""
        for look in range(looks):
            yield look
            await self.pause()

    async def pause(self) -> None:
        """Wait until something happens; where nothing does, time passes."""
        changed = self.slack.world.subscribe()
        try:
            await asyncio.sleep(LEAST)
            async with asyncio.timeout(NEXT_LOOK):
                await changed.wait()
        except TimeoutError:
            self._idle()
        finally:
            self.slack.world.unsubscribe(changed)

    def _idle(self) -> None:
        """Let time pass, for all who wait alike, but not while somebody works: that takes real seconds."""
        now = asyncio.get_running_loop().time()
        if self._heard() and not self._busy() and now - self._moved >= NEXT_LOOK:
            self._moved = now
            self.forward(STEP)

    async def idle(self) -> None:
        """Wait until nobody works, then let half a minute pass."""
        await self.pause()
        if not self._busy():
            self.forward(30)

    def _busy(self) -> bool:
        return self._under_way > 0 or any(life.busy for life in self.lives.values())

    def _heard(self) -> bool:
        """Tell whether there is a bot that can hear."""
        connections = self.slack.courier.socket_mode.open
        return bool(self.well()) and (self.plan.http or any(not each.silent for each in connections))

    async def patience(self, times: int = 1) -> AsyncIterator[int]:
        """Yield the number of each look at the screen, as long as a person bothers."""
        since, look = self.clock.at, 0
        while look < LOOKS or (self.clock.at - since).total_seconds() < times * self.long:
            yield look
            await self.pause()
            look += 1

    def forward(self, seconds: float) -> None:
        """Let time pass, and the outbox look whether something is due."""
        self.clock.forward(seconds=seconds)
        for life in self.well():
            if life.bot is not None:
                life.bot.outbox.wake()

    # --- harm

    def arm(self) -> None:
        """Put what is to go wrong in its places."""
        for harm in self.plan.harms:
            if harm.fault not in OWN:
                limited = harm.fault == Fault.RATE_LIMITED
                delay = self.random.choice(RETRY_AFTER) if limited else SHORT / SCALE
                code = self.random.choice(CODES)
                self.slack.inject(harm.site, Fault(harm.fault), delay=delay, after=harm.after, error=code)
        self.slack.faults.append(self._in_time)
        self.slack.faults.append(self._around)
        if self.plan.around is not None:
            self.slack.faults.append(self.plan.around(self))

    async def _around(self, passage: Passage, proceed: Proceed) -> Outcome:
        self._under_way += 1
        try:
            return await self._passing(passage, proceed)
        finally:
            self._under_way -= 1

    async def _passing(self, passage: Passage, proceed: Proceed) -> Outcome:
        fault = self.pending.at(site_of(passage))
        if fault is None:
            return await proceed()
        if fault == DIED_AFTER:
            await proceed()
        self.kill()
        return Outcome(None)

    async def _in_time(self, passage: Passage, proceed: Proceed) -> Outcome:
        """Let Slack repeat nothing of days ago: its repeats take real seconds here, in which days go by."""
        sent = passage.content.get("event_time")
        if passage.attempt and sent and self.clock.at.timestamp() - sent > REPEATED:
            return Outcome(200)
        return await proceed()

    def kill(self) -> None:
        """Let a bot die that lives."""
        living = [life for life in self.lives.values() if not life.dead]
        if living:
            self.random.choice(living).die()

    def _harm(self, site: Site) -> str | None:
        write = write_at_hand()
        if self._squeeze is not None:
            self._squeeze(write, site)
        return self.pending.at(f"database:{write.name}/{site}")

    # --- the run

    async def watch(self, place: int) -> None:
        """Start a bot again whenever it has died, as whatever runs it does."""
        while not self._over:
            self.born += 1
            life = Life(self.slack, self.settings, self.clock, http=self.plan.http, harm=self._harm)
            self.lives[place] = life
            await life.live()
            await asyncio.sleep(0.01)

    async def people(self) -> None:
        """Let everybody do what they came for, once there is somebody to hear."""
        await self.ready(20)
        work = [requester.run() for requester in self.requesters]
        agents = [agent.run(len(self.requesters)) for agent in self.agents]
        await together(*work, *agents, self.newcomer.run())
        if self.plan.days:
            await self.days()

    async def days(self) -> None:
        """Let days go by."""
        from tests.faults import later

        await later.days(self)

    async def quiesce(self) -> None:
        """End the harm, and let time pass until nothing is left to do."""
        self.slack.faults.clear()
        self.slack.faults.append(self._in_time)
        self.pending.clear()
        await asyncio.sleep(PATIENCE)  # until what Slack has given up is done, or will not be
        for _ in range(60):
            await self.ready(5)
            bot = self.well()[0].bot
            assert bot is not None
            await self.repeat_untaken()
            await bot.listeners.after_ack.drain()
            while self._busy():
                await asyncio.sleep(LEAST)
            await bot.desk.come_due()
            await bot.desk.store.write(self._retry_dead)
            bot.outbox.wake()
            await bot.outbox.drain()
            if not self.unsent():
                return
            while self._busy():  # another bot may hold a lease, which must not end while it sends
                await asyncio.sleep(LEAST)
            self.forward(100)

    async def repeat_untaken(self) -> None:
        """Let Slack repeat at once the events that nobody took, for which it would wait some real seconds."""
        for tries in self.untaken():
            await self.repeat(tries, 3)

    def untaken(self) -> list[list[Delivery]]:
        """Return the tries of each event that nobody took."""
        return [tries for tries in self.tries().values() if not any(each.acked for each in tries)]

    def tries(self) -> dict[str, list[Delivery]]:
        """Return how each event was delivered, and delivered again."""
        new = self.slack.deliveries[self._sorted :]
        for sent in new:
            if event_id := sent.payload.get("event_id"):
                self._tries.setdefault(event_id, []).append(sent)
        self._sorted += len(new)
        return self._tries

    async def repeat(self, tries: list[Delivery], number: int) -> None:
        """Let Slack deliver an event again, unless it still keeps it back."""
        if tries and tries[-1].error != "held":
            await self.slack.redeliver(tries[-1], number)

    async def ready(self, seconds: float) -> None:
        """Wait until a bot is up."""
        async with asyncio.timeout(seconds):
            while not self.well():
                await asyncio.sleep(0.01)

    def _retry_dead(self, unit: Unit) -> None:
        """Do what an operator does once Slack is well again: retry what was given up."""
        for letter in unit.dead_letters.find(["dead"], 100):
            if letter.error != "message_not_found":
                unit.dead_letters.retry(letter.id, self.clock())

    async def end(self, watching: list[asyncio.Task[None]]) -> None:
        """Let every bot die, and wait until it is gone."""
        self._over = True
        for life in self.lives.values():
            life.die()
        await asyncio.wait(watching, timeout=5)
        for task in watching:
            task.cancel()
        if self._watching is not None:
            self._watching.close()
        self._beside.dispose()


@asynccontextmanager
async def _world(plan: Plan, address: str | None) -> AsyncIterator[Simulator]:
    kind, clock = _kind(plan)
    options = {"commands": ["/certdesk"], "app_name": "certdesk", "time_scale": SCALE, "seed": plan.name}
    with tempfile.TemporaryDirectory(prefix="certdesk-faults-") as name:
        folder = Path(name)
        async with StandIn.serving(clock=lambda: clock().timestamp(), **options) as slack:
            admit(slack)
            where = address or f"sqlite:///{folder / 'certdesk.db'}"
            sim = kind(plan, slack, clock, folder, where)
            watching = [asyncio.create_task(sim.watch(place)) for place in range(plan.bots)]
            try:
                yield sim
            finally:
                await sim.end(watching)


def _kind(plan: Plan) -> tuple[type[Simulator], Any]:
    if not plan.process:
        return Simulator, Clock()
    from tests.faults.killing import Killed, Now

    return Killed, Now()


def admit(slack: StandIn) -> None:
    """Let in those who ask."""
    for name in NEW:
        user = slack.add_user(name, role="requester")
        slack.world.channel("ssl-support").members.add(user.id)
        slack.world.open_im(user.id)
    slack.add_user(JOINING, role="agent")


async def run(plan: Plan, address: str | None = None, most: float = 40.0) -> Report:
    """Run a plan to its end and check what must hold. `address`: an empty database, else one is made."""
    from tests.faults import evidence, fates, invariants

    loop, began = asyncio.get_running_loop(), time.monotonic()
    loop.set_task_factory(keep_tasks)
    loop.set_exception_handler(lambda *_: None)  # the dead leave exceptions that nobody collects
    report = Report(plan)
    async with _world(plan, address) as sim:
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
        harmed = {(site, str(fault)): n for (site, fault), n in sim.slack.faults.counts.items()}
        report.counts = sim.pending.counts + Counter(harmed)
        evidence.leave(sim, report)
        report.passed, report.lives, report.fates = sim.pending.passed, sim.born, fates.counted(sim)
    loop.set_task_factory(None)
    report.seconds = time.monotonic() - began
    return report
