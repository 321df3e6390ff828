"""The audit trail: who did what with a case, and when. Rows are added, never changed.

An event is named by what was done, not by what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from bot.conversation.events import AgentMoved, Answered, CameDue, CreditCame, Event, Stopped
from bot.store.coding import SHELF, millis, moment
from bot.store.schema import history, people
from bot.store.statements import Prepared

_ADD: Final = Prepared(insert(history).inline())  # nobody needs its number
OPENED = "opened"


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


def trail_name(event: Event | None) -> str:
    """Return an event's name in the trail: what was done, not what was said. None is the case's beginning."""
    match event:
        case None:
            return OPENED
        case Answered(fact=fact):
            return f"answered:{fact}"
        case AgentMoved(move=move):
            return move.trail
        case CreditCame(came):
            return "credit_came" if came else "credit_missing"
        case Stopped(reminder) | CameDue(reminder):
            return f"{event.kind}:{reminder}"
        case _:
            return event.kind
