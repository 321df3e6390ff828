"""What people do in Slack: every action of a driver or the page, with what Slack's client refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .courier import Delivery
    from .model import Channel
from .people_interactions import InteractionActions
from .people_messages import MessageActions


class People(MessageActions, InteractionActions):
    """What people do, each named by user id; a StandInError tells what no person could do."""

    async def join(self, user: str, channel: Channel, inviter: str | None) -> Delivery | None:
        """Let somebody join a channel, or be invited."""
        channel.members.add(user)
        self._world.ring()
        return await self._hub.tell_moved("member_joined_channel", self._world.users[user], channel, inviter)

    async def leave(self, user: str, channel: Channel) -> Delivery | None:
        """Let somebody leave a channel."""
        channel.members.discard(user)
        self._world.ring()
        return await self._hub.tell_moved("member_left_channel", self._world.users[user], channel, None)
