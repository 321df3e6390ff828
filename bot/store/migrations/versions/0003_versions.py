"""Versions for cases, and receipts from which a case can be replayed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Count each write of a case; note in a receipt whose it was, and which version of a case it made."""
    op.add_column("cases", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(sa.Column("person_id", key))
        receipts.add_column(sa.Column("case_version", sa.Integer))
        receipts.create_foreign_key("fk_receipts_person_id_people", "people", ["person_id"], ["id"])
    op.create_index("ix_receipts_person_id_received_at", "receipts", ["person_id", "received_at"])
