"""The database, its log and its copies are for their owner only, from the moment they are made."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.store import migrate
from bot.store.engine import connect
from tests.cli.conftest import Run, certdesk
from tests.store.test_migrate import filled, on_sqlite, revisions

__all__ = ["certdesk"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")


@pytest.fixture(autouse=True, params=[0o022, 0o000], ids=["umask 022", "umask 0"])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {each.name: oct(stat.S_IMODE(each.stat().st_mode)) for each in folder.iterdir()}


def test_what_is_made_is_private_as_is_what_sqlite_makes_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    both = connect(f"sqlite:///{folder / 'desk.db'}")
    migrate.upgrade(both)
    with both.writer.begin() as connection:
        connection.execute(text("DELETE FROM agents"))
        assert modes(folder) == dict.fromkeys(["desk.db", "desk.db-wal", "desk.db-shm"], "0o600")
    both.close()
    assert modes(tmp_path) == {"not": "0o700"}
    assert modes(tmp_path / "not") == {"yet": "0o700"}


@pytest.mark.parametrize("left", [False, True], ids=["no copy yet", "a copy of another try"])
def test_the_copy_before_a_migration_is_private(tmp_path: Path, *, left: bool) -> None:
    file, before = tmp_path / "desk.db", revisions()[-2]
    with on_sqlite(file) as both:
        filled(both, before)
    if left:
        (tmp_path / f"desk.db.before-{before}").touch(0o644)
    with on_sqlite(file) as both:
        assert migrate.upgrade(both)
    assert modes(tmp_path)[f"desk.db.before-{before}"] == "0o600"


def test_what_others_could_read_is_made_private_and_said_once(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(0o755)
    names = ["desk.db", "desk.db.before-0003", "desk.db-journal"]
    for name in names[:2]:
        with closing(sqlite3.connect(folder / name)) as made:
            made.execute("CREATE TABLE x (y)")
    (folder / names[2]).touch()
    for name in names:
        (folder / name).chmod(0o664)
    folder.chmod(0o755)
    with capture_logs() as logs:
        for _ in range(2):
            connect(f"sqlite:///{folder / 'desk.db'}").close()
    assert modes(folder) == dict.fromkeys(names, "0o600")
    assert modes(tmp_path) == {"desk": "0o700"}
    [told] = [entry["what"] for entry in logs if entry["event"] == "made_private"]
    assert set(told) == {*names, str(folder)}


def test_what_is_not_certdesks_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    others = ["notes.txt", "desk.dbx", "other.db"]
    for name in others:
        (folder / name).touch()
        (folder / name).chmod(0o644)
    connect(f"sqlite:///{folder / 'desk.db'}").close()
    assert modes(folder) == {"desk.db": "0o600"} | dict.fromkeys(others, "0o644")
    assert modes(tmp_path) == {"shared": "0o755"}


def test_a_link_is_not_followed_to_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "file"
    target.touch()
    target.chmod(0o644)
    (tmp_path / "desk.db.before-0001").symlink_to(target)
    connect(f"sqlite:///{tmp_path / 'desk.db'}").close()
    assert modes(target.parent) == {"file": "0o644"}


def test_commands_make_nothing_that_others_can_read(certdesk: Run, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a' / 'desk.db'}"
    copy = f"sqlite:///{tmp_path / 'b' / 'copy.db'}"
    assert certdesk("db", "upgrade", CERTDESK_DATABASE_URL=database).status == 0
    assert certdesk("db", "copy", "--to", copy, CERTDESK_DATABASE_URL=database).status == 0
    out = tmp_path / "out.csv"
    out.touch(0o644)
    assert certdesk("cases", "export", "--out", str(out), CERTDESK_DATABASE_URL=database).status == 0
    assert certdesk("purge", "--overwrite", CERTDESK_DATABASE_URL=database).status == 0
    assert modes(tmp_path) == {"a": "0o700", "b": "0o700", "out.csv": "0o600"}
    assert {*modes(tmp_path / "a").values(), *modes(tmp_path / "b").values()} == {"0o600"}


def test_an_export_replaces_no_device(certdesk: Run, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    assert certdesk("db", "upgrade", CERTDESK_DATABASE_URL=database).status == 0
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    assert certdesk("cases", "export", "--out", str(link), CERTDESK_DATABASE_URL=database).status == 0
    assert link.is_char_device()
