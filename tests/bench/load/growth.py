"""Measure how a step's cost grows with stored cases: `python -m tests.bench.load.growth [--most 100000]`.

Real cases are made by the desk, then copied by SQL with all their rows until there are enough: most are over,
a few dozen are with the agents, whatever the number. What the hourly sweep would have removed is not copied.
All sizes are measured in turn, so that what else the machine does meets them alike.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy import table as sql_table

from bot.conversation.agent_moves import Claim, Resolve
from bot.conversation.case import Surface
from bot.conversation.events import Answered
from bot.conversation.handoff import WITH_AGENTS, Outcome
from bot.conversation.people import Person, Posted
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import Act, Start, Write
from bot.desk.outbox import LEASE
from bot.desk.results import Seen
from bot.desk.sweep import sweep_once
from bot.store import CARD, SENT, Clocks, Unit, purge
from bot.store.coding import SHELF
from bot.store.copying import _go_on_after, _last_number
from bot.store.engine import unhurried
from bot.store.schema import cases, history, messages, outbox, people, receipts, reminders, words
from policy.facts import PROGRAM
from tests.bench.load.__main__ import POSTGRESQL, SQLITE, database
from tests.bench.load.tables import table
from tests.filled import ADA, Filled, filled

SIZES = (100, 1_000, 100_000, 1_000_000)
BASE = 100  # cases that the desk itself made
PEOPLE = 25
UNSWEPT = 50_000  # cases of the last weeks, whose receipts and sent effects are still there
ROUNDS = 25

_BLOCKS = sql_table("blocks", column("k", Integer))

Step = Callable[[Filled, int], Awaitable[object]]


def requester(number: int) -> Person:
    return Person("T1", "T2", f"U{number % PEOPLE:04d}")


async def make(desk: Filled, base: int = BASE) -> None:
    """Make the first cases: some half asked, some over, some with the agents."""
    for number in range(base):
        person = requester(number)
        match number % 5:
            case 0:
                await desk.asks(person)
            case 1 | 2:
                await desk.orders(person)
            case 3:
                case = await desk.hands_over(person)
                await desk.deals(ADA, case, Claim(), Resolve(Outcome.REFUNDED))
            case _:
                await desk.hands_over(person)
    await desk.sends()
    await desk.store.write(place)


def place(unit: Unit) -> None:
    """Note where the messages of the first cases stand, as nothing was really sent."""
    for number in range(1 + SHELF, 1 + SHELF + BASE):
        if unit.cases.get(number) is not None:
            for slot in (CARD, "m1", "m2"):
                unit.places.note(number, slot, Posted("C1", f"{number}.{slot}"))


# --- copies


def copy(connection: Connection, size: int) -> None:
    """Copy the cases that are over until there are so many."""
    over = [*connection.scalars(select(cases.c.id).where(cases.c.standing.not_in(sorted(WITH_AGENTS))))]
    here = connection.scalar(select(func.count()).select_from(cases)) or 0
    blocks, recent = -(-(size - here) // len(over)), -(-UNSWEPT // len(over))
    if blocks <= 0:
        return
    growing = (people, cases, history, messages, reminders, words, receipts, outbox)
    indexes = [index for each in growing for index in each.indexes if not index.unique]
    for index in indexes:
        index.drop(connection)  # to build them at the end takes a fraction of the time
    connection.execute(text("CREATE TEMPORARY TABLE blocks (k INTEGER PRIMARY KEY)"))
    connection.execute(text("INSERT INTO blocks (k) VALUES (:k)"), [{"k": k} for k in range(1, blocks + 1)])
    steps = {
        each.name: _highest(connection, each) for each in (people, cases, outbox, history, reminders, words)
    }
    for each in growing:
        wanted: list[ColumnElement[bool]] = []
        if each is cases:
            wanted.append(cases.c.id.in_(over))
        elif each is not people:
            wanted.append(each.c.case_id.in_(over))
        if each in (receipts, outbox):
            wanted.append(literal_column("k") <= recent)
        copied = select(*(_copied(one, steps) for one in each.columns)).select_from(
            each.join(_BLOCKS, true())
        )
        connection.execute(insert(each).from_select([*each.columns.keys()], copied.where(*wanted)))
        if each.autoincrement_column is not None:
            _go_on_after(_last_number(each, connection), each, connection)
    for index in indexes:
        index.create(connection)


def _highest(connection: Connection, of: Table) -> int:
    return connection.scalar(select(func.max(of.c.id))) or 0


def _copied(one: ColumnElement[Any], steps: dict[str, int]) -> ColumnElement[Any]:
    """Return what a column holds in the copy of a row: ids move on, what is unique gets a number."""
    k = literal_column("k", Integer)
    match (one.table.name, one.name):  # type: ignore[attr-defined]  it is a table's
        case (name, "id"):
            return one + k * steps[name]
        case (_, "case_id"):
            return one + k * steps["cases"]
        case (_, "person_id" | "owner_id"):
            return one + k * steps["people"]
        case ("people", "user") | ("receipts", "key") | ("outbox", "effect_id"):
            return one + "-" + cast(k, String)
        case ("cases", "state"):
            number, copied = cases.c.id + SHELF, cases.c.id + k * steps["cases"] + SHELF
            return func.replace(one, _numbered(number), _numbered(copied))
        case ("cases", "changed_at" | "opened_at") | ("history", "at"):
            return one - k * 60_000
        case _:
            return one


def _numbered(number: ColumnElement[int]) -> ColumnElement[str]:
    """Return how a case's number stands in its state."""
    return literal('"number":') + cast(number, String) + literal(",")


