"""Open the database: one engine for writing, one for reading.

On SQLite a writer begins with BEGIN IMMEDIATE and a reader with a plain (deferred) BEGIN: with one engine and
the usual event hook, readers would wait for writers. WAL and synchronous=FULL: what is committed survives.

On PostgreSQL writers are READ COMMITTED, so that each statement after a lock sees what the lock's previous
holder did; readers see one moment, as on SQLite. Nobody waits long for a connection, a lock or an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from bot.store.private_files import make_file, make_folder, make_private
from bot.store.schema import metadata
from bot.store.statements import run_plainly

# Twice this is less than Slack's three seconds, because a delivery may wait behind another waiting writer.
BUSY_MS: Final = 1_000
READERS: Final = 4
WRITERS: Final = 4  # on PostgreSQL; SQLite has one writer at a time anyway

# PostgreSQL's settings, unless the address says otherwise. A process that hangs in mid-transaction loses it,
# so that others get its locks; a network that swallows everything is noticed within two seconds.
_WAITS: Final = {
    "lock_timeout": f"{BUSY_MS}ms",
    "statement_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
_CONNECTING: Final[dict[str, str | int]] = {
    "application_name": "certdesk",
    "connect_timeout": 2,
    "tcp_user_timeout": 2_000,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


@dataclass(frozen=True, slots=True)
class Engines:
    """The two engines of one database; `file` is a SQLite file's device and inode."""

    writer: Engine
    reader: Engine
    file: tuple[int, int] | None = None

    def is_there(self) -> bool:
        """Tell whether a SQLite file is still where it was: writes to a removed file are lost."""
        return self.file is None or _inode(Path(self.writer.url.database or "")) == self.file

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def connect(address: str) -> Engines:
    """Return the engines for a SQLAlchemy database address; a SQLite file and its folder are created.

    Raises OSError, worded for the operator, if that fails.
    """
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return _postgresql(url)
    inode = None
    if url.database and not url.database.startswith("file:"):
        file = Path(url.database)
        _make_folder(file.parent)
        make_file(file)
        make_private(file)
        inode = _inode(file)
    return Engines(_sqlite(url, "BEGIN IMMEDIATE", pool=1), _sqlite(url, "BEGIN", pool=READERS), inode)


def _inode(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _make_folder(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        why = f"the database's folder {folder} cannot be made ({error.strerror})"
        raise OSError(f"{why}; look at CERTDESK_DATABASE_URL") from error


def _postgresql(url: URL) -> Engines:
    # two pools, because setting this for each transaction would override an operator's setting
    return Engines(
        _pool(url, "READ COMMITTED", WRITERS, {}),
        _pool(url, "REPEATABLE READ", READERS, {"default_transaction_read_only": "on"}),
    )


def _pool(
    url: URL, isolation: Literal["READ COMMITTED", "REPEATABLE READ"], size: int, settings: dict[str, str]
) -> Engine:
    return create_engine(
        url,
        isolation_level=isolation,
        pool_size=size,  # a thread never waits for another's connection
        max_overflow=0,
        pool_timeout=BUSY_MS / 1000,
        pool_pre_ping=True,  # restarting the server costs no delivery
        hide_parameters=True,
        connect_args=_connecting(url) | {"options": _options(url, settings | _WAITS)},
    )


def _connecting(url: URL) -> dict[str, str | int]:
    """Return the driver's arguments besides those of the address."""
    return {name: value for name, value in _CONNECTING.items() if name not in url.query}


def _options(url: URL, settings: dict[str, str]) -> str:
    """Return the settings of a session; those of the address come last and win."""
    said = url.query.get("options", "")
    ours = [f"-c {name}={value}" for name, value in settings.items()]
    return " ".join([*ours, said] if isinstance(said, str) else [*ours, *said])


def unhurried(connection: Connection) -> None:
    """Let a transaction take its time, for work on a whole database."""
    if connection.dialect.name == "postgresql":
        for name in _WAITS:
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")


def _sqlite(url: URL, begin: str, *, pool: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        hide_parameters=True,  # an error must not print what people typed
        pool_reset_on_return=None,  # every transaction of ours has ended by then
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's own type
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        # A text that cannot be decoded is one damaged row, not a database that is away.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        run_plainly(connection, begin)

    return engine


def peek(address: str) -> Engine | None:
    """Return an engine for reading only, None if there is no SQLite file yet; nothing is created.

    Without a log of unwritten changes beside the file, SQLite would create one even for reading: then the
    file is read as it is.
    """
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, connect_args=_connecting(url))
    if not url.database:
        return create_engine(url, hide_parameters=True)
    file = Path(url.database)
    if not file.exists():
        return None
    how = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "immutable=1"
    looking = url.set(database=f"file:{quote(str(file.resolve()))}", query={"uri": "true"})
    return create_engine(f"{looking.render_as_string(hide_password=False)}&{how}", hide_parameters=True)


def touch(connection: Connection) -> None:
    """Take the locks that deliveries take, and rewrite a row unchanged. Raises what the database raises."""
    if connection.dialect.name == "postgresql":
        named = map(connection.dialect.identifier_preparer.format_table, metadata.sorted_tables)
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(named)} IN ROW EXCLUSIVE MODE")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
