"""Cases as rows: found by owner, order or age, and saved only over the version that was loaded."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import cache
from typing import Final

from sqlalchemy import (
    Connection,
    Integer,
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
from bot.store.coding import CASE, SHELF, millis
from bot.store.database_errors import UndoneError
from bot.store.people import KnownPerson, People
from bot.store.schema import agents, cases, people
from bot.store.statements import Prepared, Row, held, one_of

MOST_ALIKE: Final = 20  # cases about the same order
SOME: Final = 20  # rows, so that a few damaged ones hold up no other

_ADD_CASE: Final = Prepared(insert(cases))
_CASE: Final = select(cases).where(cases.c.id == bindparam("id"))
_CASE_HELD: Final = held(_CASE)
_GET: Final = Prepared(_CASE)
_GET_HELD: Final = Prepared(_CASE_HELD)
_SAVE: Final = Prepared(
    update(cases).where(cases.c.id == bindparam("of"), cases.c.version == bindparam("loaded"))
)
_NEWEST_FIRST: Final = (cases.c.changed_at.desc(), cases.c.id.desc())
_CASES_OF: Final = Prepared(
    select(cases)
    .where(cases.c.person_id == bindparam("person"), begun())
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("most"))
)
_LATEST_ON: Final = Prepared(
    select(cases)
    .where(
        cases.c.person_id == bindparam("person"),
        cases.c.surface == bindparam("surface"),
        cases.c.changed_at >= bindparam("since"),
    )
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)
# Locked, so that nobody claims one between the decision whom a message is for and what is done about it.
_TALKED_OF: Final = Prepared(
    held(
        select(cases)
        .where(
            cases.c.person_id == bindparam("person"),
            or_(
                one_of(cases.c.standing, WITH_AGENTS),
                and_(cases.c.standing == Standing.RESOLVED.value, cases.c.changed_at >= bindparam("since")),
                and_(cases.c.surface == Surface.DM.value, cases.c.stage == "asking"),
            ),
        )
        .order_by(*_NEWEST_FIRST)
    )
)
_OPEN_CASE: Final = Prepared(
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
    .where(one_of(cases.c.standing, Standing))  # the first column of the index
    .where(cases.c.changed_at > bindparam("moment"))
    .limit(SOME)
)


class VersionLostError(UndoneError):
    """Somebody else saved the case since it was loaded, so the transaction must not go on."""


class Cases:
    """The cases within one transaction.

    Unless it is only `reading`, a case that it loads is locked until it ends.
    """

    def __init__(self, connection: Connection, people: People, *, reading: bool) -> None:
        self._connection = connection
        self._people = people
        self._reading = reading
        self._versions: dict[int, int] = {}  # of the loaded cases, by number

    def version(self, number: int) -> int:
        """Return the version of a case that this transaction has loaded or saved."""
        return self._versions[number]

    def new_number(self, known: KnownPerson, surface: Surface, at: datetime) -> int:
        """Reserve a number. The case must be saved in the same transaction."""
        row = {
            "person_id": known.id,
            "surface": surface.value,
            "stage": "new",
            "revision": 0,
            "state": "",
            "opened_at": millis(at),
            "changed_at": millis(at),
        }
        number = _ADD_CASE.key(self._connection, row) + SHELF
        self._versions[number] = 0
        return number

    def get(self, number: int) -> Case | None:
        """Return a case, None if there is none of that number."""
        found = (_GET if self._reading else _GET_HELD).first(self._connection, {"id": number - SHELF})
        return self._loaded(found) if found else None

    def save(self, case: Case, stage: str, at: datetime, *, deadline: date | None = None) -> None:
        """Save a case that this transaction has loaded or numbered; `deadline` is the last day of its window.

        Raises VersionLostError if somebody else has saved it since.
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
        if _SAVE.count(self._connection, row) != 1:
            raise VersionLostError(case.number)
        self._versions[case.number] = loaded + 1

    def annotate(self, case: Case) -> None:
        """Save what a case knows about others, which is no change of its own. Raises as `save` does."""
        loaded = self._versions[case.number]
        row = {"state": CASE.dump(case), "version": loaded + 1}
        if _SAVE.count(self._connection, {"of": case.number - SHELF, "loaded": loaded, **row}) != 1:
            raise VersionLostError(case.number)
        self._versions[case.number] = loaded + 1

    def of_person(self, known: KnownPerson, most: int) -> list[Case]:
        """Return a person's cases, the most recently touched first, without those opened and left."""
        rows = _CASES_OF.all(self._connection, {"person": known.id, "most": most})
        return [self._loaded(row) for row in rows]

    def current(self, known: KnownPerson, resolved_since: datetime) -> Iterator[Case]:
        """Yield the person's cases that a message may be about, the most recently touched first.

        These are with the agents, or were resolved lately, or have an open question in the DM. Nobody else
        changes them until this transaction ends.
        """
        wanted = {"person": known.id, "since": millis(resolved_since)}
        for row in _TALKED_OF.all(self._connection, wanted):
            yield self._loaded(row)

    def unfinished(
        self, known: KnownPerson, surface: Surface, since: datetime, *, left: bool = True
    ) -> Case | None:
        """Return the person's newest case on a surface whose interview is not finished.

        If there is none, it may be one that was opened and `left`.
        """
        wanted = {"person": known.id, "surface": surface.value, "since": millis(since), "left": int(left)}
        found = _OPEN_CASE.first(self._connection, wanted)
        return self._loaded(found) if found else None

    def latest(self, known: KnownPerson, surface: Surface, since: datetime) -> Case | None:
        """Return the person's most recently touched case on a surface, even if it was opened and left."""
        wanted = {"person": known.id, "surface": surface.value, "since": millis(since)}
        found = _LATEST_ON.first(self._connection, wanted)
        return self._loaded(found) if found else None

    def changed_after(self, at: datetime) -> Case | None:
        """Return a case that was changed after a moment; if that is in the future, by a wrong clock."""
        for row in self._connection.execute(_CHANGED_AFTER, {"moment": millis(at)}).mappings():
            if CASE.try_load(row["state"]) is not None:
                return self._loaded(row)
        return None

    def open_with_details(
        self, details: Collection[tuple[str, str]], person: Person, since: datetime
    ) -> list[Case]:
        """Return the cases that may name one of these details: with the agents, or a person's own.

        A person's own case is open unless it was given up, or not touched since a moment.
        """
        named = {f"named_{at}": _naming(*detail) for at, detail in enumerate(details)}
        agents_have = {"installation": person.installation, "most": MOST_ALIKE} | named
        own = agents_have | {"user": person.user, "since": millis(since)}
        rows = _alike(len(named), own=False).all(self._connection, agents_have)
        rows += _alike(len(named), own=True).all(self._connection, own)
        found = {row["id"]: row for row in rows}
        return [self._loaded(found[number]) for number in sorted(found)[:MOST_ALIKE]]

    def owned_by_non_agents(self, installation: str) -> list[int]:
        """Return the numbers of cases whose owner is no agent; none while no agent is known at all."""
        owner = (people.c.id == cases.c.owner_id) & (people.c.installation == installation)
        known = agents.c.installation == installation
        is_agent = exists().where(known, agents.c.user == people.c.user)
        is_held = cases.c.standing.in_(sorted(standing.value for standing in HELD))
        chosen = select(cases.c.id).select_from(cases.join(people, owner))
        left = chosen.where(is_held, ~is_agent, exists().where(known)).order_by(cases.c.id)
        return [row_id + SHELF for row_id in self._connection.scalars(left)]

    def _loaded(self, row: Row) -> Case:
        """Return a case; raises VersionLostError if it was changed since this transaction loaded it."""
        number, version = row["id"] + SHELF, row["version"]
        if self._versions.setdefault(number, version) != version and not self._reading:
            raise VersionLostError(number)
        return CASE.load(row["state"])


@cache
def _alike(many: int, *, own: bool) -> Prepared:
    """Return what finds the open cases that name one of so many details: a person's own, or the agents'.

    One statement for both would walk through all cases, because no index finds both.
    """
    holds = or_(*(cases.c.state.like(bindparam(f"named_{at}"), escape="/") for at in range(many)))
    here = (people.c.id == cases.c.person_id) & (people.c.installation == bindparam("installation"))
    new = (cases.c.standing == Standing.NEW.value) & (cases.c.stage != "given_up")
    of_person = (people.c.user == bindparam("user")) & new & (cases.c.changed_at >= bindparam("since"))
    is_open = of_person if own else one_of(cases.c.standing, WITH_AGENTS)
    chosen = select(cases).select_from(cases.join(people, here)).where(is_open, holds)
    return Prepared(held(chosen.order_by(cases.c.id).limit(bindparam("most")), of=cases))


def _naming(detail: str, value: str) -> str:
    """Return what a case's state is like that gives a detail this value."""
    found = f'["{detail}",{json.dumps(value, ensure_ascii=False)}]'
    escaped = re.sub("[%_/]", r"/\g<0>", found)
    return f"%{escaped}%"
