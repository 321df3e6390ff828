"""What finds the effects that were sent long ago, without reading all that were ever sent."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index that the hourly sweep goes by."""
    op.create_index("ix_outbox_state_done_at", "outbox", ["state", "done_at"])
