"""Effects that do not get through: since when Slack has refused them, and who was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, and_, func, or_, select, update

from bot.conversation.effects import Effect
from bot.store.coding import EFFECT, SHELF, millis, moment, number_of, try_moment
from bot.store.outbox_due import DEAD, MERGED, OPEN, QUEUED
from bot.store.schema import delays, outbox

NOBODY: Final = 0  # in place of a notice, if there is nobody to tell


@dataclass(frozen=True, slots=True)
class Overdue:
    """An effect that is late or dead, and that nobody has been told about."""

    id: int
    case: int | None
    effect: Effect | None
    dead: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """How many effects are held up for the same reason, and since when the first of them has waited."""

    reason: str
    state: str
    number: int
    since: datetime | None


class Delays:
    """The delays of effects within one transaction. A notice is the effect that told somebody of a delay."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def refused(self, effect: int, at: datetime) -> datetime:
        """Note that Slack refuses an effect; returns since when it has."""
        known = self._of(effect)
        if known is None:
            self._connection.execute(delays.insert().values(outbox_id=effect, refused_at=millis(at)))
            return at
        if known.refused_at is None:
            self._set(effect, refused_at=millis(at))
            return at
        return moment(known.refused_at)

    def noted(self, effect: int, notice: int) -> None:
        """Note the notice that told of an effect's delay; NOBODY if nobody is to be told."""
        if self._of(effect) is None:
            self._connection.execute(delays.insert().values(outbox_id=effect, notice=notice))
        else:
            self._set(effect, notice=notice)

    def notice_of(self, effect: int) -> int | None:
        """Return the notice that told of an effect's delay, None if nobody was told."""
        known = self._of(effect)
        return (known.notice or None) if known is not None else None

    def overdue(self, before: datetime, died_since: datetime, most: int) -> list[Overdue]:
        """Return unreported effects that have waited since before a moment, or that died after another."""
        late = and_(outbox.c.state == QUEUED, outbox.c.queued_at <= millis(before))
        died = and_(outbox.c.state == DEAD, outbox.c.done_at >= millis(died_since))
        found = _with_delays().where(or_(late, died), delays.c.notice.is_(None))
        rows = self._connection.execute(found.order_by(outbox.c.id).limit(most)).mappings()
        return [
            Overdue(
                row["id"],
                number_of(row["case_id"]),
                EFFECT.try_load(row["effect"]),
                row["state"] == DEAD,
                row["error"],
            )
            for row in rows
        ]

    def told_of(self, case: int) -> Iterator[tuple[Effect, int]]:
        """Yield a case's waiting effects whose delay was reported, each with its notice."""
        waits = and_(outbox.c.case_id == case - SHELF, outbox.c.state.in_(OPEN), delays.c.notice > NOBODY)
        for row in self._connection.execute(_with_delays().where(waits).order_by(outbox.c.id)).mappings():
            effect = EFFECT.try_load(row["effect"])
            if effect is not None:
                yield effect, row["notice"]

    def waiting(self, notice: int) -> int:
        """Return how many of the effects that a notice told of are still waiting."""
        waits = select(func.count()).select_from(outbox.join(delays, delays.c.outbox_id == outbox.c.id))
        found = waits.where(delays.c.notice == notice, outbox.c.state.in_(OPEN))
        return int(self._connection.execute(found).scalar_one())

    def take_back(self, notice: int, at: datetime) -> bool:
        """Withdraw a notice that has not been tried yet; returns whether it was withdrawn."""
        mine = update(outbox).where(outbox.c.id == notice, outbox.c.state == QUEUED, outbox.c.unsure == 0)
        return self._connection.execute(mine.values(state=MERGED, done_at=millis(at))).rowcount == 1

    def stuck(self, before: datetime) -> list[Stuck]:
        """Return by reason what has waited since before a moment and what is dead, most frequent first."""
        reason = func.coalesce(outbox.c.error, "").label("reason")
        number, since = func.count().label("number"), func.min(outbox.c.queued_at).label("since")
        late = and_(outbox.c.state.in_(OPEN), outbox.c.queued_at <= millis(before))
        chosen = select(reason, outbox.c.state, number, since).where(or_(late, outbox.c.state == DEAD))
        rows = self._connection.execute(chosen.group_by(reason, outbox.c.state).order_by(number.desc()))
        return [Stuck(row.reason, row.state, row.number, try_moment(row.since)) for row in rows]

    def _of(self, effect: int) -> _Row | None:
        found = select(delays.c.refused_at, delays.c.notice).where(delays.c.outbox_id == effect)
        row = self._connection.execute(found).first()
        return _Row(row.refused_at, row.notice) if row is not None else None

    def _set(self, effect: int, **columns: int) -> None:
        self._connection.execute(update(delays).where(delays.c.outbox_id == effect).values(columns))


@dataclass(frozen=True, slots=True)
class _Row:
    refused_at: int | None
    notice: int | None


def _with_delays() -> Select[tuple[object, ...]]:
    joined = outbox.outerjoin(delays, delays.c.outbox_id == outbox.c.id)
    return select(outbox, delays.c.notice).select_from(joined)
