"""A desk without Slack, to fill a database as people do: each delivery is a transaction, as ever."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import SteadyClock
from bot.conversation.agent_moves import AnyAgentMove
from bot.conversation.case import Surface
from bot.conversation.derive import Rules
from bot.conversation.effects import Effect
from bot.conversation.events import Answered, AskedForPerson, EditedTicket, Event, Provided
from bot.conversation.people import Person
from bot.desk.deliveries import Act, Delivery, Handle, Intent, Start
from bot.desk.desk import Desk
from bot.desk.outbox import Outbox
from bot.desk.results import Reply, Seen
from bot.desk.send_attempts import Sent
from bot.store import Queued, Site, Store
from policy.facts import PROGRAM, Detail, Fact
from tests.conftest import Clock, migrated, shipped

CORE = shipped()
ROSA = Person("T1", "T2", "U-ROSA")
OMAR = Person("T1", "T3", "U-OMAR")
ADA = Person("T1", "T1", "U-ADA")
BEN = Person("T1", "T1", "U-BEN")

# A Sectigo certificate, eligible for a refund until 2026-12-01.
SECTIGO = {
    PROGRAM: "opensrs",
    Fact("requester"): "reseller",
    Fact("issued"): "true",
    Fact("provider"): "sectigo",
    Fact("fulfilled_on"): "2026-11-01",
}
ORDER = {
    Detail("reseller_username"): "rosa-shop",
    Detail("supplier_order_id"): "1234567890",
    Detail("common_name"): "www.rosas-shop.example",
}


@dataclass
class Filled:
    """A desk on a database. What it queues is sent by `send`, to nobody."""

    store: Store
    clock: Clock
    sent: list[Effect] = field(default_factory=list)
    _keys: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)

    def __post_init__(self) -> None:
        self.steady = SteadyClock(self.clock, self.clock.ticks)
        self.desk = Desk(self.store, Rules(CORE, agents=True), self.steady, agents="C-AGENTS")
        self.desk.patience = 60.0  # a busy machine is no fault of the desk

    async def does(self, person: Person, intent: Intent) -> Reply:
        self.clock.forward(seconds=1)
        return await self.desk.receive(Delivery(f"click:{person.user}:{self._keys()}", person, intent))

    async def apply(self, person: Person, number: int, *events: Event) -> None:
        for event in events:
            reply = await self.does(person, Act(number, event))
            assert isinstance(reply, Seen), reply

    async def asks(self, person: Person = ROSA, answers: dict[Fact, str] | None = None) -> int:
        """Open a case and answer all its questions; returns its number."""
        seen = await self.does(person, Start(Surface.MODAL, channel="C-HELP", afresh=True))
        assert isinstance(seen, Seen)
        given = SECTIGO if answers is None else answers
        await self.apply(person, seen.case, *(Answered(fact, token) for fact, token in given.items()))
        return seen.case

    async def orders(self, person: Person = ROSA, ticket: str | None = None) -> int:
        """Open a case, and give the details of the order too; with a ticket of one's own."""
        number = await self.asks(person)
        events = [EditedTicket(ticket)] if ticket is not None else []
        await self.apply(person, number, Provided(tuple(ORDER.items())), *events)
        return number

    async def hands_over(self, person: Person = ROSA, ticket: str | None = None) -> int:
        number = await self.orders(person, ticket)
        await self.apply(person, number, AskedForPerson())
        return number

    async def deals(self, agent: Person, number: int, *moves: AnyAgentMove) -> None:
        for move in moves:
            await self.does(agent, Handle(number, move))

    async def sends(self) -> None:
        """Send all that waits."""

        async def send(_: Queued, effect: Effect) -> Sent:
            self.sent.append(effect)
            return Sent()

        await Outbox(self.store, send, self.steady).drain()


async def make_agents(desk: Desk, installation: str, users: Collection[str]) -> None:
    """Let just these be the agents of an installation."""
    at = desk.clock()
    await desk.store.write(lambda unit: unit.agents.replace(installation, users, at))


@asynccontextmanager
async def filled(
    address: str, at: datetime | None = None, passing: Callable[[Site], None] = lambda _: None
) -> AsyncIterator[Filled]:
    """A desk on a database, at noon of 2026-11-23 unless it is to be another moment."""
    store = Store(migrated(address), passing)
    store.upgrade()  # PostgreSQL may be empty
    desk = Filled(store, Clock(at) if at is not None else Clock())
    await make_agents(desk.desk, "T1", [ADA.user, BEN.user])
    try:
        yield desk
    finally:
        await store.close()
