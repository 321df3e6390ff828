"""What is known of effects that do not get through: since when Slack refuses them, and who was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table; of what is dead or waits already nothing is known."""
    op.create_table(
        "delays",
        sa.Column("outbox_id", KEY, nullable=False, autoincrement=False),
        sa.Column("refused_at", sa.BigInteger),
        sa.Column("notice", sa.BigInteger),
        sa.PrimaryKeyConstraint("outbox_id", name="pk_delays"),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name="fk_delays_outbox_id_outbox", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_delays_notice", "delays", ["notice"])
