"""`certdesk purge`: what it says, what it asks back, and that nothing can be read back from the file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.conversation.agent_moves import AskBack, Claim, Reply, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.handoff import Outcome
from tests.cli.conftest import Done, Run
from tests.filled import ADA, BEN, OMAR, ROSA, Filled, filled

DATABASE = "CERTDESK_DATABASE_URL"
TICKET = "Please cancel the order of Rosa's shop."
WORDS = "Hello Rosa, it is on its way."
IN_SLACK = "What is in Slack stays there; delete it there if it must go too.\n"
OLD = "last changed before "  # and a moment of today


async def _fill(desk: Filled) -> None:
    """Two cases of Rosa's, one of them resolved by Ada, and one of Omar's that Ben has."""
    number = await desk.hands_over(ROSA, ticket=TICKET)
    await desk.deals(ADA, number, Claim(), Reply(Outward(WORDS)), Resolve(Outcome.REFUNDED))
    await desk.orders(ROSA)
    number = await desk.hands_over(OMAR)
    await desk.deals(BEN, number, Claim(), AskBack(Outward("Which one?")))
    await desk.sends()


async def _made(address: str) -> None:
    async with filled(address) as desk:
        await _fill(desk)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "certdesk.db"


@pytest.fixture
def address(file: Path) -> str:
    made = f"sqlite:///{file}"
    asyncio.run(_made(made))
    return made


@pytest.fixture
def run(certdesk: Run, address: str) -> Run:
    def on_it(*arguments: str) -> Done:
        return certdesk(*arguments, **{DATABASE: address})

    return on_it


def listed(run: Run) -> list[str]:
    return [line.split("\t")[0] for line in run("cases", "list").out.splitlines()]


# --- by age


def test_by_age_it_says_what_went_and_what_stayed(run: Run) -> None:
    looked = run("purge", "--older-than", "1d", "--dry-run")
    assert looked.out.startswith("would be purged: 2 cases, last changed before ")
    assert looked.out.endswith("\nkept: 1 case just as old, because agents have them\n")
    assert listed(run) == ["C-1003", "C-1002", "C-1001"]
    done = run("purge", "--older-than", "1d")
    assert (done.status, done.err) == (0, "")
    assert done.out == looked.out.replace("would be purged", "purged")
    assert listed(run) == ["C-1003"]
    assert run("purge", "--older-than", "1 days").out.startswith("purged: 0 cases")


def test_what_is_not_as_old_stays(run: Run) -> None:
    assert run("purge", "--older-than", "99999d").out.startswith("purged: 0 cases")
    assert len(listed(run)) == 3


def test_counts_stay(run: Run) -> None:
    before = {line: number for line, number, *_ in map(_count, run("cases", "counts").out.splitlines())}
    run("purge", "--older-than", "1d")
    lines = run("cases", "counts").out.splitlines()
    after = {line: number for line, number, *_ in map(_count, lines)}
    assert {line: number for line, number in after.items() if "purged" not in line} == before
    assert "2026-11\topened\t3\t(2 of them purged)" in lines
    assert "2026-11\tresolved:refunded\t1\t(1 of them purged)" in lines
    assert [number for line, number in after.items() if "purged" in line] == ["2"]


def _count(line: str) -> tuple[str, str]:
    month, what, number, *_ = line.split("\t")
    return f"{month} {what}", number


# --- one person


@pytest.mark.long
def test_a_person_is_erased_after_a_look(run: Run) -> None:
    looked = run("purge", "--person", "T2:U-ROSA", "--dry-run")
    assert looked.out.splitlines()[0] == "would be erased about T2:U-ROSA: 2 cases"
    assert len(listed(run)) == 3
    done = run("purge", "--person", "T2:U-ROSA", "--yes")
    assert (done.status, done.err) == (0, "")
    said = looked.out.replace("would be erased", "erased")
    assert done.out == f"{said}nothing that was removed can be read back from the database\n{IN_SLACK}"
    assert listed(run) == ["C-1003"]
    again = run("purge", "--person", "T2:U-ROSA", "--yes")
    assert (again.status, again.err) == (2, "certdesk: nobody is known as T2:U-ROSA.\n")


def test_an_agent_is_erased_from_others_cases(run: Run) -> None:
    done = run("purge", "--person", "T1:U-ADA", "--yes")
    assert done.out.splitlines()[:2] == [
        "erased about T1:U-ADA: 0 cases",
        "named in 1 case of others, and in 3 entries of the audit trail",
    ]
    shown = run("cases", "show", "C-1001").out
    assert "owner               somebody who was erased, since 2026-11-23" in shown
    assert "resolve:refunded, resolved, -" in shown
    assert "U-ADA" not in shown


REFUSED = {
    ("--person", "T2:U-ROSA"): "there is no terminal to confirm in; add --yes, or look first with --dry-run.",
    (
        "--person",
        "T1:U-BEN",
        "--yes",
    ): "T1:U-BEN has cases of others: C-1003. Give these to another agent first.",
    ("--person", "T2:U-ROS", "--yes"): "nobody is known as T2:U-ROS.",
    ("--person", "Rosa"): "--person takes the id of a user, as U0123456789 or T0123456789:U0123456789.",
    ("--older-than", "400"): "--older-than takes a number of days, as 400d.",
    ("--older-than", "0d"): "--older-than takes a number of days, as 400d.",
    ("--older-than", "1y"): "--older-than takes a number of days, as 400d.",
    (): "give either --older-than or --person, or --overwrite alone.",
    ("--yes",): "give either --older-than or --person, or --overwrite alone.",
    ("--overwrite", "--dry-run"): "give either --older-than or --person, or --overwrite alone.",
    ("--older-than", "1d", "--person", "T2:U-ROSA"): "give either --older-than or --person,",
}


@pytest.mark.long
def test_what_is_refused_is_said_in_a_sentence_and_nothing_is_removed(run: Run, file: Path) -> None:
    before = _rows(file)
    for arguments, words in REFUSED.items():
        done = run("purge", *arguments)
        assert (done.status, done.out) == (2, ""), arguments
        assert done.err.startswith(f"certdesk: {words}"), arguments
        assert done.err.count("\n") == 1, arguments
    assert _rows(file) == before


def _rows(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [*database.iterdump()]


async def test_who_is_named_in_what_is_still_to_be_sent_waits(certdesk: Run, file: Path) -> None:
    address = f"sqlite:///{file}"
    async with filled(address) as desk:
        await _fill(desk)
        await desk.deals(BEN, 1003, Resolve(Outcome.REFUSED))
        done = await asyncio.to_thread(
            certdesk, "purge", "--person", "T1:U-BEN", "--yes", **{DATABASE: address}
        )
    assert done.status == 2
    assert done.err.startswith("certdesk: ")
    assert (
        "to others that name T1:U-BEN must be sent first; `certdesk outbox list --waiting` shows" in done.err
    )


# --- what can be read from the disk

OF_ROSA = {
    "what she typed": TICKET.encode(),
    "what she was told": WORDS.encode(),
    "who she is": b"U-ROSA",
}


@pytest.fixture
def serving(address: str) -> Iterator[sqlite3.Connection]:
    """Another process that has the file open, as `serve` has: so the log stays, and what is in it."""
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as other:
        other.execute("SELECT count(*) FROM cases").fetchall()
        yield other


def on_disk(file: Path) -> set[str]:
    """Return what of Rosa's stands in any file of the database, whole or in the log."""
    raw = b"".join(each.read_bytes() for each in file.parent.iterdir() if each.name.startswith(file.name))
    return {what for what, words in OF_ROSA.items() if words in raw}


