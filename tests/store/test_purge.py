"""What is removed for good, on SQLite and PostgreSQL: all of it, nothing else, and its counts stay."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, insert, select

from bot.conversation.agent_moves import AskBack, Claim, GiveBack, Reassign, Reply, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.case import Case
from bot.conversation.effects import SendWords
from bot.conversation.events import CreditCame, Event, Returned
from bot.conversation.files import File
from bot.conversation.handoff import Outcome, Standing
from bot.conversation.interview import Remembered
from bot.conversation.people import Person, Posted
from bot.desk.deliveries import Write
from bot.store import CARD, Unit, VersionLostError
from bot.store.engine import Engines
from bot.store.erasure import Found, Known, StillThereError, erase, held_by, known, look
from bot.store.purge import BATCH, Overwritten, Rows, count, in_step, kept, older, overwrite, purge, remove
from bot.store.records import Records, Who
from bot.store.schema import cases, files, history, messages, metadata, outbox, receipts, reminders, words
from bot.store.tallies import Mark, Tallies
from policy.facts import PROGRAM
from tests.conftest import NOON
from tests.filled import ADA, BEN, OMAR, ROSA, Filled, filled

MS = timedelta(milliseconds=1)
LATER = NOON + timedelta(days=500)
REFUNDED = Resolve(Outcome.REFUNDED)
# what no engine does differently need not be tried on both
once = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Filled]:
    async with filled(database) as desk:
        yield desk


def engines(desk: Filled) -> Engines:
    return desk.store.engines


def dump(desk: Filled) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    with engines(desk).reader.connect() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table))))
            for table in metadata.sorted_tables
        }


def of_case(desk: Filled, number: int) -> dict[str, int]:
    """Return how many rows of each table belong to a case."""
    tables = (receipts, outbox, messages, reminders, history, words, files)
    with engines(desk).reader.connect() as connection:
        return {
            table.name: len(connection.execute(select(table).where(table.c.case_id == number - 1000)).all())
            for table in tables
        }


def counts(desk: Filled) -> Counter[Mark]:
    with engines(desk).reader.connect() as connection:
        return Tallies(connection).all()


async def case(desk: Filled, number: int) -> Case:
    found = await desk.store.read(lambda unit: unit.cases.get(number))
    assert found is not None
    return found


async def placed(desk: Filled, number: int) -> None:
    def both(unit: Unit) -> None:
        unit.places.note(number, CARD, Posted("C-AGENTS", f"{number}.1"))
        person = unit.people.get_or_add(ROSA).id
        unit.files.add(number, person, f"message:{number}", [File("F1", "shot.png", size=9)], LATER)

    await desk.store.write(both)


# --- by age


async def test_a_case_goes_with_all_that_belongs_to_it_and_no_other(desk: Filled) -> None:
    gone, stays = await desk.orders(ROSA), await desk.orders(ROSA)
    for number in (gone, stays):
        await placed(desk, number)
    await desk.sends()
    before = of_case(desk, stays)
    assert min([*of_case(desk, gone).values(), *before.values()]) > 0
    assert purge(engines(desk), cases.c.id == gone - 1000, LATER) == 1
    assert set(of_case(desk, gone).values()) == {0}
    assert of_case(desk, stays) == before
    assert (await case(desk, stays)).number == stays
    assert await desk.orders(ROSA) == stays + 1


@once
async def test_only_what_is_older_and_not_with_the_agents_goes(desk: Filled) -> None:
    new, asked, claimed, waiting = [await desk.hands_over() if n else await desk.asks() for n in range(4)]
    resolved, given_back = await desk.hands_over(), await desk.hands_over()
    await desk.deals(ADA, asked, Claim(), AskBack(Outward("Which?")))
    await desk.deals(ADA, claimed, Claim())
    await desk.deals(ADA, resolved, REFUNDED)
    await desk.deals(ADA, given_back, GiveBack())
    newer = await desk.asks()
    at = desk.clock()
    assert count_of(desk, kept(at)) == 3
    assert count_of(desk, older(at)) == 3
    assert purge(engines(desk), older(at), LATER) == 3
    left = {newer, asked, claimed, waiting}
    assert {number for number in range(new, newer + 1) if of_case(desk, number)["history"]} == left
    assert given_back not in left


def count_of(desk: Filled, wanted: Rows) -> int:
    with engines(desk).reader.connect() as connection:
        return count(connection, wanted)


@once
async def test_what_was_changed_at_the_moment_itself_is_not_older(desk: Filled) -> None:
    await desk.asks()
    at = desk.clock()
    assert (count_of(desk, older(at)), count_of(desk, older(at + MS))) == (0, 1)


async def test_what_it_amounted_to_is_counted(desk: Filled) -> None:
    number = await desk.hands_over()
    desk.clock.forward(days=8)  # to the last day of the window
    await desk.deals(ADA, number, Claim(), REFUNDED)
    await desk.hands_over()
    await desk.asks(answers={PROGRAM: "trustico"})
    await desk.asks(answers={})  # opened and left, which is no case
    purge(engines(desk), cases.c.id == 1, LATER)
    first = {
        ("2026-11", "opened"): 1,
        ("2026-11", "verdict:eligible"): 1,
        ("2026-11", "handed_over"): 1,
        ("2026-12", "resolved:refunded"): 1,
        ("2028-04", "purged"): 1,
    }
    assert counts(desk) == first
    purge(engines(desk), cases.c.id > 0, LATER)
    more = {
        ("2026-12", "opened"): 2,
        ("2026-12", "verdict:eligible"): 1,
        ("2026-12", "handed_over"): 1,
        ("2028-04", "purged"): 2,
    }
    assert counts(desk) == Counter(first) + Counter(more)


def copies_of(desk: Filled, number: int) -> None:
    """Add many cases of the first person, as rows."""
    row = {"person_id": 1, "surface": "dm", "stage": "asking", "revision": 2, "state": "{}"}
    with engines(desk).writer.begin() as connection:
        connection.execute(insert(cases), [row | {"opened_at": 0, "changed_at": 0}] * number)


async def test_a_step_is_no_more_than_a_batch(desk: Filled) -> None:
    await desk.asks(answers={PROGRAM: "trustico"})
    copies_of(desk, BATCH)
    steps = [
        in_step(engines(desk), lambda connection: remove(connection, older(LATER), LATER)) for _ in range(3)
    ]
    assert steps == [BATCH, 1, 0]
    assert counts(desk)["2028-04", "purged"] == BATCH + 1


@pytest.mark.long
async def test_others_go_on_writing_meanwhile(desk: Filled) -> None:
    await desk.asks(answers={})
    copies_of(desk, 5 * BATCH)
    purging = asyncio.create_task(asyncio.to_thread(purge, engines(desk), older(NOON), LATER))
    answered = 0
    while not purging.done():
        await desk.asks(OMAR, {})
        answered += 1
    assert await purging == 5 * BATCH
    assert answered > 1
    assert count_of(desk, cases.c.id > 0) == answered + 1


async def test_who_is_at_work_on_a_case_is_waited_for(desk: Filled) -> None:
    number = await desk.asks()
    begun, may_end = threading.Event(), threading.Event()

    def work(unit: Unit) -> None:
        found = unit.cases.get(number)
        assert found is not None
        begun.set()
        assert may_end.wait(5)
        unit.cases.save(found.with_ticket("late"), "answered", LATER)

    writing = asyncio.create_task(desk.store.write(work))
    assert await asyncio.to_thread(begun.wait, 5)
    purging = asyncio.create_task(asyncio.to_thread(purge, engines(desk), older(LATER), LATER))
    assert not (await asyncio.wait({purging}, timeout=0.2))[0]
    may_end.set()
    await writing
    assert await purging == 0  # it is not old any more
    assert (await case(desk, number)).interview.ticket == "late"


# --- one person

SISTER = Person("T1", "T9", ROSA.user)  # Rosa, as payloads of another workspace name her


def whom(desk: Filled, person: Person) -> Known:
    with engines(desk).reader.connect() as connection:
        found = known(connection, Who(person.team, person.user))
    assert found is not None
    return found


def there_is(desk: Filled, person: Person) -> Found:
    with engines(desk).reader.connect() as connection:
        return look(connection, whom(desk, person))


def naming(desk: Filled, person: Person) -> list[str]:
    """Return the tables that name a person."""
    return [name for name, rows in dump(desk).items() if any(person.user in row for row in rows)]


async def test_of_a_requester_nothing_is_left(desk: Filled) -> None:
    await placed(desk, await desk.hands_over(ROSA, ticket="Please cancel."))
    mine = await desk.hands_over(ROSA)
    await desk.deals(ADA, mine, Claim(), Reply(Outward("Hello Rosa.")))
    await desk.orders(ROSA)
    await desk.sends()
    others = await desk.hands_over(OMAR)
    await desk.sends()
    before = await case(desk, others)
    found = erase(engines(desk), whom(desk, ROSA), LATER)
    assert (found.cases, found.pending, found.named_in) == (3, 2, 0)
    assert naming(desk, ROSA) == []
    assert "Please cancel" not in str(dump(desk))
    assert await case(desk, others) == before
    with engines(desk).reader.connect() as connection:
        assert known(connection, Who(ROSA.team, ROSA.user)) is None
    assert counts(desk)["2026-11", "opened"] == 3
    assert counts(desk)["2028-04", "purged"] == 3


@once
async def test_a_person_is_the_same_under_every_team(desk: Filled) -> None:
    await desk.hands_over(ROSA)
    await desk.hands_over(SISTER)
    others = await desk.hands_over(OMAR)
    await desk.deals(ADA, others, Claim())
    await desk.deals(replace(ADA, team="T9"), others, Resolve(Outcome.REFUSED))
    await desk.sends()
    assert there_is(desk, SISTER).cases == there_is(desk, ROSA).cases == 2
    for gone in (SISTER, ADA):
        erase(engines(desk), whom(desk, gone), LATER)
        assert naming(desk, gone) == []


@once
async def test_an_installation_that_is_named_is_the_only_one(desk: Filled) -> None:
    here, there = await desk.asks(ROSA), await desk.asks(replace(ROSA, installation="T7"))
    erase(engines(desk), whom(desk, replace(ROSA, team="T7")), LATER)
    with engines(desk).reader.connect() as connection:
        assert Records(connection).one(there) is None
        assert Records(connection).one(here) is not None


@once
async def test_a_person_is_the_same_in_every_installation(desk: Filled) -> None:
    elsewhere = replace(ROSA, installation="T7")
    await desk.asks(ROSA)
    await desk.asks(elsewhere)
    assert there_is(desk, ROSA).cases == 2
    erase(engines(desk), whom(desk, ROSA), LATER)
    assert naming(desk, ROSA) == []


async def agents_case(desk: Filled) -> int:
    """A case of Omar's that Ben had and Ada resolved."""
    number = await desk.hands_over(OMAR)
    await desk.deals(BEN, number, Claim(), Reassign(ADA))
    await desk.deals(ADA, number, Reply(Outward("Hello Omar.")), REFUNDED)
    await desk.sends()
    return number