# --- steps


async def command(desk: Filled, number: int) -> None:
    await desk.does(requester(number), Start(Surface.MODAL, channel="C-HELP", afresh=True))


async def answer(desk: Filled, number: int) -> None:
    seen = desk.last[number]
    await desk.does(requester(number), Act(seen, Answered(PROGRAM, "opensrs")))


async def message(desk: Filled, number: int) -> None:
    await desk.does(requester(number), Write("new" if number % 2 else "opensrs"))


async def own_home(desk: Filled, number: int) -> None:
    await desk.does(requester(number), Visit())


async def agents_home(desk: Filled, _: int) -> None:
    await desk.does(ADA, Visit())


async def send(desk: Filled, _: int) -> None:
    """Lease what waits, and write it down as sent."""
    at = desk.clock()

    def work(unit: Unit) -> None:
        for queued in unit.leases.take(Clocks.only(at), LEASE, 1)[0]:
            unit.leases.close(queued, SENT, at)

    await desk.store.write(work)


async def remind(desk: Filled, _: int) -> None:
    await desk.desk.reminders.do_all()


async def look(desk: Filled, _: int) -> None:
    await desk.store.check()


async def sweep(desk: Filled, _: int) -> None:
    await sweep_once(desk.store, desk.clock() - timedelta(days=400))  # of which there is nothing


async def purge_step(desk: Filled, _: int) -> None:
    """Do one step of a purge that finds nothing old enough."""
    wanted = purge.older(desk.clock() - timedelta(days=4000))
    at = desk.clock()
    await asyncio.to_thread(
        purge.in_step, desk.store.engines, lambda connection: purge.remove(connection, wanted, at)
    )


STEPS: dict[str, Step] = {
    "slash command": command,
    "answer": answer,
    "message": message,
    "App Home, a requester's": own_home,
    "App Home, an agent's": agents_home,
    "outbox: lease one, write it down": send,
    "reminders: nothing is due": remind,
    "readiness": look,
    "sweep: nothing is old": sweep,
    "purge: nothing is old": purge_step,
}


async def milliseconds(desk: Filled, step: Step, number: int) -> float:
    if step is answer:
        seen = await desk.does(requester(number), Start(Surface.MODAL, afresh=True))
        assert isinstance(seen, Seen)
        desk.last = {number: seen.case}
    began = time.perf_counter()
    await step(desk, number)
    return (time.perf_counter() - began) * 1000


async def measure(kind: str, sizes: tuple[int, ...]) -> None:
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        desks: dict[int, Filled] = {}
        for size in sizes:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="certdesk-growth-"))
            address, _ = stack.enter_context(database(kind, Path(folder)))
            desks[size] = desk = await stack.enter_async_context(filled(address))
            began = time.monotonic()
            await make(desk)
            with desk.store.engines.writer.begin() as connection:
                unhurried(connection)
                copy(connection, size)
            if kind == POSTGRESQL:
                with desk.store.engines.writer.begin() as connection:
                    unhurried(connection)
                    connection.exec_driver_sql("ANALYZE")
            sys.stderr.write(f"{kind}: {size} cases after {time.monotonic() - began:.0f} s\n")
        for number, (name, step), size in itertools.product(range(ROUNDS), STEPS.items(), sizes):
            took = await milliseconds(desks[size], step, number)
            if number > 2:
                found[name, size].append(took)
    rows = []
    for name in STEPS:
        middle = [statistics.median(found[name, size]) for size in sizes]
        rows.append([name, *(f"{one:.1f}" for one in middle), f"{middle[-1] / middle[0]:.1f}"])
    head = [f"{kind}: ms a step, stored cases", *(f"{size:,}" for size in sizes), "last by first"]
    table("How a step's cost grows", head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="stored cases")
    asked = parser.parse_args()
    for kind in (SQLITE, POSTGRESQL):
        asyncio.run(measure(kind, tuple(size for size in SIZES if size <= asked.most)))


if __name__ == "__main__":
    main()
