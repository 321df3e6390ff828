"""Names of events in the audit trail."""

from __future__ import annotations

from bot.conversation.events import AgentMoved, Answered, CameDue, CreditCame, Event, Stopped

OPENED = "opened"


def trail_name(event: Event | None) -> str:
    """Return an event's name in the trail: what was done, not what was said. None is the case's beginning."""
    match event:
        case None:
            return OPENED
        case Answered(fact=fact):
            return f"answered:{fact}"
        case AgentMoved(move=move):
            return move.trail
        case CreditCame(came):
            return "credit_came" if came else "credit_missing"
        case Stopped(reminder) | CameDue(reminder):
            return f"{event.kind}:{reminder}"
        case _:
            return event.kind
