"""Answer lists of orders: fetched, read in a process of its own, and sent back with answers.

The progress message becomes the answer. An attempt after an interrupted one finds that message again, and the
list that was sent back with it.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath
from threading import Event
from typing import IO, Final

from bot.conversation.files import AnswerList, WhyNot
from bot.conversation.people import Posted
from bot.desk.send_attempts import GiveUp, SendResult, Sent, TryAgain
from bot.desk.transaction import now_for
from bot.reading.order_list_dates import DateOrder
from bot.render import contexts_lists as c
from bot.render import to_fallback
from bot.render.texts import Texts
from bot.render.word_lists import WHY_NOT
from bot.slack.blocks import order_list
from bot.slack.blocks.parts import Message
from bot.slack.outbound.file_transfer import Destination, FileTransfer
from bot.slack.outbound.web_api import CallError, WebApi
from bot.store import AWAY, Queued, Store
from bot.triage import Failure, Limits, Request, Summary, TriageError, triage_file

SECONDS: Final = 85.0  # for all of it; less than the outbox's lease
LIMITS: Final = Limits(seconds=25, megabytes=1024)
REDRAWN_SECONDS: Final = 2.0
PAGE: Final = 15


@dataclass(slots=True)
class Progress:
    """How far the process is, as its thread reports."""

    share: float = 0.0
    orders: int = 0

    def __call__(self, share: float, orders: int) -> None:
        """Note how far it is."""
        self.share, self.orders = share, orders


@dataclass(frozen=True, slots=True)
class Folders:
    """An operator's own policy and templates."""

    policy: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


NO_FOLDERS: Final = Folders()


class ListSender:
    """Answer lists, in their senders' DMs."""

    def __init__(self, client: WebApi, store: Store, texts: Texts, folders: Folders) -> None:
        self._client = client
        self._transfer = FileTransfer(client)
        self._store = store
        self._texts = texts
        self._folders = folders

    def begun(self, effect: AnswerList) -> Message:
        """Return the message that a list is being read."""
        return order_list.progress(self._texts, effect, 0.0, 0)

    async def send(self, queued: Queued, effect: AnswerList, posted: Posted) -> SendResult:
        """Answer a list in a message that was posted already, even if it failed. Raises CallError."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._answered(queued, effect, posted)
        except TimeoutError:
            if queued.attempts:
                return await self._ended(effect, posted, Failure.TOO_LONG)
            return TryAgain("TimeoutError", unsure=True)
        except (CallError, *AWAY):
            raise  # to be retried
        except Exception:
            with suppress(CallError):
                await self._ended(effect, posted, Failure.BROKEN)
            raise

    async def _answered(self, queued: Queued, effect: AnswerList, posted: Posted) -> SendResult:
        found = await self._transfer.find(effect.file)
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as annotated:
            why = await self._transfer.fetch(found, source)
            if why is not None:
                await self._redraw(posted, order_list.refused(self._texts, effect, self._why(why)))
                return Sent()
            effect = replace(effect, file=replace(effect.file, name=found.name))
            try:
                summary = await self._read(queued, effect, posted, source, annotated)
            except TriageError as error:
                return await self._ended(effect, posted, error.failure)
            await self._redraw(posted, order_list.answered(self._texts, effect, summary))
            if order_list.open_point(self._texts, effect, summary) is None and summary.orders:
                await self._give_back(queued, effect, posted, summary, annotated)
        return Sent()

    async def _read(
        self, queued: Queued, effect: AnswerList, posted: Posted, source: IO[bytes], annotated: IO[bytes]
    ) -> Summary:
        """Have a list read, and report the progress now and then."""
        known = await self._store.read(lambda unit: unit.people.get(effect.to))
        today = now_for(known, queued.queued_at).today if known else queued.queued_at.date()
        told = {name: value for name, value in effect.told if value != order_list.LEFT_OPEN}
        order = told.pop(order_list.DAYS, None)
        request = Request(
            facts={**told},
            today=today.isoformat(),
            order=order if order in set(DateOrder) else None,
            policy_dirs=self._folders.policy,
            templates_dirs=self._folders.templates,
            limits=LIMITS,
        )
        progress, stopped = Progress(), Event()
        reading = asyncio.create_task(
            asyncio.to_thread(
                triage_file,
                source,
                request,
                annotated=annotated,
                on_progress=progress,
                is_stopped=stopped.is_set,
            )
        )
        try:
            while not (await asyncio.wait({reading}, timeout=REDRAWN_SECONDS))[0]:
                with suppress(CallError):  # the next report, or the answer, says more
                    said = order_list.progress(self._texts, effect, progress.share, progress.orders)
                    await self._redraw(posted, said)
            return reading.result()
        finally:
            stopped.set()
            if not reading.done():  # the process may still be writing into its files
                with suppress(BaseException):
                    await asyncio.shield(reading)

    async def _ended(self, effect: AnswerList, posted: Posted, failure: Failure) -> SendResult:
        await self._redraw(posted, order_list.failed(self._texts, effect, failure))
        return GiveUp(failure.value) if failure is Failure.BROKEN else Sent()

    async def _redraw(self, posted: Posted, message: Message) -> None:
        await self._client.chat_update(
            channel=posted.channel, ts=posted.ts, blocks=message.blocks, text=message.text
        )

    async def _give_back(
        self, queued: Queued, effect: AnswerList, posted: Posted, summary: Summary, annotated: IO[bytes]
    ) -> None:
        """Send the list back with its answers, unless an interrupted attempt has done so."""
        name = _name_of(effect.file.name, is_workbook=summary.is_workbook)
        if queued.unsure and await self._stands(queued, posted.channel, name):
            return
        comment = to_fallback(self._texts.say(c.AnnotatedList(summary.orders)))
        await self._transfer.upload(name, annotated, Destination(posted.channel, None, comment))

    async def _stands(self, queued: Queued, channel: str, name: str) -> bool:
        """Tell whether a list with its answers was sent into a DM since it was asked for."""
        since = f"{queued.queued_at.timestamp():.6f}"
        page = await self._client.conversations_history(channel=channel, oldest=since, limit=PAGE)
        files = [file for message in page.get("messages") or [] for file in message.get("files") or []]
        return any(isinstance(file, dict) and name in (file.get("name"), file.get("title")) for file in files)

    def _why(self, why: WhyNot) -> str:
        return self._texts.words(WHY_NOT)[why]


def _name_of(name: str, *, is_workbook: bool) -> str:
    """Return the name of the list with its answers: that of the original, with its own suffix."""
    path = PurePath(name)
    suffix = ".xlsx" if is_workbook else path.suffix if path.suffix.casefold() in (".csv", ".tsv") else ".csv"
    return f"{path.stem} (answers){suffix}"
