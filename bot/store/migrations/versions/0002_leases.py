"""Leases, effect ids and ages for the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a shared outbox needs; effects that wait already get ids of their own."""
    op.add_column("outbox", sa.Column("effect_id", sa.String(40)))
    op.add_column("outbox", sa.Column("merge_key", sa.String(64)))
    op.add_column("outbox", sa.Column("lease_until", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("fence", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("unsure", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("expires_at", sa.BigInteger))
    op.execute("UPDATE outbox SET effect_id = 'before-0002-' || id")
    op.create_index("uq_outbox_effect_id", "outbox", ["effect_id"], unique=True)
    op.create_index("ix_outbox_conversation_id", "outbox", ["conversation", "id"])
