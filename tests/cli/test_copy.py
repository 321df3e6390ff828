"""`certdesk db copy`: what it prints, and what it refuses in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.schema import metadata
from tests.cli.conftest import Run


@pytest.fixture
def desk(certdesk: Run, tmp_path: Path) -> str:
    """Return the address of a desk."""
    address = f"sqlite:///{tmp_path / 'old.db'}"
    assert certdesk("db", "upgrade", CERTDESK_DATABASE_URL=address).status == 0
    return address


def test_it_prints_a_line_for_each_table_and_what_to_do_next(
    certdesk: Run, desk: str, tmp_path: Path
) -> None:
    new = f"sqlite:///{tmp_path / 'new.db'}"
    done = certdesk("db", "copy", "--to", new, CERTDESK_DATABASE_URL=desk)
    assert (done.status, done.err) == (0, "")
    head, *tables, last = done.out.splitlines()
    assert head.split() == ["table", "rows", "SHA-256"]
    assert [line.split()[0] for line in tables] == [table.name for table in metadata.sorted_tables]
    assert {line.split()[1] for line in tables} == {"0"}
    assert new in last
    assert "set CERTDESK_DATABASE_URL" in last


@pytest.mark.long
def test_it_prints_no_password(certdesk: Run, desk: str, postgresql: str) -> None:
    address = postgresql.replace("postgres@", "postgres:open-sesame@")
    done = certdesk("db", "copy", "--to", address, CERTDESK_DATABASE_URL=desk)
    assert done.status == 0
    assert "open-sesame" not in done.out + done.err


# where to -> what is said
REFUSED = {
    "no address": ("nowhere", "--to takes"),
    "no address that keeps anything": ("sqlite:///:memory:", "--to takes"),
    "nobody there": ("postgresql+psycopg://u:open-sesame@127.0.0.1:9/x", "the target cannot be opened"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_said_in_a_line(certdesk: Run, desk: str, what: str) -> None:
    to, words = REFUSED[what]
    done = certdesk("db", "copy", "--to", to, CERTDESK_DATABASE_URL=desk)
    assert done.status == 2
    assert words in done.err
    assert "open-sesame" not in done.err
    assert "Traceback" not in done.err


def test_where_there_is_no_desk_nothing_is_made(certdesk: Run, tmp_path: Path) -> None:
    old, new = (tmp_path / name for name in ("old.db", "new.db"))
    done = certdesk("db", "copy", "--to", f"sqlite:///{new}", CERTDESK_DATABASE_URL=f"sqlite:///{old}")
    assert (done.status, "no desk yet" in done.err) == (2, True)
    assert not old.exists()
    assert not new.exists()
