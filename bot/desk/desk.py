"""The desk: every surface hands its deliveries in here, each is one database transaction.

{receipt, load case, step, save case, queue effects} commits whole before anybody is told that it was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from bot import metrics
from bot.conversation.case import Case, Surface
from bot.conversation.dealing import allowed
from bot.conversation.derive import Rules, card_of, result_of, screen_of
from bot.conversation.effects import Aside, ListCases, News, Tell, TellAgent
from bot.conversation.events import (
    AskedForPerson,
    AskedWhy,
    CameDue,
    Dealt,
    Event,
    Now,
    Opened,
    PastedKey,
    Said,
    StartedOver,
    Stopped,
    WentBack,
)
from bot.conversation.people import Handoff, Origin, Person
from bot.conversation.promise import Promise, Reminder
from bot.conversation.reading import normalized
from bot.conversation.reminders import promises_of
from bot.conversation.screens import Listed, Result, Screen, TicketEditor
from bot.conversation.standing import Move
from bot.conversation.step import Step, begin, remember, step
from bot.desk import words
from bot.desk.coding import record
from bot.desk.emoji import deed_of
from bot.desk.history import what
from bot.desk.home import home_of
from bot.desk.intents import (
    Act,
    Ask,
    Delivery,
    Form,
    Handle,
    Hush,
    Look,
    Membership,
    Noted,
    Prepare,
    Prepared,
    React,
    Refusal,
    Refused,
    Reply,
    Seen,
    Spot,
    Stage,
    Start,
    Told,
    Write,
)
from bot.desk.lines import order_for
from bot.desk.moments import now_for
from bot.desk.visits import Home, Visit
from bot.store import CARD, KnownPerson, Posted, Store, Taken, Unit

PICKED_UP_FOR: Final = timedelta(days=14)
LISTED: Final = 20
RESPONSE_URL_LIVES: Final = timedelta(minutes=30)
PATIENCE_SECONDS: Final = 2.5  # Slack's is three, and then it tells the person that nothing was done


class TooLateError(Exception):
    """A delivery waited for the database longer than Slack waits for us; nothing was done."""


@dataclass(frozen=True, slots=True)
class _Room:
    """What a transaction works with."""

    unit: Unit
    known: KnownPerson
    now: Now
    key: str


class Desk:
    """Take deliveries, one transaction each.

    `clock` gives the moment, in UTC; `wake` starts the sending; `agents` is the agents' channel, if any.
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

    async def receive(self, delivery: Delivery) -> Reply:
        """Record a delivery and do what it asks for, once. When this returns, it is committed.

        Raises TooLateError where the database came free only when nobody was listening any more.
        """
        kind, latest = delivery.intent.kind, monotonic() + PATIENCE_SECONDS

        def work(unit: Unit) -> Reply:
            if monotonic() > latest:
                raise TooLateError
            return self._transaction(unit, delivery)

        try:
            reply = await self.store.write(work)
        except Exception:
            metrics.DELIVERIES.labels(kind, "failed").inc()
            raise
        metrics.DELIVERIES.labels(kind, _outcome(reply)).inc()
        self.wake()
        return reply

    async def zone_known(self, person: Person) -> bool:
        """Tell whether the person's time zone is known."""
        known = await self.store.read(lambda unit: unit.known_person(person))
        return known is not None and known.zone is not None

    async def learn_zone(self, person: Person, zone: str, offset: int) -> None:
        """Keep a person's time zone: its IANA name, and its offset in seconds where the name is not known."""
        await self.store.write(
            lambda unit: unit.set_person(unit.person(person).id, zone=zone, zone_offset=offset)
        )

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
        """Do every reminder whose moment has come, each in a transaction of its own; returns how many."""
        number = 0
        while await self.store.write(self._remind):
            number += 1
        if number:
            self.wake()
        return number

    async def agents_are(self, installation: str, users: Collection[str]) -> None:
        """Take the members of the agents' channel as Slack gives them."""
        at = self.clock()
        await self.store.write(lambda unit: unit.agents.replace(installation, users, at))

    def _remind(self, unit: Unit) -> bool:
        """Do the reminder that is due first; returns whether there was one."""
        at = self.clock()
        for due in unit.reminders.due(at, 1):
            unit.reminders.done(due.id)
            case = unit.case(due.case)
            if case is not None:
                self._came_due(unit, case, due.reminder, at)
            return True
        return False

    def _came_due(self, unit: Unit, case: Case, reminder: Reminder, at: datetime) -> None:
        event, now = CameDue(reminder), now_for(unit.person(case.person), at)
        after = step(self.rules, case, event, now)
        if after.case != case:
            self._file(unit, after, now)
        else:
            unit.reminders.keep(case.number, self._promises(after, now), at)
        unit.history.add(case.number, what(event), after.case.standing, None, at)
        for effect in after.effects:
            unit.outbox.queue(order_for(effect, case.number), at)

    def _file(self, unit: Unit, after: Step, now: Now) -> None:
        """Write a case, and let just what it promises now wait for its moment."""
        result = _result_in(after.screen)
        deadline = result.decision.refund.last_day if result is not None else None
        unit.save(after.case, stage_of(after.screen), now.at, deadline=deadline)
        unit.reminders.keep(after.case.number, self._promises(after, now), now.at)

    def _promises(self, after: Step, now: Now) -> tuple[Promise, ...]:
        return promises_of(after.case, _result_in(after.screen), now)

    def _transaction(self, unit: Unit, delivery: Delivery) -> Reply:
        at = self.clock()
        known = unit.person(delivery.person)
        room = _Room(unit, known, now_for(known, at), delivery.key)
        if not unit.take(Taken(delivery.key, delivery.intent.kind, record(delivery.intent), known.id), at):
            return self._again(room, delivery)
        match delivery.intent:
            case Start() as start:
                return self._start(room, start)
            case Look(ask, unclear):
                return self._look(room, ask, unclear)
            case Act() as act:
                return self._act(room, act)
            case Handle(case, deed, spot):
                return self._by_agent(room, case, spot, lambda agent: Dealt(agent, deed))
            case Hush(case, reminder, spot):
                return self._by_agent(room, case, spot, lambda _: Stopped(reminder))
            case Prepare() as prepare:
                return self._prepare(room, prepare)
            case React() as react:
                return self._react(room, react)
            case Membership() as membership:
                return self._membership(room, membership)
            case Write(text):
                return self._write(room, text)
            case Visit() as visit:
                return home_of(room.unit, self.rules, room.known, room.now.at, visit)

    def _again(self, room: _Room, delivery: Delivery) -> Reply:
        """Answer a delivery that was taken before from what it led to; nothing is done twice."""
        if isinstance(delivery.intent, Look):
            return self._look(room, delivery.intent.ask, delivery.intent.unclear)
        if isinstance(delivery.intent, Visit):
            return home_of(room.unit, self.rules, room.known, room.now.at, delivery.intent)
        receipt = room.unit.receipt(room.key)
        case = room.unit.case(receipt.case) if receipt and receipt.case else None
        if case is None or case.person != room.known.person:
            return Noted()
        return Seen(case.number, case.surface, screen_of(self.rules, case, room.now), repeated=True)

    # --- without a case

    def _look(self, room: _Room, ask: Ask, unclear: str) -> Told:
        if ask is not Ask.CASES:
            return Told(ask, unclear=unclear)
        found = room.unit.cases_of(room.known, LISTED)
        return Told(ask, tuple(Listed(case.number, screen_of(self.rules, case, room.now)) for case in found))

    # --- with one

    def _start(self, room: _Room, start: Start) -> Seen:
        since = room.now.at - PICKED_UP_FOR
        anew = start.alike or start.afresh
        left = None if anew else room.unit.open_case(room.known, start.surface, since)
        if left is not None:
            here = replace(left, origin=_origin(start, room.now) or left.origin)
            seen = self._keep(room, left, step(self.rules, here, Opened(), room.now), Opened())
            return replace(seen, opened=True, picked_up=True)
        number = room.unit.new_number(room.known, start.surface, room.now.at)
        opened = begin(
            self.rules,
            number,
            room.known.person,
            start.surface,
            room.now,
            remembered=room.known.remembered,
            origin=_origin(start, room.now),
            alike=start.alike,
        )
        return replace(self._keep(room, None, opened), opened=True)

    def _act(self, room: _Room, act: Act) -> Reply:
        case = room.unit.case(act.case)
        if case is None:
            return Refused(Refusal.NO_SUCH_CASE, act.case)
        if case.person != room.known.person:
            return Refused(Refusal.NOT_YOURS, act.case)
        if act.revision == case.revision - 1:  # a double click: what it did is before the person's eyes
            room.unit.file(room.key, case.number, changed=False)
            return Seen(case.number, case.surface, screen_of(self.rules, case, room.now), stale=True)
        if act.revision is not None and act.revision != case.revision:
            seen = self._keep(room, case, step(self.rules, case, Opened(), room.now), Opened(), quiet=True)
            return replace(seen, stale=True)
        seen = self._keep(room, case, step(self.rules, case, act.event, room.now), act.event)
        return replace(seen, opened=isinstance(act.event, Opened))

    # --- agents

    def _by_agent(
        self, room: _Room, number: int, spot: Spot | None, event: Callable[[Person], Event]
    ) -> Reply:
        """Do what an agent wants with a case; who may not is told, and nothing is done."""
        case = self._for_agent(room, number, spot)
        if isinstance(case, Refused):
            return case
        happens, now = event(room.known.person), self._now_of(room, case)
        self._keep(room, case, step(self.rules, case, happens, now), happens, now=now)
        return Noted(case.number)

    def _for_agent(self, room: _Room, number: int, spot: Spot | None) -> Case | Refused:
        """Return the case for an agent, who must be one, and have its own card before them.

        Without a spot it is their App Home, or a form, which nobody else sees.
        """
        case, person = room.unit.case(number), room.known.person
        if not room.unit.agents.has(person.installation, person.user):
            return Refused(Refusal.NOT_AN_AGENT, number)
        if case is None or case.person.installation != person.installation:
            return Refused(Refusal.NO_SUCH_CASE, number)
        if spot is not None and not self._is_card(room, number, spot):
            return Refused(Refusal.NOT_THE_CARD, number)
        return case

    def _is_card(self, room: _Room, number: int, spot: Spot) -> bool:
        """Tell whether a message is the case's card, or stands in its thread.

        Where Slack did not say that it posted the card, this click does: it must not be posted again.
        """
        card = room.unit.placed(number, CARD)
        if card is None and spot.thread is None and spot.channel == self.agents:
            room.unit.place(number, CARD, Posted(spot.channel, spot.ts))
            return True
        return card == Posted(spot.channel, spot.thread or spot.ts)

    def _now_of(self, room: _Room, case: Case) -> Now:
        """Return the moment as the case's requester has it, whoever acts."""
        return now_for(room.unit.person(case.person), room.now.at)

    def _prepare(self, room: _Room, prepare: Prepare) -> Reply:
        case = self._for_agent(room, prepare.case, prepare.spot)
        if isinstance(case, Refused):
            return case
        now, agent = self._now_of(room, case), room.known.person
        card = card_of(self.rules, case, now)
        room.unit.file(room.key, case.number, changed=False)
        if why := allowed(case, agent, FORM_MOVES[prepare.form]):
            room.unit.outbox.queue(order_for(TellAgent(agent, card, why), case.number), room.now.at)
            return Noted(case.number)
        return Prepared(prepare.form, card)

    def _react(self, room: _Room, react: React) -> Reply:
        """Do what an emoji on a card stands for; on any other message it stands for nothing."""
        deed = deed_of(react.emoji, on=react.on)
        number = room.unit.case_at(Posted(react.spot.channel, react.spot.ts), CARD)
        if deed is None or number is None:
            return Noted()
        return self._by_agent(room, number, react.spot, lambda agent: Dealt(agent, deed))

    def _membership(self, room: _Room, membership: Membership) -> Noted:
        person = room.known.person
        if membership.channel == self.agents:
            if membership.member:
                room.unit.agents.add(person.installation, person.user, room.now.at)
            else:
                room.unit.agents.remove(person.installation, person.user)
        return Noted()

    def _write(self, room: _Room, text: str | None) -> Reply:
        case = room.unit.open_case(room.known, Surface.DM, room.now.at - PICKED_UP_FOR)
        said = normalized(text or "").rstrip("?").strip()
        if text is not None and said in words.HELP:
            return self._tell(room, News.HELP)
        if text is not None and said in words.CASES:
            listed = self._look(room, Ask.CASES, "").cases
            return self._queue(room, ListCases(room.known.person, listed))
        if (number := words.CASE.fullmatch(said)) and (named := self._named(room, int(number[1]))):
            return self._queue(room, ListCases(room.known.person, (named,)))
        if case is None or said in words.NEW:
            return self._first_words(room, text, said)
        event = PastedKey() if text is None else words.COMMANDS.get(said, Said(text))
        return self._keep(room, case, step(self.rules, case, event, room.now), event)

    def _named(self, room: _Room, number: int) -> Listed | None:
        """Return the case of a number that a person typed, if it is theirs."""
        case = room.unit.case(number)
        if case is None or case.person != room.known.person:
            return None
        return Listed(number, screen_of(self.rules, case, room.now))

    def _first_words(self, room: _Room, text: str | None, said: str) -> Reply:
        """Answer what is written while no question is open."""
        if text is None:
            return self._tell(room, News.PRIVATE_KEY)
        latest = next(iter(room.unit.cases_of(room.known, 1)), None)
        if latest is not None and (said in words.THANKS or not said):
            return self._tell(room, News.STILL_OPEN, latest.number)
        event = words.COMMANDS.get(said)
        if latest and (
            isinstance(event, AskedForPerson)
            or (latest.surface is Surface.DM and isinstance(event, WentBack | StartedOver | AskedWhy))
        ):
            return self._about(room, latest, event)
        if latest is None:
            self._tell(room, News.WELCOME)
        return self._start(room, Start(Surface.DM, afresh=True))

    def _about(self, room: _Room, case: Case, event: Event) -> Seen:
        """Do what was typed to a case whose message may stand far up: what comes of it is said below."""
        seen = self._keep(room, case, step(self.rules, case, event, room.now), event)
        match event, seen.screen:
            case AskedForPerson(), Result(problem=None, handoff=Handoff(claimed_by=agent, claimed_at=at)):
                news = News.CLAIMED if agent else News.HANDED_OVER
                self._queue(room, Tell(case.person, news, case.number, agent, at))
            case (AskedWhy(), Result() as result):
                self._queue(room, Aside(case.person, result))
            case (AskedForPerson(), Result() as result) if case.surface is Surface.MODAL:
                self._queue(room, Aside(case.person, result))
            case _:
                pass
        return seen

    def _tell(self, room: _Room, news: News, case: int = 0) -> Noted:
        return self._queue(room, Tell(room.known.person, news, case))

    def _queue(self, room: _Room, effect: Tell | ListCases | Aside) -> Noted:
        room.unit.outbox.queue(order_for(effect, None), room.now.at)
        return Noted()

    def _keep(  # noqa: PLR0913  whose moment it is matters where somebody else acts
        self,
        room: _Room,
        before: Case | None,
        after: Step,
        event: Event | None = None,
        *,
        quiet: bool = False,
        now: Now | None = None,
    ) -> Seen:
        """Save what a step made of a case and queue what it wants done."""
        case = after.case
        changed = case != before
        if changed:
            self._file(room.unit, after, now or room.now)
            room.unit.history.add(case.number, what(event), case.standing, room.known.id, room.now.at)
        room.unit.file(room.key, case.number, changed=changed)
        if case.person == room.known.person and changed:
            room.unit.remember(room.known, remember(case))
        for effect in () if quiet and not changed else after.effects:
            room.unit.outbox.queue(order_for(effect, case.number), room.now.at)
        return Seen(case.number, case.surface, after.screen)


FORM_MOVES: Final = {Form.REPLY: Move.REPLY, Form.ASK: Move.ASK, Form.REASSIGN: Move.REASSIGN}


def _outcome(reply: Reply) -> str:
    match reply:
        case Seen(repeated=True):
            return "repeated"
        case Seen(stale=True):
            return "stale"
        case Refused(refusal):
            return refusal.value
        case _:
            return "done"


def _result_in(screen: Screen | TicketEditor) -> Result | None:
    return screen.result if isinstance(screen, TicketEditor) else result_of(screen)


def stage_of(screen: Screen | TicketEditor) -> Stage:
    """Return how far a case is whose screen this is."""
    return Stage.ANSWERED if isinstance(screen, Result | TicketEditor) else Stage.ASKING


def _origin(start: Start, now: Now) -> Origin | None:
    if start.channel is None:
        return None
    lapses = now.at + RESPONSE_URL_LIVES if start.response_url else None
    return Origin(start.channel, start.response_url, lapses)
