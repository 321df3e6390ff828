"""Words that are held until their writer has said which case they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

HELD = sa.text("taken_as = 'held'")


def upgrade() -> None:
    """Index what is held, which is little of what is written; until now nothing was."""
    op.create_index("ix_words_held", "words", ["at"], sqlite_where=HELD, postgresql_where=HELD)
