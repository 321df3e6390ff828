"""What Slack says of people: whether they are any, their name, and when it may be asked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and forget who is an agent: bots are among them, and Slack is asked at the next start."""
    op.add_column("people", sa.Column("kind", sa.String(16)))
    op.add_column("people", sa.Column("name", sa.String(80)))
    op.add_column("people", sa.Column("ask_at", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("people", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.execute("DELETE FROM agents")
