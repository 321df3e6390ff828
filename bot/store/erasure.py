"""Erase one person: their cases, what is remembered of them, and their name wherever else it stands.

In others' cases nobody stands in their place: in the trail, and where a case says who had it. A case of
somebody else that they still have must be given to another agent first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Connection, RowMapping, delete, func, or_, select, update

from bot.conversation.people import Person
from bot.conversation.standing import HELD
from bot.store.engine import Engines, unhurried
from bot.store.numbers import SHELF
from bot.store.outbox import OPEN
from bot.store.purge import BATCH, PENDING, Rows, count, in_step, purge
from bot.store.records import Who
from bot.store.schema import agents, cases, history, outbox, people, receipts

K = TypeVar("K")
ROUNDS: Final = 3  # who writes while they are erased is erased again


class StillThereError(Exception):
    """The person goes on writing, or took a case meanwhile; what there was before is erased."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the database has them: a row, and a name, in each installation."""

    ids: tuple[int, ...]
    persons: tuple[Person, ...]

    @property
    def cases(self) -> Rows:
        """Return which cases are theirs."""
        return cases.c.person_id.in_(self.ids)

    @property
    def held(self) -> Rows:
        """Return which cases they have as an agent."""
        return func.coalesce(cases.c.owner_id, 0).in_(self.ids) & cases.c.standing.in_(sorted(HELD))

    def are(self, value: Any) -> bool:  # noqa: ANN401  JSON
        """Tell whether a value in JSON is their name."""
        return any(value == asdict(person) for person in self.persons)


