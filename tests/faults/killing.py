"""Real processes of `certdesk serve`, killed with SIGKILL, at Slack's calls and at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp
from sqlalchemy import text

from bot.playground.standin import StandIn
from bot.slack.app.bolt import EVENTS_PATH
from tests.faults.plan import Plan
from tests.faults.simulator import Simulator

CERTDESK: Final = Path(sys.executable).with_name("certdesk")
KILLED: Final = "sigkill"
REAL_BREATH: Final = 0.5  # seconds between two acts of a person
SOON, LATE = 0.2, 3.0  # real seconds between two kills at any moment
STARTING: Final = 300  # seconds at most, on a machine that does much else
ENDING: Final = 150  # the same, where another process waits for the leases of one that is dead


@dataclass
class Now:
    """The machine's clock, by which the process goes."""

    @property
    def at(self) -> datetime:
        return datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


class Killed(Simulator):
    """One run's world around real processes. Time is the machine's, but leases of the dead end with them."""

    enough = timedelta(seconds=4)
    long = 600

    def __init__(self, plan: Plan, slack: StandIn, clock: Now, folder: Path, address: str) -> None:
        super().__init__(plan, slack, clock, folder, address)
        self.processes: dict[int, asyncio.subprocess.Process] = {}
        people = slack.world.users  # the replay takes days in UTC, at whatever hour this runs
        people |= {key: replace(user, tz="Etc/UTC", tz_offset=0) for key, user in people.items()}
        self._ports = [_free_port() for _ in range(plan.bots)]
        self._killing: asyncio.Task[None] | None = None

    def _idle(self) -> None:
        """Let time pass by itself."""

    async def days(self) -> None:
        """Let no days go by: the machine's clock is nobody's to move."""

    async def breath(self) -> None:
        """Take as long as a person takes."""
        await asyncio.sleep(REAL_BREATH)

    def kill(self) -> None:
        """Kill a process that lives."""
        living = [process for process in self.processes.values() if process.returncode is None]
        if living:
            with contextlib.suppress(ProcessLookupError):
                self.random.choice(living).kill()
                self.pending.counts["process", KILLED] += 1

    async def watch(self, place: int) -> None:
        """Start a process again whenever it has ended."""
        if place == 0:
            self._killing = asyncio.create_task(self._at_any_moment())
        while not self._over:
            self.born += 1
            self.processes[place] = process = await self._begin(place)
            await process.wait()
            if all(other.returncode is not None for other in self.processes.values()):
                self._lapse()

    async def _begin(self, place: int) -> asyncio.subprocess.Process:
        values = dict(self.settings.values)
        port = self._ports[place]
        if self.plan.http:
            values.pop("SLACK_APP_TOKEN")
            self.slack.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        ours = ("SLACK_", "CERTDESK_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        with (self.folder / "serve.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(str(CERTDESK), "serve", "--port", str(port), "--metrics-port", "0"),
                env=kept | values,
                stdout=log,
                stderr=log,
            )

    async def _at_any_moment(self) -> None:
        for _ in range(self.plan.kills):
            await asyncio.sleep(self.random.uniform(SOON, LATE))
            self.kill()

    def _lapse(self) -> None:
        """Let the leases of the dead lapse, as ninety seconds would."""
        with contextlib.suppress(Exception), self._beside.connect() as connection:
            connection.execute(text("UPDATE outbox SET lease_until = 1 WHERE lease_until > 0"))

    async def people(self) -> None:
        """Let everybody do what they came for, and the kills come to their end."""
        await super().people()
        if self._killing is not None:
            await self._killing

    async def ready(self, seconds: float) -> None:
        """Wait until a process is up."""
        async with asyncio.timeout(max(seconds, STARTING)), aiohttp.ClientSession() as session:
            while True:
                for port in self._ports:
                    with contextlib.suppress(aiohttp.ClientError):
                        async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                            if response.ok:
                                return
                await asyncio.sleep(0.05)

    async def quiesce(self) -> None:
        """End the harm, and wait until nothing is left to do."""
        self.slack.faults.clear()
        self.pending.clear()
        if self._killing is not None:
            self._killing.cancel()
        await self.ready(STARTING)
        async with asyncio.timeout(ENDING):
            while self.unsent():
                await asyncio.sleep(0.1)

    async def end(self, watching: list[asyncio.Task[None]]) -> None:
        """Kill every process."""
        self._over = True
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await super().end(watching)


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])
