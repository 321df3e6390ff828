"""The rows of the outbox: what is to be sent, who may send it now, and what came of it.

A lease is the right to send one effect until a moment; its fence is a number that grows with every lease of
the effect. Whoever lost a lease finds another fence there and can write nothing down.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.conversation.effects import Effect
from bot.store.coding import EFFECT
from bot.store.numbers import SHELF, key_of, millis, moment, number_of
from bot.store.schema import messages, outbox

QUEUED: Final = "queued"
LEASED: Final = "leased"
SENT: Final = "sent"
DEAD: Final = "dead"
MERGED: Final = "merged"
EXPIRED: Final = "expired"
DROPPED: Final = "dropped"
OPEN: Final = (QUEUED, LEASED)
UPDATE: Final = "update"
ENTRY: Final = "entry"
REDRAWS: Final = (UPDATE, ENTRY)  # the kinds of merge keys of what redraws a message that stands
LEASING: Final = 0x6C656173  # "leas": the space of PostgreSQL's locks on conversations

# --- What is asked all the time. Made once: to build such a statement costs more than to run it.


def _is_first() -> ColumnElement[bool]:
    """Hold of what stands before all else in its conversation. Of the rows that were sent none is read."""
    waiting = select(func.min(outbox.c.id)).where(outbox.c.state.in_(OPEN))
    return outbox.c.id.in_(waiting.group_by(outbox.c.conversation))


def _due() -> Select[Any]:
    """Select what may be leased; two that were queued at once may be committed in the other order."""
    now = bindparam("now", type_=BigInteger)
    free = or_(
        and_(outbox.c.state == QUEUED, outbox.c.due_at <= now),
        and_(outbox.c.state == LEASED, outbox.c.lease_until <= now),
    )
    under_way = select(outbox.c.conversation).where(outbox.c.state == LEASED, outbox.c.lease_until > now)
    chosen = select(outbox).where(free, _is_first(), outbox.c.conversation.not_in(under_way))
    free_line = outbox.c.conversation.not_in(bindparam("held", expanding=True))
    redraws = (outbox.c.merge_key.startswith(f"{kind}:") for kind in REDRAWS)
    return chosen.where(or_(free_line, *redraws)).order_by(outbox.c.id).limit(bindparam("most"))


_QUEUE: Final = insert(outbox)
_DUE: Final = _due()
_DUE_HELD: Final = _DUE.with_for_update(skip_locked=True)
_LINE: Final = _DUE.subquery().c.conversation
_FREE_LINES: Final = select(_LINE).where(func.pg_try_advisory_xact_lock(LEASING, func.hashtext(_LINE)))
_DUE_OF_LINES: Final = _DUE.where(
    outbox.c.conversation.in_(bindparam("lines", expanding=True))
).with_for_update(skip_locked=True)
_LATER: Final = (
    select(outbox.c.id)
    .where(
        outbox.c.case_id == bindparam("case"),
        outbox.c.merge_key == bindparam("merge_key"),
        outbox.c.id > bindparam("than"),
        outbox.c.state == QUEUED,
    )
    .limit(1)
)
_PLACED: Final = select(messages.c.channel, messages.c.ts).where(
    messages.c.case_id == bindparam("case"), messages.c.slot == bindparam("slot")
)
_SET: Final = update(outbox).where(outbox.c.id == bindparam("of"))
_SETTLE: Final = _SET.where(outbox.c.fence == bindparam("under"), outbox.c.state == LEASED)


@dataclass(frozen=True, slots=True)
class Order:
    """An effect to be queued: behind what waits for its conversation.

    `merge_key` is what it redraws: a kind and, after a colon, the slot of the message. A later one of the
    same case and key takes its place while it waits. `lives`: after that it is worth nothing any more; None
    for what must arrive however late.
    """

    conversation: str
    effect: Effect
    case: int | None = None
    merge_key: str | None = None
    lives: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """An effect under lease. `attempts` counts the failed ones; `unsure`: it may have been sent before.

    `effect_id` goes with the message as metadata, so that it can be found again. `effect` is None where the
    row cannot be read. `placed`: where the message stands that it redraws, channel and timestamp.
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


