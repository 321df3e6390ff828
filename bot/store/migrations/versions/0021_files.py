"""The files that belong to a case, by reference."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table; files that were sent before were not taken note of."""
    op.create_table(
        "files",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("message", sa.String(255), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("copy", sa.String(32)),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_files_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_files_person_id_people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_files_case_id_id", "files", ["case_id", "id"])
    op.create_index("ix_files_message", "files", ["message"])
    op.create_index("ix_files_person_id", "files", ["person_id"])
