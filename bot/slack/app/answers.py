"""What Slack is answered for each result of the desk: in the acknowledgment, and after it.

What comes after the acknowledgment (opening or redrawing a modal, a message to one person) is best effort,
each piece in a task of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import structlog

from bot.conversation.case import Surface
from bot.conversation.people import case_name
from bot.conversation.screens import Details, Question, Result, TicketEditor
from bot.desk.app_home_views import Home
from bot.desk.deliveries import Ask, Deactivated, Membership, React
from bot.desk.desk import Desk
from bot.desk.results import Noted, Prepared, Refusal, Refused, Reply, Seen, ShownAfter, Told
from bot.render import contexts_home as h
from bot.render.texts import Texts
from bot.safe_errors import mishap
from bot.slack.blocks import ephemeral, modal, parts
from bot.slack.blocks.agent_forms import AGENT_BLOCK, CASE_BLOCK
from bot.slack.blocks.parts import Json
from bot.slack.inbound.fields import key
from bot.slack.inbound.incoming import Incoming
from bot.slack.outbound.accounts import Accounts
from bot.slack.outbound.home_publisher import Homes
from bot.slack.outbound.modals import Windows, notice_view

DRAIN_SECONDS: Final = 5

log = structlog.get_logger("certdesk.slack")


def to_submission(texts: Texts, reply: Reply, field: str | None) -> dict[str, Any]:
    """Return the acknowledgment of a form: errors under its fields, the next step, or a notice.

    `field` is where an error about the form's text is shown.
    """
    match reply:
        case Told(Ask.KEY) if field is not None:
            return _errors({field: ephemeral.key_in_form(texts)})
        case Seen(screen=screen, after=after):
            errors = {} if after is ShownAfter.STALE_CLICK else modal.errors_of(texts, screen)
            return _errors(errors) if errors else _update(modal.view_of(texts, screen))
        case Refused(Refusal.NO_SUCH_AGENT):
            note_refusal(reply)
            return _errors({AGENT_BLOCK: ephemeral.refused(texts, reply).text})
        case Refused(Refusal.NO_SUCH_ORIGINAL):
            note_refusal(reply)
            return _errors({CASE_BLOCK: ephemeral.refused(texts, reply).text})
        case Refused():
            note_refusal(reply)
            return _update(notice_view(texts, ephemeral.refused(texts, reply).blocks))
        case Told() | Noted() | Prepared() | Home():
            return {"response_action": "clear"}


def _errors(errors: dict[str, str]) -> dict[str, Any]:
    return {"response_action": "errors", "errors": errors}


def _update(view: Json) -> dict[str, Any]:
    return {"response_action": "update", "view": view}


def note_refusal(refused: Refused) -> None:
    """Log that nothing was done, and why."""
    log.warning("refused", why=refused.refusal.value, case=case_name(refused.case) if refused.case else None)


class Answers:
    """What follows an acknowledgment."""

    def __init__(  # noqa: PLR0913  what they work with
        self,
        desk: Desk,
        texts: Texts,
        windows: Windows,
        homes: Homes,
        accounts: Accounts,
        *,
        after_ack: AfterAck,
    ) -> None:
        self._desk = desk
        self._texts = texts
        self._windows = windows
        self._homes = homes
        self._accounts = accounts
        self._after_ack = after_ack

    def follow(self, incoming: Incoming, reply: Reply) -> None:
        """Answer a result, refresh App Home, and look the person up."""
        if isinstance(reply, Refused) and reply.refusal is Refusal.NOT_AN_AGENT and not incoming.looked_up:
            self._after_ack.do(self._look_up(incoming, reply))
            return
        if isinstance(reply, Refused):
            note_refusal(reply)
        self._show(incoming, reply)
        self._free_cases(incoming)
        self.refresh_home(incoming, reply)
        self.learn(incoming)

    def _free_cases(self, incoming: Incoming) -> None:
        """Return the cases of an agent who left to the queue."""
        match incoming.delivery.intent:
            case Membership(member=False) | Deactivated():
                installation = incoming.delivery.person.installation
                self._after_ack.do(self._desk.corrections.free_cases_of_former_agents(installation))
            case _:
                pass

    def _show(self, incoming: Incoming, reply: Reply) -> None:
        """Show a result to the person who caused it, if there is something to see at once."""
        place = incoming.place
        match reply:
            case Home() as home:
                self._after_ack.do(self._homes.show(home))
            case Refused() if isinstance(incoming.delivery.intent, React | Membership):
                pass  # nothing was typed
            case Refused() if place.home is not None:
                pass  # App Home says so itself
            case Refused():
                self._whisper(incoming, ephemeral.refused(self._texts, reply))
            case Told(Ask.KEY | Ask.TOO_LONG) if incoming.trigger:
                self._whisper(incoming, ephemeral.said(self._texts, reply))
            case Prepared() if incoming.trigger:
                self._after_ack.do(self._windows.show_form(incoming, reply))
            case Seen() if place.view is not None:
                self._after_ack.do(self._windows.redraw(incoming, reply))
            case Seen() if incoming.trigger and wants_modal(reply):
                self._after_ack.do(self._windows.open(incoming, reply))
            case Seen(after=ShownAfter.STALE_CLICK) if incoming.trigger:
                self._whisper(incoming, ephemeral.moved_on(self._texts, reply))
            case _:
                pass

    def _whisper(self, incoming: Incoming, message: parts.Message) -> None:
        self._after_ack.do(self._windows.whisper(incoming.asker, message))

    def refresh_home(self, incoming: Incoming, reply: Reply) -> None:
        """Update App Home after what its person did on it, or in a modal over it."""
        place, person = incoming.place, incoming.delivery.person
        if isinstance(reply, Home):
            return
        if place.home is not None:
            done = reply.case if isinstance(reply, Noted) else None
            self._after_ack.do(self._homes.refresh(person, done, self._notice_in_home(reply)))
        elif place.view is not None and self._homes.has_shown(person):
            self._after_ack.do(self._homes.refresh(person))

    def _notice_in_home(self, reply: Reply) -> list[Json]:
        """Return what else App Home says: why nothing was done, or where a case continues."""
        match reply:
            case Refused():
                return ephemeral.refused(self._texts, reply).blocks
            case Seen(case=case, surface=Surface.DM, screen=Question() | Details()):
                return parts.said(self._texts, h.HomeElsewhere(case_name(case))).blocks
            case _:
                return []

    async def _look_up(self, incoming: Incoming, refused: Refused) -> None:
        """Ask Slack who is in the agents' channel: somebody may have joined while nobody was listening."""
        again = replace(incoming, looked_up=True)
        person = incoming.delivery.person
        if not await self._accounts.learn_agents(person.installation, person.user):
            self.follow(again, refused)
            return
        if isinstance(incoming.delivery.intent, Membership):
            return  # the person may have left again
        delivery = replace(incoming.delivery, key=key("known", incoming.delivery.key))
        self.follow(again, await self._desk.receive(delivery))

    def learn(self, incoming: Incoming) -> None:
        """Look the person up at Slack, if that is due."""
        self._after_ack.do(self._accounts.learn_person(incoming.delivery.person))


def wants_modal(seen: Seen) -> bool:
    """Tell whether a screen belongs in a modal.

    A question of the DM does not; a result is in the DM already, unless it was asked for.
    """
    match seen.screen:
        case TicketEditor():
            return True
        case Result(problem=problem):
            return seen.after.was_opened or problem is not None
        case _:
            return seen.surface is Surface.MODAL


class AfterAck:
    """Tasks that nobody waits for; a failure is logged, and nothing durable depends on them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Start some work."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Wait for all work to end, up to so many seconds, then cancel the rest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.cancel()
        if self._tasks:  # a modal that was not opened still has to be recorded
            await asyncio.wait(self._tasks, timeout=seconds)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("after_ack_failed", **mishap(error))
