"""How many of what in which month: present cases counted now, and the counts left by purged ones.

Months are in UTC, as `2026-11`. Counted are: opened, handed_over, resolved:<outcome>, verdict:<verdict> (the
last one shown, in the month in which the case was opened), and purged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.store.records import Filed
from bot.store.schema import tallies

PURGED: Final = "purged"

Mark: TypeAlias = tuple[str, str]  # the month, and what


def marks(filed: Filed) -> Iterator[Mark]:
    """Yield what a case counts as."""
    yield month_of(filed.opened_at), "opened"
    if filed.case is None:
        return
    if outcome := filed.case.shown.latest:
        yield month_of(filed.opened_at), f"verdict:{outcome.result.decision.refund.verdict}"
    if handoff := filed.case.handoff:
        yield month_of(handoff.asked_at), "handed_over"
        if handoff.outcome is not None and handoff.resolved_at is not None:
            yield month_of(handoff.resolved_at), f"resolved:{handoff.outcome}"


def month_of(at: datetime) -> str:
    """Return the month of a moment in UTC."""
    return at.strftime("%Y-%m")


class Tallies:
    """The counts left by purged cases, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counted: Counter[Mark]) -> None:
        """Add to the counts."""
        if not counted:
            return
        rows = [{"month": month, "what": what, "number": n} for (month, what), n in sorted(counted.items())]
        made = (sqlite_insert if self._connection.dialect.name == "sqlite" else postgresql_insert)(tallies)
        more = {"number": tallies.c.number + made.excluded.number}
        upsert = made.on_conflict_do_update(index_elements=[tallies.c.month, tallies.c.what], set_=more)
        self._connection.execute(upsert, rows)

    def all(self) -> Counter[Mark]:
        """Return the counts."""
        rows = self._connection.execute(select(tallies)).mappings()
        return Counter({(row["month"], row["what"]): row["number"] for row in rows})
