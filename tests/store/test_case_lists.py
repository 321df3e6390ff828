"""The lists of the queue: in which order, whose, and read by their indexes; and the week's numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

import policy
from bot.conversation.agent_moves import AskBack, Claim, GiveBack, Mark, Reassign, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.derive import Rules
from bot.conversation.events import AgentMoved, AskedForPerson, CreditCame, Event, Wrote
from bot.conversation.handoff import Outcome
from bot.conversation.people import Person
from bot.desk.app_home import home_of
from bot.desk.app_home_views import PAGE, Home, Tab, Visit
from bot.store import Store, Unit
from bot.store.case_lists import Listing, closing, held_by, own, waiting
from bot.store.weekly import Waits
from tests.desk.many import NO_WINDOW, Told, file, monday, window
from tests.store.conftest import NOON, ROSA

ADA, BEN, EVE = (Person("T1", "T1", name) for name in ("UADA", "UBEN", "UEVE"))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HANDED = AskedForPerson()
ASKED = AgentMoved(ADA, AskBack(Outward("Which?")))


def claimed(by: Person) -> Event:
    return AgentMoved(by, Claim())


def burns(by: Person = ADA) -> Event:
    return AgentMoved(by, Mark(urgent=True))


def told(*events: Event, answers: dict[Any, str] = NO_WINDOW) -> Told:
    return Told(answers, tuple((MINUTE, each) for each in events))


@pytest.fixture
def rules(core: policy.Policy) -> Rules:
    return Rules(core, agents=True)


async def filed(store: Store, rules: Rules, *cases: Told, at: datetime = NOON, by: Person = ROSA) -> None:
    """File cases, each opened an hour after the one before."""

    def work(unit: Unit) -> None:
        for index, each in enumerate(cases):
            file(unit, rules, by, each, at + index * HOUR)

    await store.write(work)


async def listed(store: Store, which: Callable[[Unit], Listing], installation: str = "T1") -> list[int]:
    def work(unit: Unit) -> list[int]:
        lists, listing = unit.case_lists(installation), which(unit)
        found = [case.number for case in lists.page(listing, 1, 100)]
        assert lists.count(listing) == len(found)
        return found

    return await store.write(work)


# --- the lists


async def test_urgent_ones_first_then_who_has_waited_longest(store: Store, rules: Rules) -> None:
    late = Told(NO_WINDOW, ((3 * HOUR, HANDED),))
    await filed(store, rules, late, told(HANDED), told(HANDED, burns()), told(HANDED), told(HANDED, burns()))
    assert await listed(store, lambda _: waiting()) == [1003, 1005, 1002, 1001, 1004]


async def test_what_does_not_wait_is_not_in_the_queue(store: Store, rules: Rules) -> None:
    resolved = AgentMoved(ADA, Resolve(Outcome.REFUNDED))
    back = AgentMoved(ADA, GiveBack())
    await filed(store, rules, told(), told(HANDED, claimed(ADA)), told(HANDED, resolved), told(HANDED, back))
    assert await listed(store, lambda _: waiting()) == []


async def test_an_agent_has_what_they_claimed_theirs_to_do_first(store: Store, rules: Rules) -> None:
    theirs, mine = (HANDED, claimed(BEN)), (HANDED, claimed(ADA))
    given = (*theirs, AgentMoved(BEN, Reassign(ADA)))
    at_last = Told(NO_WINDOW, ((MINUTE, HANDED), (9 * HOUR, claimed(ADA))))
    await filed(
        store,
        rules,
        told(*mine, ASKED),
        told(*mine),
        told(*theirs),
        told(*given),
        told(*mine, ASKED, burns()),
        told(*mine, AgentMoved(ADA, Resolve(Outcome.REFUSED))),
    )
    await filed(store, rules, at_last, at=NOON - HOUR)
    assert await listed(store, lambda unit: held_by(unit.people.get_or_add(ADA).id)) == [
        1005,
        1002,
        1004,
        1007,
        1001,
    ]
    assert await listed(store, lambda unit: held_by(unit.people.get_or_add(BEN).id)) == [1003]
    assert await listed(store, lambda unit: held_by(unit.people.get_or_add(EVE).id)) == []


async def test_both_ends_of_the_days_at_risk_count(store: Store, rules: Rules) -> None:
    lasts = [told(HANDED, answers=window(left, NOON)) for left in (4, 3, 0, 1)]
    untouched = told(answers=window(2, NOON))
    await filed(store, rules, *lasts, untouched)
    first = NOON.date()
    assert await listed(store, lambda _: closing(first, first + timedelta(3))) == [1003, 1004, 1002]


async def test_ones_own_cases_come_the_latest_first(store: Store, rules: Rules) -> None:
    await filed(store, rules, Told(NO_WINDOW, ((9 * HOUR, HANDED),)), told(), told())
    await filed(store, rules, told(), by=EVE)
    assert await listed(store, lambda unit: own(unit.people.get_or_add(ROSA).id)) == [1001, 1003, 1002]


async def test_another_workspace_sees_none_of_it(store: Store, rules: Rules) -> None:
    await filed(store, rules, told(HANDED, claimed(ADA), answers=window(1, NOON)), told(HANDED))
    today = NOON.date()
    lists: list[Callable[[Unit], Listing]] = [
        lambda _: waiting(),
        lambda _: closing(today, today + timedelta(3)),
        lambda unit: held_by(unit.people.get_or_add(ADA).id),
        lambda unit: own(unit.people.get_or_add(ROSA).id),
    ]
    for which in lists:
        assert await listed(store, which)
        assert await listed(store, which, "T2") == []
    assert await counted(store, NOON, "T2") == (0, Waits(0, None), {})


# --- many


@contextmanager
def statements_of(store: Store) -> Iterator[list[tuple[str, object]]]:
    """Note every statement that is read with."""
    noted: list[tuple[str, object]] = []

    def note(*about: object) -> None:
        noted.append((str(about[2]), about[3]))

    event.listen(store.engines.reader, "before_cursor_execute", note)
    yield noted
    event.remove(store.engines.reader, "before_cursor_execute", note)


def plan(store: Store, statement: str, parameters: object) -> list[str]:
    with store.engines.reader.connect() as connection:
        return [
            str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Store]:
    """The database that says how it reads."""
    made = Store(f"sqlite:///{tmp_path / 'queue.db'}")
    made.upgrade()
    yield made
    await made.close()


@pytest.mark.long
async def test_a_page_of_two_hundred_cases_is_ten_rows_read_by_indexes(sqlite: Store, rules: Rules) -> None:
    people = {"rosa": ADA, "mia": ROSA, "ada": ADA, "ben": BEN}

    def fill(unit: Unit) -> None:
        unit.agents.add("T1", ADA.user, NOON)
        monday(unit, rules, people, 200, NOON)

    await sqlite.write(fill)
    for tab in Tab:
        with statements_of(sqlite) as statements:
            home = await sqlite.read(
                lambda unit, tab=tab: home_of(unit, rules, unit.people.get_or_add(ADA), NOON, Visit(tab))
            )
        assert home.tab is tab
        assert len(home.rows) == (0 if tab is Tab.WEEK else PAGE)
        assert home.pages > 1 or tab is Tab.WEEK
        # who looks, whether an agent, a count for each list, the page; the requester and the card of each row
        assert len(statements) <= 2 + 4 + 1 + 2 * PAGE
        plans = [line for each in statements for line in plan(sqlite, *each)]
        assert [line for line in plans if "SCAN" in line] == []
        assert sum("INDEX ix_" in line for line in plans) >= 5


# --- the week's numbers


async def counted(store: Store, at: datetime, installation: str = "T1") -> tuple[int, Waits, dict[str, int]]:
    """Count the seven days up to a moment."""
    during = (at - timedelta(7), at)

    def work(unit: Unit) -> tuple[int, Waits, dict[str, int]]:
        weekly = unit.weekly(installation)
        return weekly.arrived(during), weekly.waited(during), weekly.resolved(during)

    return await store.read(work)


def after(minutes: int, what: Event) -> tuple[timedelta, Event]:
    return minutes * MINUTE, what


WAITS = {
    "none": ([], None),
    "one": ([7], 7),
    "an even number": ([4, 9, 30, 5], 7),
    "an odd number": ([90, 2, 11], 11),
}


@pytest.mark.parametrize("how", WAITS)
async def test_the_median_of_what_they_waited(store: Store, rules: Rules, how: str) -> None:
    waits, median = WAITS[how]
    cases = [Told(NO_WINDOW, (after(1, HANDED), after(wait, claimed(ADA)))) for wait in waits]
    await filed(store, rules, *cases, told(HANDED), told())
    arrived, waited, _ = await counted(store, NOON + timedelta(1))
    assert arrived == len(waits) + 1
    assert waited == Waits(len(waits), None if median is None else median * MINUTE)


async def test_the_wait_begins_when_the_case_last_came_to_wait(store: Store, rules: Rules) -> None:
    back = AgentMoved(ADA, GiveBack())
    twice = (after(1, HANDED), after(50, back), after(1, HANDED), after(4, burns()), after(4, claimed(ADA)))
    wrote = (after(1, HANDED), after(2, Wrote("1.1", "Hello?")), after(4, AgentMoved(BEN, Reassign(ADA))))
    await filed(store, rules, Told(NO_WINDOW, twice), Told(NO_WINDOW, wrote))
    arrived, waited, _ = await counted(store, NOON + timedelta(1))
    assert arrived == 3
    assert waited == Waits(2, 7 * MINUTE)


async def test_what_is_taken_up_again_was_not_waiting(store: Store, rules: Rules) -> None:
    refunded = AgentMoved(ADA, Resolve(Outcome.REFUNDED))
    missing = CreditCame(came=False)
    await filed(store, rules, told(HANDED, claimed(ADA), refunded, missing, refunded), told(HANDED, refunded))
    arrived, waited, resolved = await counted(store, NOON + timedelta(1))
    assert (arrived, waited.number) == (2, 1)
    assert resolved == {"resolve:refunded": 3}


async def test_a_week_is_from_its_first_instant_to_before_its_last(store: Store, rules: Rules) -> None:
    await filed(store, rules, Told(NO_WINDOW, ((timedelta(), HANDED),)))
    assert (await counted(store, NOON))[0] == 0
    assert (await counted(store, NOON + timedelta(milliseconds=1)))[0] == 1
    assert (await counted(store, NOON + timedelta(7)))[0] == 1
    assert (await counted(store, NOON + timedelta(7, milliseconds=1)))[0] == 0


@pytest.mark.parametrize(
    ("zone", "monday"), [("America/Toronto", date(2026, 11, 16)), ("Asia/Tokyo", date(2026, 11, 23))]
)
async def test_monday_is_the_agents(store: Store, rules: Rules, zone: str, monday: date) -> None:
    at = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

    def work(unit: Unit) -> Home:
        unit.agents.add("T1", ADA.user, at)
        unit.people.update(unit.people.get_or_add(ADA).id, zone=zone)
        return home_of(unit, rules, unit.people.get_or_add(ADA), at, Visit(Tab.WEEK))

    this, last = (await store.write(work)).weeks
    assert (this.first, this.last) == (monday, monday + timedelta(6))
    assert last.first == monday - timedelta(7)
