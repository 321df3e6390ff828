"""Remove cases for good, with everything that belongs to them; they remain as counts.

Each step is a transaction of its own over at most `BATCH` rows, and rests as long as it took, so that others
who write do not wait for long. An interrupted purge resumes with the next one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, NullPool, create_engine, delete, func, select
from sqlalchemy.exc import DBAPIError

from bot.conversation.handoff import WITH_AGENTS, Standing
from bot.store.case_record import begun
from bot.store.coding import SHELF, millis
from bot.store.database_errors import is_about_others, is_undone
from bot.store.engine import Engines
from bot.store.records import Records
from bot.store.schema import cases, files, messages, outbox, receipts, reminders, words
from bot.store.tallies import PURGED, Mark, Tallies, marks, month_of

BATCH: Final = 200
TRIES: Final = 5
PATIENT_MS: Final = 5_000

T = TypeVar("T")
Rows: TypeAlias = ColumnElement[bool]

PENDING: Final = cases.c.standing.in_(sorted(WITH_AGENTS))
# all others, listed so that an index finds them
OVER: Final = cases.c.standing.in_(sorted({*Standing} - WITH_AGENTS))


def older(before: datetime) -> Rows:
    """Select the cases that were last changed before a moment, and are not with the agents."""
    return (cases.c.changed_at < millis(before)) & OVER


def kept(before: datetime) -> Rows:
    """Select the cases that are as old, but with the agents."""
    return (cases.c.changed_at < millis(before)) & PENDING


def count(connection: Connection, wanted: Rows) -> int:
    """Return how many cases there are of a kind."""
    return int(connection.execute(select(func.count(cases.c.id)).where(wanted)).scalar_one())


def purge(engines: Engines, wanted: Rows, at: datetime) -> int:
    """Remove every case of a kind; returns how many. Blocks."""
    number = 0
    while removed := in_step(engines, lambda connection: remove(connection, wanted, at)):
        number += removed
    return number


def remove(connection: Connection, wanted: Rows, at: datetime) -> int:
    """Count some cases of a kind and remove them with all that belongs to them; returns how many."""
    chosen = select(cases.c.id).where(wanted).limit(BATCH)  # sorted, it would find them all first
    ids = [*connection.execute(chosen.with_for_update()).scalars()]
    _tally(connection, ids, at)
    for table in (files, words, receipts, outbox, messages, reminders):
        connection.execute(delete(table).where(table.c.case_id.in_(ids)))
    connection.execute(delete(cases).where(cases.c.id.in_(ids)))  # the trail goes with its case
    return len(ids)


def _tally(connection: Connection, ids: list[int], at: datetime) -> None:
    records, counted = Records(connection), Counter[Mark]()
    real = connection.execute(select(cases.c.id).where(cases.c.id.in_(ids), begun())).scalars()
    for key in [*real]:
        if filed := records.one(key + SHELF):
            counted.update(marks(filed))
            counted[month_of(at), PURGED] += 1
    Tallies(connection).add(counted)


def in_step(engines: Engines, work: Callable[[Connection], T]) -> T:
    """Run one step in a transaction, then rest; if somebody else is in the way, try again."""
    began = time.monotonic()
    for _ in range(TRIES - 1):
        try:
            done = _in_transaction(engines, work)
        except DBAPIError as error:
            if is_undone(error) or is_about_others(error):
                continue  # it has already waited
            raise
        time.sleep(time.monotonic() - began)
        return done
    return _in_transaction(engines, work)


def _in_transaction(engines: Engines, work: Callable[[Connection], T]) -> T:
    with engines.writer.begin() as connection:
        return work(connection)


# --- what SQLite leaves behind in its file


class Overwritten(StrEnum):
    """How far a file was rebuilt: not yet, all but its log, or wholly. IN_TIME: by the database itself."""

    NOT_YET = "not_yet"
    BUT_LOG = "but_log"
    WHOLE = "whole"
    IN_TIME = "in_time"


def overwrite(engines: Engines, patient_ms: int = PATIENT_MS) -> Overwritten:
    """Rebuild a SQLite file, so that nothing that was removed is left in it or in its log.

    SQLite's `secure_delete` does not achieve that: pages that were rebalanced keep copies. Nobody can write
    while the file is rebuilt, and the log is not emptied while somebody reads. PostgreSQL has a vacuum of its
    own.
    """
    if engines.writer.dialect.name != "sqlite":
        return Overwritten.IN_TIME
    with _outside_transactions(engines, patient_ms) as connection:
        try:
            connection.exec_driver_sql("VACUUM")
        except DBAPIError as error:
            if is_about_others(error):
                return Overwritten.NOT_YET
            raise
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return Overwritten.BUT_LOG if busy else Overwritten.WHOLE


def empty_log(engines: Engines, patient_ms: int = 200) -> bool:
    """Empty SQLite's log into its file; returns whether nobody was reading."""
    with _outside_transactions(engines, patient_ms) as connection:
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def _outside_transactions(engines: Engines, patient_ms: int) -> Connection:
    """Return a connection that begins no transaction and waits as long as it is told."""
    waits = {"isolation_level": None, "timeout": patient_ms / 1000}
    own = create_engine(engines.writer.url, poolclass=NullPool, hide_parameters=True, connect_args=waits)
    return own.connect()


def copies(engines: Engines) -> list[Path]:
    """Return the copies that migrations made of a SQLite file; they still hold what was removed."""
    if engines.writer.dialect.name != "sqlite" or not engines.writer.url.database:
        return []
    file = Path(engines.writer.url.database)
    return sorted(file.parent.glob(f"{file.name}.before-*"))
