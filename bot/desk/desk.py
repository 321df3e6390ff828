"""The desk: every surface hands its deliveries in here, each is one database transaction.

{receipt, load case, step, save case, queue effects} commits whole before anybody is told that it was taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from bot import metrics
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, screen_of
from bot.conversation.effects import Aside, ListCases, News, Tell
from bot.conversation.events import (
    AskedForPerson,
    AskedWhy,
    Claimed,
    Event,
    Now,
    Opened,
    PastedKey,
    Said,
    StartedOver,
    WentBack,
)
from bot.conversation.people import Handoff, Origin, Person
from bot.conversation.reading import normalized
from bot.conversation.screens import Listed, Result, Screen, TicketEditor
from bot.conversation.step import Step, begin, remember, step
from bot.desk import flood, words
from bot.desk.coding import record
from bot.desk.flood import Turns
from bot.desk.intents import (
    Act,
    Ask,
    Claim,
    Delivery,
    Intent,
    Look,
    Noted,
    Oversized,
    Refusal,
    Refused,
    Reply,
    Seen,
    Sort,
    Stage,
    Start,
    Told,
    Write,
)
from bot.desk.lines import order_for
from bot.desk.moments import now_for
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
    """Take deliveries, one transaction each. `clock` gives the moment, in UTC; `wake` starts the sending."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        clock: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock
        self.wake = wake
        self._turns = Turns()

    async def receive(self, delivery: Delivery) -> Reply:
        """Record a delivery and do what it asks for, once. When this returns, it is committed.

        Raises TooLateError where the database came free only when nobody was listening any more.
        """
        kind, latest = delivery.intent.kind, monotonic() + PATIENCE_SECONDS

        def work(unit: Unit) -> Reply:
            _must_be_in_time(latest)
            return self._transaction(unit, delivery)

        try:
            async with self._turns.of(delivery.person):
                _must_be_in_time(latest)
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

    def _transaction(self, unit: Unit, delivery: Delivery) -> Reply:
        at = self.clock()
        known = unit.person(delivery.person)
        room = _Room(unit, known, now_for(known, at), delivery.key)
        flooding = flood.flooding(unit, known, at)
        begins = flooding and flood.begins(unit, known, at)
        kind = flood.FLOOD if flooding else delivery.intent.kind
        if not unit.take(Taken(delivery.key, kind, record(delivery.intent), known.id), at):
            return self._again(room, delivery)
        if flooding:
            return self._slowed(room, delivery.intent, begins=begins)
        match delivery.intent:
            case Start() as start:
                return self._start(room, start)
            case Look(ask, unclear):
                return self._look(room, ask, unclear)
            case Act() as act:
                return self._act(room, act)
            case Claim() as claim:
                return self._claim(room, claim)
            case Write(text):
                return self._write(room, text)
            case Oversized() as oversized:
                return self._oversized(room, oversized)

    def _again(self, room: _Room, delivery: Delivery) -> Reply:
        """Answer a delivery that was taken before from what it led to; nothing is done twice."""
        if isinstance(delivery.intent, Look):
            return self._look(room, delivery.intent.ask, delivery.intent.unclear)
        if isinstance(delivery.intent, Oversized) and delivery.intent.what is Sort.COMMAND:
            return Told(Ask.TOO_LONG, length=delivery.intent.length)
        receipt = room.unit.receipt(room.key)
        case = room.unit.case(receipt.case) if receipt and receipt.case else None
        if case is None or case.person != room.known.person:
            return Noted()
        return Seen(case.number, case.surface, screen_of(self.rules, case, room.now), repeated=True)

    def _slowed(self, room: _Room, intent: Intent, *, begins: bool) -> Reply:
        """Do nothing, show how things stand, and say why as a flood begins."""
        if begins:
            person = room.known.person
            self._queue(room, Tell(person, News.SLOWED, 0, typed=flood.first_words(intent)))
        match intent:
            case Act(case=number):
                case = room.unit.case(number)
            case Start(surface=surface):
                case = room.unit.open_case(room.known, surface, room.now.at - PICKED_UP_FOR)
            case Look():
                return Told(Ask.SLOWED)
            case _:
                return Noted(slowed=True)
        if case is None or case.person != room.known.person:
            return Told(Ask.SLOWED)
        room.unit.file(room.key, case.number, changed=False)
        screen = screen_of(self.rules, case, room.now)
        return Seen(case.number, case.surface, screen, repeated=True, slowed=True)

    # --- without a case

    def _look(self, room: _Room, ask: Ask, unclear: str) -> Told:
        if ask is not Ask.CASES:
            return Told(ask, unclear=unclear)
        found = room.unit.cases_of(room.known, LISTED)
        return Told(ask, tuple(Listed(case.number, screen_of(self.rules, case, room.now)) for case in found))

    def _oversized(self, room: _Room, oversized: Oversized) -> Told | Noted:
        """Tell a person that nothing was read of what they sent."""
        if oversized.what is Sort.COMMAND:
            return Told(Ask.TOO_LONG, length=oversized.length)
        news = News.TOO_LONG if oversized.what is Sort.MESSAGE else News.TOO_LARGE
        return self._queue(room, Tell(room.known.person, news, 0, length=oversized.length))

    # --- with one

    def _start(self, room: _Room, start: Start) -> Seen:
        since = room.now.at - PICKED_UP_FOR
        anew = start.alike or start.afresh
        left = None if anew else room.unit.open_case(room.known, start.surface, since)
        if left is not None:
            here = replace(left, origin=_origin(start, room.now) or left.origin)
            seen = self._keep(room, left, step(self.rules, here, Opened(), room.now))
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
            seen = self._keep(room, case, step(self.rules, case, Opened(), room.now), quiet=True)
            return replace(seen, stale=True)
        seen = self._keep(room, case, step(self.rules, case, act.event, room.now))
        return replace(seen, opened=isinstance(act.event, Opened))

    def _claim(self, room: _Room, claim: Claim) -> Reply:
        """Take a claim where it was made: on the case's own card, which only the agents have before them."""
        case = room.unit.case(claim.case)
        if case is None:
            return Refused(Refusal.NO_SUCH_CASE, claim.case)
        if room.unit.placed(case.number, CARD) != Posted(claim.channel, claim.ts):
            return Refused(Refusal.NOT_AN_AGENT, case.number)
        now = now_for(room.unit.person(case.person), room.now.at)
        self._keep(room, case, step(self.rules, case, Claimed(room.known.person), now))
        return Noted(case.number)

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
        return self._keep(room, case, step(self.rules, case, event, room.now))

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
        seen = self._keep(room, case, step(self.rules, case, event, room.now))
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

    def _keep(self, room: _Room, before: Case | None, after: Step, *, quiet: bool = False) -> Seen:
        """Save what a step made of a case and queue what it wants done."""
        case = after.case
        changed = case != before
        if changed:
            room.unit.save(case, stage_of(after.screen), room.now.at)
        room.unit.file(room.key, case.number, changed=changed)
        if case.person == room.known.person and changed:
            room.unit.remember(room.known, remember(case))
        for effect in () if quiet and not changed else after.effects:
            room.unit.outbox.queue(order_for(effect, case.number), room.now.at)
        return Seen(case.number, case.surface, after.screen)


def _must_be_in_time(latest: float) -> None:
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


def stage_of(screen: Screen | TicketEditor) -> Stage:
    """Return how far a case is whose screen this is."""
    return Stage.ANSWERED if isinstance(screen, Result | TicketEditor) else Stage.ASKING


def _origin(start: Start, now: Now) -> Origin | None:
    if start.channel is None:
        return None
    lapses = now.at + RESPONSE_URL_LIVES if start.response_url else None
    return Origin(start.channel, start.response_url, lapses)
