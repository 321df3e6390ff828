"""The outbox: effects are queued in the transaction that wants them sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    String,
    bindparam,
    case,
    delete,
    insert,
    select,
    update,
)

from bot.conversation.effects import Effect
from bot.store.coding import EFFECT, SHELF, millis
from bot.store.outbox_due import APART, DROPPED, IS_OPEN, LEASED, MERGED, QUEUED, SENT
from bot.store.schema import messages, outbox
from bot.store.statements import Prepared, one_of


def _expiry() -> ColumnElement[int]:
    """Return until when an effect is of use that is queued at `since` and `lives` for some milliseconds.

    The clock may have been set back: an effect counts as queued no earlier than the one before it.
    """
    since, lives = bindparam("since", type_=BigInteger), bindparam("lives", type_=BigInteger)
    before = select(outbox.c.queued_at).order_by(outbox.c.id.desc()).limit(1).scalar_subquery()
    return case((before > since, before), else_=since) + lives


_QUEUE: Final = Prepared(insert(outbox))
_QUEUE_FOR_A_WHILE: Final = Prepared(insert(outbox).values(expires_at=_expiry()))
_PLACED: Final = Prepared(
    select(messages.c.channel, messages.c.ts).where(
        messages.c.case_id == bindparam("case"), messages.c.slot == bindparam("slot")
    )
)
_TOLD: Final = Prepared(
    select(outbox.c.id).where(
        outbox.c.case_id == bindparam("case"),
        outbox.c.merge_key == bindparam("merge_key"),
        outbox.c.queued_at > bindparam("since"),
        one_of(outbox.c.state, (QUEUED, LEASED, SENT)),
    )
)
_STANDS: Final = Prepared(
    update(outbox)
    .where(
        outbox.c.case_id == bindparam("of"),
        outbox.c.merge_key.in_([bindparam(f"{kind}_key") for kind in APART]),
        IS_OPEN,
    )
    .values(conversation=bindparam("line", type_=String) + outbox.c.merge_key, pace=None)
)


@dataclass(frozen=True, slots=True)
class Order:
    """An effect to be queued, behind what is waiting in its conversation.

    `merge_key` is what it redraws: a kind and, after a colon, the slot of the message. While it waits, a
    later one of the same case and key replaces it. `lives` is how long it is of use, None if it must arrive
    however late. `pace` is the channel whose pace it waits for, None if it waits for none; `patience` is how
    much longer than others of that channel it may wait. `once`: do not queue it if one of the same case and
    key was queued so recently.
    """

    conversation: str
    effect: Effect
    case: int | None = None
    merge_key: str | None = None
    lives: timedelta | None = None
    pace: str | None = None
    patience: timedelta = timedelta()
    once: timedelta | None = None


class Outbox:
    """The outbox within one transaction; `has_queued`: there is something to send once it is committed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_queued = False

    def queue(self, order: Order, at: datetime) -> int:
        """Queue an effect; it is sent once this transaction is committed. Returns the row's number."""
        case = None if order.case is None else order.case - SHELF
        if order.once is not None and (told := self._told(order, case, at)) is not None:
            return told
        self.has_queued = True
        stands = order.merge_key is not None and _kind(order.merge_key) in APART
        stands = stands and place_of(self._connection, case, order.merge_key) is not None
        row: dict[str, Any] = {
            "case_id": case,
            "conversation": _own_line(case, order.merge_key) if stands else order.conversation,
            "effect": EFFECT.dump(order.effect),
            "effect_id": uuid.uuid4().hex,
            "merge_key": order.merge_key,
            "pace": None if stands else order.pace,
            "state": QUEUED,
            "attempts": 0,
            "due_at": millis(at),
            "queued_at": millis(at),
            "wanted_at": millis(at if stands else at + order.patience),
            "set_at": millis(at),
        }
        if order.lives is None:
            return _QUEUE.key(self._connection, row)
        row |= {"since": millis(at), "lives": order.lives // timedelta(milliseconds=1)}
        return _QUEUE_FOR_A_WHILE.key(self._connection, row)

    def _told(self, order: Order, case: int | None, at: datetime) -> int | None:
        since = millis(at - (order.once or timedelta()))
        told = {"case": case, "merge_key": order.merge_key, "since": since}
        found: int | None = _TOLD.scalar(self._connection, told)
        return found

    def note_posted(self, case: int, slot: str) -> None:
        """Note that a message has been posted: effects that redraw it no longer wait for anything else."""
        keys = {f"{kind}_key": f"{kind}:{slot}" for kind in APART}
        _STANDS.count(self._connection, {"of": case, "line": _own_line(case, ""), **keys})

    def forget(self, before: datetime, most: int) -> int:
        """Delete some effects that were sent, merged or dropped before a moment.

        Returns how many, 0 once there are no more.
        """
        done = outbox.c.state.in_((SENT, MERGED, DROPPED)) & (outbox.c.done_at < millis(before))
        free = select(outbox.c.id).where(done).limit(most).with_for_update(skip_locked=True)
        return self._connection.execute(delete(outbox).where(outbox.c.id.in_(free))).rowcount


def _kind(merge_key: str) -> str:
    return merge_key.partition(":")[0]


def _own_line(case: int | None, merge_key: str | None) -> str:
    """Return the line of the effects that redraw one posted message."""
    return f"redraw:{case}:{merge_key}"


def place_of(connection: Connection, case_id: int | None, merge_key: str | None) -> tuple[str, str] | None:
    """Return where the message is that an effect redraws, None if it redraws none that was posted."""
    if merge_key is None or case_id is None:
        return None
    slot = merge_key.partition(":")[2]
    found = _PLACED.first(connection, {"case": case_id, "slot": slot})
    return (found["channel"], found["ts"]) if found is not None else None
