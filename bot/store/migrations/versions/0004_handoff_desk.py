"""The handoff desk: who is an agent, reminders, an audit trail, counts, and what the queue is sorted by."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create four tables, and file each case under where it stands."""
    op.create_table(
        "agents",
        sa.Column("installation", sa.String(32), primary_key=True),
        sa.Column("user", sa.String(32), primary_key=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "reminders",
        sa.Column("id", key, primary_key=True, autoincrement=True),
        sa.Column(
            "case_id", key, sa.ForeignKey("cases.id", name="fk_reminders_case_id_cases"), nullable=False
        ),
        sa.Column("reminder", sa.String(32), nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.UniqueConstraint("case_id", "reminder", "due_at", name="uq_reminders_case_id_reminder_due_at"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminders_state_due_at", "reminders", ["state", "due_at"])
    op.create_table(
        "history",
        sa.Column("id", key, primary_key=True, autoincrement=True),
        sa.Column("case_id", key, sa.ForeignKey("cases.id", name="fk_history_case_id_cases"), nullable=False),
        sa.Column("person_id", key, sa.ForeignKey("people.id", name="fk_history_person_id_people")),
        sa.Column("what", sa.String(48), nullable=False),
        sa.Column("standing", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_history_case_id_id", "history", ["case_id", "id"])
    op.create_index("ix_history_at", "history", ["at"])
    op.create_table(
        "tallies",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("what", sa.String(48), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.add_column("cases", sa.Column("standing", sa.String(32), nullable=False, server_default="new"))
    op.add_column("cases", sa.Column("deadline", sa.String(10)))
    # not in a batch, which makes the table anew on SQLite and forgets which numbers were given
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    refers = "CONSTRAINT fk_cases_owner_id_people REFERENCES people (id)"
    op.execute(f"ALTER TABLE cases ADD COLUMN owner_id {kind} {refers}")
    op.create_index("ix_cases_standing_changed_at", "cases", ["standing", "changed_at"])
    op.create_index("ix_cases_owner_id_standing", "cases", ["owner_id", "standing"])
    op.create_index("ix_messages_channel_ts", "messages", ["channel", "ts"])
    _file()


def _file() -> None:
    connection = op.get_bind()
    held = sa.text("SELECT id, state FROM cases WHERE state LIKE '%\"handoff\":{%'")
    for row in connection.execute(held).all():
        state = json.loads(row.state)
        owner = state["handoff"].get("claimed_by")
        standing = "claimed" if owner else "waiting"
        state["handoff"]["standing"] = standing
        filed = sa.text("UPDATE cases SET standing = :standing, state = :state WHERE id = :id")
        connection.execute(filed, {"standing": standing, "state": json.dumps(state), "id": row.id})
        if owner:
            known = 'installation = :installation AND team = :team AND "user" = :user'
            owned = f"UPDATE cases SET owner_id = (SELECT id FROM people WHERE {known}) WHERE id = :id"  # noqa: S608  a constant
            connection.execute(sa.text(owned), {**owner, "id": row.id})
