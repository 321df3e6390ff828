"""The audit trail: who did what with a case, and when. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from bot.store.numbers import SHELF, millis, moment
from bot.store.prepared import Prepared
from bot.store.schema import history, people

_ADD: Final = Prepared(insert(history).inline())  # nobody needs its number


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the trail. `team` and `user` are None for what time did, and for an erased person."""

    case: int
    at: datetime
    what: str
    standing: str
    team: str | None
    user: str | None


class History:
    """The audit trail within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: int, what: str, standing: str, by: int | None, at: datetime) -> None:
        """Add what was done with a case; `by` is the person's id in the database, None for time."""
        row = {"case_id": case - SHELF, "person_id": by, "what": what, "standing": standing, "at": millis(at)}
        _ADD.count(self._connection, row)

    def of(self, case: int) -> Iterator[Record]:
        """Yield what was done with a case, in order."""
        joined = history.outerjoin(people, people.c.id == history.c.person_id)
        chosen = select(history, people.c.team, people.c.user).select_from(joined)
        mine = chosen.where(history.c.case_id == case - SHELF).order_by(history.c.id)
        for row in self._connection.execute(mine).mappings():
            yield Record(case, moment(row["at"]), row["what"], row["standing"], row["team"], row["user"])
