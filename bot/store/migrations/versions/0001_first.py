"""People, cases, receipts, outbox and messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the first five tables."""
    op.create_table(
        "people",
        sa.Column("id", key, primary_key=True, autoincrement=True),
        sa.Column("installation", sa.String(32), nullable=False),
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("zone", sa.String(64)),
        sa.Column("zone_offset", sa.Integer),
        sa.Column("dm_channel", sa.String(32)),
        sa.Column("remembered", sa.Text),
        sa.UniqueConstraint("installation", "team", "user", name="uq_people_installation_team_user"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cases",
        sa.Column("id", key, primary_key=True, autoincrement=True),
        sa.Column(
            "person_id", key, sa.ForeignKey("people.id", name="fk_cases_person_id_people"), nullable=False
        ),
        sa.Column("surface", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_person_id_changed_at", "cases", ["person_id", "changed_at"])
    op.create_table(
        "receipts",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("case_id", key, sa.ForeignKey("cases.id", name="fk_receipts_case_id_cases")),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_receipts_received_at", "receipts", ["received_at"])
    op.create_table(
        "outbox",
        sa.Column("id", key, primary_key=True, autoincrement=True),
        sa.Column("case_id", key, sa.ForeignKey("cases.id", name="fk_outbox_case_id_cases")),
        sa.Column("conversation", sa.String(100), nullable=False),
        sa.Column("effect", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.BigInteger),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_table(
        "messages",
        sa.Column(
            "case_id", key, sa.ForeignKey("cases.id", name="fk_messages_case_id_cases"), primary_key=True
        ),
        sa.Column("slot", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("ts", sa.String(32), nullable=False),
    )
