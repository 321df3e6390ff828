"""A database of its own for each test, and what is put into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.case import Case, Surface
from bot.conversation.people import Person
from bot.playground.standin import StandIn
from bot.store import Store, Taken, Unit
from tests.conftest import Clock, World, migrated, settings_for

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROSA = Person("T1", "T1", "U1")


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """A store on SQLite, and once more on PostgreSQL."""
    made = Store(migrated(database))
    yield made
    await made.close()


@pytest.fixture
async def http_world(slack: StandIn, clock: Clock, tmp_path: Path, database: str) -> AsyncIterator[World]:
    """The bot called over signed HTTP, on each kind of database."""
    settings = settings_for(slack, tmp_path, CERTDESK_DATABASE_URL=database)
    made = World(slack, clock, settings, secret=slack.signing_secret)
    await made.start()
    yield made
    await made.stop()


def open_case(unit: Unit, person: Person = ROSA) -> Case:
    """Open a case as the desk does: its number and its first state in one transaction."""
    number = unit.cases.new_number(unit.people.get_or_add(person), Surface.DM, NOON)
    case = Case(number, person, Surface.DM)
    unit.cases.save(case, "asking", NOON)
    return case


def edited(case: Case, ticket: str) -> Case:
    return replace(case.with_ticket(ticket), revision=case.revision + 1)


def taken(unit: Unit, key: str) -> Taken:
    return Taken(key, "write", "{}", unit.people.get_or_add(ROSA).id)
