"""The base of `People`: what all its actions need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import StandInError
from .model import User

if TYPE_CHECKING:
    from .hub import Hub
    from .model import Channel


class PeopleBase:
    """Gives the actions access to the workspace. Users and channels are given by id."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._world = hub.world

    def _member(self, user: str, channel: str) -> tuple[User, Channel]:
        found = self._world.channel(channel)
        if user not in found.members:
            raise StandInError(f"{user} is not in {channel}")
        return self._world.users[user], found
