"""When a pause or a lease was set, so that one set by a clock that was ahead is known as such."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what waits already it is known when it was queued."""
    op.add_column("outbox", sa.Column("set_at", sa.BigInteger, nullable=False, server_default="0"))
    outbox = sa.table("outbox", sa.column("set_at"), sa.column("queued_at"), sa.column("state", sa.String))
    waiting = outbox.c.state.in_(("queued", "leased"))
    op.execute(outbox.update().where(waiting).values(set_at=outbox.c.queued_at))
