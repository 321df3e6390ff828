"""Two edits of one message may lie less than a millisecond apart: their moments are kept to the microsecond."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write the moments of edits in microseconds."""
    moved = "UPDATE words SET edited_at = edited_at * 1000 WHERE edited_at IS NOT NULL"
    op.get_bind().execute(sa.text(moved))
