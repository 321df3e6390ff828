"""A database that goes away, each time for real: not ready, nothing lost, and on with it by itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from psycopg.errors import DiskFull
from sqlalchemy.exc import InternalError, OperationalError
from structlog.testing import capture_logs

from bot.cli.serve import probe
from bot.playground.standin import StandIn
from bot.playground.standin.seam import Outcome, Passage, Proceed
from bot.store import Site, Store, Unit
from bot.store.engine import connect
from tests.conftest import World
from tests.postgres import server
from tests.store.conftest import open_case
from tests.store.test_store import asked
from tests.test_serve import said, serving

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

HASTE = 2.9  # seconds, in which Slack has its answer
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = '{}'"


def name_of(address: str) -> str:
    return connect(address).writer.url.database or ""


async def wrong(world: World) -> dict[str, str]:
    """Return what /readyz says is wrong."""
    assert world.bot is not None
    return await probe(world.bot, None)()


async def ready(world: World) -> None:
    """Wait until /readyz says that all is well."""
    async with asyncio.timeout(10):
        while await wrong(world):
            await asyncio.sleep(0.05)


async def refused(world: World) -> None:
    """See that a delivery is refused in time, and that the bot is not ready."""
    delivery = await world.slack.slash("rosa", "ssl-support", "/certdesk", "")
    assert delivery.status == 503
    assert delivery.elapsed < HASTE
    assert (await wrong(world)).keys() == {"database"}


async def taken(world: World) -> None:
    """See that a delivery is taken, done and answered."""
    assert (await world.slack.slash("rosa", "ssl-support", "/certdesk", "")).acked
    await world.settle()
    assert world.slack.view("rosa") is not None


# --- lost


async def test_connections_that_were_ended_cost_nobody_a_delivery(http_world: World, database: str) -> None:
    await taken(http_world)
    assert len(server().run(TERMINATE.format(name_of(database)))) > 1
    assert await wrong(http_world) == {}
    await taken(http_world)


async def test_work_whose_connection_breaks_before_the_commit_is_done_again(store: Store) -> None:
    tries = []

    def work(unit: Unit) -> int:
        number = open_case(unit).number
        tries.append(number)
        if len(tries) == 1:
            unit._connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")  # noqa: SLF001
        return number

    assert await store.write(work) == 1002
    assert tries == [1001, 1002]
    assert asked(store.engines.reader, "SELECT count(*) FROM cases") == 1


async def test_what_came_of_a_commit_whose_connection_breaks_is_left_to_who_asks_again(database: str) -> None:
    pids: list[int] = []

    def passing(site: Site) -> None:
        if site is Site.WRITTEN and len(pids) == 1:
            server().run(f"SELECT pg_terminate_backend({pids[0]}, 5000)")

    def work(unit: Unit) -> None:
        pids.append(unit._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())  # noqa: SLF001
        open_case(unit)

    store = Store(database, passing)
    with pytest.raises(OperationalError):
        await store.write(work)
    assert len(pids) == 1
    await store.write(work)
    assert asked(store.engines.reader, "SELECT count(*) FROM cases") == 1
    await store.close()


# --- restarting


@contextmanager
def stopped() -> Iterator[None]:
    server().stop()
    try:
        yield
    finally:
        server().start()


@pytest.mark.long
async def test_a_server_that_restarts_is_waited_for_and_what_was_sent_meanwhile_is_not_sent_again(
    database: str, tmp_path: Path
) -> None:
    posted, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly(passage: Passage, proceed: Proceed) -> Outcome:
        outcome = await proceed()
        if passage.name == "chat.postMessage":
            posted.set()
            await may_answer.wait()
        return outcome

    async with StandIn.serving(commands=["/certdesk"], app_name="certdesk") as slack:
        slack.faults.append(slowly)
        async with serving(slack, tmp_path, http=True, CERTDESK_DATABASE_URL=database) as served:
            await slack.say("rosa", slack.im("rosa"), "hi")
            await asyncio.wait_for(posted.wait(), 5)
            with stopped():
                may_answer.set()
                status, body = await served.get("/readyz")
                assert (status, "database" in body) == (503, True)
                assert (await served.get("/healthz"))[0] == 200
                delivery = await slack.slash("rosa", "ssl-support", "/certdesk", "")
                assert (delivery.status, delivery.elapsed < HASTE) == (503, True)
            async with asyncio.timeout(10):
                while (await served.get("/readyz"))[0] != 200:
                    await asyncio.sleep(0.05)
            assert (await slack.slash("rosa", "ssl-support", "/certdesk", "")).acked
            await slack.until(lambda: len(said(slack)) == 2, timeout=10)
            assert await served.stop() < 8
        states = server().run("SELECT DISTINCT state FROM outbox", name_of(database))
        assert states == [("sent",)]
        assert [call.method for call in slack.calls].count("chat.postMessage") == 2
        assert "conversations.history" not in {call.method for call in slack.calls}  # nothing was unsure
        assert "Traceback" not in served.log.read_text()


# --- read-only


@contextmanager
def read_only() -> Iterator[None]:
    """Make the server as a standby is that was not promoted, for whoever is connected too."""
    for setting in ("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"):
        server().run(setting)
    try:
        yield
    finally:
        for setting in ("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()"):
            server().run(setting)


async def test_a_database_that_is_read_only_is_waited_for(http_world: World, database: str) -> None:
    await taken(http_world)
    with read_only():
        await until_read_only(database)
        await refused(http_world)
    await ready(http_world)
    await taken(http_world)


async def test_a_desk_that_nobody_needs_just_now_sees_that_its_database_is_read_only(
    store: Store, database: str
) -> None:
    await store.check()
    with read_only():
        await until_read_only(database)
        with pytest.raises(InternalError, match="read-only"):
            await store.check()


async def until_read_only(database: str) -> None:
    both = connect(database)
    async with asyncio.timeout(5):
        while asked(both.writer, "SHOW transaction_read_only") == "off":
            await asyncio.sleep(0.01)
    both.close()


# --- slow


@contextmanager
def locked(database: str, table: str, mode: str) -> Iterator[None]:
    """Hold a table as somebody else's maintenance does."""
    both = connect(database)
    with both.writer.begin() as connection:
        connection.exec_driver_sql(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    both.close()


async def test_a_table_that_somebody_holds_is_not_waited_for_longer_than_slack_waits(
    http_world: World, database: str
) -> None:
    with locked(database, "cases", "SHARE"):  # as for a new index: reading goes on
        await refused(http_world)
    assert await wrong(http_world) == {}
    await taken(http_world)


async def test_what_is_to_be_sent_waits_where_the_database_must_be_asked_first(
    http_world: World, database: str
) -> None:
    slack, sending, may_go_on = http_world.slack, asyncio.Event(), asyncio.Event()

    async def slowly(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.name == "chat.update":
            sending.set()
            await may_go_on.wait()
        return await proceed()

    for words in ("hi", "opensrs", "reseller", "yes", "sectigo"):
        answer = await slack.say("rosa", slack.im("rosa"), words)
    await http_world.settle()
    before = len(said(slack))
    await http_world.stop()
    await http_world.start()  # a process that does not know yet where Rosa's DM is
    slack.faults.append(slowly)
    await slack.edit("rosa", slack.im("rosa"), answer, "thawte")  # redraws, which asks nobody where
    await slack.say("rosa", slack.im("rosa"), "why")
    await asyncio.wait_for(sending.wait(), 5)
    with capture_logs() as logs, locked(database, "people", "ACCESS EXCLUSIVE"):
        may_go_on.set()
        await http_world.settle()
    assert [entry["reason"] for entry in logs if "reason" in entry] == ["the database is away"]
    assert len(said(slack)) == before
    http_world.clock.forward(seconds=2)
    await http_world.settle()
    assert len(said(slack)) == before + 1


async def test_statements_that_take_for_ever_are_given_up(http_world: World, database: str) -> None:
    body = "BEGIN PERFORM pg_sleep(60); RETURN NEW; END"
    for statement in (
        f"CREATE FUNCTION slow() RETURNS trigger AS '{body}' LANGUAGE plpgsql",
        "CREATE TRIGGER slow BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION slow()",
    ):
        server().run(statement, name_of(database))
    await refused(http_world)
    server().run("DROP FUNCTION slow CASCADE", name_of(database))
    await taken(http_world)


@asynccontextmanager
async def frozen(database: str) -> AsyncIterator[None]:
    """Stop the processes that serve a database in mid-step: no error, no answer."""
    pids = [pid for (pid,) in server().run(BACKENDS.format(name_of(database)))]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_a_server_that_says_nothing_at_all_is_not_waited_for_longer_than_slack_waits(
    http_world: World, database: str
) -> None:
    await taken(http_world)
    began = time.monotonic()
    async with frozen(database):
        delivery, found = await asyncio.gather(
            http_world.slack.slash("rosa", "ssl-support", "/certdesk", ""), wrong(http_world)
        )
        assert delivery.status == 503
        assert delivery.elapsed < HASTE
        assert found.keys() == {"database"}
        assert time.monotonic() - began < 5
    await ready(http_world)
    await taken(http_world)


# --- full


@contextmanager
def small_disk(database: str) -> Iterator[Path]:
    """Let the receipts lie on a disk of two megabytes; yields its folder."""
    name, owner = name_of(database), server().data.stat()
    with tempfile.TemporaryDirectory(prefix="certdesk-disk-") as folder:
        Path(folder).chmod(0o755)
        mounting = ["mount", "-t", "tmpfs", "-o", "size=2m", "certdesk", folder]
        if shutil.which("mount") is None or not _done(mounting):
            pytest.skip("a full disk needs a small one, which only root may mount")
        try:
            os.chown(folder, owner.st_uid, owner.st_gid)
            server().run(f"CREATE TABLESPACE small LOCATION '{folder}'")
            for what in ("TABLE receipts", "INDEX pk_receipts"):
                server().run(f"ALTER {what} SET TABLESPACE small", name)
            yield Path(folder)
            for what in ("TABLE receipts", "INDEX pk_receipts"):
                server().run(f"ALTER {what} SET TABLESPACE pg_default", name)
            server().run("DROP TABLESPACE small")
        finally:
            assert _done(["umount", "--lazy", folder])


def _done(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def fill(disk: Path, database: str) -> None:
    """Take what is free, then write receipts until not even the smallest has room."""
    with contextlib.suppress(OSError), (disk / "somebody else's").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    for size in (1500, 1):
        row = f"gen_random_uuid(), 'write', repeat('x', {size}), 0"
        with contextlib.suppress(DiskFull):
            while True:
                server().run(
                    f"INSERT INTO receipts (key, kind, event, received_at) SELECT {row}", name_of(database)
                )


async def test_a_full_disk_is_waited_for(http_world: World, database: str) -> None:
    with small_disk(database) as disk:
        await taken(http_world)
        fill(disk, database)
        await refused(http_world)
        (disk / "somebody else's").unlink()
        await ready(http_world)
        await taken(http_world)
