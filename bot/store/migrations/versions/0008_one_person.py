"""One row for each person: a user id in an installation. What was stored under several teams is merged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Of the same person, the row that something happened to last comes first.
SAME = sa.text(
    """
    SELECT id, team, zone, zone_offset, dm_channel, remembered FROM (
      SELECT people.*, (
        SELECT max(at) FROM (
          SELECT max(received_at) AS at FROM receipts WHERE person_id = people.id
          UNION ALL SELECT max(changed_at) FROM cases WHERE person_id = people.id
          UNION ALL SELECT max(at) FROM history WHERE person_id = people.id
        ) AS moments
      ) AS last_at FROM people WHERE installation = :installation AND "user" = :user
    ) AS same ORDER BY coalesce(last_at, 0) DESC, id DESC
    """
)
NAMED_BY = (
    ("cases", "person_id"),
    ("cases", "owner_id"),
    ("receipts", "person_id"),
    ("history", "person_id"),
)
KEPT = "UPDATE people SET team = :team, zone = :zone, zone_offset = :zone_offset, dm_channel = :dm_channel"


def upgrade() -> None:
    """Merge the rows of the same person, name their line of messages anew, and let there be one row each."""
    connection = op.get_bind()
    several = 'SELECT installation, "user" FROM people GROUP BY installation, "user" HAVING count(*) > 1'
    found = connection.execute(sa.text(several)).mappings().all()
    with _trail_open(connection):
        for person in found:
            _merge(connection, connection.execute(SAME, dict(person)).mappings().all())
    _rename_lines(connection)
    with (
        _numbers_going_on(connection),
        op.batch_alter_table("people", table_kwargs={"sqlite_autoincrement": True}) as people,
    ):
        people.drop_constraint("uq_people_installation_team_user", type_="unique")
        people.create_unique_constraint("uq_people_installation_user", ["installation", "user"])


def _merge(connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> None:
    """Let the oldest row stand for all, with what is newest in any of them."""
    kept, *others = sorted(row["id"] for row in rows)
    for table, column in NAMED_BY:
        moved = sa.text(f"UPDATE {table} SET {column} = :kept WHERE {column} = :other")  # noqa: S608  constants
        connection.execute(moved, [{"kept": kept, "other": other} for other in others])
    gone = sa.text("DELETE FROM people WHERE id = :other")
    connection.execute(gone, [{"other": other} for other in others])
    zoned = next((row for row in rows if row["zone"] is not None or row["zone_offset"] is not None), rows[0])
    values = {
        "id": kept,
        "team": rows[0]["team"],
        "zone": zoned["zone"],
        "zone_offset": zoned["zone_offset"],
        "dm_channel": next((row["dm_channel"] for row in rows if row["dm_channel"]), None),
        "remembered": _remembered(rows),
    }
    connection.execute(sa.text(f"{KEPT}, remembered = :remembered WHERE id = :id"), values)


def _remembered(rows: Sequence[sa.RowMapping]) -> str | None:
    """Return what is offered in the next case: of each thing the newest that is known."""
    all_of_it: dict[str, Any] = {}
    for row in reversed(rows):
        for name, value in json.loads(row["remembered"] or "{}").items():
            all_of_it[name] = all_of_it.get(name) if value is None else value
    return json.dumps(all_of_it, ensure_ascii=False) if all_of_it else None


def _rename_lines(connection: sa.Connection) -> None:
    """Let all that waits for the same person stand in one line, in the order in which it was queued."""
    lines = "SELECT DISTINCT conversation FROM outbox WHERE conversation LIKE 'dm:%:%:%'"
    for old in connection.execute(sa.text(lines)).scalars().all():
        kind, installation, _, user = old.split(":")
        renamed = sa.text("UPDATE outbox SET conversation = :new WHERE conversation = :old")
        connection.execute(renamed, {"old": old, "new": f"{kind}:{installation}:{user}"})


@contextmanager
def _trail_open(connection: sa.Connection) -> Iterator[None]:
    """Let the trail say who somebody is by now; the triggers that keep it as it is stand again after."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE history DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("ALTER TABLE history ENABLE TRIGGER USER")
        return
    name = "history_is_not_changed"
    made = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
    statement = made.scalar_one()
    connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    connection.exec_driver_sql(statement)


@contextmanager
def _numbers_going_on(connection: sa.Connection) -> Iterator[None]:
    """Let a number that SQLite gave once not be given again, though the table is made anew."""
    if connection.dialect.name != "sqlite":
        yield
        return
    given = connection.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'people'")).scalar()
    yield
    if given is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'people'"))
        again = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('people', :given)")
        connection.execute(again, {"given": given})
