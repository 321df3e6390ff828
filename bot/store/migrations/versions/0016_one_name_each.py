"""A concept has one name in code and tables: the outcome of a case, its reminders, and to stop one."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.rewriting import renamed, rewrite

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_RENAMED: Final = renamed({"resolution": "outcome", "promises": "reminders"})


def upgrade() -> None:
    """Rename what is kept of cases, effects and receipts."""
    rewrite("cases", "id", "state", _RENAMED)
    rewrite("outbox", "id", "effect", _RENAMED)
    rewrite("receipts", "key", "event", _receipt)
    op.get_bind().execute(sa.text("UPDATE receipts SET kind = 'stop_reminder' WHERE kind = 'hush'"))


def _receipt(event: Any) -> Any:  # noqa: ANN401  JSON
    after = _RENAMED(event)
    if isinstance(after, dict) and after.get("kind") == "hush":
        after["kind"] = "stop_reminder"
    return after