async def test_an_agent_is_taken_out_of_others_cases(desk: Filled) -> None:
    number = await agents_case(desk)
    before = await case(desk, number)
    trail = await desk.store.read(lambda unit: [*unit.history.of(number)])
    found = erase(engines(desk), whom(desk, ADA), LATER)
    assert (found.cases, found.named_in, found.trail) == (0, 1, 2)
    assert naming(desk, ADA) == []
    after = await case(desk, number)
    assert after.handoff is not None
    assert before.handoff is not None
    assert after.handoff == replace(before.handoff, claimed_by=None)
    assert (after.interview.answers, after.interview.details, after.revision) == (
        before.interview.answers,
        before.interview.details,
        before.revision,
    )
    left = await desk.store.read(lambda unit: [*unit.history.of(number)])
    assert left == [replace(each, team=None, user=None) if each.user == ADA.user else each for each in trail]
    assert {each.user for each in left} == {OMAR.user, BEN.user, None}
    with engines(desk).reader.connect() as connection:
        filed = Records(connection).one(number)
    assert filed is not None
    assert (filed.owner, filed.changed_at) == (None, trail[-1].at)


@once
@pytest.mark.parametrize("event", [Returned(), CreditCame(came=False)])
async def test_a_case_whose_agent_was_erased_can_be_taken_up(desk: Filled, event: Event) -> None:
    number = await agents_case(desk)
    erase(engines(desk), whom(desk, ADA), LATER)
    await desk.apply(OMAR, number, event)
    assert (await case(desk, number)).standing is Standing.WAITING
    await desk.deals(BEN, number, Claim())
    assert (await case(desk, number)).standing is Standing.CLAIMED


