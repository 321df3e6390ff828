"""What was stored while facts, details and routes were fixed is read, and goes on, after the migration."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import policy
from bot.conversation.case import Case
from bot.conversation.derive import Rules, screen_of
from bot.conversation.interview import Answer
from bot.conversation.now import Now
from bot.conversation.screens import Question, Result
from bot.store import Store, migrate
from bot.store.coding import CASE, EFFECT, REMEMBERED
from bot.store.engine import Engines
from policy.facts import PROGRAM, Detail, Fact
from policy.vocabulary import FactKind
from tests.postgres import fresh_database
from tests.store.test_migrate import upgrade_to

# Written by a desk of revision 0007: two people in modals, one in a DM who edited what they had typed.
STORED: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("stored_0007.json").read_text())
NOW = Now(datetime(2026, 11, 23, 12, tzinfo=UTC), date(2026, 11, 23), date(2026, 11, 23))


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
    store = Store(address)
    upgrade_to(store.engines, "0007")
    with store.engines.writer.begin() as connection:
        for table, rows in STORED.items():
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608
    migrate.upgrade(store.engines)
    yield store.engines
    await store.close()


def kept(engines: Engines, table: str, column: str) -> list[str]:
    with engines.reader.connect() as connection:
        return [*connection.execute(text(f"SELECT {column} FROM {table} ORDER BY id")).scalars()]  # noqa: S608


async def test_every_case_is_read_and_says_what_it_said(engines: Engines) -> None:
    cases = [CASE.load(state) for state in kept(engines, "cases", "state")]
    rules = Rules(policy.load(), agents=True)
    screens = [screen_of(rules, case, NOW) for case in cases]
    assert [type(screen) for screen in screens] == [Result, Question, Result, Result, Question, Result]
    shown = [(case, screen) for case, screen in zip(cases, screens, strict=True) if case.shown.latest]
    assert len(shown) == 4
    for case, screen in shown:
        assert case.shown.latest
        assert isinstance(screen, Result)
        then, now = case.shown.latest.result.decision, screen.decision
        assert (then.refund, then.cancellation.route) == (now.refund, now.cancellation.route)
        assert case.shown.latest.result.answers == screen.answers
    question = screens[1]
    assert isinstance(question, Question)
    assert (question.fact, question.kind) == (Fact("validation"), FactKind.CHOICE)


async def test_a_typed_detail_is_still_what_its_message_answered(engines: Engines) -> None:
    asked = {type(source.asked) for case in _cases(engines) for source in case.interview.sources}
    assert asked == {Fact, Detail}
    details = {
        source.asked for case in _cases(engines) for source in case.interview.sources
    } - policy.load().facts().keys()
    assert details == {"reseller_username", "supplier_order_id", "common_name"}


async def test_what_is_remembered_is_offered_as_before(engines: Engines) -> None:
    rosa, *_ = [REMEMBERED.load(text) for text in kept(engines, "people", "remembered") if text]
    assert rosa.answers == (Answer(PROGRAM, "opensrs"), Answer(Fact("requester"), "reseller"))
    assert rosa.details == ((Detail("reseller_username"), "rosa-shop"),)


async def test_every_effect_that_waits_is_still_sent(engines: Engines) -> None:
    effects = [EFFECT.load(effect) for effect in kept(engines, "outbox", "effect")]
    assert len(effects) == len(STORED["outbox"])
    screens = [effect.screen for effect in effects if hasattr(effect, "screen")]
    asked = [(each.fact, each.kind) for each in screens if isinstance(each, Question)]
    assert asked
    assert all((kind is FactKind.DAY) == (fact == "fulfilled_on") for fact, kind in asked)


def _cases(engines: Engines) -> list[Case]:
    return [CASE.load(state) for state in kept(engines, "cases", "state")]
