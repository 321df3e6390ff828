"""Erase one person: their cases, what is remembered of them, and their name wherever else it is.

In other people's cases nobody takes their place: in the trail, and where a case says who had it. Cases of
others that they still have must be given to another agent first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Connection, delete, func, or_, select, update

from bot.conversation.handoff import HELD
from bot.conversation.people import Person
from bot.store.coding import SHELF
from bot.store.engine import Engines, unhurried
from bot.store.outbox_due import OPEN
from bot.store.purge import BATCH, PENDING, Rows, count, in_step, purge
from bot.store.records import Who
from bot.store.schema import agents, cases, files, history, outbox, people, receipts, words

K = TypeVar("K")
_NAME: Final = {field.name for field in fields(Person)}
ROUNDS: Final = 3  # a person who writes meanwhile is erased again


class StillThereError(Exception):
    """The person kept writing, or took a case meanwhile; what was there before is erased."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the database has them: a row in each installation."""

    ids: tuple[int, ...]
    persons: tuple[Person, ...]

    @property
    def cases(self) -> Rows:
        """Select their cases."""
        return cases.c.person_id.in_(self.ids)

    @property
    def held(self) -> Rows:
        """Select the cases that they have as an agent."""
        return func.coalesce(cases.c.owner_id, 0).in_(self.ids) & cases.c.standing.in_(sorted(HELD))

    def are(self, value: Any) -> bool:  # noqa: ANN401  JSON
        """Tell whether a value in JSON is their name, whichever team it has."""
        return isinstance(value, dict) and value.keys() == _NAME and Person(**value) in self.persons

    def is_in(self, value: Any) -> bool:  # noqa: ANN401  JSON
        """Tell whether their name is anywhere in a value."""
        match value:
            case dict():
                return self.are(value) or any(map(self.is_in, value.values()))
            case list():
                return any(map(self.is_in, value))
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Traces:
    """What names a person besides their own cases: keys of rows.

    `messages` are for them, or need not be sent any more; `waiting` counts those to others that must be sent
    before the person can be erased wholly.
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
    """Return a person, None if nobody is known by that name."""
    named = select(people).where(who.are(people))
    rows = connection.execute(named.order_by(people.c.id)).mappings().all()
    persons = tuple(Person(row["installation"], row["team"], row["user"]) for row in rows)
    return Known(tuple(row["id"] for row in rows), persons) if rows else None


def held_by(connection: Connection, whom: Known) -> list[int]:
    """Return the numbers of other people's cases that a person has as an agent."""
    theirs = select(cases.c.id).where(whom.held, ~whom.cases).order_by(cases.c.id)
    return [key + SHELF for key in connection.execute(theirs).scalars()]


def look(connection: Connection, whom: Known) -> Found:
    """Return how much there is to erase. Reads everything, which takes time."""
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
    """Return what names a person besides their own cases. Reads everything, which takes time."""
    unhurried(connection)
    others = _naming(connection, whom, cases.c.id, cases.c.state, ~whom.cases)
    owned = select(cases.c.id).where(cases.c.owner_id.in_(whom.ids), ~whom.cases)
    told = _naming(connection, whom, receipts.c.key, receipts.c.event, receipts.c.key != "")
    taken = select(receipts.c.key).where(receipts.c.person_id.in_(whom.ids))
    over, waiting = _messages(connection, whom)
    return Traces(
        cases=tuple(sorted({key for key, _ in others}.union(connection.execute(owned).scalars()))),
        messages=over,
        receipts=tuple(sorted({key for key, _ in told}.union(connection.execute(taken).scalars()))),
        waiting=waiting,
    )


def _messages(connection: Connection, whom: Known) -> tuple[tuple[int, ...], int]:
    """Return the messages outside their cases that may be deleted, and how many must be sent first."""
    theirs = select(cases.c.id).where(whom.cases)
    elsewhere = or_(outbox.c.case_id.is_(None), outbox.c.case_id.not_in(theirs))
    waits = set(connection.execute(select(outbox.c.id).where(outbox.c.state.in_(OPEN))).scalars())
    over, waiting = [], 0
    for key, effect in _naming(connection, whom, outbox.c.id, outbox.c.effect, elsewhere):
        if key in waits and not whom.are(effect.get("to")):
            waiting += 1
        else:
            over.append(key)
    return tuple(over), waiting


def erase(engines: Engines, whom: Known, at: datetime) -> Found:
    """Erase a person, a step at a time; returns how much there was. Blocks.

    Raises StillThereError if there is always something new.
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
    """Return JSON with nobody in place of a person."""
    match value:
        case dict():
            return None if whom.are(value) else {key: without(whom, inner) for key, inner in value.items()}
        case list():
            return [without(whom, inner) for inner in value]
        case _:
            return value


def _naming(
    connection: Connection, whom: Known, key: Column[K], column: Column[str], of: Rows
) -> Iterator[tuple[K, Any]]:
    """Yield the keys of rows whose JSON names a person, with that JSON; not all are in memory at once."""
    likely = or_(
        *(
            column.contains(f'"{user}"', autoescape=True)
            for user in sorted({person.user for person in whom.persons})
        )
    )
    found = select(key, column).where(of, likely).execution_options(yield_per=BATCH)
    for name, text in connection.execute(found):
        value = json.loads(text)
        if whom.is_in(value):
            yield name, value


def _done_by(whom: Known) -> Rows:
    return history.c.person_id.in_(whom.ids)


def _batches(keys: tuple[K, ...]) -> Iterator[tuple[K, ...]]:
    for first in range(0, len(keys), BATCH):
        yield keys[first : first + BATCH]


# --- steps


def _take_out(connection: Connection, whom: Known, keys: tuple[int, ...]) -> None:
    """Remove a person from others' cases that they no longer have; other transactions load them again."""
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
    """Remove a person from the first entries of the trail; returns how many, 0 when done."""
    first = select(history.c.id).where(_done_by(whom)).order_by(history.c.id).limit(BATCH)
    return connection.execute(update(history).where(history.c.id.in_(first)).values(person_id=None)).rowcount


def _forget(connection: Connection, whom: Known) -> bool:
    """Delete what is known of a person. Returns False, and does nothing, if something new names them."""
    rows = people.c.id.in_(whom.ids)
    connection.execute(select(people.c.id).where(rows).with_for_update()).all()
    named = (
        select(cases.c.id).where(or_(whom.cases, cases.c.owner_id.in_(whom.ids))),
        select(receipts.c.key).where(receipts.c.person_id.in_(whom.ids)),
        select(history.c.id).where(_done_by(whom)),
        select(words.c.id).where(words.c.person_id.in_(whom.ids)),
        select(files.c.id).where(files.c.person_id.in_(whom.ids)),
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
