"""Receipts name an agent's move as everything else does: by its id."""

from __future__ import annotations

from typing import Any, Final

from bot.store.migrations.rewriting import rewrite

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_FORMS: Final = {"reply": "reply", "ask": "ask_back", "reassign": "reassign"}


def upgrade() -> None:
    """Rename what receipts keep of what agents did, or wanted a form for."""
    rewrite("receipts", "key", "event", _renamed)


def _renamed(event: Any) -> Any:  # noqa: ANN401  JSON
    match event:
        case {"kind": "handle", "deed": move}:
            kept = {key: value for key, value in event.items() if key != "deed"}
            return kept | {"move": move}
        case {"kind": "prepare", "form": form}:
            kept = {key: value for key, value in event.items() if key != "form"}
            return kept | {"move": _FORMS.get(form, form)}
        case _:
            return event
