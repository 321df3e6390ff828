"""A real `certdesk serve` and what can be done to it from outside: its clock, its disk, its log, its life.

Nothing of the bot is imported: it is a command, its environment, and its port.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Final

import aiohttp
import libfaketime

CERTDESK: Final = Path(sys.executable).with_name("certdesk")
FAKETIME: Final = next(Path(libfaketime.__file__).parent.rglob("libfaketime.so*"))
STARTING: Final = 300.0  # seconds at most, on a machine that does much else
STOPPING: Final = 60.0
FULL: Final = 4096  # bytes: no file may grow beyond them
UNLIMITED: Final = resource.RLIM_INFINITY


class Log(StrEnum):
    """Where the process's log goes."""

    READ = "read"  # a pipe that is read
    GONE = "gone"  # a pipe whose reader has gone
    FULL = "full"  # a device that is full
    FILE = "file"


class Served:
    """One `certdesk serve` in a folder of its own, started anew whenever it has ended.

    `clock`: its clock is to jump, for which each look at it costs more.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, clock: bool) -> None:
        self.folder = folder
        self.port = _free_port()
        self.lines: list[str] = []
        self.ends: list[int] = []  # exit statuses that nobody asked for
        self._offset = folder / "offset"
        ours = ("SLACK_", "CERTDESK_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        faked = {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self._plain = kept | dict(environment)
        self._environment = self._plain | (faked if clock else {})
        self._log = Log.READ
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._asked_to_end = False
        self.clock(0)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and keep it running, as whatever runs it does; returns once it is ready."""
        self._asked_to_end = False
        self._watching = asyncio.create_task(self._watch())
        await self.ready(STARTING)

    async def _watch(self) -> None:
        while not self._asked_to_end:
            await self._live()
            await asyncio.sleep(0.1)

    async def _live(self) -> None:
        reader, writer = os.pipe()
        reading = None
        if self._log is Log.READ:
            reading = asyncio.create_task(self._read(reader))
        else:
            os.close(reader)
        if self._log in {Log.FULL, Log.FILE}:
            os.close(writer)
            place = "/dev/full" if self._log is Log.FULL else self.folder / "serve.log"
            writer = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(str(CERTDESK), "serve", "--port", str(self.port), "--metrics-port", "0"),
                env=self._environment,
                stdout=writer,
                stderr=writer,
            )
        finally:
            os.close(writer)
        status = await self._process.wait()
        if not self._asked_to_end:
            self.ends.append(status)
        if reading is not None:
            await reading

    async def _read(self, descriptor: int) -> None:
        stream = asyncio.StreamReader(limit=2**20)
        with os.fdopen(descriptor, "rb", 0) as pipe:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), pipe)
            with contextlib.closing(transport):
                async for line in stream:
                    self.lines.append(line.decode(errors="replace").rstrip())

    async def stop(self) -> int | None:
        """Ask it to end, as an operator does; returns its exit status."""
        self._asked_to_end = True
        if self._process is None or self._watching is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOPPING):
                await self._process.wait()
        except TimeoutError:
            self.kill()
        await self._watching
        return self._process.returncode

    async def restart(self, log: Log) -> None:
        """Let it write its log elsewhere from now on."""
        status = await self.stop()
        if status:
            self.ends.append(status)
        self._log = log
        await self.start()

    def kill(self) -> None:
        """Kill it at this instant."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def clock(self, seconds: int) -> None:
        """Let its clock be off by so much."""
        fresh = self._offset.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}")
        fresh.replace(self._offset)

    def disk(self, *, full: bool) -> None:
        """Let no file of its grow, or all of them again."""
        if self._process is not None and self._process.returncode is None:
            limit = FULL if full else UNLIMITED
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (limit, UNLIMITED))

    async def ready(self, seconds: float) -> None:
        """Wait until it says that it is ready. Raises TimeoutError."""
        async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.url}/readyz") as response:
                        if response.ok:
                            return
                await asyncio.sleep(0.1)

    async def said(self, *command: str) -> str:
        """Return what another command of `certdesk` says of the same desk."""
        process = await asyncio.create_subprocess_exec(
            str(CERTDESK),
            *command,
            env=self._plain,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"certdesk {' '.join(command)}: {err.decode()}")
        return out.decode()


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])
