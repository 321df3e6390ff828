"""The desk: every surface hands its deliveries in here, each is one database transaction.

{receipt, load case, step, save case, queue effects} commits whole before anybody is told that it was taken.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final, TypeVar

import structlog

from bot import metrics
from bot.conversation.accounts import Account
from bot.conversation.agent_moves import taken_from_bot
from bot.conversation.case import Case
from bot.conversation.derive import Rules, Snapshot, screen_of
from bot.conversation.effects import News, ShowCard, Tell
from bot.conversation.events import CameDue
from bot.conversation.people import Person, case_name
from bot.conversation.reminders import set_right
from bot.conversation.step import Step, nothing_happens, step
from bot.desk import agent_actions, direct_messages, key_pieces, rate_limit, requests
from bot.desk.app_home import home_of
from bot.desk.app_home_views import Home, Visit
from bot.desk.audit import TAKEN_FROM_BOT, what
from bot.desk.deliveries import (
    Act,
    Ask,
    Delivery,
    Due,
    Handle,
    Intent,
    Look,
    Membership,
    Noted,
    Oversized,
    Prepare,
    React,
    Refused,
    Reply,
    Rewrite,
    Seen,
    Start,
    StopReminder,
    Told,
    WantedByAgent,
    Withdraw,
    Withhold,
    Write,
)
from bot.desk.local_time import now_for
from bot.desk.queueing import order_for
from bot.desk.rate_limit import SKEW, Turns
from bot.desk.receipts import record, try_recorded
from bot.desk.transaction import Transaction, file_case, schedule_reminders
from bot.desk.undelivered import tell_overdue
from bot.safe_errors import mishap
from bot.store import AWAY, Store, Taken, Unit
from bot.store import reminders as waiting
from bot.store.accounts import is_due

T = TypeVar("T")

log = structlog.get_logger("certdesk.desk")

FAILING_SECONDS: Final = 300.0  # until a reminder is tried again that failed through a fault of our own
CLOCKS_APART: Final = timedelta(seconds=5)  # of processes
PATIENCE_SECONDS: Final = 2.5  # Slack's is three, and then it tells the person that nothing was done


class TooLateError(Exception):
    """A delivery waited for the database longer than Slack waits for us; nothing was done."""


class Desk:
    """Take deliveries, one transaction each.

    `clock` gives the moment, in UTC; `wake` starts the sending; `agents` is the agents' channel, if any.
    `patience` is for how many seconds somebody waits for what comes of a delivery.
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
        self._turns = Turns()
        self._failing: dict[int, float] = {}  # reminders, and when to try each again
        self._to_ask: set[Person] = set()  # whose time zone is not known, when they last did something

    async def receive(self, delivery: Delivery) -> Reply:
        """Record a delivery and do what it asks for, once. When this returns, it is committed.

        Raises TooLateError where the database took so long that nobody is listening any more.
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
            with contextlib.suppress(*AWAY):  # what was taken out is committed; the log goes in time
                await self.store.empty_log()
        return reply

    async def _soon(self, work: Callable[[Unit], T]) -> T:
        try:
            async with asyncio.timeout(self.patience):
                return await self.store.write(work)
        except TimeoutError as error:
            raise TooLateError from error

    def is_to_be_asked(self, person: Person) -> bool:
        """Tell, once for each thing they do, whether Slack is to be asked about a person."""
        known = person not in self._to_ask
        self._to_ask.discard(person)
        return not known

    async def to_ask(self, installation: str, users: Collection[str], most: int) -> list[str]:
        """Return some of these user ids that Slack may be asked about now; nobody else asks meanwhile."""
        at = self.clock()

        def work(unit: Unit) -> list[str]:
            for user in users:
                unit.person(Person(installation, installation, user))
            return unit.accounts(installation).to_ask(users, at, most)

        return await self.store.write(work)

    async def learned(self, installation: str, account: Account) -> None:
        """Keep what Slack said of a user id."""
        at = self.clock()
        await self.store.write(lambda unit: unit.accounts(installation).learned(account, at))

    async def asked_in_vain(self, installation: str, user: str) -> None:
        """Let Slack rest that did not say who a user id is."""
        at = self.clock()
        await self.store.write(lambda unit: unit.accounts(installation).failed(user, at))

    async def lost_view(self, person: Person, case: int) -> None:
        """Tell a person durably that the window of a case could not be opened, with a button that does."""
        effect = Tell(person, News.LOST_VIEW, case)
        at = self.clock()
        await self.store.write(lambda unit: unit.outbox.queue(order_for(effect, case), at))
        self.wake()

    async def look(self, person: Person, number: int) -> Seen | None:
        """Return a person's case as it is now, None where it is not theirs. Nothing is changed."""

        def read(unit: Unit) -> Seen | None:
            case, known = unit.case(number), unit.known_person(person)
            if case is None or known is None or case.person != person:
                return None
            screen = screen_of(self.rules, case, now_for(known, self.clock()))
            return Seen(number, case.surface, screen)

        return await self.store.read(read)

    async def home(self, person: Person, visit: Visit) -> Home | None:
        """Return App Home as a person sees it now, None where they are not known. Nothing is changed."""

        def read(unit: Unit) -> Home | None:
            known = unit.known_person(person)
            return home_of(unit, self.rules, known, self.clock(), visit) if known else None

        return await self.store.read(read)

    async def remind(self) -> int:
        """Do every reminder whose moment has come, each in a transaction of its own; returns how many.

        One that fails through a fault of our own is logged and left for some minutes: it holds up no other.
        """
        number = 0
        while (done := await self._remind_next()) is not None:
            number += done
        if number:
            self.wake()
        return number

    async def tell_overdue(self) -> None:
        """Tell whoever waits for somebody who does not get what was sent to them."""
        at = self.clock()
        while found := await self.store.write(lambda unit: tell_overdue(unit, self.rules, at)):
            log.info("overdue", effects=found)
            self.wake()

    async def set_right(self) -> int:
        """Set right cases that were changed by a clock that was ahead, and what they reminder.

        What is to come an hour later would else come an hour after that wrong moment. Returns how many.
        """
        number = 0
        while await self.store.write(self._set_right):
            number += 1
        if number:
            log.warning("cases_set_right", cases=number)
        return number

    def _set_right(self, unit: Unit) -> bool:
        at = self.clock()
        case = unit.changed_after(at + SKEW)
        if case is None:
            return False
        now, right = now_for(unit.person(case.person), at), set_right(case, at)
        file_case(unit, nothing_happens(self.rules, right, now), now)
        return True

    async def _remind_next(self) -> bool | None:
        """Do the reminder that is due first; returns whether it was done, None where none is due."""
        self._failing = {key: until for key, until in self._failing.items() if until > monotonic()}
        begun: list[waiting.Due] = []
        try:
            return await self.store.write(lambda unit: self._remind(unit, begun)) or None
        except AWAY:
            raise
        except Exception as error:
            if not begun:
                raise
            due = begun[-1]
            seen = {"case": case_name(due.case), "reminder": due.reminder.value}
            log.error("reminder_failed", **seen, **mishap(error))  # noqa: TRY400  its text may quote what was typed
            self._failing[due.id] = monotonic() + FAILING_SECONDS
            return False

    async def agents_are(self, installation: str, users: Collection[str]) -> None:
        """Take the agents of an installation, who are people."""
        at = self.clock()
        await self.store.write(lambda unit: unit.agents.replace(installation, users, at))

    async def members_are(self, installation: str, users: Collection[str], since: datetime) -> None:
        """Take the members of the agents' channel as read since a moment: the people among them are agents.

        Whoever has come or gone meanwhile, as Slack told us, has.
        """
        at = self.clock()

        def work(unit: Unit) -> None:
            unit.agents.hold()
            there = set(users)
            for user, event in unit.taken_since("membership", since - CLOCKS_APART):
                change = try_recorded(event)
                if isinstance(change, Membership) and change.channel == self.agents:
                    (there.add if change.member else there.discard)(user)
            unit.agents.replace(installation, unit.accounts(installation).persons(there), at)

        await self.store.write(work)

    async def take_from_bots(self, installation: str, bots: Collection[str]) -> None:
        """Let the cases wait again that a bot owns: an older version gave them to whatever was chosen."""
        held = await self.store.read(lambda unit: unit.held_by_bots(installation, bots))
        for number in held:
            await self.store.write(partial(self._take_from_bot, number))
        if held:
            log.warning("cases_taken_from_bots", cases=[case_name(number) for number in held])
            self.wake()

    def _take_from_bot(self, number: int, unit: Unit) -> None:
        case, at = unit.case(number), self.clock()
        if case is None:
            return
        now = now_for(unit.person(case.person), at)
        waiting = taken_from_bot(case, now.at)
        if waiting == case:
            return
        at_rest = Snapshot.of(self.rules, waiting, now)
        file_case(unit, Step(waiting, at_rest.screen, reminders=at_rest.reminders), now)
        unit.history.add(number, TAKEN_FROM_BOT, waiting.standing, None, at)
        unit.outbox.queue(order_for(ShowCard(at_rest.card), number), at)

    def _remind(self, unit: Unit, begun: list[waiting.Due]) -> bool:
        """Do the reminder that is due first, and note it as begun; returns whether there was one."""
        at = self.clock()
        for due in unit.reminders.due(at, 1, self._failing):
            begun.append(due)
            unit.reminders.done(due.id)
            case = unit.case(due.case)
            if case is not None:
                self._came_due(unit, case, due, at)
            return True
        return False

    def _came_due(self, unit: Unit, case: Case, due: waiting.Due, at: datetime) -> None:
        """Do a reminder once: it has a receipt, as deliveries have."""
        event, now = CameDue(due.reminder), now_for(unit.person(case.person), at)
        intent = Due(case.number, due.reminder)
        if not unit.take(Taken(due.key, intent.kind, record(intent), None), at):
            return
        after = step(self.rules, case, event, now)
        if after.case != case:
            file_case(unit, after, now)
        else:
            schedule_reminders(unit, after, now)
        unit.file(due.key, case.number, changed=after.case != case)
        unit.history.add(case.number, what(event), after.case.standing, None, at)
        for effect in after.effects:
            unit.outbox.queue(order_for(effect, case.number), at)

    def _transaction(self, unit: Unit, delivery: Delivery) -> Reply:
        at = self.clock()
        known = unit.person(delivery.person, hold=True)
        if known.zone is None and is_due(known.ask_at, at):
            self._to_ask.add(known.person)
        intent, pieces = key_pieces.looked_at(unit, known, delivery.key, delivery.intent, at)
        transaction = Transaction(
            unit, known, now_for(known, at), delivery.key, self.rules, self.agents, delivery.response_url
        )
        flooding = rate_limit.flooding(unit, known, at)
        begins = flooding and rate_limit.begins(unit, known, at)
        kind = rate_limit.FLOOD if flooding else intent.kind
        if not unit.take(Taken(delivery.key, kind, record(intent), known.id), at):
            return requests.again(transaction, replace(delivery, intent=intent))
        if pieces:
            key_pieces.take_out(transaction, pieces)
        return requests.slowed(transaction, intent, begins=begins) if flooding else _done(transaction, intent)


def _done(transaction: Transaction, intent: Intent) -> Reply:
    if isinstance(intent, WantedByAgent):
        return _done_by_agent(transaction, intent)
    match intent:
        case Start():
            return requests.start(transaction, intent)
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
        case Rewrite():
            return direct_messages.rewrite(transaction, intent)
        case Withdraw():
            return direct_messages.withdraw(transaction, intent)


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


def _in_time(latest: float) -> None:
    if monotonic() > latest:
        raise TooLateError


def _outcome(reply: Reply) -> str:
    match reply:
        case Seen(slowed=True) | Noted(slowed=True) | Told(Ask.SLOWED):
            return "slowed"
        case Seen(repeated=True):
            return "repeated"
        case Seen(stale=True):
            return "stale"
        case Refused(refusal):
            return refusal.value
        case _:
            return "done"
