"""A case that was stored flat is read in its parts after the migration, and goes on where it stood."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

import policy
from bot.conversation.case import Case
from bot.conversation.derive import Rules, screen_of
from bot.conversation.events import Reworded, Rewrote
from bot.conversation.now import Now
from bot.conversation.screens import Question
from bot.conversation.step import step
from bot.store import Store, migrate
from bot.store.coding import CASE
from bot.store.engine import Engines
from policy.facts import Fact
from tests.postgres import fresh_database
from tests.store.test_migrate import upgrade_to

# Written by a desk of revision 0017: with an agent after edits, a modal that looks at an answer again, a DM.
STORED: Final[list[dict[str, Any]]] = json.loads(Path(__file__).with_name("stored_0017.json").read_text())
NOW: Final = Now(datetime(2026, 11, 23, 12, tzinfo=UTC), date(2026, 11, 23), date(2026, 11, 23))
WHERE: Final = {
    "answers": ("interview", "answers"),
    "revisiting": ("interview", "revisiting"),
    "details": ("interview", "details"),
    "offered": ("interview", "offered"),
    "details_closed": ("interview", "details_closed"),
    "ticket": ("interview", "ticket"),
    "sources": ("interview", "sources"),
    "posted": ("shown", "posted"),
    "asked_in": ("shown", "asked_in"),
    "outcome": ("shown", "latest"),
    "basis": ("shown", "basis"),
    "relayed": ("relay", "messages"),
    "amended": ("relay", "edits"),
    "sent_at": ("follow_up", "sent_at"),
    "credited": ("follow_up", "credited"),
    "stopped": ("follow_up", "stopped"),
}


LOST: Final = {"passed_on"}  # what no desk reads any more


def without_lost(value: Any) -> Any:  # noqa: ANN401  JSON
    match value:
        case dict():
            return {name: without_lost(inner) for name, inner in value.items() if name not in LOST}
        case list():
            return [*map(without_lost, value)]
        case _:
            return value


def is_part(stored: Any, dumped: Any) -> bool:  # noqa: ANN401  JSON
    """Tell whether all that was stored is there, fields that came since aside."""
    match stored, dumped:
        case dict(), dict():
            return all(name in dumped and is_part(value, dumped[name]) for name, value in stored.items())
        case list(), list():
            return len(stored) == len(dumped) and all(map(is_part, stored, dumped))
        case _:
            return bool(stored == dumped)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of each kind in turn that has no tables yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'certdesk.db'}"
        return
    with fresh_database(empty=True) as address:
        yield address


@pytest.fixture
async def engines(address: str) -> AsyncIterator[Engines]:
    """A database that held the stored cases, and two whose state nobody can read, before the migration."""
    store = Store(address)
    upgrade_to(store.engines, "0017")
    states = [*(json.dumps(state, separators=(",", ":")) for state in STORED), "", "[]"]
    put = text(
        "INSERT INTO cases (person_id, surface, stage, revision, state, opened_at, changed_at)"
        " VALUES (1, 'dm', 'asking', 1, :state, 0, 0)"
    )
    with store.engines.writer.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO people (installation, team, \"user\") VALUES ('T-HOST', 'T-RESELLER', 'U-ROSA')"
        )
        for state in states:
            connection.execute(put, {"state": state})
    migrate.upgrade(store.engines)
    yield store.engines
    await store.close()


def states(engines: Engines) -> list[str]:
    with engines.reader.connect() as connection:
        return [*connection.execute(text("SELECT state FROM cases ORDER BY id")).scalars()]


def cases(engines: Engines) -> list[Case]:
    return [CASE.load(state) for state in states(engines)[: len(STORED)]]


async def test_everything_is_kept_in_its_part_and_nothing_else(engines: Engines) -> None:
    after = [json.loads(state) for state in states(engines)[: len(STORED)]]
    for before, now in zip(STORED, after, strict=True):
        for name, value in before.items():
            part, field = WHERE.get(name, (None, name))
            assert (now[part] if part else now)[field] == value, name
        parts = {part for part, _ in WHERE.values()}
        assert now.keys() == (before.keys() - WHERE.keys()) | parts
    for case, now in zip(cases(engines), after, strict=True):
        dumped = json.loads(CASE.dump(case))
        for part, stored in now.items():  # a part may have got fields since, or lost one
            value = without_lost(stored)
            assert is_part(value, dumped[part]), part
    assert states(engines)[len(STORED) :] == ["", "[]"]


async def test_each_case_goes_on_where_it_stood(engines: Engines) -> None:
    rules = Rules(policy.load(), agents=True)
    held, modal, dm = cases(engines)
    assert held.shown.latest is not None
    assert screen_of(rules, held, NOW) == held.shown.latest.result
    screens = [screen_of(rules, case, NOW) for case in (modal, dm)]
    asked = [(each.fact, each.chosen) for each in screens if isinstance(each, Question)]
    assert asked == [(Fact("requester"), "reseller"), (Fact("issued"), None)]
    reworded = step(rules, dm, Reworded("event:1", "certificate holder", "9.1"), NOW).case
    assert reworded.interview.token(Fact("requester")) == "certificate_holder"
    late = step(rules, held, Rewrote("event:20", "too late", "9.0"), NOW)
    assert late.effects == ()
    edited = step(rules, held, Rewrote("event:20", "Good morning!", "9.2"), NOW).case
    assert edited.relay.edited_at("event:20") == "9.2"
