"""A case is kept in parts: its interview, what was shown of it, what was passed on, what followed."""

from __future__ import annotations

from typing import Any, Final

from bot.store.migrations.rewriting import rewrite

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Each part, with the names of its fields and what they were called.
_PARTS: Final = {
    "interview": {
        name: name
        for name in ("answers", "revisiting", "details", "offered", "details_closed", "ticket", "sources")
    },
    "shown": {"posted": "posted", "asked_in": "asked_in", "latest": "outcome", "basis": "basis"},
    "relay": {"messages": "relayed", "edits": "amended"},
    "follow_up": {name: name for name in ("sent_at", "credited", "stopped")},
}
_MOVED: Final = {old for names in _PARTS.values() for old in names.values()}


def upgrade() -> None:
    """Nest what is kept of each case."""
    rewrite("cases", "id", "state", _nested)


def _nested(state: Any) -> Any:  # noqa: ANN401  JSON
    if not isinstance(state, dict) or not _PARTS.keys().isdisjoint(state):
        return state
    after = {key: value for key, value in state.items() if key not in _MOVED}
    for part, names in _PARTS.items():
        after[part] = {new: state[old] for new, old in names.items() if old in state}
    return after
