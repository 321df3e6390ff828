"""What happens to a case beside its interview: what agents do, what requesters say, what time brings."""

from __future__ import annotations

from bot.conversation import requester_moves
from bot.conversation.agent_moves import agent_moved
from bot.conversation.case import Case
from bot.conversation.derive import Rules
from bot.conversation.events import (
    AgentMoved,
    CameDue,
    CreditCame,
    Handling,
    Returned,
    Rewrote,
    SentIt,
    Stopped,
    Wrote,
)
from bot.conversation.now import Now
from bot.conversation.turn import Turn


def handled(rules: Rules, case: Case, event: Handling, now: Now) -> Turn:
    """Return what such an event makes of a case."""
    match event:
        case AgentMoved(agent, move):
            return agent_moved(rules, case, agent, move, now)
        case Wrote():
            return requester_moves.wrote(case, event, now)
        case Rewrote():
            return requester_moves.rewrote(case, event)
        case Returned():
            return requester_moves.returned(case, now)
        case SentIt():
            return requester_moves.sent_it(rules, case, now)
        case CreditCame(came):
            return requester_moves.credit_came(rules, case, now, came=came)
        case Stopped(reminder):
            return requester_moves.stopped(case, reminder)
        case CameDue(reminder):
            return requester_moves.came_due(rules, case, reminder, now)
