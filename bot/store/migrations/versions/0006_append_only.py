"""A trail that is only added to, also by the database's own word; and what finds the rows of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The trail of a case goes with the case and in no other way: the rows are deleted after the case, by the
# foreign key. A row may lose its person. `INSERT OR REPLACE` deletes without asking a trigger on DELETE.
SQLITE = (
    """
    CREATE TRIGGER history_is_not_replaced BEFORE INSERT ON history
    WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END
    """,
    """
    CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history
    WHEN NEW.person_id IS NOT NULL
      OR (NEW.id, NEW.case_id, NEW.what, NEW.standing, NEW.at)
        IS NOT (OLD.id, OLD.case_id, OLD.what, OLD.standing, OLD.at)
    BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END
    """,
    """
    CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
    WHEN EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id)
    BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION history_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF NEW.person_id IS NULL AND (NEW.id, NEW.case_id, NEW.what, NEW.standing, NEW.at)
          IS NOT DISTINCT FROM (OLD.id, OLD.case_id, OLD.what, OLD.standing, OLD.at)
        THEN RETURN NEW; END IF;
      ELSIF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM cases WHERE id = OLD.case_id) THEN RETURN OLD; END IF;
      END IF;
      RAISE EXCEPTION 'the history is only added to';
    END $$
    """,
    """
    CREATE TRIGGER history_is_not_changed BEFORE UPDATE OR DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION history_is_only_added_to()
    """,
    """
    CREATE TRIGGER history_is_not_emptied BEFORE TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_only_added_to()
    """,
)


def upgrade() -> None:
    """Let the trail go with its case, and refuse every other change of it."""
    with op.batch_alter_table("history", table_kwargs={"sqlite_autoincrement": True}) as history:
        history.drop_constraint("fk_history_case_id_cases", type_="foreignkey")
        history.create_foreign_key(
            "fk_history_case_id_cases", "cases", ["case_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_history_person_id", "history", ["person_id"])
    op.create_index("ix_receipts_case_id", "receipts", ["case_id"])
    op.create_index("ix_outbox_case_id", "outbox", ["case_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))
