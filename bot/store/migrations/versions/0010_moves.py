"""Queued entries of a thread name the move by its id, no longer by the sentence that documents it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IDS = {
    "gives it to an agent": "reassign",
    "resolves it, with an outcome": "resolve",
    "gives it back to the bot": "give_back",
    "reopens it": "reopen",
    "says that the credit arrived": "confirm",
    "writes, or gives details": "hear",
    "7 days without a word": "idle",
}


def upgrade() -> None:
    """Rewrite the effects in which a move stands."""
    connection = op.get_bind()
    held = sa.text("SELECT id, effect FROM outbox WHERE effect LIKE '%\"moved\"%'")
    for row in connection.execute(held).all():
        effect = json.loads(row.effect)
        entry = effect.get("entry", {})
        if entry.get("kind") == "moved" and entry.get("move") in IDS:
            entry["move"] = IDS[entry["move"]]
            rewritten = sa.text("UPDATE outbox SET effect = :effect WHERE id = :id")
            connection.execute(rewritten, {"effect": json.dumps(effect), "id": row.id})
