"""What Slack calls: thin listeners that read a payload, hand it to the desk, acknowledge, then answer.

Before its acknowledgment a listener waits for the database only, never for Slack's network. What comes
after it (opening or redrawing a view) is a task of its own and best effort: nothing durable hangs on it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.conversation.case import Surface
from bot.conversation.events import Answered
from bot.conversation.people import case_name
from bot.conversation.screens import Details, Question, Result, TicketEditor
from bot.desk.app_home_views import Home
from bot.desk.deliveries import (
    Act,
    Ask,
    Delivery,
    Membership,
    Noted,
    Prepared,
    React,
    Refusal,
    Refused,
    Reply,
    Seen,
    Told,
)
from bot.desk.desk import Desk
from bot.render import contexts_home as h
from bot.render.texts import Texts
from bot.safe_errors import mishap
from bot.slack.blocks import dm, ephemeral, modal
from bot.slack.blocks.agent_forms import AGENT_BLOCK
from bot.slack.blocks.parts import Json
from bot.slack.inbound import actions, commands, events, messages, shortcuts, submissions
from bot.slack.inbound.fields import key
from bot.slack.inbound.incoming import Foreign, Incoming
from bot.slack.inbound.modals import open_modal
from bot.slack.outbound.accounts import Accounts
from bot.slack.outbound.apologies import Apologies
from bot.slack.outbound.home_publisher import Homes
from bot.slack.outbound.modals import Windows, notice_view

log = structlog.get_logger("certdesk.slack")

COMMAND = re.compile(r"^/.+")
EVERYTHING = re.compile(r"(?s).*")
REACTIONS = re.compile(r"^reaction_(added|removed)$")
MEMBERSHIPS = re.compile(r"^member_(joined|left)_channel$")
DRAIN_SECONDS: Final = 5


class Listeners:
    """The listeners of one app, installed by the team `home`; `agents`: there are some to hand a case to.

    `own` is the bot's user id: it does not answer itself.
    """

    def __init__(  # noqa: PLR0913  what they work with
        self,
        desk: Desk,
        texts: Texts,
        windows: Windows,
        homes: Homes,
        accounts: Accounts,
        *,
        apologies: Apologies,
        home: str,
        own: str,
        agents: bool,
    ) -> None:
        self._desk = desk
        self._texts = texts
        self._windows = windows
        self._apologies = apologies
        self._homes = homes
        self._accounts = accounts
        self._home = home
        self._own = own
        self._agents = agents
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """Put the listeners into a Bolt app: few of them, since Bolt matches one after the other."""
        app.action(EVERYTHING)(self.on_action)
        app.view(EVERYTHING)(self.on_submission)
        app.command(COMMAND)(self.on_command)
        app.shortcut(EVERYTHING)(self.on_shortcut)
        app.event("message")(self.on_message)
        app.event(REACTIONS)(self.on_reaction)
        app.event(MEMBERSHIPS)(self.on_membership)
        app.event("app_home_opened")(self.on_home)
        app.event(EVERYTHING)(self.on_other_event)

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Wait for what was begun after an acknowledgment, as long as is decent, then end it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.cancel()
        if self._tasks:  # a window that was not opened is still to be written down
            await asyncio.wait(self._tasks, timeout=seconds)

    async def on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer the slash command: help and cases in the acknowledgment, a case in a modal."""
        match commands.read(body, self._home):
            case Foreign() as foreign:
                await self._pass_over(ack, foreign)
            case incoming:
                reply = await self._receive(incoming, body)
                if isinstance(reply, Told):
                    await ack(**ephemeral.told(self._texts, reply, agents=self._agents))
                else:
                    await ack()
                    self._after(incoming, reply)

    async def on_message(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a direct message, an edited or a deleted one; its answer comes from the outbox."""
        await self._take_ours(ack, body, messages.read(body, self._home, self._own))

    async def on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Begin a case where somebody used the shortcut of a message."""
        await self._take(ack, body, shortcuts.read(body, self._home))

    async def on_reaction(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take an emoji on a card."""
        await self._take(ack, body, events.reaction(body, self._home))

    async def on_membership(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take note of who is an agent."""
        await self._take(ack, body, events.membership(body, self._home))

    async def on_home(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Show App Home to who opened it; the app's other tabs need nothing."""
        await self._take_ours(ack, body, events.home_opened(body, self._home))

    async def _take_ours(self, ack: AsyncAck, body: dict[str, Any], read: Incoming | Foreign) -> None:
        """Take what is ours; what is not comes all day, and needs no line in the log."""
        if isinstance(read, Foreign):
            await ack()
        else:
            await self._take(ack, body, read)

    async def _take(self, ack: AsyncAck, body: dict[str, Any], read: Incoming | Foreign) -> None:
        match read:
            case Foreign() as foreign:
                await self._pass_over(ack, foreign)
                if foreign.asker is not None:
                    self._spawn(self._windows.whisper(foreign.asker, ephemeral.unknown(self._texts)))
            case incoming:
                reply = await self._receive(incoming, body)
                await ack()
                self._after(incoming, reply)

    async def on_other_event(self, ack: AsyncAck) -> None:
        """Acknowledge an event that nothing is done about."""
        await ack()

    async def on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a click."""
        await self._take(ack, body, self._known(actions.read(body, self._home)))

    def _known(self, read: Incoming | Foreign) -> Incoming | Foreign:
        """Pass over an answer to a question that no policy file asks."""
        match read:
            case Incoming(delivery=Delivery(intent=Act(case=case, event=Answered(fact=fact)))):
                if not self._texts.policy.declares(fact):
                    return Foreign("an unknown question", case, read.asker)
                return read
            case _:
                return read

    async def on_submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer a submitted step in the acknowledgment itself: the next step, or what is wrong."""
        match submissions.read(body, self._home):
            case Foreign() as foreign:
                view = notice_view(self._texts, ephemeral.unknown(self._texts).blocks)
                await self._pass_over(ack, foreign, response_action="update", view=view)
            case incoming:
                reply = await self._receive(incoming, body)
                await ack(**self._submitted(reply, incoming.field))
                self._freshen(incoming, reply)
                if isinstance(reply, Seen):
                    self._learn(incoming)

    async def _receive(self, incoming: Incoming, body: dict[str, Any]) -> Reply:
        """Hand a delivery to the desk; where it cannot be written down, tell who waits for an answer.

        A message is not waited for: Slack sends it again by itself.
        """
        try:
            return await self._desk.receive(incoming.delivery)
        except Exception:
            if incoming.trigger and self._apologies.due(incoming.delivery.person):
                self._spawn(self._apologies.say(incoming, open_modal(body)))
            raise

    def _submitted(self, reply: Reply, field: str | None) -> dict[str, Any]:
        match reply:
            case Told(Ask.KEY) if field is not None:
                return {"response_action": "errors", "errors": {field: ephemeral.key_in_form(self._texts)}}
            case Seen(screen=screen, stale=stale) if not stale and (
                errors := modal.errors_of(self._texts, screen)
            ):
                return {"response_action": "errors", "errors": errors}
            case Seen(screen=screen):
                return {"response_action": "update", "view": modal.view_of(self._texts, screen)}
            case Refused(Refusal.NO_SUCH_AGENT):
                _note_refusal(reply)
                why = ephemeral.refused(self._texts, reply).text
                return {
                    "response_action": "errors",
                    "errors": {AGENT_BLOCK: why},
                }
            case Refused():
                _note_refusal(reply)
                view = notice_view(self._texts, ephemeral.refused(self._texts, reply).blocks)
                return {"response_action": "update", "view": view}
            case Told() | Noted() | Prepared() | Home():
                return {"response_action": "clear"}

    def _after(self, incoming: Incoming, reply: Reply) -> None:
        """Do what comes after the acknowledgment."""
        match reply:
            case Refused(Refusal.NOT_AN_AGENT) if not incoming.looked_up:
                self._spawn(self._look_up(incoming, reply))
                return
            case Refused() if isinstance(incoming.delivery.intent, React | Membership):
                _note_refusal(reply)  # nothing was asked for in words
            case Home() as home:
                self._spawn(self._homes.show(home))
            case Refused() if incoming.place.home is not None:
                _note_refusal(reply)
            case Refused():
                _note_refusal(reply)
                self._spawn(self._windows.whisper(incoming.asker, ephemeral.refused(self._texts, reply)))
            case Prepared() if incoming.trigger:
                self._spawn(self._windows.show_form(incoming, reply))
            case Seen() if incoming.place.view is not None:
                self._spawn(self._windows.redraw(incoming, reply))
            case Seen() if incoming.trigger and _wants_window(reply):
                self._spawn(self._windows.open(incoming, reply))
            case Seen(stale=True) if incoming.trigger:
                self._spawn(self._windows.whisper(incoming.asker, ephemeral.moved_on(self._texts, reply)))
            case _:
                pass
        self._freshen(incoming, reply)
        self._learn(incoming)

    def _freshen(self, incoming: Incoming, reply: Reply) -> None:
        """Let App Home follow what its person did on it, or in a modal that may stand before it."""
        place, person = incoming.place, incoming.delivery.person
        if isinstance(reply, Home):
            return
        if place.home is not None:
            done = reply.case if isinstance(reply, Noted) else None
            self._spawn(self._homes.refresh(person, done, self._beside(reply)))
        elif place.view is not None and self._homes.has_shown(person):
            self._spawn(self._homes.refresh(person))

    def _beside(self, reply: Reply) -> list[Json]:
        """Return what is said in App Home besides: why nothing was done, or where a case goes on."""
        match reply:
            case Refused():
                return ephemeral.refused(self._texts, reply).blocks
            case Seen(case=case, surface=Surface.DM, screen=Question() | Details()):
                return dm.said(self._texts, h.HomeElsewhere(case_name(case))).blocks
            case _:
                return []

    async def _look_up(self, incoming: Incoming, refused: Refused) -> None:
        """Ask Slack who is in the agents' channel: somebody may have joined while nobody listened."""
        again = replace(incoming, looked_up=True)
        person = incoming.delivery.person
        if not await self._accounts.learn_agents(person.installation, person.user):
            self._after(again, refused)
            return
        if isinstance(incoming.delivery.intent, Membership):
            return  # whoever joined may have left again
        delivery = replace(incoming.delivery, key=key("known", incoming.delivery.key))
        self._after(again, await self._desk.receive(delivery))

    def _learn(self, incoming: Incoming) -> None:
        self._spawn(self._accounts.learn_person(incoming.delivery.person))

    async def _pass_over(self, ack: AsyncAck, foreign: Foreign, **answer: Any) -> None:  # noqa: ANN401  Bolt's own
        """Acknowledge what is none of ours: not retried, nothing done, but on record."""
        case = case_name(foreign.case) if foreign.case is not None else None
        log.warning("payload_passed_over", what=foreign.what, case=case)
        await ack(**answer)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("after_ack_failed", **mishap(error))


def _note_refusal(refused: Refused) -> None:
    log.warning("refused", why=refused.refusal.value, case=case_name(refused.case) if refused.case else None)


def _wants_window(seen: Seen) -> bool:
    """Tell whether what there is to see belongs into a modal.

    A question of the DM does not; a result stands in the DM already, unless it was asked for.
    """
    match seen.screen:
        case TicketEditor():
            return True
        case Result(problem=problem):
            return seen.opened or problem is not None
        case _:
            return seen.surface is Surface.MODAL
