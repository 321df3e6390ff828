"""What a policy file declares is kept by its id, and a detail says that it is none of the facts.

Before, facts, details and routes were fixed. The few names that stand here are those of that time.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.store.migrations.rewriting import rewrite

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DETAILS: Final = ("reseller_username", "supplier_order_id", "common_name", "tech_email")
DAY: Final = "fulfilled_on"
# Of each route: what there is to send, and whether agents have anything to do.
ROUTES: Final = {
    "control_panel": ("none", True),
    "self_service_portal": ("none", True),
    "support_ticket": ("ticket", True),
    "seller": ("none", False),
    "person": ("message", True),
}


def upgrade() -> None:
    """Rewrite what is kept of cases, people and effects."""
    rewrite("cases", "id", "state", _renewed)
    rewrite("outbox", "id", "effect", _renewed)
    rewrite("people", "id", "remembered", _remembered)


def _renewed(value: Any) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, list):
        return [_renewed(each) for each in value]
    if not isinstance(value, dict):
        return value
    new = {key: _renewed(each) for key, each in value.items()}
    for key in ("asked", "of", "field"):
        if new.get(key) in DETAILS:
            new[key] = f"detail:{new[key]}"
    if isinstance(value.get("remembered"), dict):
        new["remembered"] = _remembered(value["remembered"])
    if "route" in new and "rule" in new:
        new["draft"], new["handoff"] = ROUTES.get(new["route"], ("message", True))
    if "fact" in new and "choices" in new and "number" in new:
        new["kind"] = "day" if new["fact"] == DAY else "choice"
    if "decision" in new and "answers" in new:
        _count(new)
    return new


def _count(result: dict[str, Any]) -> None:
    """Write beside a last day which days it was counted by."""
    refund = (result["decision"] or {}).get("refund") or {}
    days = [each["token"] for each in result["answers"] if each.get("fact") == DAY]
    if not refund.get("last_day") or not days:
        return
    try:
        length = (date.fromisoformat(refund["last_day"]) - date.fromisoformat(days[0])).days
    except ValueError:
        return
    refund["window"] = {"fact": DAY, "days": length}


def _remembered(before: Any) -> Any:  # noqa: ANN401  JSON
    if not isinstance(before, dict) or "answers" in before:
        return before
    facts = [(name, before.get(name)) for name in ("program", "requester")]
    username = before.get("reseller_username")
    return {
        "answers": [{"fact": name, "token": token} for name, token in facts if token],
        "details": [["reseller_username", username]] if username else [],
    }
