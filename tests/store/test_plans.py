"""How the engines find what every step needs: by an index, however much is stored."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests.bench.load.growth import STEPS, copy, make, milliseconds
from tests.filled import Filled, filled

CASES = 2_000
GROWING = ("cases", "receipts", "outbox", "history", "reminders", "messages", "people", "words", "files")
MOST_READ = 200  # rows of one table, by one run of a statement
READS = ("SELECT", "UPDATE", "DELETE", "WITH")


@pytest.fixture
async def big(database: str) -> AsyncIterator[Filled]:
    """A desk with some thousands of cases."""
    async with filled(database) as desk:
        await make(desk, base=10)
        with desk.store.engines.writer.begin() as connection:
            copy(connection, CASES)
        if connection.dialect.name == "postgresql":
            with desk.store.engines.writer.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
        yield desk


@contextmanager
def said(desk: Filled) -> Iterator[dict[str, object]]:
    """Note each statement that a desk runs, and what one of its runs was given."""
    noted: dict[str, object] = {}

    def note(*about: object) -> None:
        noted.setdefault(str(about[2]), about[3])

    engines = (desk.store.engines.writer, desk.store.engines.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield noted
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def scans(connection: Connection, statement: str, given: object) -> list[str]:
    """Return where a statement reads all that there is of a table that grows, or more than it can need."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)  # type: ignore[arg-type]
        whole = re.compile(rf"SCAN ({'|'.join(GROWING)})\b")
        return [row[-1] for row in plan if whole.search(row[-1])]
    with connection.begin_nested() as undone:
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        [plan] = connection.exec_driver_sql(explained, given).scalar_one()  # type: ignore[arg-type]
        undone.rollback()
    read = [
        (node["Relation Name"], rows_read(node)) for node in nodes(plan["Plan"]) if "Relation Name" in node
    ]
    return [f"{rows:g} of {table}" for table, rows in read if table in GROWING and rows > MOST_READ]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def rows_read(node: dict[str, Any]) -> float:
    """Return how many rows a part of a plan looked at."""
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])


@pytest.mark.long
async def test_no_step_reads_a_whole_table(big: Filled) -> None:
    with said(big) as statements:
        for number in range(3):
            for step in STEPS.values():
                await milliseconds(big, step, number)
    read = {one: given for one, given in statements.items() if one.startswith(READS)}
    assert len(read) > 30
    with big.store.engines.writer.begin() as connection:
        found = {one: scans(connection, one, given) for one, given in read.items()}
    assert {one: lines for one, lines in found.items() if lines} == {}
