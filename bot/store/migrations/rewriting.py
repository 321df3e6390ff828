"""Rewrite JSON that is stored in a column, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

PAGE: Final = 500
Change = Callable[[Any], Any]


def rewrite(table: str, key: str, column: str, change: Change) -> None:
    """Rewrite each value of a column; `key` is the table's primary key. What is no JSON stays as it is."""
    connection, last = op.get_bind(), None
    page = "SELECT {0} AS row_key, {1} AS kept FROM {2} WHERE {1} IS NOT NULL{3} ORDER BY {0} LIMIT {4}"
    first = sa.text(page.format(key, column, table, "", PAGE))
    further = sa.text(page.format(key, column, table, f" AND {key} > :last", PAGE))
    write = sa.text(f"UPDATE {table} SET {column} = :kept WHERE {key} = :row_key")  # noqa: S608  constants
    while True:
        rows = connection.execute(first if last is None else further, {} if last is None else {"last": last})
        found = rows.all()
        for row in found:
            _rewrite(connection, write, row, change)
        if len(found) < PAGE:
            return
        last = found[-1].row_key


def _rewrite(connection: sa.Connection, write: sa.TextClause, row: Any, change: Change) -> None:  # noqa: ANN401  a row
    try:
        before = json.loads(row.kept)
    except ValueError:
        return  # nobody could read it before, either
    after = change(before)
    if after != before:
        kept = json.dumps(after, ensure_ascii=False, separators=(",", ":"))
        connection.execute(write, {"kept": kept, "row_key": row.row_key})


def renamed(names: dict[str, str]) -> Change:
    """Return a change that gives keys of objects other names, however deep they stand."""

    def change(value: Any) -> Any:  # noqa: ANN401  JSON
        if isinstance(value, list):
            return [change(each) for each in value]
        if isinstance(value, dict):
            return {names.get(key, key): change(each) for key, each in value.items()}
        return value

    return change
