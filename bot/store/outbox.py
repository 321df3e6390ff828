"""The rows of the outbox: what is to be sent, who may send it now, and what came of it.

A lease is the right to send one effect until a moment; its fence is a number that grows with every lease of
the effect. Whoever lost a lease finds another fence there and can write nothing down.
"""

from __future__ import annotations

import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from bot.conversation.effects import Effect
from bot.store.coding import EFFECT
from bot.store.numbers import LAST, SHELF, key_of, millis, moment, number_of, try_moment
from bot.store.schema import messages, outbox

QUEUED: Final = "queued"
LEASED: Final = "leased"
SENT: Final = "sent"
DEAD: Final = "dead"
MERGED: Final = "merged"
EXPIRED: Final = "expired"
DROPPED: Final = "dropped"
UNREADABLE: Final = "unreadable"  # why an effect is dead whose row is damaged
OPEN: Final = (QUEUED, LEASED)
# The kinds of merge keys: of what redraws a message of the DM, the card, an entry in its thread.
UPDATE: Final = "update"
DRAWN: Final = "card"
ENTRY: Final = "entry"
APART: Final = (DRAWN, ENTRY)  # once the message stands, its redrawing waits for nothing else
AGENTS: Final = (
    "agents"  # the pace of their channel; each case has a line there, named by this and its number
)
FILES: Final = "files"  # the pace of files: one at a time in each process
LISTS: Final = "lists"  # the pace of order lists: two at a time in each process
UNKNOWN_AGE: Final = timedelta(hours=1)  # at most, of what a clock queued that was ahead
SKEW_MS: Final = 30_000  # by so much the clocks of two machines may differ
LEASING: Final = 0x6C656173  # "leas": the space of PostgreSQL's locks on conversations
_MOMENTS: Final = (outbox.c.due_at, outbox.c.queued_at, outbox.c.lease_until)
_NUMBERS: Final = (*(column.name for column in _MOMENTS), "attempts", "fence", "unsure")


def _expiry() -> ColumnElement[int]:
    """Return until when an effect is of use that is queued at `since` and `lives` so many milliseconds.

    One that was queued before it was so no later, whatever the clock says that may be behind by now.
    """
    since, lives = bindparam("since", type_=BigInteger), bindparam("lives", type_=BigInteger)
    before = select(outbox.c.queued_at).order_by(outbox.c.id.desc()).limit(1).scalar_subquery()
    return case((before > since, before), else_=since) + lives


# --- What is asked all the time. Made once: to build such a statement costs more than to run it. What is
# always the same stands in its text: a list of values is spelled out anew each time.

_OPEN: Final[list[ColumnElement[str]]] = [literal_column(f"'{state}'") for state in OPEN]
_IS_OPEN: Final = outbox.c.state.in_(_OPEN)


def _lines() -> Subquery:
    """Select what stands first in each line, and when the line is wanted. Of what was sent none is read."""
    first, wanted = func.min(outbox.c.id).label("first"), func.min(outbox.c.wanted_at).label("wanted")
    open_rows = select(first, wanted).where(_IS_OPEN)
    return open_rows.group_by(outbox.c.conversation).subquery("line")


def _has_its_card() -> ColumnElement[bool]:
    """Hold of all but what goes into the thread of a card that is still to be redrawn, or posted anew."""
    card = outbox.alias("card")
    redrawn = (card.c.case_id == outbox.c.case_id) & (card.c.merge_key.startswith(f"{DRAWN}:"))
    before = exists().where(redrawn, card.c.state.in_(_OPEN), card.c.id < outbox.c.id)
    return or_(outbox.c.pace.is_(None), outbox.c.pace.not_in((AGENTS, FILES)), not_(before))


