"""The database's files and their folder, which nobody but their owner reads.

Orders, tickets and names stand in them. A file is made with its mode, before SQLite opens it, and SQLite
gives its log (-wal, -shm) the mode of the database. What an older certdesk left readable is made private.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

FOLDER: Final = 0o700
FILE: Final = 0o600
OTHERS: Final = 0o077
BESIDE: Final = ("", "-wal", "-shm", "-journal")
COPY: Final = ".before-"

log = structlog.get_logger("certdesk.store")


def make_folder(folder: Path) -> None:
    """Make a folder and whatever is missing above it. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        try:
            folder.mkdir(FOLDER)
        except FileExistsError:
            if not folder.is_dir():  # else another process was faster
                raise


def make_file(file: Path) -> None:
    """Make a file where there is none; where it cannot be made, whoever opens it says so better."""
    with suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE))


def make_private(database: Path) -> None:
    """Take from others what they may do with a database's files, and tell the operator where there was any.

    Its folder too, where nothing but these files is in it: another folder is not certdesk's to change.
    """
    if not database.is_file():
        return
    ours = [*_files(database)]
    changed = [file.name for file in ours if _tighten(file, FILE)]
    if not {*database.parent.iterdir()} - {*ours} and _tighten(database.parent, FOLDER):
        changed.append(str(database.parent))
    if changed:
        log.warning("made_private", what=changed, why="others could read what people wrote to the desk")


def _files(database: Path) -> Iterator[Path]:
    """Yield the files of a database that there are."""
    for each in database.parent.iterdir():
        beside = each.name.removeprefix(database.name)
        if each.name.startswith(database.name) and (beside in BESIDE or beside.startswith(COPY)):
            yield each


def _tighten(path: Path, mode: int) -> bool:
    """Take from others what they may do with what is ours; returns whether there was anything."""
    try:
        found = path.lstat()
        mine = found.st_uid == os.geteuid() and not stat.S_ISLNK(found.st_mode)
        if not mine or not found.st_mode & OTHERS:
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & mode)
    except OSError:
        return False
    return True
