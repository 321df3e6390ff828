"""What only one person sees in a channel: the answer to a mention, and a case of somebody without a DM."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.conversation.case import Surface
from bot.conversation.people import Mentioned, Person
from bot.desk.send_attempts import Sent
from bot.slack.blocks.parts import Message
from bot.slack.outbound.web_api import WebApi
from bot.store import Store, Unit

# What Slack answers to `conversations.open` if it will never open a DM with somebody.
NO_DM: Final = frozenset(
    {"cannot_dm_bot", "invalid_user_combination", "method_not_supported_for_channel_type"}
    | {"user_not_found", "user_not_visible"}
)
EVER: Final = datetime.fromtimestamp(0, UTC)


class Whispers:
    """Say something to one person in a channel."""

    def __init__(self, client: WebApi, store: Store) -> None:
        self._client = client
        self._store = store

    async def say(self, person: Person, place: Mentioned, message: Message) -> Sent:
        """Post a message into a channel, or a thread of it, that only this person sees. Raises CallError."""
        await self._client.chat_postEphemeral(
            channel=place.channel,
            user=person.user,
            thread_ts=place.thread,
            blocks=message.blocks,
            text=message.text,
        )
        return Sent()

    async def place_of(self, person: Person, number: int | None) -> Mentioned | None:
        """Return where somebody without a DM mentioned certdesk, for this case or else last."""

        def look(unit: Unit) -> Mentioned | None:
            known = unit.people.get(person)
            if known is None or known.dm_channel:
                return None
            case = unit.cases.get(number) if number is not None else None
            if case is None or case.invitation is None:
                case = unit.cases.latest(known, Surface.DM, EVER)
            return case.invitation.place if case is not None and case.invitation is not None else None

        return await self._store.read(look)