@dataclass(frozen=True, slots=True)
class Ended:
    """An effect that was not sent: MERGED into a later one, or EXPIRED."""

    id: int
    case: int | None
    state: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """An effect as an operator sees it: what and where to, not what it says."""

    id: int
    case: int | None
    kind: str
    state: str
    attempts: int
    queued_at: datetime
    error: str | None


class Outbox:
    """The outbox within one transaction; `has_queued`: something is to be sent once it is committed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_queued = False

    def queue(self, order: Order, at: datetime) -> int:
        """Queue an effect; it is sent once this transaction is committed."""
        self.has_queued = True
        row = {
            "case_id": None if order.case is None else order.case - SHELF,
            "conversation": order.conversation,
            "effect": EFFECT.dump(order.effect),
            "effect_id": uuid.uuid4().hex,
            "merge_key": order.merge_key,
            "state": QUEUED,
            "attempts": 0,
            "due_at": millis(at),
            "queued_at": millis(at),
            "expires_at": millis(at + order.lives) if order.lives is not None else None,
        }
        return key_of(self._connection.execute(_QUEUE, row).inserted_primary_key)

    def lease(
        self, at: datetime, length: timedelta, most: int, held: Iterable[str] = ()
    ) -> tuple[list[Queued], list[Ended]]:
        """Lease effects that are due, oldest first, at most one of each conversation.

        An effect whose lease ran out without a word is due again, and marked `unsure`: who held it may have
        sent it. Of the conversations `held` only what redraws a message is leased. What a later effect
        redraws anyway, and what is too old to be of use, is not leased but ended, and returned second.
        """
        leased: list[Queued] = []
        ended: list[Ended] = []
        for row in self._due(at, most, held):
            placed = self._placed(row)
            state = self._end_of(row, placed, at)
            if state is None:
                self._lease(row, at + length)
                leased.append(_queued(row, placed))
            else:
                self._set(row["id"], state=state, done_at=millis(at), lease_until=0)
                ended.append(Ended(row["id"], number_of(row["case_id"]), state, moment(row["queued_at"])))
        return leased, ended

    def _due(self, at: datetime, most: int, held: Iterable[str]) -> Sequence[RowMapping]:
        """Return what is due, of the conversations in which nobody else is leasing just now.

        On PostgreSQL a row's lock alone would not do: who waited for nothing still sees a conversation as it
        was before the other one's lease. After its own lock, which is held until the end, the next statement
        sees it.
        """
        wanted: dict[str, Any] = {"now": millis(at), "most": most, "held": [*held]}
        if self._connection.dialect.name != "postgresql":
            return self._connection.execute(_DUE_HELD, wanted).mappings().all()
        lines = [*self._connection.scalars(_FREE_LINES, wanted)]
        if not lines:
            return []
        return self._connection.execute(_DUE_OF_LINES, {**wanted, "lines": lines}).mappings().all()

    def _lease(self, row: RowMapping, until: datetime) -> None:
        self._set(
            row["id"],
            state=LEASED,
            lease_until=millis(until),
            fence=row["fence"] + 1,
            unsure=int(row["state"] == LEASED or bool(row["unsure"])),
        )

    def _end_of(self, row: RowMapping, placed: tuple[str, str] | None, at: datetime) -> str | None:
        """Return how an effect ends that need not be sent any more."""
        if row["expires_at"] is not None and row["expires_at"] <= millis(at):
            return EXPIRED
        later = {"case": row["case_id"], "merge_key": row["merge_key"], "than": row["id"]}
        # Others may wait behind the first of a message that does not stand yet. And what may have been sent
        # already is looked for first: else the later one posts a second message.
        if placed is None or row["state"] == LEASED or row["unsure"]:
            return None
        return MERGED if self._connection.execute(_LATER, later).first() else None

    def _placed(self, row: RowMapping) -> tuple[str, str] | None:
        """Return where the message stands that an effect redraws, None where it redraws none that stands."""
        if row["merge_key"] is None or row["case_id"] is None:
            return None
        slot = str(row["merge_key"]).partition(":")[2]
        found = self._connection.execute(_PLACED, {"case": row["case_id"], "slot": slot}).first()
        return (found.channel, found.ts) if found is not None else None

    def next_due(self) -> datetime | None:
        """Return when something may be due next, None where nothing waits.

        What stands behind something else is not due before that has come to its end.
        """
        waiting = func.min(outbox.c.due_at).filter(outbox.c.state == QUEUED, _is_first())
        leased = func.min(outbox.c.lease_until).filter(outbox.c.state == LEASED)
        row = self._connection.execute(select(waiting, leased).where(outbox.c.state.in_(OPEN))).one()
        known = [value for value in row if value is not None]
        return moment(min(known)) if known else None

    # --- what came of it; each returns whether the lease was still held, and does nothing where not

    def close(self, queued: Queued, state: str, at: datetime, error: str | None = None) -> bool:
        """End an effect: SENT, DEAD, MERGED or EXPIRED. A dead one that may have been sent stays unsure."""
        unsure = int(queued.unsure and state == DEAD)
        return self._settle(queued, state=state, done_at=millis(at), error=error, unsure=unsure)

    def again(self, queued: Queued, due: datetime, error: str, *, unsure: bool) -> bool:
        """Give an effect back, to be tried again; `unsure` where Slack may have done it after all."""
        attempts = queued.attempts + 1
        return self._settle(
            queued, state=QUEUED, attempts=attempts, due_at=millis(due), error=error, unsure=int(unsure)
        )

    def give_back(self, queued: Queued, due: datetime) -> bool:
        """Give an effect back that was not tried."""
        return self._settle(queued, state=QUEUED, due_at=millis(due), unsure=int(queued.unsure))

    def forget(self, before: datetime, most: int) -> int:
        """Forget some effects that were sent, merged or dropped before a moment.

        Returns how many, 0 once there are no more.
        """
        done = outbox.c.state.in_((SENT, MERGED, DROPPED)) & (outbox.c.done_at < millis(before))
        free = select(outbox.c.id).where(done).limit(most).with_for_update(skip_locked=True)
        return self._connection.execute(delete(outbox).where(outbox.c.id.in_(free))).rowcount

    # --- the operator

    def letters(self, states: Iterable[str], most: int) -> list[Letter]:
        """Return effects in these states, the latest first."""
        chosen = select(outbox).where(outbox.c.state.in_([*states])).order_by(outbox.c.id.desc()).limit(most)
        return [_letter(row) for row in self._connection.execute(chosen).mappings()]

    def retry(self, key: int, at: datetime) -> bool:
        """Queue a dead or expired effect again; returns whether there was one of that number."""
        again = {"state": QUEUED, "attempts": 0, "due_at": millis(at), "expires_at": None, "error": None}
        return self._move(key, (DEAD, EXPIRED), again)

    def drop(self, key: int, at: datetime) -> bool:
        """Give an effect up for good; returns whether there was one of that number to give up."""
        return self._move(key, (DEAD, EXPIRED, QUEUED), {"state": DROPPED, "done_at": millis(at)})

    def _move(self, key: int, states: tuple[str, ...], columns: dict[str, Any]) -> bool:
        mine = update(outbox).where(outbox.c.id == key, outbox.c.state.in_(states))
        return self._connection.execute(mine.values(columns)).rowcount == 1

    def _settle(self, queued: Queued, **columns: str | int | None) -> bool:
        row = {"of": queued.id, "under": queued.fence, "lease_until": 0, **columns}
        return self._connection.execute(_SETTLE, row).rowcount == 1

    def _set(self, key: int, **columns: str | int | None) -> None:
        self._connection.execute(_SET, {"of": key, **columns})


def _queued(row: RowMapping, placed: tuple[str, str] | None) -> Queued:
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
        queued_at=moment(row["queued_at"]),
        placed=placed,
    )


def _letter(row: RowMapping) -> Letter:
    effect = EFFECT.try_load(row["effect"])
    return Letter(
        id=row["id"],
        case=number_of(row["case_id"]),
        kind=effect.kind if effect is not None else "unreadable",
        state=row["state"],
        attempts=row["attempts"],
        queued_at=moment(row["queued_at"]),
        error=row["error"],
    )
