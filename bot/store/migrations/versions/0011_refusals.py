"""Why requests were refused, for `certdesk doctor`, which is another process than the one that refused them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, which has a row for each cause."""
    op.create_table(
        "refusals",
        sa.Column("cause", sa.String(16), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seconds_off", sa.Integer),
        sa.Column("believed_at", sa.BigInteger),
    )