async def test_who_has_loaded_a_case_meanwhile_loads_it_again(desk: Filled) -> None:
    number = await agents_case(desk)
    tries = []

    def work(unit: Unit) -> None:
        found = unit.cases.get(number)
        assert found is not None
        tries.append(found)
        if len(tries) == 1:
            raise VersionLostError(number)
        unit.cases.save(found.with_ticket("mine"), "answered", LATER)

    with engines(desk).reader.connect() as connection:
        version = connection.execute(select(cases.c.version)).scalar_one()
    erase(engines(desk), whom(desk, ADA), LATER)
    with engines(desk).reader.connect() as connection:
        assert connection.execute(select(cases.c.version)).scalar_one() == version + 1
    await desk.store.write(work)
    assert naming(desk, ADA) == []


@once
async def test_what_others_are_still_to_be_told_is_not_lost(desk: Filled) -> None:
    number = await desk.hands_over(OMAR)
    await desk.deals(ADA, number, Claim(), Reply(Outward("Hello Omar.")), REFUNDED)
    assert there_is(desk, ADA).waiting > 1
    with pytest.raises(StillThereError):
        erase(engines(desk), whom(desk, ADA), LATER)
    await desk.sends()
    assert sum(isinstance(effect, SendWords) for effect in desk.sent) == 1
    erase(engines(desk), whom(desk, ADA), LATER)
    assert naming(desk, ADA) == []


