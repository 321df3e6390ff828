"""The people who use the desk, by installation and user id."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from bot.conversation.interview import Remembered
from bot.conversation.people import Kind, Person
from bot.store.coding import REMEMBERED
from bot.store.schema import people
from bot.store.statements import Prepared, held, insert_if_new

_PERSON: Final = select(people).where(
    people.c.installation == bindparam("installation"),
    people.c.user == bindparam("user"),
)
_GET: Final = Prepared(_PERSON)
_GET_HELD: Final = Prepared(held(_PERSON))
_ADD: Final = Prepared(insert_if_new(people))
_SET: Final = Prepared(update(people).where(people.c.id == bindparam("of")))


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is known of a person besides their cases.

    `zone` is an IANA name. It and `kind` are None if unknown; from `ask_at` (epoch milliseconds) on, Slack
    may be asked again.
    """

    id: int
    person: Person
    zone: str | None
    zone_offset: int | None
    dm_channel: str | None
    remembered: Remembered
    kind: Kind | None = None
    ask_at: int = 0


class People:
    """The people within one transaction. If it is only `reading`, it locks nobody."""

    def __init__(self, connection: Connection, *, reading: bool) -> None:
        self._connection = connection
        self._reading = reading

    def get_or_add(self, person: Person, *, hold: bool = False) -> KnownPerson:
        """Return what is known of a person; a new person is added.

        `hold`: others who want to hold the person wait until this transaction ends.
        """
        found = self.get(person, hold=hold) or self._add_person(person, hold=hold)
        if found is None:
            raise LookupError("a person who was just written down is not there")
        return found

    def get(self, person: Person, *, hold: bool = False) -> KnownPerson | None:
        """Return what is known of a person, None if nothing is; `hold` as in `get_or_add`."""
        query = _GET_HELD if hold and not self._reading else _GET
        wanted = {"installation": person.installation, "user": person.user}
        found = query.first(self._connection, wanted)
        if found is None:
            return None
        kept = found["remembered"]
        return KnownPerson(
            id=found["id"],
            person=Person(person.installation, found["team"], person.user),
            zone=found["zone"],
            zone_offset=found["zone_offset"],
            dm_channel=found["dm_channel"],
            remembered=REMEMBERED.load(kept) if kept else Remembered(),
            kind=Kind(found["kind"]) if found["kind"] else None,
            ask_at=found["ask_at"],
        )

    def by_id(self, person_id: int) -> Person:
        """Return the person of a row. Raises NoResultFound if there is none."""
        row = self._connection.execute(select(people).where(people.c.id == person_id)).mappings().one()
        return Person(row["installation"], row["team"], row["user"])

    def _add_person(self, person: Person, *, hold: bool) -> KnownPerson | None:
        _ADD.count(self._connection, asdict(person))
        return self.get(person, hold=hold)

    def update(self, person_id: int, **columns: str | int | None) -> None:
        """Set columns of a person: `zone`, `zone_offset` (seconds), `dm_channel`."""
        _SET.count(self._connection, {"of": person_id, **columns})

    def remember(self, known: KnownPerson, remembered: Remembered) -> None:
        """Keep what the person's next case may offer."""
        if known.remembered != remembered:
            self.update(known.id, remembered=REMEMBERED.dump(remembered))
