"""Files of cases in the database: who sent them with which message, and whether they were passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from bot.conversation.files import File
from bot.store.coding import SHELF, Coding, millis
from bot.store.schema import files

_FILE: Final = Coding[File](File)


class Stage(StrEnum):
    """How far a file is: kept until an agent claims its case, or passed on."""

    KEPT = "kept"
    PASSED_ON = "passed_on"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a case, and the key of the delivery that brought it."""

    file: File
    message: str


class CaseFiles:
    """The files of cases within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: int, person_id: int, message: str, added: Sequence[File], at: datetime) -> None:
        """Keep the files of a message with a case."""
        rows = [
            {
                "case_id": case - SHELF,
                "person_id": person_id,
                "message": message,
                "file": file.id,
                "told": _FILE.dump(file),
                "stage": Stage.KEPT.value,
                "at": millis(at),
            }
            for file in added
        ]
        if rows:
            self._connection.execute(insert(files), rows)

    def came_with(self, message: str) -> bool:
        """Tell whether a message's files are recorded."""
        found = select(files.c.id).where(files.c.message == message).limit(1)
        return self._connection.execute(found).first() is not None

    def kept(self, case: int) -> list[KeptFile]:
        """Return the files of a case that have not been passed on, in order."""
        chosen = select(files).where(_of(case), files.c.stage == Stage.KEPT.value).order_by(files.c.id)
        return [_kept(row) for row in self._connection.execute(chosen).mappings()]

    def pass_on(self, case: int) -> None:
        """Note that everything kept with a case is being passed on."""
        mine = update(files).where(_of(case), files.c.stage == Stage.KEPT.value)
        self._connection.execute(mine.values(stage=Stage.PASSED_ON.value))

    def move(self, person_id: int, message: str, case: int) -> None:
        """Move the files of a message to another case, whose agents have none of them yet."""
        mine = (files.c.message == message) & (files.c.person_id == person_id)
        moved = update(files).where(mine, files.c.case_id != case - SHELF)
        self._connection.execute(moved.values(case_id=case - SHELF, stage=Stage.KEPT.value, copy=None))

    def refuse(self, message: str, file: File) -> None:
        """Note what was found in a file, so that it is not passed on."""
        told = update(files).where(_is(message, file.id)).values(told=_FILE.dump(file))
        self._connection.execute(told)

    def is_there(self, message: str, file: str) -> bool:
        """Tell whether a file has not been taken back."""
        chosen = select(files.c.id).where(_is(message, file)).limit(1)
        return self._connection.execute(chosen).first() is not None

    def copies(self, person_id: int, message: str) -> tuple[int, tuple[str, ...]] | None:
        """Return the case whose thread has copies of a message's files, and their names."""
        mine = (files.c.message == message) & (files.c.person_id == person_id)
        chosen = select(files).where(mine, files.c.copy.is_not(None)).order_by(files.c.id)
        found = self._connection.execute(chosen).mappings().all()
        names = tuple(_kept(row).file.name for row in found)
        return (found[0]["case_id"] + SHELF, names) if found else None

    def take_back(self, person_id: int, message: str) -> None:
        """Forget the files of a deleted message."""
        mine = (files.c.message == message) & (files.c.person_id == person_id)
        self._connection.execute(delete(files).where(mine))

    def copied(self, message: str, file: str, copy: str) -> None:
        """Note the id that Slack gave the copy that is being made of a file."""
        self._connection.execute(update(files).where(_is(message, file)).values(copy=copy))

    def copy_of(self, message: str, file: str) -> str | None:
        """Return the id of the latest copy of a file, None if there is none."""
        found = select(files.c.copy).where(_is(message, file)).limit(1)
        copy: str | None = self._connection.execute(found).scalar()
        return copy


def _of(case: int) -> ColumnElement[bool]:
    return files.c.case_id == case - SHELF


def _is(message: str, file: str) -> ColumnElement[bool]:
    return (files.c.message == message) & (files.c.file == file)


def _kept(row: RowMapping) -> KeptFile:
    return KeptFile(_FILE.load(row["told"]), row["message"])
