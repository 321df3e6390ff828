"""The record of a case in the database: what its requester wrote, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from bot.conversation.case_record import Place, RecordedWords, TakenAs
from bot.store.coding import SHELF, micros, millis, moment, moment_of_micros
from bot.store.schema import cases, words
from bot.store.statements import Prepared, Row

_ADD: Final = Prepared(insert(words).inline())  # nobody needs its number
# Commands have been done, forms fill in the card, and what was passed on is in the thread.
# What is held is still private to its writer.
_NOT_FOR_OPENING: Final = (TakenAs.COMMAND.value, TakenAs.PASSED_ON.value, TakenAs.HELD.value)
_FOR_OPENING: Final = words.c.taken_as.not_in(_NOT_FOR_OPENING) & (words.c.place != Place.FORM.value)
_HELD: Final = Prepared(
    select(words)
    .where(words.c.person_id == bindparam("person"), words.c.taken_as == TakenAs.HELD.value)
    .order_by(words.c.id)
)
_OPEN: Final = (
    update(words)
    .where(words.c.case_id == bindparam("of"), words.c.opening.is_(None), _FOR_OPENING)
    .values(opening=bindparam("slot"))
)


def begun() -> ColumnElement[bool]:
    """Select the cases that were begun: one that was opened and left without an answer or a word is not."""
    of_it = (words.c.case_id == cases.c.id) & (words.c.taken_as != TakenAs.COMMAND.value)
    # the limit keeps PostgreSQL from reading the whole table to answer EXISTS for many cases
    said = select(words.c.id).where(of_it).limit(1).correlate(cases).scalar_subquery()
    return or_(cases.c.revision > 1, said.is_not(None))


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the record of a case; `opening` is the slot of the thread entry that shows it, if any."""

    case: int
    said: RecordedWords
    opening: str | None


