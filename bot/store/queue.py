"""Lists of cases, a page at a time: sorted by columns, so that only what is shown is opened.

Everything is of one installation: `exists` rather than a join, so that no engine begins with the people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, exists, func, select

from bot.conversation.case import Case
from bot.conversation.handoff import HELD, WITH_AGENTS, Standing
from bot.store.case_record import begun
from bot.store.coding import CASE
from bot.store.schema import cases, people

_URGENT_THEN_OLDEST: Final = (cases.c.calm, cases.c.since, cases.c.id)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which cases, and in which order."""

    which: ColumnElement[bool]
    order: tuple[ColumnElement[Any], ...]


def own(person_id: int) -> Listing:
    """Return all that a person asked, the one touched last first; not what was opened and left."""
    return Listing((cases.c.person_id == person_id) & begun(), (cases.c.changed_at.desc(), cases.c.id.desc()))


def waiting() -> Listing:
    """Return what nobody has claimed, urgent ones first, then the oldest."""
    return Listing(cases.c.standing == Standing.WAITING.value, _URGENT_THEN_OLDEST)


def held_by(person_id: int) -> Listing:
    """Return what an agent has: urgent ones first, then those that wait for the agent, then the oldest."""
    # of the two standings, "claimed" comes first in the alphabet too
    order = (cases.c.calm, cases.c.standing, cases.c.since, cases.c.id)
    return Listing((cases.c.owner_id == person_id) & _stands_in(HELD), order)


def closing(first: date, last: date) -> Listing:
    """Return what is with the agents while its window closes on one of these days, the soonest first."""
    days = cases.c.deadline.between(first.isoformat(), last.isoformat())
    return Listing(_stands_in(WITH_AGENTS) & days, (cases.c.deadline, *_URGENT_THEN_OLDEST))


class Queue:
    """The cases of one installation within one transaction."""

    def __init__(self, connection: Connection, installation: str) -> None:
        self._connection = connection
        self._here = (people.c.id == cases.c.person_id) & (people.c.installation == installation)

    def count(self, listing: Listing) -> int:
        """Return how many cases a listing has."""
        counted = select(func.count()).select_from(cases).where(self._of(listing))
        return self._connection.execute(counted).scalar_one()

    def page(self, listing: Listing, number: int, size: int) -> list[Case]:
        """Return a page of a listing; pages count from 1."""
        chosen = select(cases.c.state).where(self._of(listing)).order_by(*listing.order)
        rows = self._connection.execute(chosen.limit(size).offset((number - 1) * size)).scalars()
        return [CASE.load(state) for state in rows]

    def _of(self, listing: Listing) -> ColumnElement[bool]:
        return listing.which & exists().where(self._here)


def _stands_in(standings: Collection[Standing]) -> ColumnElement[bool]:
    return cases.c.standing.in_(sorted(standing.value for standing in standings))
