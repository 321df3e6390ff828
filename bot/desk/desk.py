"""The desk: every surface hands its deliveries in here, and each is one database transaction.

{receipt, load case, step, save case, queue effects} commits as a whole before Slack is told that it was
taken.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Final, TypeVar

import structlog

from bot import metrics
from bot.conversation.derive import Rules, screen_of
from bot.conversation.effects import News, Tell
from bot.conversation.people import Person
from bot.desk import (
    agent_actions,
    direct_messages,
    held_words,
    key_pieces,
    mentions,
    message_changes,
    order_lists,
    rate_limit,
    requests,
)
from bot.desk.app_home import home_of
from bot.desk.app_home_views import Home, Visit
from bot.desk.corrections import Corrections
from bot.desk.deliveries import (
    Act,
    Ask,
    AskWhose,
    Assign,
    Deactivated,
    Delivery,
    Handle,
    Intent,
    Look,
    Membership,
    Mention,
    OpenRow,
    Oversized,
    Prepare,
    React,
    ReadList,
    Rewrite,
    Start,
    StopReminder,
    WantedByAgent,
    Withdraw,
    Withhold,
    Write,
)
from bot.desk.due_reminders import DueReminders
from bot.desk.people import People
from bot.desk.queueing import order_for
from bot.desk.rate_limit import Turns
from bot.desk.recorded_deliveries import record, typed_in, with_names
from bot.desk.results import Noted, Refused, Reply, Seen, ShownAfter, Told
from bot.desk.transaction import Transaction, now_for
from bot.desk.undelivered import tell_overdue
from bot.store import AWAY, Store, Taken, Unit

T = TypeVar("T")

log = structlog.get_logger("certdesk.desk")

PATIENCE_SECONDS: Final = 2.5  # after three, Slack tells the person that it failed


class TooLateError(Exception):
    """A delivery waited for the database longer than Slack waits for an answer; nothing was done."""


class Desk:
    """Take deliveries, one transaction each.

    `clock` gives the moment in UTC, `wake` starts the sending, `agents` is the agents' channel, if any.
    `patience` is how many seconds a delivery may take.
    """

    def __init__(
        self,
        store: Store,
        rules: Rules,
        clock: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
        agents: str | None = None,
    ) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock
        self.wake = wake
        self.agents = agents
        self.patience = PATIENCE_SECONDS
        self.people = People(store, clock, agents)
        self.reminders = DueReminders(store, rules, clock, wake)
        self.corrections = Corrections(store, rules, clock, wake)
        self.held_words = held_words.HeldWords(store, rules, clock, wake)
        self._turns = Turns()

    async def receive(self, delivery: Delivery) -> Reply:
        """Record a delivery and do what it asks for, once. When this returns, it is committed.

        Raises TooLateError if the database took so long that Slack is no longer waiting.
        """
        kind, latest = delivery.intent.kind, monotonic() + self.patience

        def work(unit: Unit) -> tuple[Reply, bool, bool]:
            _in_time(latest)
            reply = self._transaction(unit, delivery)
            _in_time(latest)
            return reply, unit.outbox.has_queued, unit.has_redacted

        try:
            async with self._turns.of(delivery.person):
                _in_time(latest)
                reply, has_queued, has_redacted = await self._soon(work)
        except Exception:
            metrics.DELIVERIES.labels(kind, "failed").inc()
            raise
        metrics.DELIVERIES.labels(kind, _outcome(reply)).inc()
        if has_queued:
            self.wake()
        if has_redacted:
            with contextlib.suppress(*AWAY):  # the removal is committed; the log is emptied the next time
                await self.store.empty_log()
        return reply

    async def _soon(self, work: Callable[[Unit], T]) -> T:
        try:
            async with asyncio.timeout(self.patience):
                return await self.store.write(work)
        except TimeoutError as error:
            raise TooLateError from error

    async def lost_view(self, person: Person, case: int) -> None:
        """Send a person a message with a button that opens a case whose window could not be opened."""
        effect = Tell(person, News.LOST_VIEW, case)
        at = self.clock()
        await self.store.write(lambda unit: unit.outbox.queue(order_for(effect, case), at))
        self.wake()

    async def look(self, person: Person, number: int) -> Seen | None:
        """Return a person's case as it is now, None if it is not theirs. Changes nothing."""

        def read(unit: Unit) -> Seen | None:
            case, known = unit.cases.get(number), unit.people.get(person)
            if case is None or known is None or case.person != person:
                return None
            screen = screen_of(self.rules, case, now_for(known, self.clock()))
            return Seen(number, case.surface, screen)

        return await self.store.read(read)

    async def home(self, person: Person, visit: Visit) -> Home | None:
        """Return App Home as a person sees it now, None if they are not known. Changes nothing."""

        def read(unit: Unit) -> Home | None:
            known = unit.people.get(person)
            return home_of(unit, self.rules, known, self.clock(), visit) if known else None

        return await self.store.read(read)

    async def come_due(self) -> None:
        """Do what has come due: reminders, and messages that nobody has assigned to a case."""
        await self.reminders.do_all()
        await self.held_words.show()

    async def tell_overdue(self) -> None:
        """Tell people whose messages do not get through."""
        at = self.clock()
        while found := await self.store.write(lambda unit: tell_overdue(unit, self.rules, at)):
            log.info("overdue", effects=found)
            self.wake()

    def _transaction(self, unit: Unit, delivery: Delivery) -> Reply:
        at = self.clock()
        known = unit.people.get_or_add(delivery.person, hold=True)
        if not isinstance(delivery.intent, WantedByAgent):
            self.people.saw(unit, known, at)
        wanted = with_names(unit, known.person.installation, delivery.intent)
        intent, pieces = key_pieces.find_pieces(unit, known, delivery.key, wanted, at)
        transaction = Transaction(
            unit,
            known,
            now_for(known, at),
            delivery.key,
            self.rules,
            self.agents,
            delivery.response_url,
            typed_in(intent),
            delivery.thread,
            delivery.whispered,
        )
        flooding = rate_limit.is_flooding(unit, known, at)
        begins = flooding and rate_limit.flood_begins(unit, known, at)
        kind = rate_limit.FLOOD if flooding else intent.kind
        if not unit.receipts.add(Taken(delivery.key, kind, record(intent), known.id), at):
            return requests.answer_repetition(transaction, replace(delivery, intent=intent))
        if pieces:
            key_pieces.remove_pieces(transaction, pieces)
        if flooding:
            return requests.answer_flood(transaction, intent, begins=begins)
        return _done(transaction, intent)


