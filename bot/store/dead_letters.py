"""Effects as an operator sees them: what was not sent, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select, update

from bot.store.coding import EFFECT, millis, try_moment, try_number
from bot.store.outbox_due import DEAD, DROPPED, EXPIRED, OPEN, QUEUED
from bot.store.schema import outbox


@dataclass(frozen=True, slots=True)
class Letter:
    """An effect as an operator sees it: its kind, but not what it says."""

    id: int
    case: int | None
    kind: str
    state: str
    attempts: int
    queued_at: datetime | None
    error: str | None


class DeadLetters:
    """The effects that were not sent, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, states: Iterable[str], most: int, *, failing: bool = False) -> list[Letter]:
        """Return effects in these states, the latest first; `failing` adds those that failed and wait."""
        wanted: ColumnElement[bool] = outbox.c.state.in_([*states])
        if failing:
            wanted = or_(wanted, and_(outbox.c.state.in_(OPEN), outbox.c.error.is_not(None)))
        chosen = select(outbox).where(wanted).order_by(outbox.c.id.desc()).limit(most)
        return [_letter(row) for row in self._connection.execute(chosen).mappings()]

    def retry(self, key: int, at: datetime) -> bool:
        """Queue a dead or expired effect again; returns whether there was one of that number."""
        due = {"due_at": millis(at), "set_at": millis(at)}
        again = {"state": QUEUED, "attempts": 0, "expires_at": None, "error": None, **due}
        return self._move(key, (DEAD, EXPIRED), again)

    def drop(self, key: int, at: datetime) -> bool:
        """Give up an effect for good; returns whether there was one of that number to give up."""
        return self._move(key, (DEAD, EXPIRED, QUEUED), {"state": DROPPED, "done_at": millis(at)})

    def _move(self, key: int, states: tuple[str, ...], columns: dict[str, Any]) -> bool:
        mine = update(outbox).where(outbox.c.id == key, outbox.c.state.in_(states))
        return self._connection.execute(mine.values(columns)).rowcount == 1


def _letter(row: RowMapping) -> Letter:
    effect = EFFECT.try_load(row["effect"])
    return Letter(
        id=row["id"],
        case=try_number(row["case_id"]),
        kind=effect.kind if effect is not None else "unreadable",
        state=row["state"],
        attempts=row["attempts"],
        queued_at=try_moment(row["queued_at"]),
        error=row["error"],
    )
