"""Several processes on one PostgreSQL: two stores that know nothing of each other, at work at once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert

import policy
from bot.conversation.agent_moves import Claim
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules
from bot.conversation.effects import News, ShowCard, Tell, TellAgent
from bot.conversation.events import Answered, AskedForPerson
from bot.conversation.people import Person, Posted
from bot.desk.deliveries import Act, Delivery, Handle, Intent, Spot, Start
from bot.desk.desk import Desk
from bot.desk.results import Seen, ShownAfter
from bot.desk.sweep import AT_ONCE, RECEIPTS_KEPT, SENT_KEPT, sweep_once
from bot.playground.standin import StandIn
from bot.store import CARD, QUEUED, SENT, Clocks, Order, Queued, Site, Store, Unit
from bot.store.coding import EFFECT
from bot.store.schema import receipts
from policy.facts import PROGRAM
from tests.conftest import Clock, World, settings_for
from tests.filled import make_agents
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, Acts
from tests.store.conftest import NOON, ROSA, edited, open_case, taken
from tests.store.test_store import Held, asked, until_set

ADA, BEN = Person("T1", "T1", "UADA"), Person("T1", "T1", "UBEN")
CARD_AT = Posted("C1", "1.1")
LEASE = timedelta(seconds=90)
ROUNDS = 12  # of a race that takes milliseconds


@pytest.fixture
async def stores(postgresql: str) -> AsyncIterator[tuple[Store, Store]]:
    async with AsyncExitStack() as stack:
        made = Store(postgresql), Store(postgresql)
        for each in made:
            stack.push_async_callback(each.close)
        yield made


@pytest.fixture
def desks(stores: tuple[Store, Store], core: policy.Policy) -> tuple[Desk, Desk]:
    first, second = (Desk(store, Rules(core, agents=True), lambda: NOON) for store in stores)
    return first, second


async def both(desks: tuple[Desk, Desk], first: Delivery, second: Delivery) -> list[object]:
    """Let each process have a delivery in the same instant."""
    return [*await asyncio.gather(desks[0].receive(first), desks[1].receive(second))]


def delivery(key: str, person: Person, intent: Intent) -> Delivery:
    return Delivery(key, person, intent)


async def handed_over(desk: Desk, person: Person) -> int:
    """Take a case as far as its card in the agents' channel."""
    case = 0
    for step in (Start(Surface.MODAL), Answered(PROGRAM, "other"), AskedForPerson()):
        intent = step if isinstance(step, Start) else Act(case, step)
        seen = await desk.receive(delivery(f"{person.user}:{intent}", person, intent))
        assert isinstance(seen, Seen)
        case = seen.case
    await desk.store.write(lambda unit: unit.places.note(case, CARD, CARD_AT))
    await make_agents(desk, "T1", [ADA.user, BEN.user])
    return case


def loaded(unit: Unit, number: int) -> Case:
    case = unit.cases.get(number)
    assert case is not None
    return case


# --- no process is anybody's own


class Turns:
    """A world of two bots on one database; what comes next from Slack comes to the other one."""

    def __init__(self, worlds: list[World], urls: list[str | None]) -> None:
        self.slack, self._worlds, self._urls = worlds[0].slack, worlds, urls

    async def settle(self) -> None:
        for world in self._worlds:
            await world.settle()
        self._urls.append(self._urls.pop(0))
        self.slack.request_url = self._urls[0]


