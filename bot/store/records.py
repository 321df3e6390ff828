"""Cases as an operator sees them: whose they are, who has them, where they stand and since when.

They are read a page at a time, each in a transaction of its own, so that others can go on writing and never
are all in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, FromClause, RowMapping, Select, and_, select, true

from bot.conversation.case import Case
from bot.conversation.case_record import RecordedWords
from bot.conversation.handoff import Standing
from bot.conversation.people import Person
from bot.store.case_record import CaseRecord, begun
from bot.store.coding import CASE, SHELF, millis, moment
from bot.store.schema import cases, people

PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Who:
    """A person as an operator names them: by user id, and by a team if the id is not enough.

    A team that is an installation selects it; any other is ignored, since a person has many.
    """

    team: str | None
    user: str

    def __str__(self) -> str:
        return f"{self.team}:{self.user}" if self.team else self.user

    def are(self, row: FromClause) -> ColumnElement[bool]:
        """Select the rows of people that are meant."""
        here = select(people.c.id).where(people.c.installation == self.team).exists()
        elsewhere = here & (row.c.installation != self.team)
        return (row.c.user == self.user) & (~elsewhere if self.team else true())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these standings, of a person, of an owner, last changed in [since, until).

    None or empty excludes nothing; cases that were opened and left never count.
    """

    standings: tuple[Standing, ...] = ()
    person: Who | None = None
    owner: Who | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A case with its columns; `case` is None if what is stored of it cannot be read.

    `record` is there only if it was asked for.
    """

    number: int
    person: Person
    owner: Person | None
    surface: str
    standing: str
    deadline: date | None
    opened_at: datetime
    changed_at: datetime
    case: Case | None
    record: tuple[RecordedWords, ...] = ()


class Records:
    """The cases within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, number: int) -> Filed | None:
        """Return a case, None if there is none of that number."""
        row = self._connection.execute(_all().where(cases.c.id == number - SHELF)).mappings().first()
        return _filed(row) if row is not None else None

    def page(self, wanted: Wanted, most: int, *, after: int = 0) -> list[Filed]:
        """Return the first cases whose number is higher than `after`, in order."""
        chosen = _all().where(_fits(wanted), cases.c.id > after - SHELF).order_by(cases.c.id).limit(most)
        return [_filed(row) for row in self._connection.execute(chosen).mappings()]

    def latest(self, wanted: Wanted, most: int) -> list[Filed]:
        """Return the last cases, the newest first."""
        chosen = _all().where(_fits(wanted)).order_by(cases.c.id.desc()).limit(most)
        return [_filed(row) for row in self._connection.execute(chosen).mappings()]


def every(reader: Engine, wanted: Wanted, *, texts: bool = False) -> Iterator[Filed]:
    """Yield cases by number, a page at a time; with `texts`, each with its record."""
    after = 0
    while page := _page(reader, wanted, after, texts=texts):
        yield from page
        after = page[-1].number


def _page(reader: Engine, wanted: Wanted, after: int, *, texts: bool) -> list[Filed]:
    with reader.connect() as connection:
        found = Records(connection).page(wanted, PAGE, after=after)
        said = CaseRecord(connection).all_of(filed.number for filed in found) if texts else {}
    return [replace(filed, record=tuple(said.get(filed.number, ()))) for filed in found]


_WHO: Final = people.alias("who")
_OWNER: Final = people.alias("owner")


def _all() -> Select[Any]:
    joined = cases.join(_WHO, _WHO.c.id == cases.c.person_id).outerjoin(
        _OWNER, _OWNER.c.id == cases.c.owner_id
    )
    names = [
        each.c[part].label(f"{label}_{part}")
        for label, each in (("who", _WHO), ("owner", _OWNER))
        for part in ("installation", "team", "user")
    ]
    return select(cases, *names).select_from(joined)


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    fits: list[ColumnElement[bool]] = [begun()]
    if wanted.standings:
        fits.append(cases.c.standing.in_([standing.value for standing in wanted.standings]))
    if wanted.person is not None:
        fits.append(wanted.person.are(_WHO))
    if wanted.owner is not None:
        fits.append(wanted.owner.are(_OWNER))
    if wanted.since is not None:
        fits.append(cases.c.changed_at >= millis(wanted.since))
    if wanted.until is not None:
        fits.append(cases.c.changed_at < millis(wanted.until))
    return and_(*fits)


def _filed(row: RowMapping) -> Filed:
    return Filed(
        number=row["id"] + SHELF,
        person=Person(row["who_installation"], row["who_team"], row["who_user"]),
        owner=(
            Person(row["owner_installation"], row["owner_team"], row["owner_user"])
            if row["owner_id"] is not None
            else None
        ),
        surface=row["surface"],
        standing=row["standing"],
        deadline=date.fromisoformat(row["deadline"]) if row["deadline"] else None,
        opened_at=moment(row["opened_at"]),
        changed_at=moment(row["changed_at"]),
        case=CASE.try_load(row["state"]),
    )
