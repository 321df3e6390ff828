"""Which effects of the outbox are due, and the states that they can be in.

The statements are built once: building one costs more than running it. A value that is always the same is
written into the text: a list of parameters is expanded anew at each execution.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from bot.store.coding import millis
from bot.store.schema import outbox
from bot.store.statements import Prepared, Row, one_of

QUEUED: Final = "queued"
LEASED: Final = "leased"
SENT: Final = "sent"
DEAD: Final = "dead"
MERGED: Final = "merged"
EXPIRED: Final = "expired"
DROPPED: Final = "dropped"
UNREADABLE: Final = "unreadable"  # the error of an effect whose row is damaged
OPEN: Final = (QUEUED, LEASED)
# Kinds of merge keys: for redrawing a message in the DM, the card, or an entry in its thread.
UPDATE: Final = "update"
DRAWN: Final = "card"
ENTRY: Final = "entry"
APART: Final = (DRAWN, ENTRY)  # once the message is posted, redrawing it waits for nothing else
AGENTS: Final = "agents"  # the pace of their channel; the line of each case is named by this and its number
FILES: Final = "files"  # the pace of files: one at a time in each process
LISTS: Final = "lists"  # the pace of order lists: two at a time in each process

SKEW_MS: Final = 30_000  # how far the clocks of two machines may differ
LEASING: Final = 0x6C656173  # "leas": the space of PostgreSQL's locks on conversations


@dataclass(frozen=True, slots=True)
class Clocks:
    """The moment, and what it may be by the clocks that were trusted lately, this machine's own among them.

    `earliest` and `latest` are for leases, `alive` is for the age of effects; `sure` means that an effect may
    be found too old.
    """

    at: datetime
    earliest: datetime
    latest: datetime
    alive: datetime
    sure: bool = True

    @classmethod
    def only(cls, at: datetime) -> Clocks:
        """Return the clocks if there is one that was never wrong."""
        return cls(at, at, at, at)


_OPEN: Final[list[ColumnElement[str]]] = [literal_column(f"'{state}'") for state in OPEN]
IS_OPEN: Final = outbox.c.state.in_(_OPEN)


def lines() -> Subquery:
    """Select what comes first in each line, and when the line is wanted. Rows that were sent are not read."""
    first, wanted = func.min(outbox.c.id).label("first"), func.min(outbox.c.wanted_at).label("wanted")
    open_rows = select(first, wanted).where(IS_OPEN)
    return open_rows.group_by(outbox.c.conversation).subquery("line")


def has_its_card() -> ColumnElement[bool]:
    """Select all effects except those for the thread of a card that is still to be posted or redrawn."""
    card = outbox.alias("card")
    redrawn = (card.c.case_id == outbox.c.case_id) & (card.c.merge_key.startswith(f"{DRAWN}:"))
    before = exists().where(redrawn, card.c.state.in_(_OPEN), card.c.id < outbox.c.id)
    return or_(outbox.c.pace.is_(None), not_(one_of(outbox.c.pace, (AGENTS, FILES))), not_(before))


def _has_come(moment: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Select moments that have come by a clock, or that were set in that clock's future."""
    by = bindparam(name, type_=BigInteger)
    return or_(moment <= by, outbox.c.set_at > by + SKEW_MS)


def _due() -> Select[Any]:
    """Select what may be leased.

    A lease is over when it is over by each clock that may have set it. If the clock is not sure, what seems
    too old is left for later. Two effects that are queued at once may be committed in the other order.
    """
    line = lines()
    ended = and_(_has_come(outbox.c.lease_until, "earliest"), _has_come(outbox.c.lease_until, "latest"))
    free = or_(
        and_(outbox.c.state == QUEUED, _has_come(outbox.c.due_at, "now")),
        and_(outbox.c.state == LEASED, ended),
    )
    of_use = or_(
        outbox.c.expires_at.is_(None),
        outbox.c.expires_at > bindparam("alive", type_=BigInteger),
        outbox.c.expires_at <= bindparam("gone", type_=BigInteger),
    )
    under_way = select(outbox.c.conversation).where(outbox.c.state == LEASED, not_(ended))
    chosen = select(outbox).join(line, outbox.c.id == line.c.first)
    chosen = chosen.where(free, of_use, outbox.c.conversation.not_in(under_way), has_its_card())
    return chosen.order_by(line.c.wanted, outbox.c.id).limit(bindparam("most"))


@dataclass(frozen=True)
class _Query:
    """The statements that find what is due: one on SQLite, two on PostgreSQL."""

    held: Select[Any]
    on_sqlite: Prepared
    free_lines: Select[Any]
    of_lines: Select[Any]

    @classmethod
    def made(cls, due: Select[Any]) -> _Query:
        line = due.subquery().c.conversation
        free = select(line).where(func.pg_try_advisory_xact_lock(LEASING, func.hashtext(line)))
        of_lines = due.where(outbox.c.conversation.in_(bindparam("lines", expanding=True)))
        return cls(_locked(due), Prepared(due), free, _locked(of_lines))


def _locked(query: Select[Any]) -> Select[Any]:
    return query.with_for_update(skip_locked=True, of=outbox)


_NOT_FULL: Final = or_(outbox.c.pace.is_(None), outbox.c.pace.not_in(bindparam("full", expanding=True)))
_ALL_DUE: Final = _Query.made(_due())
_DUE_BESIDES: Final = _Query.made(_due().where(_NOT_FULL))  # rarely is any full


def due_rows(connection: Connection, clocks: Clocks, most: int, full: Iterable[str]) -> Sequence[Row]:
    """Return what is due, in the conversations in which nobody else is leasing just now.

    On PostgreSQL a lock on rows would not be enough: a process that did not wait still sees a conversation as
    it was before another's lease. It takes its own lock first, until the end; the next statement then sees
    the lease.
    """
    wanted: dict[str, Any] = {
        "now": millis(clocks.at),
        "earliest": millis(clocks.earliest),
        "latest": millis(clocks.latest),
        "alive": millis(clocks.alive),
        "gone": millis(clocks.alive) if clocks.sure else 0,
        "most": most,
        "full": [*full],
    }
    due = _DUE_BESIDES if wanted["full"] else _ALL_DUE
    if connection.dialect.name != "postgresql":
        if not wanted["full"]:
            return due.on_sqlite.all(connection, wanted)
        return [*connection.execute(due.held, wanted).mappings()]
    lines = [*connection.scalars(due.free_lines, wanted)]
    if not lines:
        return []
    return [*connection.execute(due.of_lines, {**wanted, "lines": lines}).mappings()]