def test_nothing_of_a_person_can_be_read_back_from_the_files(
    run: Run, file: Path, serving: sqlite3.Connection
) -> None:
    assert on_disk(file) == {*OF_ROSA}
    run("purge", "--person", "T2:U-ROSA", "--yes", "--no-overwrite")
    assert serving.execute("SELECT count(*) FROM cases").fetchall() == [(1,)]
    assert on_disk(file)  # as long as nothing is built anew
    assert run("purge", "--overwrite").out == "nothing that was removed can be read back from the database\n"
    assert on_disk(file) == set()
    assert listed(run) == ["C-1003"]


def test_without_more_being_said_an_erasure_does_it_itself(
    run: Run, file: Path, serving: sqlite3.Connection
) -> None:
    run("purge", "--person", "T2:U-ROSA", "--yes")
    assert on_disk(file) == set()
    assert serving.execute("SELECT count(*) FROM cases").fetchall() == [(1,)]


def test_by_age_it_is_done_where_it_is_asked_for(run: Run, file: Path, serving: sqlite3.Connection) -> None:
    run("purge", "--older-than", "1d")
    assert on_disk(file)
    run("purge", "--person", "T2:U-ROSA", "--yes", "--no-overwrite")
    run("purge", "--older-than", "1d", "--overwrite")
    assert on_disk(file) == set()
    assert serving.execute("SELECT count(*) FROM cases").fetchall() == [(1,)]


def test_a_copy_from_before_a_migration_is_named(run: Run, file: Path) -> None:
    copy = file.with_name("certdesk.db.before-0004")
    copy.write_bytes(file.read_bytes())
    done = run("purge", "--person", "T2:U-ROSA", "--yes")
    assert f"{copy} is a copy from before a migration; what was removed is still in it: delete it" in done.out


@pytest.mark.long
def test_it_is_the_same_on_postgresql(certdesk: Run, postgresql: str) -> None:
    asyncio.run(_made(postgresql))
    database = {DATABASE: postgresql}
    assert certdesk("purge", "--older-than", "1d", "--overwrite", **database).out.splitlines()[1:] == [
        "kept: 1 case just as old, because agents have them",
        "PostgreSQL overwrites what was removed over time, by its own vacuum",
    ]
    assert certdesk("purge", "--person", "T3:U-OMAR", "--yes", **database).status == 0
    assert certdesk("cases", "list", **database).out == ""
    assert "2026-11\topened\t3\t(3 of them purged)\n" in certdesk("cases", "counts", **database).out