@dataclass(frozen=True, slots=True)
class Traces:
    """What names a person besides their own cases: keys of rows.

    `messages` are for them, or need not be sent any more; `waiting` counts those to others that are still to
    be sent, and must be before all of a person is gone.
    """

    cases: tuple[int, ...]
    messages: tuple[int, ...]
    receipts: tuple[str, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Found:
    """How much there is of a person: `pending` of the cases are with the agents, `waiting` as in `Traces`."""

    cases: int
    pending: int
    named_in: int
    messages: int
    receipts: int
    trail: int
    waiting: int


def known(connection: Connection, who: Who) -> Known | None:
    """Return a person, None where nobody is known by that name."""
    named = select(people).where(people.c.team == who.team, people.c.user == who.user)
    rows = connection.execute(named.order_by(people.c.id)).mappings().all()
    persons = tuple(Person(row["installation"], row["team"], row["user"]) for row in rows)
    return Known(tuple(row["id"] for row in rows), persons) if rows else None


def held_by(connection: Connection, whom: Known) -> list[int]:
    """Return the numbers of others' cases that a person has as an agent."""
    theirs = select(cases.c.id).where(whom.held, ~whom.cases).order_by(cases.c.id)
    return [key + SHELF for key in connection.execute(theirs).scalars()]


def look(connection: Connection, whom: Known) -> Found:
    """Return how much there is to erase. Reads everything, and takes its time."""
    found, trail = traces(connection, whom), select(func.count(history.c.id)).where(_done_by(whom))
    return Found(
        cases=count(connection, whom.cases),
        pending=count(connection, whom.cases & PENDING),
        named_in=len(found.cases),
        messages=len(found.messages),
        receipts=len(found.receipts),
        trail=int(connection.execute(trail).scalar_one()),
        waiting=found.waiting,
    )


def traces(connection: Connection, whom: Known) -> Traces:
    """Return what names a person besides their own cases. Reads everything, and takes its time."""
    unhurried(connection)
    theirs = select(cases.c.id).where(whom.cases)
    elsewhere = or_(outbox.c.case_id.is_(None), outbox.c.case_id.not_in(theirs))
    sent = [*_naming(connection, whom, outbox.c.effect, elsewhere)]
    over = [row["id"] for row in sent if row["state"] not in OPEN or _is_for(whom, row["effect"])]
    owned = select(cases.c.id).where(cases.c.owner_id.in_(whom.ids), ~whom.cases)
    named = {row["id"] for row in _naming(connection, whom, cases.c.state, ~whom.cases)}
    taken = select(receipts.c.key).where(receipts.c.person_id.in_(whom.ids))
    told = {row["key"] for row in _naming(connection, whom, receipts.c.event, receipts.c.key != "")}
    return Traces(
        cases=tuple(sorted(named.union(connection.execute(owned).scalars()))),
        messages=tuple(over),
        receipts=tuple(sorted(told.union(connection.execute(taken).scalars()))),
        waiting=len(sent) - len(over),
    )


def erase(engines: Engines, whom: Known, at: datetime) -> Found:
    """Erase a person, a step at a time; returns how much there was. Blocks.

    Raises StillThereError where there is always something new.
    """
    with engines.reader.connect() as connection:
        found = look(connection, whom)
    for _ in range(ROUNDS):
        purge(engines, whom.cases, at)
        with engines.reader.connect() as connection:
            left = traces(connection, whom)
        for keys in _batches(left.cases):
            in_step(engines, _on(_take_out, whom, keys))
        for keys in _batches(left.messages):
            in_step(engines, _on(_drop_messages, whom, keys))
        for names in _batches(left.receipts):
            in_step(engines, _on(_drop_receipts, whom, names))
        while in_step(engines, lambda connection: _leave_trail(connection, whom)):
            pass
        if not left.waiting and in_step(engines, lambda connection: _forget(connection, whom)):
            return found
    raise StillThereError


def without(whom: Known, value: Any) -> Any:  # noqa: ANN401  JSON
    """Return JSON with nobody where a person was named."""
    match value:
        case dict():
            return None if whom.are(value) else {key: without(whom, inner) for key, inner in value.items()}
        case list():
            return [without(whom, inner) for inner in value]
        case _:
            return value


def _naming(connection: Connection, whom: Known, column: Column[str], of: Rows) -> Iterator[RowMapping]:
    """Yield rows whose JSON names a person."""
    likely = or_(*(column.contains(f'"{user}"', autoescape=True) for user in {p.user for p in whom.persons}))
    for row in connection.execute(select(column.table).where(of, likely)).mappings():
        value = json.loads(row[column.name])
        if without(whom, value) != value:
            yield row


def _is_for(whom: Known, effect: str) -> bool:
    return whom.are(json.loads(effect).get("to"))


def _done_by(whom: Known) -> Rows:
    return history.c.person_id.in_(whom.ids)


def _batches(keys: tuple[K, ...]) -> Iterator[tuple[K, ...]]:
    for first in range(0, len(keys), BATCH):
        yield keys[first : first + BATCH]


# --- steps


def _take_out(connection: Connection, whom: Known, keys: tuple[int, ...]) -> None:
    """Take a person out of others' cases that they no longer have; who has loaded one loads it again."""
    chosen = select(cases.c.id, cases.c.state, cases.c.owner_id).where(cases.c.id.in_(keys), ~whom.held)
    for row in connection.execute(chosen.with_for_update()).mappings().all():
        bare = json.dumps(without(whom, json.loads(row["state"])), ensure_ascii=False)
        owner = None if row["owner_id"] in whom.ids else row["owner_id"]
        mine = update(cases).where(cases.c.id == row["id"])
        connection.execute(mine.values(state=bare, owner_id=owner, version=cases.c.version + 1))


def _drop_messages(connection: Connection, _whom: Known, keys: tuple[int, ...]) -> None:
    connection.execute(delete(outbox).where(outbox.c.id.in_(keys)))


def _drop_receipts(connection: Connection, _whom: Known, keys: tuple[str, ...]) -> None:
    connection.execute(delete(receipts).where(receipts.c.key.in_(keys)))


def _leave_trail(connection: Connection, whom: Known) -> int:
    """Take a person out of the first entries of the trail; returns how many, 0 when done."""
    first = select(history.c.id).where(_done_by(whom)).order_by(history.c.id).limit(BATCH)
    return connection.execute(update(history).where(history.c.id.in_(first)).values(person_id=None)).rowcount


def _forget(connection: Connection, whom: Known) -> bool:
    """Delete what is known of a person. Does nothing and returns False where something new names them."""
    rows = people.c.id.in_(whom.ids)
    connection.execute(select(people.c.id).where(rows).with_for_update()).all()
    named = (
        select(cases.c.id).where(or_(whom.cases, cases.c.owner_id.in_(whom.ids))),
        select(receipts.c.key).where(receipts.c.person_id.in_(whom.ids)),
        select(history.c.id).where(_done_by(whom)),
    )
    if any(connection.execute(query.limit(1)).first() for query in named):
        return False
    for person in whom.persons:
        mine = (agents.c.installation == person.installation) & (agents.c.user == person.user)
        connection.execute(delete(agents).where(mine))
    connection.execute(delete(people).where(rows))
    return True


def _on(step: Callable[[Connection, Known, K], None], whom: Known, keys: K) -> Callable[[Connection], None]:
    return lambda connection: step(connection, whom, keys)
