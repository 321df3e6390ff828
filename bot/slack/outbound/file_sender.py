"""Pass files on, or inspect them.

The copy's id is recorded before the copy is shared. So after a time-out, or if a process died, Slack is asked
whether it is there before another one is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeAlias

from bot.conversation.effects import AddEntry, Effect, News, Tell
from bot.conversation.events import Said
from bot.conversation.files import AnswerList, File, LookAtFile, PassFile, SendFile, WhyNot, unpassed
from bot.conversation.people import Person, case_name
from bot.conversation.thread_entries import NotPassedOn
from bot.desk.deliveries import Act, Delivery
from bot.desk.desk import TooLateError
from bot.desk.record_keeping import unsent
from bot.desk.send_attempts import SendResult, Sent, TryAgain
from bot.reading.order_list_detection import may_be_list
from bot.reading.pasted_certificates import as_text
from bot.render import contexts_cards as cards
from bot.render import contexts_passing as passing
from bot.render import to_fallback
from bot.render.texts import Texts
from bot.slack.blocks.parts import mention
from bot.slack.outbound.file_transfer import Destination, FileTransfer, Looked
from bot.slack.outbound.web_api import CallError, Fate, WebApi
from bot.store import CARD, Queued, Store

SECONDS: Final = 80.0  # for both readings and all calls; less than the outbox's lease
READ: Final = 256 * 1024  # octets of a file that may be a certificate, or a list by another name
LOOKUPS: Final = 5  # after this many failed lookups, another copy is made
NO_CARD: Final = "there is no card to put it under"


Receive: TypeAlias = Callable[[Delivery], Awaitable[object]]


class FileSender:
    """Pass files on between requesters and agents, and inspect those that are kept."""

    def __init__(self, client: WebApi, store: Store, texts: Texts) -> None:
        self.receive: Receive | None = None
        self._transfer = FileTransfer(client)
        self._store = store
        self._texts = texts

    async def send(self, queued: Queued, effect: PassFile | LookAtFile) -> SendResult:
        """Do what an effect wants of a file. Raises CallError."""
        match effect:
            case PassFile():
                return await self._in_time(self._passed_on(queued, effect))
            case LookAtFile():
                return await self._in_time(self._looked_into(queued, effect))

    async def send_to(self, queued: Queued, effect: SendFile, channel: str) -> SendResult:
        """Send an agent's file to the requester's DM. Raises CallError."""
        said = passing.FileOfAgent(case_name(queued.case or 0), mention(effect.agent))
        to = Destination(channel, None, to_fallback(self._texts.say(said)))
        return await self._in_time(self._copied(queued, effect, to))

    async def _passed_on(self, queued: Queued, effect: PassFile) -> SendResult:
        """Copy a requester's file into the thread of the case's card."""
        case = queued.case
        card = await self._store.read(lambda unit: unit.places.of(case, CARD)) if case else None
        if card is None:
            return TryAgain(NO_CARD)
        comment = to_fallback(self._texts.say(cards.FileOf(mention(effect.by))))
        to = Destination(card.channel, card.ts, comment)
        return await self._copied(queued, effect, to)

    async def _looked_into(self, queued: Queued, effect: LookAtFile) -> SendResult:
        """Inspect a file that nobody gets yet, and tell its sender what is wrong with it."""
        if not await self._is_there(effect.message, effect.file):
            return Sent()
        found = await self._transfer.find(effect.file)
        looked = await self._transfer.inspect(found, keep=READ)
        if looked.whole is not None and looked.why is not WhyNot.KEY:
            if may_be_list(looked.whole):
                return Sent(then=(AnswerList(effect.to, found),))
            if (text := await asyncio.to_thread(as_text, looked.whole)) is not None:
                with_text = await self._certificate(queued, effect, text)
                if with_text is not None:
                    return with_text
        if looked.why is None:
            return Sent()
        spoiled = replace(found, why=looked.why)
        await self._store.write(lambda unit: unit.files.refuse(effect.message, spoiled))
        return Sent(then=(_told(effect.to, queued.case or 0, spoiled, looked.why),))

    async def _certificate(self, queued: Queued, effect: LookAtFile, text: str) -> SendResult | None:
        """Read a certificate in a file as if it had been pasted for the open question.

        None if that is done, or nothing is asked. It is one delivery, however often it is tried.
        """
        number = queued.case or 0
        case = await self._store.read(lambda unit: unit.cases.get(number))
        if case is None or case.handoff is not None or case.shown.asked_in is None or self.receive is None:
            return None
        key = f"certificate:{number}:{effect.file.id}"
        try:
            await self.receive(Delivery(key, effect.to, Act(number, Said(text))))
        except TooLateError:
            return TryAgain("the database is slow")
        return None

    async def _copied(self, queued: Queued, effect: PassFile | SendFile, to: Destination) -> SendResult:
        file, message = effect.file, effect.message
        if not await self._is_there(message, file):
            return Sent()
        if queued.unsure and (settled := await self._settled(queued, file, message, to)) is not None:
            return settled
        found = await self._transfer.find(file)
        looked = await self._transfer.inspect(found)
        if looked.why is not None:
            return Sent(then=_refused(effect, queued.case or 0, found, looked.why))
        try:
            await self._copy(found, looked, message, to)
        except CallError as error:
            if error.fate is not Fate.NEVER:
                raise
            return Sent(then=_refused(effect, queued.case or 0, found, WhyNot.REFUSED))
        return Sent()

    async def _copy(self, file: File, looked: Looked, message: str, to: Destination) -> None:
        async def begun(copy: str) -> None:
            await self._store.write(lambda unit: unit.files.copied(message, file.id, copy))

        await self._transfer.copy(file, looked, to, begun)

    async def _settled(self, queued: Queued, file: File, message: str, to: Destination) -> SendResult | None:
        """Return what came of an earlier attempt, None if the file is to be passed on now."""
        copy = await self._store.read(lambda unit: unit.files.copy_of(message, file.id))
        is_shared = await self._transfer.is_shared(copy, to.channel) if copy is not None else False
        if is_shared is None and queued.attempts < LOOKUPS:
            return TryAgain("the copy is not to be seen yet", unsure=True)
        return Sent() if is_shared else None

    async def _is_there(self, message: str, file: File) -> bool:
        """Tell whether a file has not been taken back meanwhile."""
        return await self._store.read(lambda unit: unit.files.is_there(message, file.id))

    async def _in_time(self, sending: Awaitable[SendResult]) -> SendResult:
        try:
            async with asyncio.timeout(SECONDS):
                return await sending
        except TimeoutError:
            return TryAgain("TimeoutError", unsure=True)


def _refused(effect: PassFile | SendFile, case: int, file: File, why: WhyNot) -> tuple[Effect, ...]:
    """Return the result that names to both sides a file that is not passed on."""
    match effect:
        case PassFile(by):
            return (AddEntry(NotPassedOn(by, (unpassed(file, why),))), _told(by, case, file, why))
        case SendFile(to, agent):
            return unsent(to, agent, case, (unpassed(file, why),))


def _told(to: Person, case: int, file: File, why: WhyNot) -> Tell:
    return Tell(to, News.FILES_UNPASSED, case, unpassed=(unpassed(file, why),))
