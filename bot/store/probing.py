"""Check whether the database takes what a delivery would write, without changing anything."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.store.schema import metadata


def touch(connection: Connection) -> None:
    """Take the locks that deliveries take, and rewrite a row unchanged. Raises what the database raises."""
    if connection.dialect.name == "postgresql":
        named = map(connection.dialect.identifier_preparer.format_table, metadata.sorted_tables)
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(named)} IN ROW EXCLUSIVE MODE")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
