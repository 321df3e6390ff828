"""Receipts: which deliveries were taken, from whom, and which case each belonged to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.store.cases import Cases
from bot.store.coding import SHELF, millis, number_of
from bot.store.schema import people, receipts
from bot.store.statements import Prepared, insert_if_new

_RECEIPT: Final = Prepared(select(receipts).where(receipts.c.key == bindparam("key")))
_ADD_RECEIPT: Final = Prepared(insert_if_new(receipts))
_SET: Final = Prepared(update(receipts).where(receipts.c.key == bindparam("of")))
_LATEST: Final = (
    select(receipts.c.key)
    .where(
        receipts.c.person_id == bindparam("person"),
        receipts.c.received_at > bindparam("since"),
        receipts.c.received_at <= bindparam("until"),
    )
    .limit(bindparam("most"))
)
_RECEIVED: Final = Prepared(select(func.count()).select_from(_LATEST.subquery()))
_RECEIVED_OF: Final = Prepared(
    select(func.count()).select_from(_LATEST.where(receipts.c.kind == bindparam("kind")).subquery())
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receipt keeps: its key, its kind, the redacted event, and whose it was; None if time did it."""

    key: str
    kind: str
    event: str
    by: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery that was taken before, and its case."""

    key: str
    case: int | None


class Receipts:
    """The receipts within one transaction; `cases` knows the versions of its cases."""

    def __init__(self, connection: Connection, cases: Cases) -> None:
        self._connection = connection
        self._cases = cases

    def get(self, key: str) -> Receipt | None:
        """Return the receipt of a delivery, None if it was never taken."""
        found = _RECEIPT.first(self._connection, {"key": key})
        return Receipt(key, number_of(found["case_id"])) if found else None

    def add(self, receipt: Taken, at: datetime) -> bool:
        """Record a delivery. Returns False, and changes nothing, if it was recorded before."""
        row = {
            "key": receipt.key,
            "kind": receipt.kind,
            "event": receipt.event,
            "person_id": receipt.by,
            "received_at": millis(at),
        }
        return _ADD_RECEIPT.count(self._connection, row) == 1

    def came_before(self, taken: Taken, since: datetime) -> bool:
        """Tell whether the person sent the same under another key after a moment."""
        mine = (receipts.c.person_id == taken.by) & (receipts.c.received_at > millis(since))
        same = (receipts.c.kind == taken.kind) & (receipts.c.event == taken.event)
        query = select(receipts.c.key).where(mine, same, receipts.c.key != taken.key).limit(1)
        return self._connection.execute(query).first() is not None

    def set_event(self, key: str, event: str) -> None:
        """Note in a receipt what the delivery meant, if that depends on more than its text."""
        _SET.count(self._connection, {"of": key, "event": event})

    def latest(self, person_id: int, since: datetime, most: int) -> list[tuple[str, str]]:
        """Return a person's latest deliveries after a moment, newest first: key and redacted event."""
        mine = (receipts.c.person_id == person_id) & (receipts.c.received_at > millis(since))
        newest = (receipts.c.received_at.desc(), receipts.c.key.desc())
        query = select(receipts.c.key, receipts.c.event).where(mine).order_by(*newest).limit(most)
        return [(row.key, row.event) for row in self._connection.execute(query)]

    def assign(self, key: str, case: int, *, changed: bool) -> None:
        """Note in a receipt the case of a delivery, and the version of the case that it made, if any."""
        row = {"case_id": case - SHELF, "case_version": self._cases.version(case) if changed else None}
        _SET.count(self._connection, {"of": key, **row})

    def count(
        self, person_id: int, during: tuple[datetime, datetime], most: int, kind: str | None = None
    ) -> int:
        """Return how many deliveries of a person were recorded after a moment, up to another one.

        It counts to `most` at most, and with `kind` only those of one kind.
        """
        since, until = map(millis, during)
        wanted: dict[str, str | int] = {"person": person_id, "since": since, "until": until, "most": most}
        if kind is None:
            return int(_RECEIVED.scalar(self._connection, wanted))
        return int(_RECEIVED_OF.scalar(self._connection, {**wanted, "kind": kind}))

    def of_kind_since(self, kind: str, since: datetime) -> list[tuple[str, str]]:
        """Return the deliveries of a kind since a moment, oldest first: user id and event."""
        by = receipts.join(people, people.c.id == receipts.c.person_id)
        chosen = select(people.c.user, receipts.c.event).select_from(by).order_by(receipts.c.received_at)
        late = chosen.where(receipts.c.received_at >= millis(since), receipts.c.kind == kind)
        return [(row.user, row.event) for row in self._connection.execute(late)]

    def forget(self, before: datetime, most: int) -> int:
        """Delete some receipts from before a moment; returns how many, 0 once there are no more."""
        old = select(receipts.c.key).where(receipts.c.received_at < millis(before)).limit(most)
        free = old.with_for_update(skip_locked=True)  # another process may be deleting too
        return self._connection.execute(delete(receipts).where(receipts.c.key.in_(free))).rowcount
