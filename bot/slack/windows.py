"""What is done right after an acknowledgment, best effort: open a modal, redraw it, tell one person."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.conversation.people import Person, case_name
from bot.desk.desk import Desk
from bot.desk.intents import Prepared, Seen
from bot.render import contexts as c
from bot.render import to_plain
from bot.render.texts import Texts
from bot.slack.errors import UNREADABLE, Course
from bot.slack.forms import form_of
from bot.slack.messages import Message
from bot.slack.parts import Json
from bot.slack.payloads import Asker, Incoming
from bot.slack.response_urls import ResponseUrls
from bot.slack.views import view_of
from bot.slack.web_api import CallError, WebApi

log = structlog.get_logger("certdesk.slack")

FAILURES = (CallError,)
MEMBERS: Final = 200
MEMBER_PAGES: Final = 100


class Windows:
    """Modals and whispers. A modal that Slack does not open is offered again in a durable message."""

    def __init__(self, client: WebApi, desk: Desk, texts: Texts) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client)
        self._desk = desk
        self._texts = texts

    async def open(self, incoming: Incoming, seen: Seen) -> None:
        """Open a modal with what there is to see of a case."""
        try:
            await self._client.views_open(trigger_id=incoming.trigger, view=self._view(seen))
        except FAILURES as error:
            log.warning("view_not_opened", case=case_name(seen.case), error=reason(error))
            if seen.repeated:
                return  # whoever took it the first time has opened it, or has said that it was lost
            await self._desk.lost_view(incoming.delivery.person, seen.case)
        except asyncio.CancelledError:  # this process ends before Slack has answered
            await self._desk.lost_view(incoming.delivery.person, seen.case)
            raise

    async def redraw(self, incoming: Incoming, seen: Seen) -> None:
        """Show the case in the modal in which something was clicked.

        Where the modal has changed since, what it shows is older than the case: it is drawn all the same.
        """
        place = incoming.place
        try:
            await self._client.views_update(view_id=place.view, hash=place.view_hash, view=self._view(seen))
        except CallError as error:
            if error.code != "hash_conflict":
                log.warning("view_not_redrawn", case=case_name(seen.case), error=reason(error))
                return
            current = await self._desk.look(incoming.delivery.person, seen.case)
            await self._redraw_current(place.view, current or seen)

    async def whisper(self, asker: Asker, message: Message) -> None:
        """Tell somebody something that nobody else sees, where they clicked."""
        try:
            if url := self._response_urls.checked(asker.response_url):
                await self._response_urls.post(url, message)
            elif asker.place.view is not None:
                view = notice_view(message.blocks)
                await self._client.views_update(view_id=asker.place.view, view=view)
            else:
                await self._client.chat_postEphemeral(
                    channel=asker.place.channel or "",
                    user=asker.person.user,
                    blocks=message.blocks,
                    text=message.text,
                )
        except FAILURES as error:
            log.warning("whisper_failed", error=reason(error))

    async def show_form(self, incoming: Incoming, prepared: Prepared) -> None:
        """Open a form for an agent; the card still has the button where it does not open."""
        view = form_of(self._texts, prepared)
        try:
            await self._client.views_open(trigger_id=incoming.trigger, view=view)
        except FAILURES as error:
            log.warning("view_not_opened", case=case_name(prepared.card.case), error=reason(error))

    async def learn_agents(self, installation: str) -> bool:
        """Ask Slack for the members of the agents' channel; returns whether it said."""
        if self._desk.agents is None:
            return False
        try:
            users = await self._members(self._desk.agents)
        except FAILURES as error:
            log.error("agents_not_learned", error=reason(error))  # noqa: TRY400  its text may quote what was typed
            return False
        await self._desk.agents_are(installation, users)
        return True

    async def _members(self, channel: str) -> list[str]:
        """Return all members of a channel. Raises CallError where Slack did not give the whole list."""
        users: list[str] = []
        cursor: str | None = None
        for _ in range(MEMBER_PAGES):
            page = await self._client.conversations_members(channel=channel, limit=MEMBERS, cursor=cursor)
            users += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None and users:  # the bot is a member itself: an empty list is no answer
                return users
        raise CallError("conversations.members", UNREADABLE, Course.UNSURE)

    async def learn_zone(self, person: Person) -> None:
        """Ask Slack for a person's time zone, where it is not known yet."""
        if self._desk.zone_known(person):
            return
        try:
            user = (await self._client.users_info(user=person.user))["user"]
        except FAILURES as error:
            log.info("zone_not_learned", error=reason(error))
            return
        zone, offset = user.get("tz"), user.get("tz_offset")
        if isinstance(zone, str) and zone:
            await self._desk.learn_zone(person, zone, offset if isinstance(offset, int) else 0)

    async def _redraw_current(self, view: str | None, seen: Seen) -> None:
        try:
            await self._client.views_update(view_id=view, view=self._view(seen))
        except FAILURES as error:
            log.warning("view_not_redrawn", case=case_name(seen.case), error=reason(error))

    def _view(self, seen: Seen) -> Json:
        picked = to_plain(self._texts.say(c.PickedUp(case_name(seen.case)))) if seen.picked_up else ""
        return view_of(self._texts, seen.screen, notice=picked)


def notice_view(blocks: list[Json]) -> Json:
    """Return a modal that only says something."""
    title = {"type": "plain_text", "text": "certdesk"}
    return {"type": "modal", "title": title, "blocks": blocks}


def reason(error: CallError) -> str:
    """Return what to log of a failure: Slack's code or the error's kind, never its text."""
    return error.code
