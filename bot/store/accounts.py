"""What Slack said about user ids, and when to look each up again: daily, and less often after failures.

The moments are rows, so that of several processes only one looks an id up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, update

from bot.conversation.people import Account, Kind
from bot.store.coding import millis
from bot.store.schema import people
from bot.store.statements import Prepared

DAY: Final = timedelta(days=1)
ASKING: Final = timedelta(seconds=30)  # how long Slack may take to answer before another process asks
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST: Final = 20  # doublings, past a day
AT_ONCE: Final = 500  # user ids in one statement

_OF_ONE: Final = (people.c.installation == bindparam("here")) & (people.c.user == bindparam("who"))
_FAILURES: Final = Prepared(select(people.c.failures).where(_OF_ONE))
_SET: Final = Prepared(update(people).where(_OF_ONE))


def is_due(ask_at: int, at: datetime) -> bool:
    """Tell whether a user id may be looked up. A moment over a day ahead was written by a wrong clock."""
    return not millis(at) < ask_at <= millis(at + DAY)


class Accounts:
    """The user ids of one installation, within one transaction. Each must have a row in `people`."""

    def __init__(self, connection: Connection, installation: str) -> None:
        self._connection = connection
        self._installation = installation

    def to_ask(self, users: Collection[str], at: datetime, most: int) -> list[str]:
        """Return some user ids to look up, unknown ones first; each goes to one process only."""
        due: list[Any] = []
        for some in _some(users):
            free = select(people.c.user, people.c.kind, people.c.ask_at).where(self._are(some), _due(at))
            due += self._connection.execute(free.with_for_update(skip_locked=True))
        due.sort(key=lambda row: (row.kind is not None, row.ask_at, row.user))
        chosen = [row.user for row in due[:most]]
        for some in _some(chosen):
            asked = update(people).where(self._are(some)).values(ask_at=millis(at + ASKING))
            self._connection.execute(asked)
        return chosen

    def learned(self, account: Account, at: datetime) -> None:
        """Keep what Slack said. What it left out stays as it was."""
        said: dict[str, str | int | None] = {"name": account.name, "team": account.team}
        if account.zone is not None or account.zone_offset is not None:
            said |= {"zone": account.zone, "zone_offset": account.zone_offset}
        known = {name: value for name, value in said.items() if value not in ("", None)}
        row = {**known, "kind": account.kind.value, "failures": 0, "ask_at": millis(at + DAY)}
        _SET.count(self._connection, {**self._one(account.user), **row})

    def failed(self, user: str, at: datetime) -> None:
        """Double the pause before the next lookup."""
        failures = _FAILURES.scalar(self._connection, self._one(user)) or 0
        pause = min(FIRST_PAUSE * 2 ** min(failures, LONGEST), DAY)
        row = {"failures": failures + 1, "ask_at": millis(at + pause)}
        _SET.count(self._connection, {**self._one(user), **row})

    def persons(self, users: Collection[str]) -> set[str]:
        """Return which of these user ids are known to be people."""
        found: set[str] = set()
        for some in _some(users):
            chosen = select(people.c.user).where(self._are(some), people.c.kind == Kind.PERSON.value)
            found.update(self._connection.execute(chosen).scalars())
        return found

    def names(self, users: Collection[str]) -> dict[str, str]:
        """Return the names of the user ids whose names are known."""
        found: dict[str, str] = {}
        for some in _some(users):
            chosen = select(people.c.user, people.c.name).where(self._are(some), people.c.name.is_not(None))
            found.update({row.user: row.name for row in self._connection.execute(chosen)})
        return found

    def _one(self, user: str) -> dict[str, str]:
        return {"here": self._installation, "who": user}

    def _are(self, users: Collection[str]) -> ColumnElement[bool]:
        return (people.c.installation == self._installation) & people.c.user.in_(users)


def _due(at: datetime) -> ColumnElement[bool]:
    """Select the rows for which `is_due` holds."""
    return or_(people.c.ask_at <= millis(at), people.c.ask_at > millis(at + DAY))


def _some(users: Iterable[str]) -> Iterator[list[str]]:
    every = sorted(set(users))
    for first in range(0, len(every), AT_ONCE):
        yield every[first : first + AT_ONCE]
