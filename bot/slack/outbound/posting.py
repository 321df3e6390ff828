"""Post a message once: into a channel, a thread, a person's DM, or to one person in a channel.

A message carries its effect's id as metadata. If it is not known whether a message was posted (a time-out, a
broken connection, a process that died), it is looked for before it is posted again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.conversation.case import Surface
from bot.conversation.people import Mentioned, Person, Posted
from bot.desk.send_attempts import Sent
from bot.render import contexts_notices as n
from bot.render import to_plain
from bot.render.texts import Texts
from bot.slack.blocks.parts import Message, note
from bot.slack.blocks.thread import ThreadMessage
from bot.slack.outbound.errors import Course
from bot.slack.outbound.web_api import CallError, WebApi
from bot.store import Queued, Store, Unit

EVENT_TYPE: Final = "certdesk_effect"
LOOK_BACK: Final = timedelta(minutes=2)  # how far this machine's clock may be ahead of Slack's
PAGES: Final = 4
PAGE: Final = 100  # Slack gives some apps fifteen at a time, whatever they ask for
LOOKUPS: Final = 5  # after this many failed lookups a message is posted again, and says so
THREAD_GONE: Final = "thread_not_found"
THREADS_GONE: Final = frozenset({THREAD_GONE, "cannot_reply_to_message"})
# What Slack answers to `conversations.open` if it will never open a DM with somebody.
NO_DM: Final = frozenset(
    {"cannot_dm_bot", "invalid_user_combination", "method_not_supported_for_channel_type"}
    | {"user_not_found", "user_not_visible"}
)
REMEMBERED: Final = 10_000  # people's DM channels
EVER: Final = datetime.fromtimestamp(0, UTC)


class TooMuchError(Exception):
    """There are more messages than are read to find one."""


class Poster:
    """Post messages of queued effects. Each method raises CallError."""

    def __init__(self, client: WebApi, store: Store, texts: Texts) -> None:
        self._client = client
        self._store = store
        self._texts = texts
        self._dms: dict[Person, str] = {}  # Slack never changes them

    async def in_dm(
        self,
        queued: Queued,
        person: Person,
        message: Message,
        slot: str | None = None,
        thread: str | None = None,
    ) -> Sent:
        """Post into a person's DM: into the thread in which they wrote, unless that is gone.

        If Slack opens no DM with them, post it in the channel where they mentioned certdesk, to them alone.
        """
        try:
            channel, opened = await self.dm_of(person)
        except CallError as error:
            place = await self.where_mentioned(person, queued.case) if error.code in NO_DM else None
            if place is None:
                raise
            return await self.only_to(person, place, message)
        try:
            posted = await self.post(queued, channel, message, thread)
        except CallError as error:
            if thread is None or error.code not in THREADS_GONE:
                raise
            posted = await self.post(queued, channel, message)
        return Sent(slot, posted, (person, channel) if opened else None)

    async def only_to(self, person: Person, place: Mentioned, message: Message) -> Sent:
        """Post a message into a channel, or a thread of it, that only this person sees. Raises CallError."""
        await self._client.chat_postEphemeral(
            channel=place.channel,
            user=person.user,
            thread_ts=place.thread,
            blocks=message.blocks,
            text=message.text,
        )
        return Sent()

    async def where_mentioned(self, person: Person, number: int | None) -> Mentioned | None:
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

    async def has_dm(self, person: Person) -> bool:
        """Tell whether Slack opens a DM with a person."""
        try:
            await self.dm_of(person)
        except CallError as error:
            if error.code not in NO_DM:
                raise
            return False
        return True

    async def dm_of(self, person: Person) -> tuple[str, bool]:
        """Return the person's DM channel, and whether Slack had to be asked for it."""
        if (channel := self._dms.get(person)) is not None:
            return channel, False
        known = await self._store.read(lambda unit: unit.people.get(person))
        if known is None or not known.dm_channel:  # asked again until it is recorded
            return str((await self._client.conversations_open(users=person.user))["channel"]["id"]), True
        if len(self._dms) >= REMEMBERED:
            self._dms.clear()
        self._dms[person] = known.dm_channel
        return known.dm_channel, False

    async def post(
        self, queued: Queued, channel: str, message: Message | ThreadMessage, thread: str | None = None
    ) -> Posted:
        """Post a message, unless it is there already; into another one's thread if that is given."""
        blocks = message.blocks
        if queued.unsure:
            try:
                found = await self._find(queued, channel, thread)
            except (CallError, TooMuchError) as error:
                if isinstance(error, CallError) and _may_look_again(error, queued):
                    raise
                blocks = [*blocks, note(to_plain(self._texts.say(n.SentAgain())))]
            else:
                if found is not None:
                    return Posted(channel, found)
        response = await self._client.chat_postMessage(
            channel=channel,
            blocks=blocks,
            text=message.text,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"effect": queued.effect_id}},
            unfurl_links=False,
            unfurl_media=False,
            **_threaded(message, thread),
        )
        return Posted(channel, str(response["ts"]))

    async def _find(self, queued: Queued, channel: str, thread: str | None) -> str | None:
        """Return the timestamp of the message that an effect has posted, None if there is none.

        Raises CallError if Slack does not say, TooMuchError if it may be beyond what was read.
        """
        cursor: str | None = None
        for _ in range(PAGES):
            try:
                page = await self._page(queued, channel, thread, cursor)
            except CallError as error:
                if error.code != THREAD_GONE:
                    raise
                return None  # somebody deleted the message that the thread belongs to
            for message in page.get("messages") or []:
                if _effect_of(message) == queued.effect_id and isinstance(message.get("ts"), str):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None
        raise TooMuchError

    async def _page(
        self, queued: Queued, channel: str, thread: str | None, cursor: str | None
    ) -> AsyncSlackResponse:
        since = f"{(queued.queued_at - LOOK_BACK).timestamp():.6f}"
        if thread is None:
            return await self._client.conversations_history(
                channel=channel, oldest=since, limit=PAGE, include_all_metadata=True, cursor=cursor
            )
        return await self._client.conversations_replies(
            channel=channel, ts=thread, oldest=since, limit=PAGE, include_all_metadata=True, cursor=cursor
        )


def _may_look_again(error: CallError, queued: Queued) -> bool:
    return error.course is Course.STOPS or queued.attempts < LOOKUPS


def _threaded(message: Message | ThreadMessage, thread: str | None) -> dict[str, Any]:
    """Return what a post needs to be in a thread, and in the channel too if it is loud."""
    if thread is None:
        return {}
    loud = isinstance(message, ThreadMessage) and message.loud
    return {"thread_ts": thread, "reply_broadcast": True} if loud else {"thread_ts": thread}


def _effect_of(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("effect") if isinstance(payload, dict) else None
