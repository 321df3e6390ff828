"""Lists of cases: a page at a time for App Home, and those last shown in a DM, by the outbox.

A page is sorted by columns, so that only its own cases are decoded.

Everything belongs to one installation: `exists` rather than a join, so that no engine starts with the people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, select

from bot.conversation.case import Case
from bot.conversation.handoff import HELD, WITH_AGENTS, Standing
from bot.store.case_record import begun
from bot.store.coding import CASE, SHELF, try_moment
from bot.store.schema import cases, outbox, people
from bot.store.statements import Prepared

_URGENT_THEN_OLDEST: Final = (cases.c.calm, cases.c.since, cases.c.id)
LOOKED_THROUGH: Final = 60  # effects, including those that only redraw a message
_WORDS: Final = '"kind":"words"'  # an agent's; quotation marks that somebody typed are escaped
_LATEST: Final = Prepared(
    select(
        outbox.c.case_id,
        outbox.c.queued_at,
        outbox.c.pace,
        outbox.c.effect.contains(_WORDS, autoescape=True).label("spoken"),
    )
    .where(outbox.c.conversation == bindparam("conversation"))
    .order_by(outbox.c.id.desc())
    .limit(LOOKED_THROUGH)
)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which cases, and in which order."""

    which: ColumnElement[bool]
    order: tuple[ColumnElement[Any], ...]


def own(person_id: int) -> Listing:
    """Return a person's cases, the most recently touched first, without those opened and left."""
    return Listing((cases.c.person_id == person_id) & begun(), (cases.c.changed_at.desc(), cases.c.id.desc()))


def waiting() -> Listing:
    """Return the cases that nobody has claimed: urgent ones first, then the oldest."""
    return Listing(cases.c.standing == Standing.WAITING.value, _URGENT_THEN_OLDEST)


def held_by(person_id: int) -> Listing:
    """Return an agent's cases: urgent ones first, then those waiting for the agent, then the oldest."""
    # "claimed" also comes first alphabetically
    order = (cases.c.calm, cases.c.standing, cases.c.since, cases.c.id)
    return Listing((cases.c.owner_id == person_id) & _stands_in(HELD), order)


def closing(first: date, last: date) -> Listing:
    """Return the cases with the agents whose window closes on one of these days, the soonest first."""
    days = cases.c.deadline.between(first.isoformat(), last.isoformat())
    return Listing(_stands_in(WITH_AGENTS) & days, (cases.c.deadline, *_URGENT_THEN_OLDEST))


class CaseLists:
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


@dataclass(frozen=True, slots=True)
class ShownOf:
    """A case and when it was last shown in the DM; `spoken`: that was a message from an agent."""

    case: int
    at: datetime
    spoken: bool


def shown_in(connection: Connection, conversation: str) -> list[ShownOf]:
    """Return the cases shown in a conversation, the latest first, each once.

    Redrawing a message, which waits for no pace, does not count.
    """
    found: dict[int, ShownOf] = {}
    for row in _LATEST.all(connection, {"conversation": conversation}):
        at, case = try_moment(row["queued_at"]), row["case_id"]
        if row["pace"] is None or case is None or at is None or case in found:
            continue
        found[case] = ShownOf(case + SHELF, at, bool(row["spoken"]))
    return [*found.values()]