def _done(transaction: Transaction, intent: Intent) -> Reply:  # noqa: PLR0912  a match over a closed union
    if isinstance(intent, WantedByAgent):
        return _done_by_agent(transaction, intent)
    match intent:
        case Start():
            return _started(transaction, intent)
        case Look():
            return requests.look(transaction, intent)
        case Act():
            return requests.act(transaction, intent)
        case Withhold():
            return Told(Ask.KEY)
        case Oversized():
            return requests.oversized(transaction, intent)
        case Visit():
            return home_of(transaction.unit, transaction.rules, transaction.known, transaction.now.at, intent)
        case Write():
            return direct_messages.write(transaction, intent)
        case Mention():
            return mentions.mentioned(transaction, intent)
        case ReadList() | OpenRow():
            return order_lists.clicked(transaction, intent)
        case Assign():
            return held_words.assign(transaction, intent)
        case AskWhose():
            return held_words.ask_again(transaction, intent)
        case Rewrite():
            return message_changes.rewrite(transaction, intent)
        case Withdraw():
            return message_changes.withdraw(transaction, intent)


def _started(transaction: Transaction, wanted: Start) -> Reply:
    if wanted.order is not None:
        return requests.begin_one_of_several(transaction, wanted)
    if wanted.words:
        return requests.begin_with(transaction, wanted)
    return requests.start(transaction, wanted)


def _done_by_agent(transaction: Transaction, intent: WantedByAgent) -> Reply:
    match intent:
        case Handle():
            return agent_actions.handle(transaction, intent)
        case StopReminder():
            return agent_actions.stop_reminder(transaction, intent)
        case Prepare():
            return agent_actions.prepare(transaction, intent)
        case React():
            return agent_actions.react(transaction, intent)
        case Membership():
            return agent_actions.membership(transaction, intent)
        case Deactivated():
            return agent_actions.deactivated(transaction)


def _in_time(latest: float) -> None:
    if monotonic() > latest:
        raise TooLateError


def _outcome(reply: Reply) -> str:
    match reply:
        case Seen(after=ShownAfter.FLOOD) | Noted(slowed=True) | Told(Ask.SLOWED):
            return "slowed"
        case Seen(after=ShownAfter.REPETITION):
            return "repeated"
        case Seen(after=ShownAfter.STALE_CLICK):
            return "stale"
        case Refused(refusal):
            return refusal.value
        case _:
            return "done"
