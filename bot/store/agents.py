"""Who is an agent: the people in the agents' channel, according to Slack."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from bot.conversation.people import Colleague
from bot.store.coding import millis
from bot.store.schema import agents, people
from bot.store.statements import Prepared

CHANGING: Final = 0x6167656E74  # "agent": PostgreSQL's lock on the list of agents

_HAS: Final = Prepared(
    select(agents.c.user).where(
        agents.c.installation == bindparam("installation"), agents.c.user == bindparam("user")
    )
)


class Agents:
    """The agents of each installation, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has(self, installation: str, user: str) -> bool:
        """Tell whether somebody is known to be an agent."""
        wanted = {"installation": installation, "user": user}
        return _HAS.first(self._connection, wanted) is not None

    def all(self, installation: str) -> list[Colleague]:
        """Return the agents by name; the user id stands in for an unknown name."""
        same = (people.c.installation == agents.c.installation) & (people.c.user == agents.c.user)
        named = select(agents.c.user, people.c.name).select_from(agents.outerjoin(people, same))
        found = self._connection.execute(named.where(agents.c.installation == installation))
        return sorted(
            (Colleague(row.user, row.name or row.user) for row in found),
            key=lambda each: (each.name.casefold(), each.user),
        )

    def hold(self) -> None:
        """Keep others from changing who is an agent until this transaction ends; on SQLite nobody can."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(CHANGING)))

    def replace(self, installation: str, users: Collection[str], at: datetime) -> None:
        """Replace the whole list."""
        self._connection.execute(delete(agents).where(agents.c.installation == installation))
        rows = [{"installation": installation, "user": user, "seen_at": millis(at)} for user in set(users)]
        if rows:
            self._connection.execute(insert(agents), rows)

    def add(self, installation: str, user: str, at: datetime) -> None:
        """Add somebody who joined the channel."""
        self.remove(installation, user)
        row = {"installation": installation, "user": user, "seen_at": millis(at)}
        self._connection.execute(insert(agents).values(row))

    def remove(self, installation: str, user: str) -> None:
        """Remove somebody who left the channel."""
        self.hold()
        mine = (agents.c.installation == installation) & (agents.c.user == user)
        self._connection.execute(delete(agents).where(mine))