class CaseRecord:
    """The records of cases within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: int, person_id: int, said: RecordedWords) -> None:
        """Add what a person wrote about their case."""
        row = {
            "case_id": case - SHELF,
            "person_id": person_id,
            "message": said.key,
            "place": said.place.value,
            "at": millis(said.at),
            "taken_as": said.taken_as.value,
            "text": said.text,
            "edited_at": micros(said.edited_at) if said.edited_at is not None else None,
        }
        _ADD.count(self._connection, row)

    def of(self, case: int) -> list[RecordedWords]:
        """Return the record of a case, in order."""
        return self._some(words.c.case_id == case - SHELF)

    def all_of(self, numbers: Iterable[int]) -> dict[int, list[RecordedWords]]:
        """Return the records of some cases, in order."""
        found: dict[int, list[RecordedWords]] = {}
        keys = [number - SHELF for number in numbers]
        chosen = select(words).where(words.c.case_id.in_(keys)).order_by(words.c.id)
        for row in self._connection.execute(chosen).mappings():
            found.setdefault(row["case_id"] + SHELF, []).append(_recorded(row))
        return found

    def words(self, person_id: int, message: str) -> RecordedWords | None:
        """Return what a person wrote in a message, None if no record has it."""
        found = self._some(_of_message(person_id, message))
        return found[0] if found else None

    def reword(self, person_id: int, message: str, text: str | None, at: datetime) -> bool:
        """Apply an edit; False if no record has the message, or it was changed later.

        A text of None is kept nowhere.
        """
        earlier = or_(words.c.edited_at.is_(None), words.c.edited_at < micros(at))
        mine = _of_message(person_id, message) & words.c.deleted_at.is_(None) & earlier
        changed = update(words).where(mine).values(text=text, edited_at=micros(at))
        return self._connection.execute(changed).rowcount > 0

    def take_back(self, person_id: int, message: str, at: datetime) -> bool:
        """Delete the text of a deleted message, and note when; False if there is none left."""
        mine = _of_message(person_id, message) & words.c.text.is_not(None)
        gone = update(words).where(mine).values(text=None, deleted_at=millis(at))
        return self._connection.execute(gone).rowcount > 0

    def answered(self, person_id: int, message: str) -> None:
        """Note that an edit turned a message into an answer."""
        mine = update(words).where(_of_message(person_id, message))
        self._connection.execute(mine.values(taken_as=TakenAs.ANSWER.value))

    # --- messages that may be about one case or another

    def find(self, person_id: int, messages: Sequence[str]) -> list[Kept]:
        """Return where some of a person's messages are kept: under one case, or under each possible one."""
        mine = words.c.message.in_(messages) & (words.c.person_id == person_id)
        return self._kept(mine)

    def held(self, person_id: int) -> list[Kept]:
        """Return a person's messages that are held, under each possible case."""
        return [*map(_kept, _HELD.all(self._connection, {"person": person_id}))]

    def held_since(self, at: datetime) -> int | None:
        """Return who wrote the oldest message that was already held at a moment, None if there is none."""
        old = (words.c.taken_as == TakenAs.HELD.value) & (words.c.at <= millis(at))
        return self._connection.execute(
            select(words.c.person_id).where(old).order_by(words.c.at).limit(1)
        ).scalar()

    def doubt(self, kept: Kept, slot: str | None) -> None:
        """Note that a message is in doubt, and the slot of the entry that shows it."""
        mine = (words.c.message == kept.said.key) & (words.c.case_id == kept.case - SHELF)
        now = {"taken_as": TakenAs.IN_DOUBT.value, "opening": slot}
        self._connection.execute(update(words).where(mine).values(now))

    def assign(self, person_id: int, message: str, case: int, taken_as: TakenAs) -> None:
        """Assign a message to one case only."""
        mine = _of_message(person_id, message)
        first = (
            self._connection.execute(select(words.c.id).where(mine).order_by(words.c.id)).scalars().first()
        )
        self._connection.execute(delete(words).where(mine, words.c.id != first))
        now = {"case_id": case - SHELF, "taken_as": taken_as.value, "opening": None}
        self._connection.execute(update(words).where(words.c.id == first).values(now))

    def _kept(self, which: ColumnElement[bool]) -> list[Kept]:
        chosen = select(words).where(which).order_by(words.c.id)
        rows = self._connection.execute(chosen).mappings()
        return [*map(_kept, rows)]

    # --- the opening of a card's thread

    def not_shown(self, case: int) -> list[RecordedWords]:
        """Return the messages that belong in an opening and are in none yet."""
        return self._some((words.c.case_id == case - SHELF) & words.c.opening.is_(None) & _FOR_OPENING)

    def put_into(self, case: int, slot: str) -> None:
        """Put every message that is in no opening yet into this one."""
        self._connection.execute(_OPEN, {"of": case - SHELF, "slot": slot})

    def shown_in(self, case: int, slot: str) -> list[RecordedWords]:
        """Return the messages of an opening, in order."""
        return self._some((words.c.case_id == case - SHELF) & (words.c.opening == slot))

    def opening_with(self, person_id: int, message: str) -> tuple[int, str] | None:
        """Return the case and the slot of the opening that shows a message, None if none does."""
        mine = _of_message(person_id, message) & words.c.opening.is_not(None)
        found = self._connection.execute(select(words.c.case_id, words.c.opening).where(mine)).first()
        return (found.case_id + SHELF, found.opening) if found is not None else None

    def _some(self, which: ColumnElement[bool]) -> list[RecordedWords]:
        chosen = select(words).where(which).order_by(words.c.id)
        return [_recorded(row) for row in self._connection.execute(chosen).mappings()]


def _of_message(person_id: int, message: str) -> ColumnElement[bool]:
    return (words.c.message == message) & (words.c.person_id == person_id)


def _kept(row: Row) -> Kept:
    return Kept(row["case_id"] + SHELF, _recorded(row), row["opening"])


def _recorded(row: Row) -> RecordedWords:
    edited, deleted = row["edited_at"], row["deleted_at"]
    return RecordedWords(
        key=row["message"],
        at=moment(row["at"]),
        place=Place(row["place"]),
        taken_as=TakenAs(row["taken_as"]),
        text=row["text"],
        edited_at=moment_of_micros(edited) if edited is not None else None,
        deleted_at=moment(deleted) if deleted is not None else None,
    )
