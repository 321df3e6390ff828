"""The cases as rows: written only by whoever read the version that is there, and found by whose they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.conversation.case import Case, Surface
from bot.conversation.handoff import HELD, WITH_AGENTS, Standing
from bot.conversation.people import Person
from bot.store.case_record import begun
from bot.store.coding import CASE
from bot.store.numbers import SHELF, key_of, millis
from bot.store.people import KnownPerson, People
from bot.store.schema import agents, cases, people
from bot.store.statements import held
from bot.store.trouble import UndoneError

MOST_ALIKE: Final = 20  # cases about one order
SOME: Final = 20  # that many damaged ones hold up no other

_ADD_CASE: Final = insert(cases)
_CASE: Final = select(cases).where(cases.c.id == bindparam("id"))
_CASE_HELD: Final = held(_CASE)
_SAVE: Final = update(cases).where(cases.c.id == bindparam("of"), cases.c.version == bindparam("loaded"))
_NEWEST_FIRST: Final = (cases.c.changed_at.desc(), cases.c.id.desc())
_CASES_OF: Final = (
    select(cases)
    .where(cases.c.person_id == bindparam("person"), begun())
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("most"))
)
_LATEST_ON: Final = (
    select(cases)
    .where(
        cases.c.person_id == bindparam("person"),
        cases.c.surface == bindparam("surface"),
        cases.c.changed_at >= bindparam("since"),
    )
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)
# Locked, so that none is claimed between the look at whom words are for and what is done about them.
_TALKED_OF: Final = held(
    select(cases)
    .where(
        cases.c.person_id == bindparam("person"),
        or_(
            cases.c.standing.in_(sorted(WITH_AGENTS)),
            and_(cases.c.standing == Standing.RESOLVED.value, cases.c.changed_at >= bindparam("since")),
            and_(cases.c.surface == Surface.DM.value, cases.c.stage == "asking"),
        ),
    )
    .order_by(*_NEWEST_FIRST)
)
_OPEN_CASE: Final = (
    select(cases)
    .where(
        cases.c.person_id == bindparam("person"),
        cases.c.surface == bindparam("surface"),
        cases.c.stage == "asking",
        cases.c.changed_at >= bindparam("since"),
        or_(begun(), bindparam("left", type_=Integer) == 1),
    )
    .order_by(begun().desc(), *_NEWEST_FIRST)
    .limit(1)
)


_CHANGED_AFTER: Final = held(
    select(cases)
    .where(
        cases.c.standing.in_([standing.value for standing in Standing])
    )  # which is what the index begins with
    .where(cases.c.changed_at > bindparam("moment"))
    .limit(SOME)
)


class VersionLostError(UndoneError):
    """Somebody else wrote the case since it was loaded; the transaction must not go on."""


class Cases:
    """The cases within one transaction.

    Where several write at once, a case that one has loaded is waited for by the others, unless it is only
    `reading`.
    """

    def __init__(self, connection: Connection, people: People, *, reading: bool) -> None:
        self._connection = connection
        self._people = people
        self._reading = reading
        self._versions: dict[int, int] = {}  # of the cases that were loaded, by number

    def version(self, number: int) -> int:
        """Return the version of a case that this transaction has loaded or saved."""
        return self._versions[number]

    def new_number(self, known: KnownPerson, surface: Surface, at: datetime) -> int:
        """Reserve a case's number. The case must be saved in the same transaction."""
        row = {
            "person_id": known.id,
            "surface": surface.value,
            "stage": "new",
            "revision": 0,
            "state": "",
            "opened_at": millis(at),
            "changed_at": millis(at),
        }
        made = self._connection.execute(_ADD_CASE, row).inserted_primary_key
        number = key_of(made) + SHELF
        self._versions[number] = 0
        return number

    def get(self, number: int) -> Case | None:
        """Return a case, None where there is none of that number."""
        found = self._one(_CASE if self._reading else _CASE_HELD, id=number - SHELF)
        return self._loaded(found) if found else None

    def save(self, case: Case, stage: str, at: datetime, *, deadline: date | None = None) -> None:
        """Write a case that this transaction has loaded, or numbered; `deadline` is its window's last day.

        Raises VersionLostError where it has been written since.
        """
        loaded = self._versions[case.number]
        handoff = case.handoff
        owner = handoff.claimed_by if handoff is not None else None
        row = {
            "of": case.number - SHELF,
            "loaded": loaded,
            "stage": stage,
            "revision": case.revision,
            "state": CASE.dump(case),
            "changed_at": millis(at),
            "version": loaded + 1,
            "standing": case.standing.value,
            "owner_id": self._people.get_or_add(owner).id if owner is not None else None,
            "deadline": deadline.isoformat() if deadline is not None else None,
            "calm": 0 if handoff is not None and handoff.urgent else 1,
            "since": millis(handoff.began) if handoff is not None else None,
        }
        if self._connection.execute(_SAVE, row).rowcount != 1:
            raise VersionLostError(case.number)
        self._versions[case.number] = loaded + 1

    def annotate(self, case: Case) -> None:
        """Write what a case knows of others, which is no change of its own. Raises as `save` does."""
        loaded = self._versions[case.number]
        mine = (cases.c.id == case.number - SHELF) & (cases.c.version == loaded)
        row = {"state": CASE.dump(case), "version": loaded + 1}
        if self._connection.execute(update(cases).where(mine).values(row)).rowcount != 1:
            raise VersionLostError(case.number)
        self._versions[case.number] = loaded + 1

    def of_person(self, known: KnownPerson, most: int) -> list[Case]:
        """Return a person's cases, the one touched last first, without those that were opened and left."""
        rows = self._connection.execute(_CASES_OF, {"person": known.id, "most": most})
        return [self._loaded(row) for row in rows.mappings()]

    def current(self, known: KnownPerson, resolved_since: datetime) -> Iterator[Case]:
        """Yield a person's cases that what they write may be about, the one touched last first.

        Those are with the agents, or were resolved lately, or are asked about in the DM. Nobody else changes
        them until this transaction ends.
        """
        wanted = {"person": known.id, "since": millis(resolved_since)}
        for row in self._connection.execute(_TALKED_OF, wanted).mappings():
            yield self._loaded(row)

    def unfinished(
        self, known: KnownPerson, surface: Surface, since: datetime, *, left: bool = True
    ) -> Case | None:
        """Return the person's newest case on a surface whose interview is not finished.

        Where there is none, it may be one that was opened and `left`.
        """
        wanted = {"person": known.id, "surface": surface.value, "since": millis(since), "left": int(left)}
        found = self._one(_OPEN_CASE, **wanted)
        return self._loaded(found) if found else None

    def latest(self, known: KnownPerson, surface: Surface, since: datetime) -> Case | None:
        """Return the person's case on a surface that was touched last, though it was opened and left."""
        found = self._one(_LATEST_ON, person=known.id, surface=surface.value, since=millis(since))
        return self._loaded(found) if found else None

    def changed_after(self, at: datetime) -> Case | None:
        """Return a case that was changed after a moment; by a wrong clock, where that lies ahead."""
        for row in self._connection.execute(_CHANGED_AFTER, {"moment": millis(at)}).mappings():
            if CASE.try_load(row["state"]) is not None:
                return self._loaded(row)
        return None

    def open_with_details(
        self, details: Collection[tuple[str, str]], person: Person, since: datetime
    ) -> list[Case]:
        """Return the cases that may name one of these details: those with the agents, and a person's own.

        Of their own, what was given up, or not touched since a moment, is not open.
        """
        named = [f'["{detail}",{json.dumps(value, ensure_ascii=False)}]' for detail, value in details]
        holds = or_(*(cases.c.state.contains(each, autoescape=True) for each in named))
        of_person = (people.c.installation == person.installation) & (people.c.user == person.user)
        own = of_person & (cases.c.standing == Standing.NEW.value) & (cases.c.stage != "given_up")
        is_open = or_(cases.c.standing.in_(sorted(WITH_AGENTS)), own & (cases.c.changed_at >= millis(since)))
        here = cases.join(
            people, (people.c.id == cases.c.person_id) & (people.c.installation == person.installation)
        )
        chosen = select(cases).select_from(here).where(is_open, holds).order_by(cases.c.id).limit(MOST_ALIKE)
        return [self._loaded(row) for row in self._connection.execute(held(chosen, of=cases)).mappings()]

    def owned_by_non_agents(self, installation: str) -> list[int]:
        """Return the numbers of the cases whose owner is no agent; none while nobody is known to be one."""
        owner = (people.c.id == cases.c.owner_id) & (people.c.installation == installation)
        known = agents.c.installation == installation
        is_agent = exists().where(known, agents.c.user == people.c.user)
        is_held = cases.c.standing.in_(sorted(standing.value for standing in HELD))
        chosen = select(cases.c.id).select_from(cases.join(people, owner))
        left = chosen.where(is_held, ~is_agent, exists().where(known)).order_by(cases.c.id)
        return [row_id + SHELF for row_id in self._connection.scalars(left)]

    def _loaded(self, row: RowMapping) -> Case:
        """Return a case; raises VersionLostError where it was changed since this transaction loaded it."""
        number, version = row["id"] + SHELF, row["version"]
        if self._versions.setdefault(number, version) != version and not self._reading:
            raise VersionLostError(number)
        return CASE.load(row["state"])

    def _one(self, query: Select[Any], **wanted: str | int) -> RowMapping | None:
        return self._connection.execute(query, wanted).mappings().first()
