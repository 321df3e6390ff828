"""Send an effect: the one place that turns effects into Web API calls."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Final

from bot.conversation.effects import (
    AddEntry,
    AnswerMention,
    Aside,
    ChangeEntry,
    Effect,
    Invite,
    ListCases,
    Post,
    SayRead,
    SendWords,
    Share,
    ShowCard,
    TakeAway,
    Tell,
    TellAgent,
    Unread,
    Update,
)
from bot.conversation.files import AnswerList, LookAtFile, PassFile, SendFile
from bot.desk.send_attempts import GiveUp, SendResult, Sent
from bot.render.texts import Texts
from bot.slack.blocks import card as card_blocks
from bot.slack.blocks import case_list, dm, mentions, news, parts, thread
from bot.slack.blocks.answer import shared_blocks
from bot.slack.blocks.ids import Ref
from bot.slack.blocks.parts import Message
from bot.slack.blocks.thread import ThreadMessage
from bot.slack.outbound import complaints
from bot.slack.outbound.file_sender import FileSender, Receive
from bot.slack.outbound.list_sender import NO_FOLDERS, Folders, ListSender
from bot.slack.outbound.posting import Poster
from bot.slack.outbound.response_urls import ResponseUrls
from bot.slack.outbound.web_api import CallError, WebApi
from bot.store import CARD, Queued, Store

# errors that mean that a card can no longer be redrawn
GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
CLICK_SECONDS: Final = 3  # for a response_url, before the agent is told another way


def methods_of(effect: Effect) -> frozenset[str]:
    """Return the Web API methods whose rate limits concern an effect."""
    match effect:
        case Update() | ChangeEntry():
            return frozenset({"chat.update"})
        case TellAgent() | AnswerMention() | Invite(by_dm=False):
            return frozenset({"chat.postEphemeral"})
        case ShowCard() | AnswerList():
            return frozenset({"chat.postMessage", "chat.update"})
        case PassFile() | SendFile():
            return frozenset({"files.getUploadURLExternal", "files.completeUploadExternal"})
        case Share() | TakeAway() | LookAtFile():
            return frozenset()
        case _:
            return frozenset({"chat.postMessage"})


class Sender:
    """Send queued effects to Slack. `agents` is the agents' channel, None if there is none.

    `folders` are an operator's own.
    """

    def __init__(
        self, client: WebApi, store: Store, texts: Texts, agents: str | None, folders: Folders = NO_FOLDERS
    ) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client)
        self._files = FileSender(client, store, texts)
        self._lists = ListSender(client, store, texts, folders)
        self._poster = Poster(client, store, texts)
        self._store = store
        self._texts = texts
        self._agents = agents

    def report_findings_to(self, receive: Receive) -> None:
        """Give what is found in people's files to the desk."""
        self._files.receive = receive

    async def send(self, queued: Queued, effect: Effect) -> SendResult:
        """Send one effect; a failure comes back as a value."""
        try:
            return await self._send(queued, effect)
        except CallError as error:
            return complaints.outcome_of(error, unsure=queued.unsure)

    async def _send(  # noqa: C901, PLR0912  a match over a closed union
        self, queued: Queued, effect: Effect
    ) -> SendResult:
        match effect:
            case Post(to, slot, screen):
                return await self._poster.in_dm(
                    queued, to, dm.message_of(self._texts, screen), slot, effect.thread
                )
            case Aside(to, screen):
                aside = dm.aside(self._texts, screen)
                return await self._poster.in_dm(queued, to, aside, _own_slot(queued), effect.thread)
            case SayRead(to, case, read):
                said = dm.read_back(self._texts, Ref(case, effect.revision), read)
                return await self._poster.in_dm(queued, to, said, _own_slot(queued), effect.thread)
            case Unread(to):
                unread = dm.unread(self._texts, effect)
                return await self._poster.in_dm(queued, to, unread, _own_slot(queued), effect.thread)
            case Tell(to):
                told = news.news(self._texts, effect, agents=self._agents is not None)
                return await self._poster.in_dm(queued, to, told, _own_slot(queued), effect.thread)
            case ListCases(to, cases):
                listed = case_list.case_list(self._texts, cases)
                return await self._poster.in_dm(queued, to, listed, thread=effect.thread)
            case Invite(to):
                return await self._invite(queued, effect, mentions.invitation(self._texts, effect))
            case AnswerMention(to, place):
                return await self._poster.only_to(to, place, mentions.no_case(self._texts, effect))
            case TakeAway(to):
                return await self._take_away(effect)
            case Update() if queued.placed is None and await self._poster.where_mentioned(
                effect.to, queued.case
            ):
                return Sent()  # an ephemeral message cannot be redrawn
            case Update(_, _, screen):
                return await self._update(queued, dm.message_of(self._texts, screen))
            case SendWords(to):
                return await self._poster.in_dm(
                    queued, to, news.words(self._texts, effect), _own_slot(queued)
                )
            case ShowCard(card):
                return await self._card(queued, card_blocks.card(self._texts, card))
            case AddEntry(entry, slot):
                return await self._entry(queued, thread.entry(self._texts, entry, queued.case or 0), slot)
            case ChangeEntry(_, entry):
                return await self._update(queued, thread.entry(self._texts, entry, queued.case or 0))
            case TellAgent():
                return await self._whisper(queued, effect)
            case Share():
                return await self._share(effect)
            case AnswerList():
                return await self._answer_list(queued, effect)
            case PassFile() | LookAtFile():
                return await self._files.send(queued, effect)
            case SendFile(to):
                channel, opened = await self._poster.dm_of(to)
                sent = await self._files.send_to(queued, effect, channel)
                return replace(sent, dm=(to, channel)) if opened and isinstance(sent, Sent) else sent

    async def _answer_list(self, queued: Queued, effect: AnswerList) -> SendResult:
        """Answer a list in a message of its own, which shows its progress at first."""
        channel, opened = await self._poster.dm_of(effect.to)
        posted = effect.posted or await self._poster.post(queued, channel, self._lists.begun(effect))
        sent = await self._lists.send(queued, effect, posted)
        return replace(sent, dm=(effect.to, channel)) if opened and isinstance(sent, Sent) else sent

    async def _invite(self, queued: Queued, invite: Invite, message: Message) -> SendResult:
        """Answer a mention where it was made, or in the DM if there can be one."""
        if not invite.by_dm:
            return await self._poster.only_to(invite.to, invite.invitation.place, message)
        if not await self._poster.has_dm(invite.to):
            return Sent()  # they were answered in the channel
        return await self._poster.in_dm(queued, invite.to, message, _own_slot(queued))

    async def _take_away(self, effect: TakeAway) -> SendResult:
        """Remove what somebody clicked, best effort: only they see it, and it does no harm."""
        url = self._response_urls.checked(effect.response_url)
        with contextlib.suppress(CallError):
            in_dm = await self._poster.has_dm(effect.to)
            if url is not None:
                await self._response_urls.replace(
                    url, mentions.elsewhere(self._texts, effect) if in_dm else None
                )
        return Sent()

    async def _update(self, queued: Queued, message: Message | ThreadMessage) -> SendResult:
        if queued.placed is None:
            return GiveUp("there is no message to update")
        channel, ts = queued.placed
        await self._client.chat_update(channel=channel, ts=ts, blocks=message.blocks, text=message.text)
        return Sent()

    async def _card(self, queued: Queued, message: Message) -> SendResult:
        if self._agents is None:
            return GiveUp("there is no agents' channel")
        if queued.placed is not None:
            try:
                return await self._update(queued, message)
            except CallError as error:
                if error.code not in GONE:
                    raise  # if it was deleted, nobody could claim the case without a new one
        return Sent(CARD, await self._poster.post(queued, self._agents, message))

    async def _entry(self, queued: Queued, message: ThreadMessage, slot: str | None) -> SendResult:
        """Post into the thread of the case's card, which was queued before."""
        case = queued.case
        placed = await self._store.read(lambda unit: unit.places.of(case, CARD)) if case else None
        if placed is None:
            return GiveUp("there is no card to post under")
        return Sent(slot, await self._poster.post(queued, placed.channel, message, thread=placed.ts))

    async def _whisper(self, queued: Queued, effect: TellAgent) -> SendResult:
        """Answer a click where it was made, or else in the agents' channel."""
        message = card_blocks.denied(self._texts, effect)
        url = self._response_urls.checked(effect.response_url)
        if url is not None and not queued.attempts:
            with contextlib.suppress(CallError, TimeoutError):
                async with asyncio.timeout(CLICK_SECONDS):
                    await self._response_urls.post(url, message)
                return Sent()
        if self._agents is None:
            return GiveUp("there is no agents' channel")
        await self._client.chat_postEphemeral(
            channel=self._agents, user=effect.to.user, blocks=message.blocks, text=message.text
        )
        return Sent()

    async def _share(self, effect: Share) -> SendResult:
        url = self._response_urls.checked(effect.origin.response_url)
        if url is None:
            return GiveUp("there is no way into the channel any more")
        blocks = shared_blocks(self._texts, effect.result, parts.mention(effect.by))
        message = Message(blocks, self._texts.headline(effect.result))
        await self._response_urls.post(url, message, to_all=True)
        return Sent()


def _own_slot(queued: Queued) -> str | None:
    """Return a slot for a message that is never redrawn, so that a reply in its thread finds its case."""
    return f"said-{queued.id}" if queued.case is not None else None