@pytest.mark.long
async def test_each_step_of_an_interview_may_come_to_another_process(
    slack: StandIn, clock: Clock, tmp_path: Path, postgresql: str
) -> None:
    settings = settings_for(slack, tmp_path, CERTDESK_DATABASE_URL=postgresql)
    worlds, urls = [World(slack, clock, settings, secret=slack.signing_secret) for _ in range(2)], []
    for world in worlds:
        await world.start()
        urls.append(slack.request_url)
    acts = Acts(Turns(worlds, urls))  # type: ignore[arg-type]  of a world it uses this much
    await acts.walk(ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"})
    await acts.submit(**DETAILS)
    await acts.press("hand_off")
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    assert slack.user("ada") in str(acts.last().blocks)
    for text, answer in (("hi", "Where was"), ("opensrs", "reseller"), ("back", "Where was")):
        assert answer.casefold() in (await acts.write(text, "ben")).casefold()
    for world in worlds:
        await world.stop()
    assert {call.error for call in slack.calls} == {None}
    assert slack.problems == []


# --- one case, one person


async def test_of_two_who_claim_in_the_same_instant_one_has_it_and_the_other_is_told(
    desks: tuple[Desk, Desk],
) -> None:
    for number in range(ROUNDS):
        case = await handed_over(desks[0], Person("T1", "T1", f"U{number}"))
        claim = Handle(case, Claim(), Spot(CARD_AT.channel, CARD_AT.ts))
        ada, ben = (delivery(f"{case}:{agent.user}", agent, claim) for agent in (ADA, BEN))
        await both(desks, ada, ben)
        kept = await desks[0].store.read(lambda unit, case=case: loaded(unit, case))
        assert kept.handoff is not None
        assert kept.handoff.claimed_by in {ADA, BEN}
        effects = [EFFECT.load(text) for text in queued(desks[0].store, case)]
        [told] = [effect.to for effect in effects if isinstance(effect, TellAgent)]
        assert {told, kept.handoff.claimed_by} == {ADA, BEN}
        assert len([effect for effect in effects if isinstance(effect, ShowCard)]) == 2
        assert len([effect for effect in effects if isinstance(effect, Tell)]) == 1


async def test_no_other_process_changes_a_case_while_it_is_asked_whom_words_are_for(
    stores: tuple[Store, Store],
) -> None:
    case = await stores[0].write(open_case)
    looked, may_end = threading.Event(), threading.Event()

    def look_twice(unit: Unit) -> list[list[Case]]:
        known = unit.people.get_or_add(ROSA)
        first = [*unit.cases.current(known, NOON)]
        looked.set()
        assert may_end.wait(5)
        return [first, [*unit.cases.current(known, NOON)]]

    looking = asyncio.create_task(stores[0].write(look_twice))
    await until_set(looked)
    changing = asyncio.create_task(stores[1].write(lambda unit: changed(unit, case.number)))
    await asyncio.sleep(0.2)
    assert not changing.done()
    may_end.set()
    assert await looking == [[case], [case]]
    await changing


def changed(unit: Unit, number: int) -> None:
    case = unit.cases.get(number)
    assert case is not None
    unit.cases.save(edited(case, "mine"), "asking", NOON)


def queued(store: Store, case: int) -> list[str]:
    with store.engines.reader.connect() as connection:
        query = f"SELECT effect FROM outbox WHERE case_id = {case - 1000} ORDER BY id"  # noqa: S608  a number
        return [*connection.exec_driver_sql(query).scalars()]


async def test_a_delivery_that_comes_to_both_is_done_once(desks: tuple[Desk, Desk]) -> None:
    for number in range(ROUNDS):
        person = Person("T1", "T1", f"U{number}")
        same = delivery(f"command:{number}", person, Start(Surface.DM))
        replies = await both(desks, same, same)
        assert all(isinstance(reply, Seen) for reply in replies)
        assert sorted(
            reply.after is ShownAfter.REPETITION for reply in replies if isinstance(reply, Seen)
        ) == [False, True]
        assert len({reply.case for reply in replies if isinstance(reply, Seen)}) == 1
    store = desks[0].store
    assert asked(store.engines.reader, "SELECT count(*) FROM cases") == ROUNDS
    assert asked(store.engines.reader, "SELECT count(*) FROM outbox") == ROUNDS


@pytest.mark.parametrize("known", [False, True], ids=["a new person", "a known one"])
async def test_what_one_person_does_twice_at_once_opens_one_case(
    desks: tuple[Desk, Desk], *, known: bool
) -> None:
    for number in range(ROUNDS):
        person = Person("T1", "T1", f"U{number}")
        if known:
            await desks[0].store.write(lambda unit, person=person: unit.people.get_or_add(person))
        start = Start(Surface.MODAL)
        await both(desks, delivery(f"{number}:1", person, start), delivery(f"{number}:2", person, start))
    assert asked(desks[0].store.engines.reader, "SELECT count(*) FROM cases") == ROUNDS


async def test_who_loads_a_case_waits_for_who_is_writing_it(
    stores: tuple[Store, Store], postgresql: str
) -> None:
    case, tries = await stores[0].write(open_case), []

    def work(unit: Unit, more: str) -> None:
        mine = loaded(unit, case.number)
        tries.append(more)
        unit.cases.save(edited(mine, f"{mine.interview.ticket or ''}{more}"), "asking", NOON)

    async with paused(postgresql, Site.WRITTEN) as (third, held):
        first = asyncio.create_task(third.write(lambda unit: work(unit, "1")))
        await until_set(held.begun)
        second = asyncio.create_task(stores[0].write(lambda unit: work(unit, "2")))
        assert not (await asyncio.wait({second}, timeout=0.1))[0]
        held.may_end.set()
        await asyncio.gather(first, second)
    kept = await stores[1].read(lambda unit: loaded(unit, case.number))
    assert (kept.interview.ticket, tries) == ("12", ["1", "2"])


async def test_who_wrote_from_an_old_state_does_it_again_from_the_new_one(
    stores: tuple[Store, Store],
) -> None:
    case = await stores[0].write(open_case)
    await stores[0].write(
        lambda unit: unit.cases.save(edited(loaded(unit, case.number), "0"), "asking", NOON)
    )
    late, tries = Late(), []

    def work(unit: Unit) -> None:
        known = unit.people.get_or_add(ROSA)
        [mine] = unit.cases.of_person(known, 1)  # which locks nothing
        tries.append(mine.revision)
        late.wait_once()
        unit.cases.save(edited(mine, f"{mine.interview.ticket}+mine"), "asking", NOON)

    writing = asyncio.create_task(stores[0].write(work))
    await until_set(late.begun)
    await stores[1].write(
        lambda unit: unit.cases.save(edited(loaded(unit, case.number), "theirs"), "asking", NOON)
    )
    late.may_end.set()
    await writing
    kept = await stores[1].read(lambda unit: loaded(unit, case.number))
    assert (kept.interview.ticket, tries) == ("theirs+mine", [2, 3])


class Late(Held):
    """Waits in the midst of work, the first time it is done."""

    def wait_once(self) -> None:
        if not self.begun.is_set():
            self.begun.set()
            assert self.may_end.wait(5)


# --- races that the database ends


async def test_who_is_chosen_to_end_a_deadlock_does_it_again(stores: tuple[Store, Store]) -> None:
    people = [Person("T1", "T1", "U1"), Person("T1", "T1", "U2")]
    for person in people:
        await stores[0].write(lambda unit, person=person: unit.people.get_or_add(person))
    holding, tries = threading.Barrier(2), []

    def work(unit: Unit, order: list[Person]) -> None:
        unit._connection.exec_driver_sql("SET LOCAL deadlock_timeout = '20ms'")  # noqa: SLF001  before ours
        unit.people.get_or_add(order[0], hold=True)
        tries.append(order)
        if len(tries) <= 2:
            holding.wait(5)
        unit.people.get_or_add(order[1], hold=True)

    forth, back = people, people[::-1]
    await asyncio.gather(
        stores[0].write(lambda unit: work(unit, forth)), stores[1].write(lambda unit: work(unit, back))
    )
    assert len(tries) >= 3


async def test_who_comes_second_to_a_unique_key_does_it_again(stores: tuple[Store, Store]) -> None:
    late = Late()

    def work(unit: Unit) -> bool:
        if unit.receipts.get("event:1") is not None:
            return False
        late.wait_once()
        unit._connection.exec_driver_sql(  # noqa: SLF001  an insertion that does not look for others
            "INSERT INTO receipts (key, kind, event, received_at) VALUES ('event:1', 'write', '{}', 0)"
        )
        return True

    first = asyncio.create_task(stores[0].write(work))
    await until_set(late.begun)
    assert await stores[1].write(work)
    late.may_end.set()
    assert not await first


# --- the outbox


async def queue(store: Store, line: str) -> int:
    return await store.write(lambda unit: unit.outbox.queue(Order(line, Tell(ROSA, News.HELP, 0)), NOON))


async def lease(store: Store, most: int = 16) -> list[Queued]:
    leased, _ = await store.write(lambda unit: unit.leases.take(Clocks.only(NOON), LEASE, most))
    return leased


async def close(store: Store, leased: Queued) -> bool:
    return await store.write(lambda unit: unit.leases.close(leased, SENT, NOON))


async def ids(store: Store) -> list[int]:
    return [each.id for each in await lease(store)]


@asynccontextmanager
async def paused(address: str, site: Site) -> AsyncIterator[tuple[Store, Held]]:
    """Make a store whose first writing stops at a site until it may go on."""
    held = Late()
    store = Store(address, lambda passed: held.wait_once() if passed is site else None)
    try:
        yield store, held
    finally:
        held.may_end.set()
        await store.close()


async def test_what_one_leases_the_other_passes_over_without_waiting(
    stores: tuple[Store, Store], postgresql: str
) -> None:
    first, second = [await queue(stores[0], line) for line in ("a", "b")]
    behind = await queue(stores[0], "a")
    async with paused(postgresql, Site.WRITTEN) as (third, held):
        leasing = asyncio.create_task(lease(third, most=1))
        await until_set(held.begun)
        async with asyncio.timeout(0.5):
            assert await ids(stores[1]) == [second]
        held.may_end.set()
        [mine] = await leasing
        assert mine.id == first
        assert await ids(stores[1]) == []
        assert await close(third, mine)
    assert await ids(stores[1]) == [behind]


async def test_what_is_being_changed_is_passed_over_without_waiting(
    stores: tuple[Store, Store], postgresql: str
) -> None:
    first, second = [await queue(stores[0], line) for line in ("a", "b")]
    async with paused(postgresql, Site.WRITTEN) as (operator, held):
        dropping = asyncio.create_task(operator.write(lambda unit: unit.dead_letters.drop(first, NOON)))
        await until_set(held.begun)
        async with asyncio.timeout(0.5):
            assert await ids(stores[1]) == [second]
        held.may_end.set()
        assert await dropping


async def test_what_was_queued_earlier_and_committed_later_waits_for_what_is_under_way(
    stores: tuple[Store, Store], postgresql: str
) -> None:
    async with (
        paused(postgresql, Site.WRITTEN) as (slow, queuing),
        paused(postgresql, Site.WRITTEN) as (leasing, held),
    ):
        early = asyncio.create_task(queue(slow, "agents"))
        await until_set(queuing.begun)
        late = await queue(stores[0], "agents")
        under_way = asyncio.create_task(lease(leasing))
        await until_set(held.begun)
        queuing.may_end.set()
        assert await early < late
        assert await ids(stores[0]) == []  # its lease is not committed yet, and not seen
        held.may_end.set()
        [sending] = await under_way
        assert sending.id == late
        assert await ids(stores[0]) == []
        assert await close(leasing, sending)
        assert await ids(stores[0]) == [await early]


class Watch:
    """Notes who holds what and when, and what of it should not have been."""

    def __init__(self) -> None:
        self.holding: dict[str, Queued] = {}
        self.committed: dict[int, float] = {}
        self.sent: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.wrong: list[str] = []

    def leased(self, one: Queued, asked_at: float) -> None:
        if one.conversation in self.holding:
            self.wrong.append(f"{one.id} and {self.holding[one.conversation].id} are held at once")
        self.holding[one.conversation] = one
        for earlier, _ in self.sent[one.conversation]:
            if earlier == one.id:
                self.wrong.append(f"{one.id} was sent twice")
            if earlier > one.id and self.committed.get(one.id, asked_at) < self.began(one, earlier):
                self.wrong.append(f"{earlier} was sent before {one.id}")
        self.sent[one.conversation].append((one.id, asked_at))

    def began(self, one: Queued, earlier: int) -> float:
        return next(at for key, at in self.sent[one.conversation] if key == earlier)


@pytest.mark.long
async def test_two_processes_never_hold_two_of_one_conversation_nor_send_them_out_of_order(
    stores: tuple[Store, Store],
) -> None:
    random, watch, lines, most = Random(1), Watch(), ["a", "b", "agents"], 40  # noqa: S311  chance

    async def fill(store: Store) -> None:
        for _ in range(most):
            line, wait = random.choice(lines), random.choice([0.0, 0.0, 0.003])

            def work(unit: Unit, line: str = line, wait: float = wait) -> int:
                key = unit.outbox.queue(Order(line, Tell(ROSA, News.HELP, 0)), NOON)
                time.sleep(wait)  # so that others come between this and the commit
                return key

            key = await store.write(work)
            watch.committed[key] = time.monotonic()

    async def send(store: Store) -> None:
        while sum(map(len, watch.sent.values())) < 4 * most:
            asked_at = time.monotonic()
            for one in await lease(store):
                watch.leased(one, asked_at)
                sending.add(asyncio.create_task(end(store, one)))
            await asyncio.sleep(random.choice([0, 0.001, 0.004]))

    async def end(store: Store, one: Queued) -> None:
        await asyncio.sleep(random.choice([0, 0, 0.002]))
        del watch.holding[one.conversation]
        assert await close(store, one)

    sending: set[asyncio.Task[None]] = set()
    async with asyncio.timeout(20):
        await asyncio.gather(*(fill(store) for store in stores * 2), *(send(store) for store in stores))
        await asyncio.gather(*sending)
    assert watch.wrong == []
    assert await stores[0].read(lambda unit: unit.dead_letters.find([QUEUED], 9)) == []


# --- sweeps


async def test_what_several_sweep_is_swept_once(stores: tuple[Store, Store]) -> None:
    old = 2 * AT_ONCE + 7
    with stores[0].engines.writer.begin() as connection:
        row = {"kind": "write", "event": "{}", "received_at": 0}
        connection.execute(insert(receipts), [row | {"key": f"event:{number}"} for number in range(old)])
    assert await stores[0].write(lambda unit: unit.receipts.add(taken(unit, "event:new"), NOON))
    for _ in range(5):
        await queue(stores[0], "a")
        [one] = await lease(stores[0])
        await close(stores[0], one)
    swept = await asyncio.gather(*(sweep_once(store, NOON + SENT_KEPT) for store in stores))
    assert [sum(counts) for counts in zip(*swept, strict=True)] == [old + 1, 0]
    swept = await asyncio.gather(
        *(sweep_once(store, NOON + SENT_KEPT + timedelta(seconds=1)) for store in stores)
    )
    assert [sum(counts) for counts in zip(*swept, strict=True)] == [0, 5]


async def test_a_sweep_does_not_wait_for_what_another_is_at(
    stores: tuple[Store, Store], postgresql: str
) -> None:
    await stores[0].write(lambda unit: unit.receipts.add(taken(unit, "event:old"), NOON))
    later = NOON + 2 * RECEIPTS_KEPT
    async with paused(postgresql, Site.WRITTEN) as (third, held):
        sweeping = asyncio.create_task(sweep_once(third, later))
        await until_set(held.begun)
        async with asyncio.timeout(0.5):
            assert await sweep_once(stores[0], later) == (0, 0)
        held.may_end.set()
        assert await sweeping == (1, 0)
