"""The week's numbers, counted from the audit trail: arrivals, claims and resolutions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, FromClause, Subquery, exists, func, select

from bot.conversation.handoff import Standing
from bot.store.coding import millis
from bot.store.schema import cases, history, people

Period: TypeAlias = tuple[datetime, datetime]  # the second moment is excluded


@dataclass(frozen=True, slots=True)
class Waits:
    """How many waiting cases were claimed, and the median of how long they had waited (None if none were)."""

    number: int
    median: timedelta | None


class Weekly:
    """What happened to the cases of one installation, within one transaction."""

    def __init__(self, connection: Connection, installation: str) -> None:
        self._connection = connection
        self._here = (people.c.id == cases.c.person_id) & (people.c.installation == installation)

    def arrived(self, during: Period) -> int:
        """Return how often a case came to wait for an agent in a period."""
        counted = select(func.count()).select_from(history).where(self._came_to(Standing.WAITING, during))
        return self._connection.execute(counted).scalar_one()

    def resolved(self, during: Period) -> dict[str, int]:
        """Return how often cases were resolved in a period, by their name in the trail."""
        came = self._came_to(Standing.RESOLVED, during)
        chosen = select(history.c.what, func.count()).where(came).group_by(history.c.what)
        return {row[0]: row[1] for row in self._connection.execute(chosen)}

    def waited(self, during: Period) -> Waits:
        """Return how many waiting cases were claimed in a period, and how long they had waited."""
        waits = self._waits(during)
        number = self._connection.execute(select(func.count()).select_from(waits)).scalar_one()
        if not number:
            return Waits(0, None)
        middle = select(waits.c.wait).order_by(waits.c.wait).offset((number - 1) // 2).limit(2 - number % 2)
        found = [*self._connection.execute(middle).scalars()]
        return Waits(number, timedelta(milliseconds=sum(found) / len(found)))

    def _waits(self, during: Period) -> Subquery:
        """Return how long each case that was claimed in a period had been waiting."""
        other, stretch = history.alias("other"), history.alias("stretch")
        waiting = Standing.WAITING.value
        elsewhere = select(func.max(other.c.id)).where(_before(other), other.c.standing != waiting)
        since = func.coalesce(elsewhere.correlate(history).scalar_subquery(), 0)
        began = select(func.min(stretch.c.at)).where(_before(stretch), stretch.c.id > since)
        wait = (history.c.at - began.correlate(history).scalar_subquery()).label("wait")
        came = select(wait).where(self._came_to(Standing.CLAIMED, during)).subquery("came")
        return select(came.c.wait).where(came.c.wait.is_not(None)).subquery("waits")

    def _came_to(self, standing: Standing, during: Period) -> ColumnElement[bool]:
        """Select the rows of the trail that moved a case into a standing, in a period."""
        begin, end = during
        in_time = (history.c.at >= millis(begin)) & (history.c.at < millis(end))
        earlier = history.alias("earlier")
        last = select(earlier.c.standing).where(_before(earlier)).order_by(earlier.c.id.desc()).limit(1)
        stood = func.coalesce(last.scalar_subquery(), Standing.NEW.value)
        here = exists().where(cases.c.id == history.c.case_id, self._here)
        return in_time & (history.c.standing == standing.value) & (stood != standing.value) & here


def _before(earlier: FromClause) -> ColumnElement[bool]:
    """Select the rows of the trail that come before another one of the same case."""
    return (earlier.c.case_id == history.c.case_id) & (earlier.c.id < history.c.id)
