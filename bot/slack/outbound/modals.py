"""What is done right after an acknowledgment, best effort: open a modal, redraw it, tell one person."""

from __future__ import annotations

import asyncio

import structlog

from bot.conversation.people import case_name
from bot.desk.desk import Desk
from bot.desk.results import Prepared, Seen, ShownAfter
from bot.render.screen_labels import NoticeLabels
from bot.render.texts import Texts
from bot.slack.blocks.agent_forms import form_of
from bot.slack.blocks.modal import view_of
from bot.slack.blocks.parts import VIEW_TITLE, Json, Message, plain
from bot.slack.inbound.incoming import Asker, Incoming
from bot.slack.outbound.response_urls import ResponseUrls
from bot.slack.outbound.web_api import CallError, WebApi

log = structlog.get_logger("certdesk.slack")

FAILURES = (CallError,)


class Windows:
    """Modals and whispers. A modal that Slack does not open is offered again in a durable message."""

    def __init__(self, client: WebApi, desk: Desk, texts: Texts) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client)
        self._desk = desk
        self._texts = texts

    async def open(self, incoming: Incoming, seen: Seen) -> None:
        """Open a modal that shows a case."""
        try:
            await self._client.views_open(trigger_id=incoming.trigger, view=self._view(seen))
        except FAILURES as error:
            log.warning("view_not_opened", case=case_name(seen.case), error=reason(error))
            if seen.after in (ShownAfter.REPETITION, ShownAfter.FLOOD):
                return  # the first delivery has opened it, or reported it lost
            await self._desk.lost_view(incoming.delivery.person, seen.case)
        except asyncio.CancelledError:  # this process is stopping before Slack has answered
            await self._desk.lost_view(incoming.delivery.person, seen.case)
            raise

    async def redraw(self, incoming: Incoming, seen: Seen) -> None:
        """Show the case in the modal in which something was clicked.

        If the modal has changed since, it shows something older than the case: it is redrawn all the same.
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
                view = notice_view(self._texts, message.blocks)
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
        """Open a form for an agent; if it does not open, the card still has the button."""
        view = form_of(self._texts, prepared)
        try:
            await self._client.views_open(trigger_id=incoming.trigger, view=view)
        except FAILURES as error:
            log.warning("view_not_opened", case=case_name(prepared.card.case), error=reason(error))

    async def _redraw_current(self, view: str | None, seen: Seen) -> None:
        try:
            await self._client.views_update(view_id=view, view=self._view(seen))
        except FAILURES as error:
            log.warning("view_not_redrawn", case=case_name(seen.case), error=reason(error))

    def _view(self, seen: Seen) -> Json:
        return view_of(self._texts, seen.screen, picked_up=seen.after is ShownAfter.PICKING_UP)


def notice_view(texts: Texts, blocks: list[Json]) -> Json:
    """Return a modal that only says something."""
    title = plain(texts.labels(NoticeLabels).title, VIEW_TITLE)
    return {"type": "modal", "title": title, "blocks": blocks}


def reason(error: CallError) -> str:
    """Return what to log about a failure: Slack's code or the error's kind, never its text."""
    return error.code
