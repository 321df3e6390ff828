"""What Slack calls: thin listeners that read a payload, hand it to the desk, acknowledge, then answer.

Before its acknowledgment a listener waits for the database only, never for Slack's network. What comes
after it (opening or redrawing a view) is a task of its own and best effort: nothing durable hangs on it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.conversation.case import Surface
from bot.conversation.events import Claimed
from bot.conversation.people import case_name
from bot.conversation.screens import Result, TicketEditor
from bot.desk.desk import Desk
from bot.desk.intents import Act, Noted, Refusal, Refused, Reply, Seen, Told
from bot.render.texts import Texts
from bot.slack import payloads, replies, views
from bot.slack.payloads import Foreign, Incoming
from bot.slack.windows import Windows, notice_view

log = structlog.get_logger("certdesk.slack")

COMMAND = re.compile(r"^/.+")
EVERYTHING = re.compile(r"(?s).*")


class Listeners:
    """The listeners of one app. `agents` is the agents' channel, where alone a case can be claimed."""

    def __init__(self, desk: Desk, texts: Texts, windows: Windows, agents: str | None) -> None:
        self._desk = desk
        self._texts = texts
        self._windows = windows
        self._agents = agents
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """Put the listeners into a Bolt app: few of them, since Bolt matches one after the other."""
        app.action(EVERYTHING)(self.on_action)
        app.view(EVERYTHING)(self.on_submission)
        app.command(COMMAND)(self.on_command)
        app.event("message")(self.on_message)
        app.event(EVERYTHING)(self.on_other_event)

    async def drain(self) -> None:
        """Wait for what was begun after an acknowledgment."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer the slash command: help and cases in the acknowledgment, a case in a modal."""
        match payloads.command(body):
            case Foreign() as foreign:
                await self._pass_over(ack, foreign)
            case incoming:
                reply = await self._desk.receive(incoming.delivery)
                if isinstance(reply, Told):
                    await ack(**replies.told(self._texts, reply, agents=self._agents is not None))
                else:
                    await ack()
                    self._after(incoming, reply)

    async def on_message(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a direct message; its answer comes from the outbox."""
        match payloads.direct_message(body):
            case Foreign():
                await ack()
            case incoming:
                reply = await self._desk.receive(incoming.delivery)
                await ack()
                self._after(incoming, reply)

    async def on_other_event(self, ack: AsyncAck) -> None:
        """Acknowledge an event that nothing is done about."""
        await ack()

    async def on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a click."""
        match payloads.block_action(body):
            case Foreign() as foreign:
                await self._pass_over(ack, foreign)
            case incoming if self._is_forged_claim(incoming):
                await ack()
                self._spawn(self._refuse(incoming, Refused(Refusal.NOT_AN_AGENT, _case(incoming))))
            case incoming:
                reply = await self._desk.receive(incoming.delivery)
                await ack()
                self._after(incoming, reply)

    async def on_submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer a submitted step in the acknowledgment itself: the next step, or what is wrong."""
        match payloads.submission(body):
            case Foreign() as foreign:
                await self._pass_over(ack, foreign)
            case incoming:
                reply = await self._desk.receive(incoming.delivery)
                await ack(**self._submitted(reply))
                if isinstance(reply, Seen):
                    self._learn(incoming)

    def _submitted(self, reply: Reply) -> dict[str, Any]:
        match reply:
            case Seen(screen=screen, stale=stale) if not stale and (
                errors := views.errors_of(self._texts, screen)
            ):
                return {"response_action": "errors", "errors": errors}
            case Seen(screen=screen):
                return {"response_action": "update", "view": views.view_of(self._texts, screen)}
            case Refused():
                view = notice_view(replies.refused(self._texts, reply).blocks)
                return {"response_action": "update", "view": view}
            case Told() | Noted():
                return {"response_action": "clear"}

    def _is_forged_claim(self, incoming: Incoming) -> bool:
        """Tell whether somebody claims from elsewhere than the card in the agents' channel."""
        intent = incoming.delivery.intent
        claims = isinstance(intent, Act) and isinstance(intent.event, Claimed)
        return claims and (self._agents is None or incoming.place.channel != self._agents)

    def _after(self, incoming: Incoming, reply: Reply) -> None:
        """Do what comes after the acknowledgment."""
        match reply:
            case Refused():
                self._spawn(self._refuse(incoming, reply))
            case Seen() if incoming.place.view is not None:
                self._spawn(self._windows.redraw(incoming, reply))
            case Seen() if incoming.trigger and _wants_window(reply):
                self._spawn(self._windows.open(incoming, reply))
            case Seen(stale=True) if incoming.trigger:
                self._spawn(self._windows.whisper(incoming, replies.moved_on(self._texts, reply)))
            case _:
                pass
        self._learn(incoming)

    def _learn(self, incoming: Incoming) -> None:
        self._spawn(self._windows.learn_zone(incoming.delivery.person))

    async def _refuse(self, incoming: Incoming, refused: Refused) -> None:
        await self._windows.whisper(incoming, replies.refused(self._texts, refused))

    async def _pass_over(self, ack: AsyncAck, foreign: Foreign) -> None:
        """Acknowledge what is none of ours: not retried, not answered, but on record."""
        case = case_name(foreign.case) if foreign.case is not None else None
        log.warning("payload_passed_over", what=foreign.what, case=case)
        await ack()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("after_ack_failed", error=type(error).__name__, exc_info=error)


def _case(incoming: Incoming) -> int | None:
    intent = incoming.delivery.intent
    return intent.case if isinstance(intent, Act) else None


def _wants_window(seen: Seen) -> bool:
    """Tell whether what there is to see belongs into a modal: a question in the DM does not."""
    in_dm = seen.surface is Surface.DM
    if isinstance(seen.screen, TicketEditor):
        return True
    return not in_dm or (seen.opened and isinstance(seen.screen, Result))
