"""What can be read and written within one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.conversation.accounts import Kind
from bot.conversation.case import Case, Surface
from bot.conversation.handoff import HELD, WITH_AGENTS, Standing
from bot.conversation.interview import Remembered
from bot.conversation.people import Person
from bot.store import redaction
from bot.store.accounts import Accounts
from bot.store.agents import Agents
from bot.store.case_record import CaseRecord, begun
from bot.store.coding import CASE, REMEMBERED
from bot.store.conversation import ShownOf, shown_in
from bot.store.delays import Delays
from bot.store.files import CaseFiles
from bot.store.history import History
from bot.store.numbers import SHELF, key_of, millis, number_of
from bot.store.outbox import Outbox
from bot.store.places import Places
from bot.store.queue import Queue
from bot.store.refusals import Refusals
from bot.store.reminders import Reminders
from bot.store.schema import agents, cases, people, receipts
from bot.store.trouble import UndoneError
from bot.store.weekly import Weekly

MOST_ALIKE: Final = 20  # cases about one order
SOME: Final = 20  # that many damaged ones hold up no other

# --- What every step asks. Made once: to build such a statement costs more than to run it.


def _held(query: Select[Any]) -> Select[Any]:
    """Lock the rows that are found against writing; who only refers to them need not wait."""
    return query.with_for_update(key_share=True)


def _held_rows(query: Select[Any]) -> Select[Any]:
    """Lock the cases of a joined query."""
    return query.with_for_update(key_share=True, of=cases)


def _added(table: Table) -> dict[str, Any]:
    """Return, for each engine, how to insert a row unless there is one."""
    return {
        "sqlite": sqlite_insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql_insert(table).on_conflict_do_nothing(),
    }


_PERSON: Final = select(people).where(
    people.c.installation == bindparam("installation"),
    people.c.user == bindparam("user"),
)
_PERSON_HELD: Final = _held(_PERSON)
_ADD_PERSON: Final = _added(people)
_RECEIPT: Final = select(receipts).where(receipts.c.key == bindparam("key"))
_ADD_RECEIPT: Final = _added(receipts)
_FILE: Final = update(receipts).where(receipts.c.key == bindparam("of"))
_LATEST: Final = (
    select(receipts.c.key)
    .where(
        receipts.c.person_id == bindparam("person"),
        receipts.c.received_at > bindparam("since"),
        receipts.c.received_at <= bindparam("until"),
    )
    .limit(bindparam("most"))
)
_RECEIVED: Final = select(func.count()).select_from(_LATEST.subquery())
_RECEIVED_OF: Final = select(func.count()).select_from(
    _LATEST.where(receipts.c.kind == bindparam("kind")).subquery()
)
_ADD_CASE: Final = insert(cases)
_CASE: Final = select(cases).where(cases.c.id == bindparam("id"))
_CASE_HELD: Final = _held(_CASE)
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
_TALKED_OF: Final = _held(
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


_CHANGED_AFTER: Final = _held(
    select(cases)
    .where(
        cases.c.standing.in_([standing.value for standing in Standing])
    )  # which is what the index begins with
    .where(cases.c.changed_at > bindparam("moment"))
    .limit(SOME)
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is known of a person besides their cases.

    `zone` is an IANA name. It and `kind` are None where not yet known; at `ask_at` (epoch milliseconds) Slack
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


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receipt keeps: its key, what came, the redacted event, whose it was; None where time did it."""

    key: str
    kind: str
    event: str
    by: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery that has been taken before, and the case it belonged to."""

    key: str
    case: int | None


class VersionLostError(UndoneError):
    """Somebody else wrote the case since it was loaded; the transaction must not go on."""


class Unit:
    """One transaction's view of the database. Not for use after it or beside it.

    Where several write at once, a case that one has loaded is waited for by the others, unless it is only
    `reading`.
    """

    def __init__(self, connection: Connection, *, reading: bool = False) -> None:
        self._connection = connection
        self._reading = reading
        self._versions: dict[int, int] = {}  # of the cases that were loaded, by number
        self._outbox = Outbox(connection)
        self.delays = Delays(connection)
        self.has_redacted = False

    # --- people

    def person(self, person: Person, *, hold: bool = False) -> KnownPerson:
        """Return what is known of a person, who is written down where new.

        `hold`: who else wants to hold the person waits until this transaction ends.
        """
        found = self.known_person(person, hold=hold) or self._add_person(person, hold=hold)
        if found is None:
            raise LookupError("a person who was just written down is not there")
        return found

    def known_person(self, person: Person, *, hold: bool = False) -> KnownPerson | None:
        """Return what is known of a person, None where nothing is; `hold` as in `person`."""
        query = _PERSON_HELD if hold and not self._reading else _PERSON
        found = self._one(query, installation=person.installation, user=person.user)
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

    def person_of(self, person_id: int) -> Person:
        """Return who a row of people is. Raises NoResultFound where there is none."""
        row = self._connection.execute(select(people).where(people.c.id == person_id)).mappings().one()
        return Person(row["installation"], row["team"], row["user"])

    def _add_person(self, person: Person, *, hold: bool) -> KnownPerson | None:
        self._connection.execute(_ADD_PERSON[self._connection.dialect.name], asdict(person))
        return self.known_person(person, hold=hold)

    def set_person(self, person_id: int, **columns: str | int | None) -> None:
        """Set columns of a person: `zone`, `zone_offset` (seconds), `dm_channel`."""
        self._connection.execute(update(people).where(people.c.id == person_id).values(columns))

    def remember(self, known: KnownPerson, remembered: Remembered) -> None:
        """Keep what is to be offered in the person's next case."""
        if known.remembered != remembered:
            self.set_person(known.id, remembered=REMEMBERED.dump(remembered))

    # --- receipts

    def receipt(self, key: str) -> Receipt | None:
        """Return the receipt of a delivery that was taken before."""
        found = self._one(_RECEIPT, key=key)
        return Receipt(key, number_of(found["case_id"])) if found else None

    def take(self, receipt: Taken, at: datetime) -> bool:
        """Record a delivery. Returns False where it was recorded before; nothing is changed then."""
        row = {
            "key": receipt.key,
            "kind": receipt.kind,
            "event": receipt.event,
            "person_id": receipt.by,
            "received_at": millis(at),
        }
        added = _ADD_RECEIPT[self._connection.dialect.name]
        counted = {"preserve_rowcount": True}  # which is not done of itself for insertions
        return self._connection.execute(added, row, execution_options=counted).rowcount == 1

    def came_before(self, taken: Taken, since: datetime) -> bool:
        """Tell whether the same came of the same person under another key after a moment."""
        mine = (receipts.c.person_id == taken.by) & (receipts.c.received_at > millis(since))
        same = (receipts.c.kind == taken.kind) & (receipts.c.event == taken.event)
        query = select(receipts.c.key).where(mine, same, receipts.c.key != taken.key).limit(1)
        return self._connection.execute(query).first() is not None

    def meant(self, key: str, event: str) -> None:
        """Note in a receipt what the delivery meant, where that hangs on more than what it said."""
        self._connection.execute(_FILE, {"of": key, "event": event})

    def received_lately(self, person_id: int, since: datetime, most: int) -> list[tuple[str, str]]:
        """Return a person's latest deliveries after a moment, newest first: key and redacted event."""
        mine = (receipts.c.person_id == person_id) & (receipts.c.received_at > millis(since))
        newest = (receipts.c.received_at.desc(), receipts.c.key.desc())
        query = select(receipts.c.key, receipts.c.event).where(mine).order_by(*newest).limit(most)
        return [(row.key, row.event) for row in self._connection.execute(query)]

    def redact_record(self, known: KnownPerson, keys: Collection[str]) -> None:
        """Take the words of some of a person's deliveries out of the records of their cases."""
        self.has_redacted = True
        redaction.redact_record(self._connection, known.id, keys)

    def redact(
        self, pieces: dict[str, str], bare: dict[str, str], known: KnownPerson, since: datetime
    ) -> set[int]:
        """Take the pieces of a private key out of a person's receipts, cases and messages.

        `pieces` are the words of deliveries by their keys, `bare` what their receipts are to keep. Returns
        the numbers of the cases that this changed; each must be loaded again.
        """
        self.has_redacted = True
        return redaction.redact(self._connection, [*pieces.values()], bare, known.id, since)

    def file(self, key: str, case: int, *, changed: bool) -> None:
        """Note in a receipt whose case the delivery belonged to, and the version that it made, if it did."""
        row = {"case_id": case - SHELF, "case_version": self._versions[case] if changed else None}
        self._connection.execute(_FILE, {"of": key, **row})

    def received(
        self, person_id: int, during: tuple[datetime, datetime], most: int, kind: str | None = None
    ) -> int:
        """Return how many deliveries of a person were recorded after a moment, up to another.

        It counts no further than `most`, and with `kind` those of one kind only.
        """
        since, until = map(millis, during)
        wanted: dict[str, str | int] = {"person": person_id, "since": since, "until": until, "most": most}
        if kind is None:
            return self._connection.execute(_RECEIVED, wanted).scalar_one()
        return self._connection.execute(_RECEIVED_OF, {**wanted, "kind": kind}).scalar_one()

    def taken_since(self, kind: str, since: datetime) -> list[tuple[str, str]]:
        """Return the deliveries of a kind since a moment, the oldest first: whose, and the event."""
        by = receipts.join(people, people.c.id == receipts.c.person_id)
        chosen = select(people.c.user, receipts.c.event).select_from(by).order_by(receipts.c.received_at)
        late = chosen.where(receipts.c.received_at >= millis(since), receipts.c.kind == kind)
        return [(row.user, row.event) for row in self._connection.execute(late)]

    def forget_receipts(self, before: datetime, most: int) -> int:
        """Forget some deliveries taken before a moment; returns how many, 0 once there are no more."""
        old = select(receipts.c.key).where(receipts.c.received_at < millis(before)).limit(most)
        free = old.with_for_update(skip_locked=True)  # another process may be at it
        return self._connection.execute(delete(receipts).where(receipts.c.key.in_(free))).rowcount

    # --- cases

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

    def case(self, number: int) -> Case | None:
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
            "owner_id": self.person(owner).id if owner is not None else None,
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

    def cases_of(self, known: KnownPerson, most: int) -> list[Case]:
        """Return a person's cases, the one touched last first, without those that were opened and left."""
        rows = self._connection.execute(_CASES_OF, {"person": known.id, "most": most})
        return [self._loaded(row) for row in rows.mappings()]

    def shown_in(self, conversation: str) -> list[ShownOf]:
        """Return of which cases something was posted into a DM, the latest first."""
        return shown_in(self._connection, conversation)

    def talked_of(self, known: KnownPerson, resolved_since: datetime) -> Iterator[Case]:
        """Yield a person's cases that what they write may be about, the one touched last first.

        Those are with the agents, or were resolved lately, or are asked about in the DM. Nobody else changes
        them until this transaction ends.
        """
        wanted = {"person": known.id, "since": millis(resolved_since)}
        for row in self._connection.execute(_TALKED_OF, wanted).mappings():
            yield self._loaded(row)

    def open_case(
        self, known: KnownPerson, surface: Surface, since: datetime, *, left: bool = True
    ) -> Case | None:
        """Return the person's newest case on a surface whose interview is not finished.

        Where there is none, it may be one that was opened and `left`.
        """
        wanted = {"person": known.id, "surface": surface.value, "since": millis(since), "left": int(left)}
        found = self._one(_OPEN_CASE, **wanted)
        return self._loaded(found) if found else None

    def latest_case(self, known: KnownPerson, surface: Surface, since: datetime) -> Case | None:
        """Return the person's case on a surface that was touched last, though it was opened and left."""
        found = self._one(_LATEST_ON, person=known.id, surface=surface.value, since=millis(since))
        return self._loaded(found) if found else None

    def changed_after(self, at: datetime) -> Case | None:
        """Return a case that was changed after a moment; by a wrong clock, where that lies ahead."""
        for row in self._connection.execute(_CHANGED_AFTER, {"moment": millis(at)}).mappings():
            if CASE.try_load(row["state"]) is not None:
                return self._loaded(row)
        return None

    def _loaded(self, row: RowMapping) -> Case:
        """Return a case; raises VersionLostError where it was changed since this transaction loaded it."""
        number, version = row["id"] + SHELF, row["version"]
        if self._versions.setdefault(number, version) != version and not self._reading:
            raise VersionLostError(number)
        return CASE.load(row["state"])

    # --- outbox

    @property
    def places(self) -> Places:
        """Return where the messages of cases stand in Slack."""
        return Places(self._connection, self._outbox)

    @property
    def outbox(self) -> Outbox:
        """Return what waits to be sent."""
        return self._outbox

    # --- the handoff desk

    def accounts(self, installation: str) -> Accounts:
        """Return what Slack said of the user ids of an installation."""
        return Accounts(self._connection, installation)

    @property
    def agents(self) -> Agents:
        """Return who is an agent."""
        return Agents(self._connection)

    @property
    def refusals(self) -> Refusals:
        """Return why requests were refused."""
        return Refusals(self._connection)

    @property
    def reminders(self) -> Reminders:
        """Return what waits for its moment."""
        return Reminders(self._connection)

    def queue(self, installation: str) -> Queue:
        """Return the lists of cases that people of an installation see."""
        return Queue(self._connection, installation)

    def weekly(self, installation: str) -> Weekly:
        """Return the numbers of an installation."""
        return Weekly(self._connection, installation)

    @property
    def record(self) -> CaseRecord:
        """Return what requesters wrote about their cases."""
        return CaseRecord(self._connection)

    @property
    def files(self) -> CaseFiles:
        """Return the files of cases."""
        return CaseFiles(self._connection)

    @property
    def history(self) -> History:
        """Return the audit trail."""
        return History(self._connection)

    def open_cases_with(
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
        return [self._loaded(row) for row in self._connection.execute(_held_rows(chosen)).mappings()]

    def held_by_no_agent(self, installation: str) -> list[int]:
        """Return the numbers of the cases whose owner is no agent; none while nobody is known to be one."""
        owner = (people.c.id == cases.c.owner_id) & (people.c.installation == installation)
        known = agents.c.installation == installation
        is_agent = exists().where(known, agents.c.user == people.c.user)
        held = cases.c.standing.in_(sorted(standing.value for standing in HELD))
        chosen = select(cases.c.id).select_from(cases.join(people, owner))
        left = chosen.where(held, ~is_agent, exists().where(known)).order_by(cases.c.id)
        return [row_id + SHELF for row_id in self._connection.scalars(left)]

    def _one(self, query: Select[Any], **wanted: str | int) -> RowMapping | None:
        return self._connection.execute(query, wanted).mappings().first()
