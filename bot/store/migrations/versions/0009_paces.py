"""What is paced apart from what is kept in order: one line for each case in the agents' channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FIRST_BUT_ONE = 1000  # a case's number is its id and this


def upgrade() -> None:
    """Add the pace and the wanted moment; of what waits for the agents, each case gets its own line."""
    op.add_column("outbox", sa.Column("pace", sa.String(100)))
    op.add_column("outbox", sa.Column("wanted_at", sa.BigInteger, nullable=False, server_default="0"))
    columns = ("case_id", "conversation", "merge_key", "pace", "state", "wanted_at", "queued_at")
    outbox = sa.table("outbox", *map(sa.column, columns))
    unsent = outbox.c.state.not_in(("sent", "merged", "dropped"))
    key = sa.func.coalesce(outbox.c.merge_key, "")
    message = sa.not_(key.startswith("update:") | key.startswith("entry:"))
    op.execute(sa.update(outbox).where(unsent).values(wanted_at=outbox.c.queued_at))
    op.execute(sa.update(outbox).where(unsent & message).values(pace=outbox.c.conversation))
    line = sa.literal("agents:") + sa.cast(outbox.c.case_id + FIRST_BUT_ONE, sa.String)
    theirs = unsent & (outbox.c.conversation == "agents") & outbox.c.case_id.is_not(None)
    op.execute(sa.update(outbox).where(theirs).values(conversation=line))
