"""The queue: since when a case stands where it does, and whether it burns, to sort by without opening it."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns and the index that holds the queue in its order."""
    op.add_column("cases", sa.Column("calm", sa.Integer, nullable=False, server_default="1"))
    op.add_column("cases", sa.Column("since", sa.BigInteger))
    op.create_index("ix_cases_standing_calm", "cases", ["standing", "calm", "since"])
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, state FROM cases WHERE standing <> 'new'")).all():
        handoff = json.loads(row.state)["handoff"]
        began = datetime.fromisoformat(handoff.get("since") or handoff["asked_at"])
        filed = {
            "calm": 0 if handoff.get("urgent") else 1,
            "since": int(began.timestamp() * 1000),
            "id": row.id,
        }
        connection.execute(sa.text("UPDATE cases SET calm = :calm, since = :since WHERE id = :id"), filed)