def _has_come(moment: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Hold where a moment has come by a clock; one that was set in that clock's future says nothing."""
    by = bindparam(name, type_=BigInteger)
    return or_(moment <= by, outbox.c.set_at > by + SKEW_MS)


def _due() -> Select[Any]:
    """Select what may be leased; two that were queued at once may be committed in the other order.

    A lease is over when it is by each of the clocks that it may have been set by. What seems to be too old by
    a clock that is not sure of itself is left for later.
    """
    line = _lines()
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
    chosen = chosen.where(free, of_use, outbox.c.conversation.not_in(under_way), _has_its_card())
    return chosen.order_by(line.c.wanted, outbox.c.id).limit(bindparam("most"))


_QUEUE: Final = insert(outbox)
_QUEUE_FOR_A_WHILE: Final = insert(outbox).values(expires_at=_expiry())


@dataclass(frozen=True)
class _Due:
    """What asks for what is due, on SQLite and in two steps on PostgreSQL."""

    held: Select[Any]
    free_lines: Select[Any]
    of_lines: Select[Any]

    @classmethod
    def made(cls, due: Select[Any]) -> _Due:
        line = due.subquery().c.conversation
        free = select(line).where(func.pg_try_advisory_xact_lock(LEASING, func.hashtext(line)))
        of_lines = due.where(outbox.c.conversation.in_(bindparam("lines", expanding=True)))
        return cls(_locked(due), free, _locked(of_lines))


def _locked(query: Select[Any]) -> Select[Any]:
    return query.with_for_update(skip_locked=True, of=outbox)


_NOT_FULL: Final = or_(outbox.c.pace.is_(None), outbox.c.pace.not_in(bindparam("full", expanding=True)))
_ALL_DUE: Final = _Due.made(_due())
_DUE_BESIDES: Final = _Due.made(_due().where(_NOT_FULL))  # seldom is any full
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
_TOLD: Final = select(outbox.c.id).where(
    outbox.c.case_id == bindparam("case"),
    outbox.c.merge_key == bindparam("merge_key"),
    outbox.c.queued_at > bindparam("since"),
    outbox.c.state.in_((QUEUED, LEASED, SENT)),
)
_SET: Final = update(outbox).where(outbox.c.id == bindparam("of"))
_STANDS: Final = (
    update(outbox)
    .where(
        outbox.c.case_id == bindparam("of"),
        outbox.c.merge_key.in_([bindparam(f"{kind}_key") for kind in APART]),
        _IS_OPEN,
    )
    .values(conversation=bindparam("line", type_=String) + outbox.c.merge_key, pace=None)
)
_SETTLE: Final = _SET.where(outbox.c.fence == bindparam("under"), outbox.c.state == LEASED)


@dataclass(frozen=True, slots=True)
class Order:
    """An effect to be queued: behind what waits for its conversation.

    `merge_key` is what it redraws: a kind and, after a colon, the slot of the message. A later one of the
    same case and key takes its place while it waits. `lives`: after that it is worth nothing any more; None
    for what must arrive however late. `pace` is the channel whose pace it waits for, None where it waits for
    none; `patience`, how much longer than others of that channel. `once`: it is not queued where one of the
    same case and key was so short a time ago.
    """

    conversation: str
    effect: Effect
    case: int | None = None
    merge_key: str | None = None
    lives: timedelta | None = None
    pace: str | None = None
    patience: timedelta = timedelta()
    once: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The moment, and what it may be by clocks that were gone by lately, the machine's own among them.

    `earliest` and `latest` count for leases, `alive` for how old an effect is; `sure`: it may be too old.
    """

    at: datetime
    earliest: datetime
    latest: datetime
    alive: datetime
    sure: bool = True

    @classmethod
    def only(cls, at: datetime) -> Clocks:
        """Return the clocks where there is one that was never wrong."""
        return cls(at, at, at, at)


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
    pace: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """An effect that was not sent: MERGED into a later one, EXPIRED, or DEAD since its row is damaged."""

    id: int
    case: int | None
    state: str
    queued_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """An effect as an operator sees it: what and where to, not what it says."""

    id: int
    case: int | None
    kind: str
    state: str
    attempts: int
    queued_at: datetime | None
    error: str | None


class Outbox:
    """The outbox within one transaction; `has_queued`: something is to be sent once it is committed."""

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
        stands = stands and self._where(case, order.merge_key) is not None
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
            return key_of(self._connection.execute(_QUEUE, row).inserted_primary_key)
        row |= {"since": millis(at), "lives": order.lives // timedelta(milliseconds=1)}
        return key_of(self._connection.execute(_QUEUE_FOR_A_WHILE, row).inserted_primary_key)

    def _told(self, order: Order, case: int | None, at: datetime) -> int | None:
        since = millis(at - (order.once or timedelta()))
        told = {"case": case, "merge_key": order.merge_key, "since": since}
        return self._connection.execute(_TOLD, told).scalar()

    def stands(self, case: int, slot: str) -> None:
        """Take note that a message stands: what waits to redraw it waits for nothing else any more."""
        keys = {f"{kind}_key": f"{kind}:{slot}" for kind in APART}
        self._connection.execute(_STANDS, {"of": case, "line": _own_line(case, ""), **keys})

    def lease(
        self,
        clocks: Clocks,
        length: timedelta,
        most: int,
        room: Callable[[str], int] = lambda _: sys.maxsize,
        full: Iterable[str] = (),
    ) -> tuple[list[Queued], list[Ended]]:
        """Lease effects that are due, at most one of each conversation, those that are wanted first.

        An effect whose lease ran out without a word is due again, and marked `unsure`: who held it may have
        sent it. Of what waits for the pace of a channel only so much is leased as there is `room`: none where
        it is `full`. What a later effect redraws anyway, what is too old to be of use and what is damaged is
        not leased but ended, and returned second.
        """
        paced: Counter[str] = Counter()
        leased: list[Queued] = []
        ended: list[Ended] = []
        at = clocks.at
        for row in self._due(clocks, most, full):
            if _is_damaged(row):
                ended.append(self._set_aside(row, at))
                continue
            placed = self._placed(row)
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
        """End what would never be due, and hold up its line for ever, since its moments are damaged."""
        damaged = or_(*(not_(column.between(0, LAST)) for column in _MOMENTS))
        rows = self._connection.execute(select(outbox).where(outbox.c.state.in_(OPEN), damaged)).mappings()
        return [self._set_aside(row, at) for row in rows.all()]

    def _set_aside(self, row: RowMapping, at: datetime) -> Ended:
        self._set(row["id"], state=DEAD, done_at=millis(at), lease_until=0, error=UNREADABLE)
        return Ended(row["id"], _case_of(row), DEAD, try_moment(row["queued_at"]))

    def _due(self, clocks: Clocks, most: int, full: Iterable[str]) -> Sequence[RowMapping]:
        """Return what is due, of the conversations in which nobody else is leasing just now.

        On PostgreSQL a row's lock alone would not do: who waited for nothing still sees a conversation as it
        was before the other one's lease. After its own lock, which is held until the end, the next statement
        sees it.
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
        if self._connection.dialect.name != "postgresql":
            return self._connection.execute(due.held, wanted).mappings().all()
        lines = [*self._connection.scalars(due.free_lines, wanted)]
        if not lines:
            return []
        return self._connection.execute(due.of_lines, {**wanted, "lines": lines}).mappings().all()

    def _lease(self, row: RowMapping, at: datetime, until: datetime) -> None:
        self._set(
            row["id"],
            state=LEASED,
            set_at=millis(at),
            lease_until=millis(until),
            fence=row["fence"] + 1,
            unsure=int(row["state"] == LEASED or bool(row["unsure"])),
        )

    def _end_of(self, row: RowMapping, placed: tuple[str, str] | None, clocks: Clocks) -> str | None:
        """Return how an effect ends that need not be sent any more."""
        if row["expires_at"] is not None and row["expires_at"] <= millis(clocks.alive):
            return EXPIRED
        later = {"case": row["case_id"], "merge_key": row["merge_key"], "than": row["id"]}
        # Others may wait behind the first of a message that does not stand yet. And what may have been sent
        # already is looked for first: else the later one posts a second message.
        if placed is None or row["state"] == LEASED or row["unsure"]:
            return None
        return MERGED if self._connection.execute(_LATER, later).first() else None

    def _placed(self, row: RowMapping) -> tuple[str, str] | None:
        """Return where the message stands that an effect redraws, None where it redraws none that stands."""
        return self._where(row["case_id"], row["merge_key"])

    def _where(self, case: int | None, merge_key: str | None) -> tuple[str, str] | None:
        if merge_key is None or case is None:
            return None
        slot = merge_key.partition(":")[2]
        found = self._connection.execute(_PLACED, {"case": case, "slot": slot}).first()
        return (found.channel, found.ts) if found is not None else None

    def next_due(self) -> datetime | None:
        """Return when something may be due next, None where nothing waits.

        What stands behind something else is not due before that has come to its end.
        """
        first = outbox.c.id.in_(select(_lines().c.first))
        waiting = func.min(outbox.c.due_at).filter(outbox.c.state == QUEUED, first, _has_its_card())
        leased = func.min(outbox.c.lease_until).filter(outbox.c.state == LEASED)
        row = self._connection.execute(select(waiting, leased).where(outbox.c.state.in_(OPEN))).one()
        known = [value for value in map(try_moment, row) if value is not None]
        return min(known, default=None)

    # --- what came of it; each returns whether the lease was still held, and does nothing where not

    def close(self, queued: Queued, state: str, at: datetime, error: str | None = None) -> bool:
        """End an effect: SENT, DEAD, MERGED or EXPIRED. A dead one that may have been sent stays unsure."""
        unsure = int(queued.unsure and state == DEAD)
        return self._settle(queued, state=state, done_at=millis(at), error=error, unsure=unsure)

    def again(self, queued: Queued, at: datetime, pause: timedelta, error: str, *, unsure: bool) -> bool:
        """Give an effect back, to be tried after a pause; `unsure` where Slack may have done it after all."""
        due: Mapping[str, int] = {"due_at": millis(at + pause), "set_at": millis(at), "unsure": int(unsure)}
        return self._settle(queued, state=QUEUED, attempts=queued.attempts + 1, error=error, **due)

    def give_back(self, queued: Queued, at: datetime, pause: timedelta) -> bool:
        """Give an effect back that was not tried, for after a pause."""
        due = {"due_at": millis(at + pause), "set_at": millis(at), "unsure": int(queued.unsure)}
        return self._settle(queued, state=QUEUED, **due)

    def forget(self, before: datetime, most: int) -> int:
        """Forget some effects that were sent, merged or dropped before a moment.

        Returns how many, 0 once there are no more.
        """
        done = outbox.c.state.in_((SENT, MERGED, DROPPED)) & (outbox.c.done_at < millis(before))
        free = select(outbox.c.id).where(done).limit(most).with_for_update(skip_locked=True)
        return self._connection.execute(delete(outbox).where(outbox.c.id.in_(free))).rowcount

    # --- the operator

    def letters(self, states: Iterable[str], most: int, *, failing: bool = False) -> list[Letter]:
        """Return effects in these states, the latest first; `failing`: also those that failed and wait."""
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


def _kind(merge_key: str) -> str:
    return merge_key.partition(":")[0]


def _own_line(case: int | None, merge_key: str | None) -> str:
    """Return the line of what redraws one message that stands."""
    return f"redraw:{case}:{merge_key}"


def _is_damaged(row: RowMapping) -> bool:
    """Tell whether a row cannot be worked with: a SQLite file takes anything in any column."""
    numbers = [row[name] for name in _NUMBERS] + [row[name] or 0 for name in ("case_id", "expires_at")]
    return not all(isinstance(number, int) and 0 <= number <= LAST for number in numbers)


def _case_of(row: RowMapping) -> int | None:
    return number_of(row["case_id"]) if isinstance(row["case_id"], int) else None


def _queued(row: RowMapping, placed: tuple[str, str] | None, clocks: Clocks) -> Queued:
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
    """Return since when an effect may have been sent, whichever of the clocks it was queued by."""
    if queued_at > clocks.latest + timedelta(milliseconds=SKEW_MS):
        return clocks.alive - UNKNOWN_AGE
    return queued_at - (clocks.latest - clocks.alive)


def _letter(row: RowMapping) -> Letter:
    effect = EFFECT.try_load(row["effect"])
    return Letter(
        id=row["id"],
        case=_case_of(row),
        kind=effect.kind if effect is not None else "unreadable",
        state=row["state"],
        attempts=row["attempts"],
        queued_at=try_moment(row["queued_at"]),
        error=row["error"],
    )
