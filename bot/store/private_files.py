"""The database's files and their folder, readable by their owner only.

They hold orders, tickets and names. A file is created with its mode before SQLite opens it, and SQLite gives
its log (-wal, -shm) the mode of the database. Files that an older certdesk left readable are made private.
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
            if not folder.is_dir():  # otherwise another process was faster
                raise


def make_file(file: Path) -> None:
    """Create a file if there is none; if that fails, whoever opens it reports it better."""
    with suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE))


def make_private(database: Path) -> None:
    """Remove other people's access to a database's files, and tell the operator if they had any.

    The folder is changed too if it holds nothing but these files; any other folder is not certdesk's to
    change.
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
    """Yield those files of a database that exist."""
    for each in database.parent.iterdir():
        beside = each.name.removeprefix(database.name)
        if each.name.startswith(database.name) and (beside in BESIDE or beside.startswith(COPY)):
            yield each


def _tighten(path: Path, mode: int) -> bool:
    """Remove other people's access to a file or folder of ours; returns whether they had any."""
    try:
        found = path.lstat()
        mine = found.st_uid == os.geteuid() and not stat.S_ISLNK(found.st_mode)
        if not mine or not found.st_mode & OTHERS:
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & mode)
    except OSError:
        return False
    return True
