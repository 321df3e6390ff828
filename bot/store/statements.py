"""Parts of statements that every engine needs, or that differ between engines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def held(query: Select[Any], of: Table | None = None) -> Select[Any]:
    """Lock the rows that are found against writing, in a join only those `of` a table.

    Whoever only refers to them need not wait.
    """
    return query.with_for_update(key_share=True, of=of)


def insert_if_new(table: Table) -> dict[str, Any]:
    """Return, by the name of the engine, how to insert a row unless it is there."""
    return {
        "sqlite": sqlite_insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql_insert(table).on_conflict_do_nothing(),
    }
