"""Leases: who may send an effect now, and what came of it.

A lease is the right to send one effect until a moment; its fence is a number that grows with every lease of
the effect. A process that lost its lease finds another fence and can write nothing down.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, not_, or_, select, update

from bot.conversation.effects import Effect
from bot.store.coding import EFFECT, LAST, millis, moment, number_of, try_moment, try_number
from bot.store.outbox import place_of
from bot.store.outbox_due import (
    DEAD,
    EXPIRED,
    IS_OPEN,
    LEASED,
    MERGED,
    OPEN,
    QUEUED,
    SKEW_MS,
    UNREADABLE,
    Clocks,
    due_rows,
    has_its_card,
    lines,
)
from bot.store.schema import outbox
from bot.store.statements import Prepared, Row

UNKNOWN_AGE: Final = timedelta(hours=1)  # assumed for what was queued by a clock that was ahead
_MOMENTS: Final = (outbox.c.due_at, outbox.c.queued_at, outbox.c.lease_until)
_NUMBERS: Final = (*(column.name for column in _MOMENTS), "attempts", "fence", "unsure")


def _next_due() -> Select[Any]:
    """Select when the next effect is due that waits for nothing else, and when the next lease ends."""
    first = outbox.c.id.in_(select(lines().c.first))
    waiting = func.min(outbox.c.due_at).filter(outbox.c.state == QUEUED, first, has_its_card())
    leased = func.min(outbox.c.lease_until).filter(outbox.c.state == LEASED)
    return select(waiting.label("waiting"), leased.label("leased")).where(IS_OPEN)


_LATER: Final = Prepared(
    select(outbox.c.id)
    .where(
        outbox.c.case_id == bindparam("case"),
        outbox.c.merge_key == bindparam("merge_key"),
        outbox.c.id > bindparam("than"),
        outbox.c.state == QUEUED,
    )
    .limit(1)
)
_OF: Final = update(outbox).where(outbox.c.id == bindparam("of"))
_SET: Final = Prepared(_OF)
_SETTLE: Final = Prepared(_OF.where(outbox.c.fence == bindparam("under"), outbox.c.state == LEASED))
_NEXT_DUE: Final = Prepared(_next_due())


@dataclass(frozen=True, slots=True)
class Queued:
    """An effect under lease. `attempts` counts the failed ones; `unsure`: it may have been sent before.

    `effect_id` goes with the message as metadata, so that it can be found again. `effect` is None if the row
    cannot be read. `placed` is the channel and timestamp of the message that it redraws.
    """

    id: int
    effect_id: str
    case: int | None
    conversation: str
    effect: Effect | None
    attempts: int
    unsure: bool
    fence: int
    queued_at: datetime
    placed: tuple[str, str] | None = None
    pace: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """An effect that was not sent: MERGED into a later one, EXPIRED, or DEAD because its row is damaged."""

    id: int
    case: int | None
    state: str
    queued_at: datetime | None


class Leases:
    """The leases of effects within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(
        self,
        clocks: Clocks,
        length: timedelta,
        most: int,
        room: Callable[[str], int] = lambda _: sys.maxsize,
        full: Iterable[str] = (),
    ) -> tuple[list[Queued], list[Ended]]:
        """Lease effects that are due, at most one of each conversation, the most wanted first.

        An effect whose lease ran out is due again, and marked `unsure`: it may have been sent. Of the effects
        that wait for a channel's pace only as many are leased as there is `room`, and none if it is `full`.
        Effects that a later one redraws anyway, that are too old to be of use or that are damaged are not
        leased but ended, and returned second.
        """
        paced: Counter[str] = Counter()
        leased: list[Queued] = []
        ended: list[Ended] = []
        at = clocks.at
        for row in due_rows(self._connection, clocks, most, full):
            if _is_damaged(row):
                ended.append(self._set_aside(row, at))
                continue
            placed = place_of(self._connection, row["case_id"], row["merge_key"])
            state = self._end_of(row, placed, clocks)
            if state is not None:
                self._set(row["id"], state=state, done_at=millis(at), lease_until=0)
                ended.append(Ended(row["id"], number_of(row["case_id"]), state, moment(row["queued_at"])))
            elif row["pace"] is None or paced[row["pace"]] < room(row["pace"]):
                paced[row["pace"]] += 1
                self._lease(row, at, at + length)
                leased.append(_queued(row, placed, clocks))
        return leased, ended

    def set_aside(self, at: datetime) -> list[Ended]:
        """End effects with a damaged moment, which would never be due and would block their lines."""
        damaged = or_(*(not_(column.between(0, LAST)) for column in _MOMENTS))
        rows = self._connection.execute(select(outbox).where(outbox.c.state.in_(OPEN), damaged)).mappings()
        return [self._set_aside(row, at) for row in rows.all()]

    def _set_aside(self, row: Row, at: datetime) -> Ended:
        self._set(row["id"], state=DEAD, done_at=millis(at), lease_until=0, error=UNREADABLE)
        return Ended(row["id"], try_number(row["case_id"]), DEAD, try_moment(row["queued_at"]))

    def _lease(self, row: Row, at: datetime, until: datetime) -> None:
        self._set(
            row["id"],
            state=LEASED,
            set_at=millis(at),
            lease_until=millis(until),
            fence=row["fence"] + 1,
            unsure=int(row["state"] == LEASED or bool(row["unsure"])),
        )

    def _end_of(self, row: Row, placed: tuple[str, str] | None, clocks: Clocks) -> str | None:
        """Return the final state of an effect that need not be sent any more, None if it must be."""
        if row["expires_at"] is not None and row["expires_at"] <= millis(clocks.alive):
            return EXPIRED
        later = {"case": row["case_id"], "merge_key": row["merge_key"], "than": row["id"]}
        # Others may be waiting for a message that was not posted yet. What may have been sent already must
        # be looked for first, or the later effect would post a second message.
        if placed is None or row["state"] == LEASED or row["unsure"]:
            return None
        return MERGED if _LATER.first(self._connection, later) else None

    def next_due(self) -> datetime | None:
        """Return when something may be due next, None if nothing is waiting.

        What waits behind something else is not due before that has ended.
        """
        row = _NEXT_DUE.first(self._connection, {}) or {}
        known = [value for value in map(try_moment, row.values()) if value is not None]
        return min(known, default=None)

    # --- what came of it; each returns whether the lease is still held, and does nothing if it is not

    def close(self, queued: Queued, state: str, at: datetime, error: str | None = None) -> bool:
        """End an effect: SENT, DEAD, MERGED or EXPIRED. A dead one that may have been sent stays unsure."""
        unsure = int(queued.unsure and state == DEAD)
        return self._settle(queued, state=state, done_at=millis(at), error=error, unsure=unsure)

    def try_again(self, queued: Queued, at: datetime, pause: timedelta, error: str, *, unsure: bool) -> bool:
        """Give an effect back, to be retried after a pause; `unsure` if Slack may have done it after all."""
        due: Mapping[str, int] = {"due_at": millis(at + pause), "set_at": millis(at), "unsure": int(unsure)}
        return self._settle(queued, state=QUEUED, attempts=queued.attempts + 1, error=error, **due)

    def give_back(self, queued: Queued, at: datetime, pause: timedelta) -> bool:
        """Give an effect back untried, for after a pause."""
        due = {"due_at": millis(at + pause), "set_at": millis(at), "unsure": int(queued.unsure)}
        return self._settle(queued, state=QUEUED, **due)

    def _settle(self, queued: Queued, **columns: str | int | None) -> bool:
        row = {"of": queued.id, "under": queued.fence, "lease_until": 0, **columns}
        return _SETTLE.count(self._connection, row) == 1

    def _set(self, key: int, **columns: str | int | None) -> None:
        _SET.count(self._connection, {"of": key, **columns})


def _is_damaged(row: Row) -> bool:
    """Tell whether a row cannot be worked with: a SQLite column takes anything."""
    numbers = [row[name] for name in _NUMBERS] + [row[name] or 0 for name in ("case_id", "expires_at")]
    return not all(isinstance(number, int) and 0 <= number <= LAST for number in numbers)


def _queued(row: Row, placed: tuple[str, str] | None, clocks: Clocks) -> Queued:
    """Return an effect as its new lease has it."""
    return Queued(
        id=row["id"],
        effect_id=row["effect_id"],
        case=number_of(row["case_id"]),
        conversation=row["conversation"],
        effect=EFFECT.try_load(row["effect"]),
        attempts=row["attempts"],
        unsure=row["state"] == LEASED or bool(row["unsure"]),
        fence=row["fence"] + 1,
        queued_at=_since(moment(row["queued_at"]), clocks),
        placed=placed,
        pace=row["pace"],
    )


def _since(queued_at: datetime, clocks: Clocks) -> datetime:
    """Return since when an effect may have been sent, whichever of the clocks queued it."""
    if queued_at > clocks.latest + timedelta(milliseconds=SKEW_MS):
        return clocks.alive - UNKNOWN_AGE
    return queued_at - (clocks.latest - clocks.alive)