@once
async def test_what_is_for_the_person_is_not_sent_any_more(desk: Filled) -> None:
    await desk.does(ROSA, Write("help"))
    await desk.orders(ROSA)
    assert there_is(desk, ROSA).waiting == 0
    erase(engines(desk), whom(desk, ROSA), LATER)
    await desk.sends()
    assert desk.sent == []


@once
async def test_who_has_a_case_of_somebody_elses_must_give_it_away_first(desk: Filled) -> None:
    first, second = await desk.hands_over(OMAR), await desk.hands_over(OMAR)
    own = await desk.hands_over(ADA)
    await desk.deals(ADA, first, Claim())
    await desk.deals(ADA, second, Claim(), AskBack(Outward("Which?")))
    await desk.deals(ADA, own, Claim())
    await desk.sends()
    with engines(desk).reader.connect() as connection:
        assert held_by(connection, whom(desk, ADA)) == [first, second]
    with pytest.raises(StillThereError):
        erase(engines(desk), whom(desk, ADA), LATER)
    kept_by = (await case(desk, first)).handoff
    assert kept_by is not None
    assert (kept_by.standing, kept_by.claimed_by) == (Standing.CLAIMED, ADA)


@once
async def test_what_was_cut_off_is_gone_on_with(desk: Filled) -> None:
    await desk.orders(ROSA)
    copies_of(desk, BATCH)
    in_step(engines(desk), lambda connection: remove(connection, whom(desk, ROSA).cases, LATER))
    assert there_is(desk, ROSA).cases == 1
    assert erase(engines(desk), whom(desk, ROSA), LATER).cases == 1
    assert naming(desk, ROSA) == []
    assert counts(desk)["2028-04", "purged"] == BATCH + 1


@once
async def test_who_comes_back_is_new(desk: Filled) -> None:
    await desk.orders(ROSA)
    erase(engines(desk), whom(desk, ROSA), LATER)
    number = await desk.asks(ROSA, {})
    assert (await case(desk, number)).remembered == Remembered()


# --- SQLite's file: see also tests/cli/test_purging.py, which reads it


@pytest.fixture
async def other(desk: Filled) -> AsyncIterator[Connection]:
    """Another process on the same file."""
    elsewhere = create_engine(engines(desk).writer.url, poolclass=NullPool)
    with elsewhere.connect() as connection:
        yield connection
    elsewhere.dispose()


@once
async def test_a_file_is_built_anew_unless_somebody_is_in_the_way(desk: Filled, other: Connection) -> None:
    await desk.orders(ROSA, ticket="Please cancel.")
    leave_behind(other, "Please cancel.")
    erase(engines(desk), whom(desk, ROSA), LATER)
    for what, how_far in {"BEGIN IMMEDIATE": Overwritten.NOT_YET, "BEGIN": Overwritten.BUT_LOG}.items():
        other.exec_driver_sql(what)
        other.exec_driver_sql("SELECT * FROM cases").all()
        assert overwrite(engines(desk), patient_ms=50) is how_far
        assert b"Please cancel" in on_disk(desk)
        other.exec_driver_sql("ROLLBACK")
    assert overwrite(engines(desk), patient_ms=50) is Overwritten.WHOLE
    assert b"Please cancel" not in on_disk(desk)


def leave_behind(other: Connection, words: str) -> None:
    """Remove rows as a SQLite does that was built to leave what they held where it is."""
    other.exec_driver_sql("PRAGMA secure_delete=OFF")
    for number in range(50):
        added = "INSERT INTO receipts (key, kind, event, received_at) VALUES (?, 'write', ?, 0)"
        other.exec_driver_sql(added, (f"left:{number}", words * 50))
    other.exec_driver_sql("DELETE FROM receipts WHERE key LIKE 'left:%'")
    other.commit()


def on_disk(desk: Filled) -> bytes:
    file = Path(engines(desk).writer.url.database or "")
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
