"""What Slack calls: a table finds the listener, which reads the payload, calls the desk, and acknowledges.

Before its acknowledgment a listener waits for the database only, never for Slack.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.conversation.events import Answered
from bot.conversation.people import case_name
from bot.desk.deliveries import Act, Delivery
from bot.desk.desk import Desk
from bot.desk.results import Reply, Seen, Told
from bot.render.texts import Texts
from bot.slack.app.answers import AfterAck, Answers, to_submission
from bot.slack.blocks import ephemeral
from bot.slack.inbound import actions, commands, events, mentions, messages, shortcuts, submissions
from bot.slack.inbound.fields import part, text
from bot.slack.inbound.incoming import Foreign, Incoming
from bot.slack.inbound.modals import open_modal
from bot.slack.outbound.accounts import Accounts
from bot.slack.outbound.apologies import Apologies
from bot.slack.outbound.home_publisher import Homes
from bot.slack.outbound.modals import Windows, notice_view

Body = dict[str, Any]
Listener = Callable[[AsyncAck, Body], Awaitable[None]]

EVENT: Final = "event_callback"
COMMAND: Final = "command"  # a slash command has no type of its own
ANY: Final = "*"  # of the events that no other listener takes


class Dispatch(AsyncMiddleware):
    """The last middleware: hand a payload to its listener, and return what that acknowledged with.

    `interactions` are listeners by the payload's type, `events` by the event's. `first` sees each payload
    before them.
    """

    def __init__(
        self,
        interactions: Mapping[str, Listener],
        events: Mapping[str, Listener],
        first: Callable[[Body], None],
    ) -> None:
        self._interactions = interactions
        self._events = events
        self._first = first

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  Bolt's name
    ) -> BoltResponse | None:
        """Answer a payload; one that has no listener goes on to Bolt, which says so."""
        body: Body = req.body
        self._first(body)
        listener = self.listener_of(body)
        if listener is None:
            return await next()
        ack = req.context.ack
        await listener(ack, body)
        return ack.response or resp

    def listener_of(self, body: Body) -> Listener | None:
        """Return who takes a payload, None where nobody does."""
        kind = text(body, "type")
        if kind == EVENT:
            event = text(part(body, "event"), "type")
            return self._events.get(event, self._events[ANY]) if event else None
        if kind:
            return self._interactions.get(kind)
        return self._interactions[COMMAND] if text(body, COMMAND).startswith("/") else None


log = structlog.get_logger("certdesk.slack")


class Listeners:
    """The listeners of one app, installed by the team `home`; `agents`: cases can be handed over.

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
        self.after_ack = AfterAck()
        self._desk = desk
        self._texts = texts
        self._windows = windows
        self._apologies = apologies
        self._answers = Answers(desk, texts, windows, homes, accounts, after_ack=self.after_ack)
        self._home = home
        self._own = own
        self._agents = agents

    @property
    def interactions(self) -> dict[str, Listener]:
        """Return who takes what people do, by the payload's type; old kinds of clicks are passed over."""
        clicks = ("block_actions", "interactive_message", "dialog_submission", "dialog_cancellation")
        shortcuts = ("shortcut", "message_action")
        return {
            COMMAND: self.on_command,
            "view_submission": self.on_submission,
            **dict.fromkeys(clicks, self.on_action),
            **dict.fromkeys(shortcuts, self.on_shortcut),
        }

    @property
    def events(self) -> dict[str, Listener]:
        """Return who takes events, by their type."""
        return {
            "message": self.on_message,
            "app_mention": self.on_mention,
            "reaction_added": self.on_reaction,
            "reaction_removed": self.on_reaction,
            "member_joined_channel": self.on_membership,
            "member_left_channel": self.on_membership,
            "user_change": self.on_account,
            "app_home_opened": self.on_home,
            ANY: self.on_other_event,
        }

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
                    self._answers.follow(incoming, reply)

    async def on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a click."""
        await self._take(ack, body, self._declared(actions.read(body, self._home)))

    async def on_submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer a submitted step in the acknowledgment itself: with the next step, or with what is wrong."""
        match submissions.read(body, self._home):
            case Foreign() as foreign:
                view = notice_view(self._texts, ephemeral.unknown(self._texts).blocks)
                await self._pass_over(ack, foreign, response_action="update", view=view)
            case incoming:
                reply = await self._receive(incoming, body)
                await ack(**to_submission(self._texts, reply, incoming.field))
                self._answers.refresh_home(incoming, reply)
                if isinstance(reply, Seen):
                    self._answers.learn(incoming)

    async def on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Begin a case for somebody who used the shortcut on a message."""
        await self._take(ack, body, shortcuts.read(body, self._home, self._own))

    async def on_message(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a new, edited or deleted direct message; its answer comes from the outbox."""
        await self._take_ours(ack, body, messages.read(body, self._home, self._own))

    async def on_mention(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a channel message that mentions certdesk; its answer comes from the outbox."""
        await self._take_ours(ack, body, mentions.read(body, self._home, self._own))

    async def on_reaction(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take an emoji on a card."""
        await self._take(ack, body, events.reaction(body, self._home))

    async def on_membership(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Note who joined or left the agents' channel."""
        await self._take(ack, body, events.membership(body, self._home))

    async def on_account(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Note an account that was deactivated."""
        await self._take_ours(ack, body, events.account_changed(body, self._home))

    async def on_home(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Show App Home to whoever opened it; the app's other tabs need nothing."""
        await self._take_ours(ack, body, events.home_opened(body, self._home))

    async def on_other_event(self, ack: AsyncAck, _: dict[str, Any]) -> None:
        """Acknowledge an event for which there is nothing to do."""
        await ack()

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
                    self.after_ack.do(self._windows.whisper(foreign.asker, ephemeral.unknown(self._texts)))
            case incoming:
                reply = await self._receive(incoming, body)
                await ack()
                self._answers.follow(incoming, reply)

    def _declared(self, read: Incoming | Foreign) -> Incoming | Foreign:
        """Pass over an answer to a question that no policy file asks."""
        match read:
            case Incoming(delivery=Delivery(intent=Act(case=case, event=Answered(fact=fact)))):
                if not self._texts.policy.declares(fact):
                    return Foreign("an unknown question", case, read.asker)
                return read
            case _:
                return read

    async def _receive(self, incoming: Incoming, body: dict[str, Any]) -> Reply:
        """Hand a delivery to the desk; if it cannot be written down, tell whoever waits for an answer.

        Nobody waits for what comes of a message: Slack sends it again by itself.
        """
        try:
            return await self._desk.receive(incoming.delivery)
        except Exception:
            if incoming.trigger and self._apologies.due(incoming.delivery.person):
                self.after_ack.do(self._apologies.say(incoming, open_modal(body)))
            raise

    async def _pass_over(self, ack: AsyncAck, foreign: Foreign, **answer: Any) -> None:  # noqa: ANN401  Bolt's own
        """Acknowledge what is not ours: not retried, nothing done, but on record."""
        case = case_name(foreign.case) if foreign.case is not None else None
        log.warning("payload_passed_over", what=foreign.what, case=case)
        await ack(**answer)
