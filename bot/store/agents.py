"""Who is an agent: the members of the agents' channel, as Slack last said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.store.numbers import millis
from bot.store.schema import agents


class Agents:
    """The agents of each installation, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has(self, installation: str, user: str) -> bool:
        """Tell whether somebody is known as an agent. Who is not known is none."""
        mine = (agents.c.installation == installation) & (agents.c.user == user)
        return self._connection.execute(select(agents.c.user).where(mine)).first() is not None

    def all(self, installation: str) -> list[str]:
        """Return the user ids of the agents."""
        chosen = select(agents.c.user).where(agents.c.installation == installation).order_by(agents.c.user)
        return [*self._connection.execute(chosen).scalars()]

    def replace(self, installation: str, users: Collection[str], at: datetime) -> None:
        """Take the whole list of members as Slack gives it."""
        self._connection.execute(delete(agents).where(agents.c.installation == installation))
        rows = [{"installation": installation, "user": user, "seen_at": millis(at)} for user in set(users)]
        if rows:
            self._connection.execute(insert(agents), rows)

    def add(self, installation: str, user: str, at: datetime) -> None:
        """Somebody joined the channel."""
        self.remove(installation, user)
        row = {"installation": installation, "user": user, "seen_at": millis(at)}
        self._connection.execute(insert(agents).values(row))

    def remove(self, installation: str, user: str) -> None:
        """Somebody left the channel."""
        mine = (agents.c.installation == installation) & (agents.c.user == user)
        self._connection.execute(delete(agents).where(mine))
