"""The notice to a person whose delivery could not be recorded: without the database, best effort."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog

from bot.conversation.people import Person
from bot.render import contexts_notices as n
from bot.render import to_plain
from bot.render.texts import Texts
from bot.slack.blocks import parts
from bot.slack.blocks.parts import Json, Message, note
from bot.slack.inbound.incoming import Incoming
from bot.slack.inbound.modals import with_first_block
from bot.slack.outbound.modals import FAILURES, reason
from bot.slack.outbound.response_urls import ResponseUrl, ResponseUrls
from bot.slack.outbound.web_api import WebApi

NOT_AGAIN_FOR: Final = 60.0  # seconds
NOTE_BLOCK: Final = "trouble"

log = structlog.get_logger("certdesk.slack")


class Apologies:
    """Say that nothing was done, to each person once a minute at most. `ticks` are steady seconds."""

    def __init__(self, client: WebApi, texts: Texts, ticks: Callable[[], float]) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client)
        self._texts = texts
        self._ticks = ticks
        self._said: dict[Person, float] = {}

    def due(self, person: Person) -> bool:
        """Tell whether a person is to be told; if so, they count as told."""
        now = self._ticks()
        self._said = {who: at for who, at in self._said.items() if now - at < NOT_AGAIN_FOR}
        if person in self._said:
            return False
        self._said[person] = now
        return True

    async def say(self, incoming: Incoming, modal: Json | None) -> None:
        """Say it where the person clicked, on top of the modal, or else in the DM."""
        message = parts.said(self._texts, n.Failed())
        try:
            url = self._response_urls.checked(incoming.response_url)
            if url is not None and await self._answer(url, message):
                return
            if modal is not None and await self._redraw(incoming, modal):
                return
            await self._client.chat_postMessage(
                channel=incoming.delivery.person.user, blocks=message.blocks, text=message.text
            )
        except FAILURES as error:
            log.warning("apology_failed", error=reason(error))

    async def _answer(self, url: ResponseUrl, message: Message) -> bool:
        try:
            await self._response_urls.post(url, message)
        except FAILURES as error:
            log.info("apology_not_there", error=reason(error))
            return False
        return True

    async def _redraw(self, incoming: Incoming, modal: Json) -> bool:
        """Put the sentence on top of a modal; what was filled in stays, because its blocks do."""
        told = note(to_plain(self._texts.say(n.Failed()))) | {"block_id": NOTE_BLOCK}
        place = incoming.place
        try:
            await self._client.views_update(
                view_id=place.view, hash=place.view_hash, view=with_first_block(modal, told)
            )
        except FAILURES as error:
            log.info("apology_not_there", error=reason(error))
            return False
        return True
