"""The case's record: what its requester wrote, what it was taken as, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table; what was written before is in the card's threads, and in receipts for some days."""
    op.create_table(
        "words",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("message", sa.String(255), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("taken_as", sa.String(16), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("edited_at", sa.BigInteger),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("opening", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_words_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_words_person_id_people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_words_case_id_id", "words", ["case_id", "id"])
    op.create_index("ix_words_message", "words", ["message"])
    op.create_index("ix_words_person_id", "words", ["person_id"])
