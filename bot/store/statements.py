"""Parts of statements that several tables need, or that differ between engines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, literal_column
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


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
