"""Statements that every delivery runs: compiled once for each engine, then handed to the driver as they are.

SQLAlchemy takes some 50 µs around a statement that SQLite runs in 5, and a delivery runs twenty. Each failure
is SQLAlchemy's all the same, so the rest of the store sees no difference. Also here: parts of statements that
several tables need, or that differ between engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Dialect, Executable, Select, Table, literal_column
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Row: TypeAlias = Mapping[Any, Any]  # by column; SQLAlchemy's own rows are of this type too
Values: TypeAlias = Mapping[str, Any]

_POSITIONS: Final = frozenset({"qmark", "format", "numeric"})


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in an engine's words, and what is the same in every run of it.

    `names` are its parameters in order if the driver takes them by position, else None.
    """

    sql: str
    names: tuple[str, ...] | None
    constants: Values
    columns: tuple[str, ...]

    @classmethod
    def of(cls, statement: Any, dialect: Dialect, given: Sequence[str]) -> _Compiled:  # noqa: ANN401  SQLAlchemy's
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=[*given])
        return cls(
            sql=str(compiled),
            names=tuple(compiled.positiontup or ()) if dialect.paramstyle in _POSITIONS else None,
            constants={name: value for name, value in compiled.params.items() if name not in given},
            columns=tuple(statement.selected_columns.keys()) if isinstance(statement, Select) else (),
        )


class Prepared:
    """A statement to be run again and again, or one for each engine by its name.

    It takes named values of plain types. Lists must be written out in it, and columns come back as the driver
    has them. An insert or an update sets the columns that are among the values.
    """

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def all(self, connection: Connection, values: Values) -> list[Row]:
        """Return all rows."""
        compiled, cursor = self._run(connection, values)
        return [dict(zip(compiled.columns, row, strict=True)) for row in cursor.fetchall()]

    def first(self, connection: Connection, values: Values) -> Row | None:
        """Return the first row, None if there is none."""
        compiled, cursor = self._run(connection, values)
        row = cursor.fetchone()
        cursor.close()  # an open one would keep SQLite from emptying its log
        return None if row is None else dict(zip(compiled.columns, row, strict=True))

    def scalar(self, connection: Connection, values: Values) -> Any:  # noqa: ANN401  a column's type
        """Return the first column of the first row, None if there is none."""
        _, cursor = self._run(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else row[0]

    def count(self, connection: Connection, values: Values) -> int:
        """Change rows; returns how many."""
        return int(self._run(connection, values)[1].rowcount)

    def key(self, connection: Connection, values: Values) -> int:
        """Insert a row; returns the number that it was given."""
        _, cursor = self._run(connection, values)
        return int(cursor.fetchone()[0] if cursor.description else cursor.lastrowid)

    def _run(self, connection: Connection, values: Values) -> tuple[_Compiled, Any]:
        """Run it; returns its form and the driver's cursor."""
        form = (connection.dialect.name, *values)
        compiled = self._compiled.get(form)
        if compiled is None:
            compiled = self._compiled[form] = self._compile(connection.dialect, values)
        given = {**compiled.constants, **values} if compiled.constants else values
        with_order = given if compiled.names is None else tuple(map(given.__getitem__, compiled.names))
        return compiled, run_plainly(connection, compiled.sql, with_order)

    def _compile(self, dialect: Dialect, values: Values) -> _Compiled:
        statement = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
        return _Compiled.of(statement, dialect, [*values])


def run_plainly(connection: Connection, sql: str, values: Any = ()) -> Any:  # noqa: ANN401  the driver's own
    """Run a statement in the engine's words; returns the driver's cursor. Raises what SQLAlchemy would."""
    driver: Any = connection.connection.dbapi_connection
    if listening := connection.dispatch.before_cursor_execute:  # SQLAlchemy's event, for whoever looks on
        listening(connection, None, sql, values, None, False)  # noqa: FBT003  its signature
    try:
        return driver.execute(sql, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(connection, error) from error


def _translated(connection: Connection, error: Any) -> DBAPIError:  # noqa: ANN401  the driver's own
    """Return a driver's error as SQLAlchemy's; a connection that broke is used no more."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if lost:
        connection.invalidate(error)
    made = DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,  # it must not print what people typed
        connection_invalidated=lost,
        dialect=dialect,
    )
    assert isinstance(made, DBAPIError)  # noqa: S101  of a driver's error it makes nothing else
    return made


def held(query: Select[Any], of: Table | None = None) -> Select[Any]:
    """Lock the selected rows against writing; of a join, only those `of` one table.

    Rows that only refer to them can still be written.
    """
    return query.with_for_update(key_share=True, of=of)


def one_of(column: Column[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Select rows by words of our own, as literals: a list of values would be expanded for each run."""
    return column.in_([literal_column(f"'{word}'") for word in sorted(words)])


def insert_if_new(table: Table) -> dict[str, Any]:
    """Return, for each engine, how to insert a row unless it exists."""
    return {
        "sqlite": sqlite_insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql_insert(table).on_conflict_do_nothing(),
    }
